from collections.abc import Callable, Iterator

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.stored import noted_loads
from tests.testapp.models import Article
from versatile import register, unregister
from versatile.registry import generator_registry
from versatile.specs.sourcegroups import ImageFieldSourceGroup

PHOTO = photo_bytes((320, 240))
KEY_SET = [("square", "crop__50x50"), ("negative", "filters__invert__thumbnail__70x70")]


@pytest.fixture
def article(db: None) -> Article:
    """A saved row with a good photo of 320×240."""
    return add_article()


def add_article(name: str = "x.jpg", content: bytes = PHOTO, title: str = "") -> Article:
    row = Article(title=title)
    row.photo.save(name, ContentFile(content))
    return row


def remove_photo(row: Article) -> None:
    """Delete the photo behind the back of everybody."""
    row.photo.storage.delete(str(row.photo.name))


@pytest.fixture
def key_set(settings: Settings) -> Iterator[str]:
    """A set of two renditions, registered for the photo of articles."""
    settings.VERSATILE = {**settings.VERSATILE, "RENDITION_KEY_SETS": {"article_photo": KEY_SET}}
    group = ImageFieldSourceGroup(Article, "photo")
    register.source_group("article_photo", group)
    yield "article_photo"
    unregister.source_group("article_photo", group)


@pytest.fixture
def add_generator() -> Iterator[Callable[[str, object], str]]:
    """Register generators for the time of the test."""
    added: list[str] = []

    def add(id: str, generator: object) -> str:
        register.generator(id, generator)
        added.append(id)
        return id

    yield add
    for id in added:
        generator_registry.unregister(id)


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The stored sizes of the pictures that Pillow decodes while the test runs."""
    return noted_loads(monkeypatch, "size")
