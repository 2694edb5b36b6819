"""A storage for renditions: by setting, by field, found when it is needed."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.core.management import call_command
from django.db import models
from django.test import TestCase
from django.test.utils import isolate_apps
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.renditions.conftest import use_cache
from tests.renditions.making import files_below
from tests.stored import counted_decodes
from tests.testapp.models import Article, Person, Photo
from versatile import ImageSpec, register, unregister
from versatile.conf import Policy
from versatile.exceptions import ConfigurationError
from versatile.fields import VersatileImageField
from versatile.files import stores as field_checks
from versatile.files.recognition import declared_specs
from versatile.image_warmer import VersatileImageFieldWarmer
from versatile.placeholder import OnStoragePlaceholderImage
from versatile.processors import ResizeToFit
from versatile.renditions import existence, manifest, stores
from versatile.renditions.manifest import Made
from versatile.specs.sourcegroups import ImageFieldSourceGroup

pytestmark = pytest.mark.django_db

ALIAS = "renditions"


@pytest.fixture
def apart(settings: Settings, tmp_path: Path) -> Path:
    """The folder of a second storage, which is called ``renditions``."""
    backend = "django.core.files.storage.FileSystemStorage"
    options = {"location": tmp_path / "made", "base_url": "/made/"}
    settings.STORAGES = {**settings.STORAGES, ALIAS: {"BACKEND": backend, "OPTIONS": options}}
    return tmp_path / "made"


@pytest.fixture
def by_setting(apart: Path, settings: Settings) -> Path:
    settings.VERSATILE = {"RENDITIONS_STORAGE": ALIAS}
    return apart


def photo() -> Photo:
    made = Photo()
    made.image.save("x.jpg", ContentFile(photo_bytes((60, 40))))
    return made


def test_sizers_and_filters_write_to_the_storage_of_the_setting(by_setting: Path, media_root: Path):
    image = photo().image
    wanted = [
        image.fit["30x30"],
        image.filters.invert.rendition(),
        image.filters.invert.crop["20x20"],
    ]
    assert [item.url for item in wanted] == [f"/made/{item.name}" for item in wanted]
    assert files_below(by_setting) == {item.name for item in wanted}
    assert files_below(media_root) == {image.name}


def test_specs_write_there_too_unless_they_have_a_storage_of_their_own(
    by_setting: Path, media_root: Path, settings: Settings
):
    article = Article()
    article.photo.save("x.jpg", ContentFile(photo_bytes((60, 40))))
    assert article.small.url.startswith("/made/")
    settings.VERSATILE = {"RENDITIONS_STORAGE": ALIAS, "SPEC_STORAGE": "default"}
    assert Article.objects.get().small.url.startswith("/media/")


@pytest.mark.parametrize(("said", "place"), [(ALIAS, "/made/"), (None, "/media/")])
def test_the_field_wins_over_the_setting(said, place, apart: Path, settings: Settings, monkeypatch):
    settings.VERSATILE = {"RENDITIONS_STORAGE": None if said else ALIAS}
    field = Photo._meta.get_field("image")
    monkeypatch.setattr(field, "policy", Policy(renditions_storage=said))
    assert photo().image.fit["30x30"].url.startswith(place)


def test_the_alias_is_looked_up_when_it_is_needed(settings: Settings, tmp_path: Path):
    field = VersatileImageField(renditions_storage="later")
    assert "renditions_storage" not in field.deconstruct()[3]
    with pytest.raises(ConfigurationError, match="'later'"):
        stores.store_of(storages["default"], field.policy.renditions_storage)
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {**settings.STORAGES, "later": {"BACKEND": backend}}
    found = stores.store_of(storages["default"], field.policy.renditions_storage)
    assert found is storages["later"]


def test_an_alias_that_is_not_there_is_told_by_each_rendition(settings: Settings):
    settings.VERSATILE = {"RENDITIONS_STORAGE": "nowhere"}
    image = photo().image
    with pytest.raises(ConfigurationError, match="STORAGES"):
        image.fit["30x30"]


def test_a_warming_and_a_placeholder_write_there_too(
    by_setting: Path, media_root: Path, monkeypatch
):
    person = Person()
    person.headshot.save("x.jpg", ContentFile(photo_bytes((60, 40))))
    made, failed = VersatileImageFieldWarmer(
        instance_or_queryset=person, rendition_key_set=[("a", "fit__30x30")], image_attr="headshot"
    ).warm()
    assert (made, failed) == (1, [])
    storages["default"].save("none.jpg", ContentFile(photo_bytes((60, 40))))
    field = Photo._meta.get_field("image")
    monkeypatch.setattr(field, "placeholder_image", OnStoragePlaceholderImage("none.jpg"))
    drawn = Photo().image.fit["30x30"]
    assert drawn.url.startswith("/made/")
    assert files_below(by_setting) == {person.headshot.fit["30x30"].name, drawn.name}


def test_what_is_made_is_deleted_there_and_remembered_by_the_alias(
    by_setting: Path, media_root: Path
):
    row = photo()
    rendition = row.image.fit["30x30"]
    assert Made.of(rendition).place == ALIAS
    with TestCase.captureOnCommitCallbacks(execute=True):
        row.delete()
    assert (files_below(by_setting), files_below(media_root)) == (set(), {row.image.name})


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """Where a spec of articles has a storage of its own, that no alias leads to."""
    id, group = "testapp:article:far", ImageFieldSourceGroup(Article, "photo")
    storage = FileSystemStorage(tmp_path / "far", base_url="/far/")
    parts = {"processors": [ResizeToFit(9, 9)], "format": "PNG", "cachefile_storage": storage}
    register.generator(id, type("Far", (ImageSpec,), parts))
    register.source_group(id, group)
    yield tmp_path / "far"
    unregister.source_group(id, group)
    unregister.generator(id)


@pytest.mark.parametrize("recorded", [True, False])
def test_a_storage_without_an_alias_is_known_by_the_specs_that_have_it(
    recorded: bool, elsewhere: Path, media_root: Path, settings: Settings
):
    use_cache(settings, "SharedCache")
    article = Article()
    article.photo.save("x.jpg", ContentFile(photo_bytes((60, 40))))
    ((name, made),) = ((item.name, item) for item in declared_specs(article.photo) if item.place)
    words = ("renditions", "generate", "--model", "testapp.Article")
    call_command(*words)
    assert files_below(elsewhere) == {name}
    assert existence.is_ready(made.existence_key(article.photo.source))
    said = StringIO()
    call_command("renditions", "check", "--model", "testapp.Article", stdout=said)
    assert said.getvalue().startswith("4 kept, 0 found, 0 forgotten")
    if not recorded:
        caches["default"].clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        article.delete()
    assert files_below(elsewhere) == set()


def test_prune_and_clear_look_at_storages_without_an_alias(elsewhere: Path, media_root: Path):
    article = Article()
    article.photo.save("x.jpg", ContentFile(photo_bytes((60, 40))))
    call_command("renditions", "generate", "--model", "testapp.Article")
    call_command("renditions", "clear", "--model", "testapp.Article")
    assert files_below(elsewhere) == set()
    call_command("renditions", "generate", "--model", "testapp.Article")
    call_command("renditions", "prune")
    assert len(files_below(elsewhere)) == 1
    Article.objects.filter(pk=article.pk)._raw_delete("default")
    article.photo.storage.delete(str(article.photo.name))
    call_command("renditions", "prune")
    assert (files_below(elsewhere), files_below(media_root)) == (set(), set())


def test_prune_keeps_what_specs_make_of_a_file_that_no_row_has(by_setting: Path):
    name = storages["default"].save("loose/x.jpg", ContentFile(photo_bytes((60, 40))))
    made = f"CACHE/images/loose/x/{'0' * 32}.jpg"
    storages[ALIAS].save(made, ContentFile(b"of a template tag"))
    call_command("renditions", "prune")
    assert files_below(by_setting) == {made}
    storages["default"].delete(name)
    call_command("renditions", "prune")
    assert files_below(by_setting) == set()


def test_a_replaced_file_leaves_nothing_stale_there(by_setting: Path, media_root: Path):
    row = photo()
    old = (by_setting / row.image.fit["30x30"].name).read_bytes()
    row.image.storage.delete(str(row.image.name))
    row.image.save("x.jpg", ContentFile(photo_bytes((40, 60))))
    rendition = row.image.fit["30x30"]
    assert row.image.name == "photos/x.jpg"
    assert (by_setting / rendition.name).read_bytes() != old


def test_prune_and_clear_and_stats_look_there(by_setting: Path, capsys):
    row, gone = photo(), photo()
    kept, orphan = row.image.fit["30x30"], gone.image.fit["30x30"]
    (by_setting / "photos").mkdir()
    (by_setting / "photos/mine.txt").write_text("nobody's rendition")
    Photo.objects.filter(pk=gone.pk)._raw_delete("default")
    call_command("renditions", "prune")
    assert files_below(by_setting) == {kept.name, "photos/mine.txt"}
    assert orphan.name != kept.name
    call_command("renditions", "clear")
    assert files_below(by_setting) == {"photos/mine.txt"}


@pytest.mark.parametrize("move", [False, True])
def test_what_lies_beside_its_original_is_adopted(
    move, apart: Path, media_root: Path, settings: Settings
):
    row = photo()
    made = {
        row.image.fit["30x30"].name,
        row.image.filters.invert.rendition().name,
        row.image.filters.invert.crop["20x20"].name,
    }
    assert row.image.filters.invert.url
    settings.VERSATILE = {"RENDITIONS_STORAGE": ALIAS}
    caches["default"].clear()
    call_command("renditions", "adopt", *(["--move"] if move else []))
    assert files_below(apart) == made
    assert files_below(media_root) == {row.image.name, *(() if move else made)}
    with counted_decodes() as decodes:
        assert Photo.objects.get().image.fit["30x30"].url.startswith("/made/")
    assert decodes == []
    assert (apart / next(iter(made))).stat().st_size > 0


def test_prune_keeps_a_hashed_name_that_a_set_declares_there_and_no_other(
    by_setting: Path, settings: Settings
):
    use_cache(settings, "SharedCache")  # where the record of what was made is complete
    settings.VERSATILE = {
        "RENDITIONS_STORAGE": ALIAS,
        "KEY_POST_PROCESSOR": "versatile.processors.md5_16",
        "RENDITION_KEY_SETS": {"photos": [("small", "fit__30x30")]},
    }
    row = photo()
    declared, other = row.image.fit["30x30"], row.image.fit["31x31"]
    assert files_below(by_setting) == {declared.name, other.name}
    manifest.begin(row.image.source)
    call_command("renditions", "prune")
    assert files_below(by_setting) == {declared.name}


# System checks


def messages_of(field: VersatileImageField) -> list[str]:
    with isolate_apps("tests.testapp"):
        body: dict[str, Any] = {
            "Meta": type("Meta", (), {"app_label": "testapp"}),
            "__module__": __name__,
            "image": field,
        }
        type("Any", (models.Model,), body)
        return [str(item.id) for item in field_checks.check(field)]


def test_an_alias_that_is_not_there_is_an_error():
    field = VersatileImageField(renditions_storage="nowhere")
    assert messages_of(field) == ["versatile.E012"]


def test_originals_of_two_storages_with_renditions_on_one_are_a_warning(
    apart: Path, tmp_path: Path, monkeypatch
):
    monkeypatch.setattr(Photo._meta.get_field("image"), "policy", Policy(renditions_storage=ALIAS))
    elsewhere = FileSystemStorage(tmp_path / "private", base_url="/private/")
    field = VersatileImageField(storage=elsewhere, renditions_storage=ALIAS)
    assert messages_of(field) == ["versatile.W003"]
    assert messages_of(VersatileImageField(renditions_storage=ALIAS)) == []
    assert messages_of(VersatileImageField(storage=elsewhere)) == []
