"""Specs and key sets of one source are one piece of work."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from PIL import Image
from pytest_django import Settings

from tests.specs.conftest import PHOTO, add_article
from tests.testapp.models import Article
from versatile.specs.cachefile import ImageCacheFile

OPTIMISTIC = "versatile.cachefiles.strategies.Optimistic"


def made(row: Article) -> dict[str, tuple[int, int]]:
    """The sizes of all files that there should be, by what they are; read from the disk."""
    files = {"small": row.small, "wide": row.wide, "grey": row.grey}
    paths = {name: Path(row.photo.storage.path(str(file.name))) for name, file in files.items()}
    for name, item in row.photo.renditions("article_photo").items():
        paths[name] = Path(row.photo.storage.path(item.name))
    return {name: _size(path) for name, path in paths.items() if path.exists()}


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


ALL = {
    "small": (90, 68),
    "wide": (120, 40),
    "grey": (60, 45),
    "square": (50, 50),
    "negative": (70, 53),
}


@pytest.fixture
def nothing_on_demand(settings: Settings, key_set: str) -> None:
    """Whoever looks at a file makes none."""
    settings.VERSATILE = {**settings.VERSATILE, "CREATE_ON_DEMAND": False}


@pytest.mark.usefixtures("nothing_on_demand")
def test_generateimages_opens_and_decodes_a_source_once_for_specs_and_key_sets(
    article: Article, opened: list[str], decoded: list[tuple[int, int]]
):
    assert made(article) == {}
    call_command("generateimages", "testapp:article", "article_photo")
    assert opened == [article.photo.name]
    assert len(decoded) == 1
    assert made(article) == ALL


@pytest.mark.usefixtures("nothing_on_demand")
def test_an_optimistic_save_opens_and_decodes_a_source_once_for_specs_and_key_sets(
    db: None, settings: Settings, opened: list[str], decoded: list[tuple[int, int]]
):
    settings.VERSATILE = {**settings.VERSATILE, "STRATEGY": OPTIMISTIC}
    row = Article()
    row.photo.save("x.jpg", ContentFile(PHOTO))
    assert opened == [row.photo.name]
    assert len(decoded) == 1
    assert made(row) == ALL


@pytest.mark.usefixtures("nothing_on_demand")
def test_a_save_makes_nothing_where_files_are_made_just_in_time(
    article: Article, decoded: list[tuple[int, int]]
):
    assert decoded == []
    assert made(article) == {}


def test_a_key_set_that_cannot_be_used_stops_no_save(
    db: None, settings: Settings, key_set: str, caplog: pytest.LogCaptureFixture
):
    sets = {key_set: [("small", "no_such_sizer__10x10")]}
    settings.VERSATILE = {"STRATEGY": OPTIMISTIC, "RENDITION_KEY_SETS": sets}
    row = add_article()
    assert Article.objects.get().photo.name == row.photo.name
    assert row.photo.storage.exists(str(row.small.name))
    assert "no_such_sizer" in caplog.text


@pytest.mark.usefixtures("nothing_on_demand")
def test_a_second_run_opens_nothing(article: Article, opened: list[str]):
    call_command("generateimages")
    assert opened == [article.photo.name]
    call_command("generateimages")
    assert opened == [article.photo.name]


@pytest.mark.usefixtures("nothing_on_demand")
def test_each_source_is_decoded_once_wherever_its_files_lie(
    db: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    opened: list[str],
    decoded: list[tuple[int, int]],
):
    elsewhere = FileSystemStorage(tmp_path / "elsewhere")
    storage = property(lambda file: elsewhere, lambda file, value: None)
    monkeypatch.setattr(ImageCacheFile, "storage", storage)
    rows = [add_article("a.jpg"), add_article("b.jpg")]
    call_command("generateimages", "testapp:article", "article_photo")
    assert opened == [row.photo.name for row in rows]
    assert len(decoded) == 2
    assert elsewhere.exists(str(rows[1].wide.name))
    assert rows[1].photo.storage.exists(rows[1].photo.crop["50x50"].name)
