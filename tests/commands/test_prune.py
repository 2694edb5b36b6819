"""``renditions prune``: what no row needs is deleted, and nothing that anybody may need."""

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from pytest_django import Settings

from tests.commands.conftest import SETS, Command, article, files, person
from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError, WatchedStorage
from tests.stored import put, store
from tests.testapp.models import Article, Person, Photo, Portrayed
from versatile import register, unregister
from versatile.placeholder import OnStoragePlaceholderImage
from versatile.renditions import existence, strays
from versatile.signals import rendition_deleted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sets")]

MD5_16 = "versatile.processors.md5_16"


def make(image: Any) -> dict[str, str]:
    return {
        "crop": image.crop["20x20"].name,
        "fit": image.fit["30x30"].name,
        "filter": image.filters.invert.name,
        "filtered crop": image.filters.invert.crop["10x20"].name,
        "chain": image.filters.invert.filters.grayscale.fit["9x9"].name,
    }


def counts(report: dict[str, int]) -> tuple[int, ...]:
    return tuple(report[what] for what in ("orphans", "outdated", "strays", "left"))


@pytest.mark.parametrize("workers", ["1", "4"])
@pytest.mark.parametrize("hashed", [False, True])
@pytest.mark.parametrize("name", ["a.jpg", "a b.jpg", "noext", "a-b__c.JPG"])
def test_what_an_update_left_behind_goes(
    name: str, hashed: bool, workers: str, renditions: Command, media_root, settings: Settings
):
    if hashed:
        settings.VERSATILE = {"KEY_POST_PROCESSOR": MD5_16, "RENDITION_KEY_SETS": SETS}
    ada, ben = person(name), person("ben.jpg")
    gone, kept = make(ada.headshot), make(ben.headshot)
    original = str(ada.headshot.name)
    Person.objects.filter(pk=ada.pk).update(headshot="")
    dry = renditions("prune", "--dry-run")
    assert set(dry["names"]) == set(gone.values())
    assert files(media_root) >= set(gone.values())
    report = renditions("prune", "--workers", workers)
    assert counts(report) == (5, 0, 0, 0)
    assert files(media_root) == {original, "headshots/ben.jpg", *kept.values()}
    assert not any(existence.read(f"/media/{item}" for item in gone.values()).values())
    assert counts(renditions("prune")) == (0, 0, 0, 0)


def test_without_any_memory_the_same_goes(renditions: Command, media_root: Path):
    ada, ben = person(), person("ben.jpg")
    make(ada.headshot)
    kept = make(ben.headshot)
    Person.objects.filter(pk=ada.pk).delete()
    put("__sized__/headshots/a-fit-5x5-70.jpg", b"made by somebody else")
    cache.clear()
    renditions("prune")
    assert files(media_root) == {"headshots/a.jpg", "headshots/ben.jpg", *kept.values()}


def test_crops_of_a_point_that_an_update_has_moved_are_outdated(
    renditions: Command, media_root: Path
):
    ada = person(headshot_ppoi=(0.25, 0.25))
    other = Person.objects.create(headshot=ada.headshot.name, headshot_ppoi=(0.5, 0.5))
    made, kept = make(ada.headshot), make(other.headshot)
    Person.objects.filter(pk=ada.pk).update(headshot_ppoi=(0.75, 0.75))
    report = renditions("prune")
    assert counts(report) == (0, 2, 0, 0)
    assert set(report["names"]) == {made["crop"], made["filtered crop"]}
    assert files(media_root) == {"headshots/a.jpg", *kept.values()}


def test_files_of_another_quality_are_outdated(
    renditions: Command, media_root: Path, settings: Settings
):
    old = make(person().headshot)
    settings.VERSATILE = {"JPEG_QUALITY": 80}
    new = make(Person.objects.get().headshot)
    renditions("prune")
    kept = {old["filter"]} & {new["filter"]}
    assert files(media_root) == {"headshots/a.jpg", *new.values(), *kept}


def test_a_digest_that_is_not_recorded_is_kept_unless_the_record_is_complete(
    renditions: Command, media_root: Path, settings: Settings
):
    settings.VERSATILE = {"KEY_POST_PROCESSOR": MD5_16}
    ada = person(headshot_ppoi=(0.25, 0.25))
    made = make(ada.headshot)
    Person.objects.update(headshot_ppoi=(0.75, 0.75))
    dry = renditions("prune", "--dry-run")
    assert set(dry["names"]) == {made["crop"], made["filtered crop"]}
    cache.clear()
    assert counts(renditions("prune")) == (0, 0, 0, 0)
    assert files(media_root) >= set(made.values())


def test_what_is_not_recognised_is_left_and_counted(renditions: Command, media_root: Path):
    person()
    strangers = {
        "__sized__/headshots/a-unknown-5x5-70.jpg",
        "__sized__/notes.txt",
        "headshots/__filtered__/a__unknown__.jpg",
        "CACHE/images/headshots/readme.txt",
    }
    others = {"headshots/a-fit-5x5-70.jpg", "other/CACHE/images/x/" + "0" * 32 + ".jpg"}
    for name in strangers | others:
        put(name, b"who knows")
    report = renditions("prune")
    assert counts(report) == (0, 0, 0, len(strangers))
    assert files(media_root) == {"headshots/a.jpg"} | strangers | others


def test_an_original_among_renditions_is_no_rendition(renditions: Command, media_root: Path):
    name = store("__sized__/headshots/a-fit-5x5-70.jpg")
    Photo.objects.create(image=name)
    assert counts(renditions("prune")) == (0, 0, 0, 0)
    Photo.objects.update(image="")
    assert counts(renditions("prune")) == (1, 0, 0, 0)


def test_what_placeholders_are_made_into_is_kept(
    renditions: Command, media_root: Path, monkeypatch
):
    field = Photo._meta.get_field("image")
    placeholder = OnStoragePlaceholderImage(store("nobody.png"))
    monkeypatch.setattr(field, "placeholder_image", placeholder)
    made = make(Photo.objects.create().image)
    assert counts(renditions("prune")) == (0, 0, 0, 0)
    assert files(media_root) == {"nobody.png", placeholder.name, *made.values()}


def test_strays_go_when_they_are_old(renditions: Command, media_root: Path):
    person()
    young = strays.temporary_name("__sized__/headshots/a-fit-5x5-70.jpg")
    old = strays.temporary_name("__sized__/headshots/a-fit-6x6-70.jpg")
    mine = strays.temporary_name("headshots/upload.jpg")
    for name in (young, old, mine):
        put(name, b"half")
    long_ago = time.time() - 10 * strays.DEAD
    for name in (old, mine):
        os.utime(media_root / name, (long_ago, long_ago))
    assert counts(renditions("prune")) == (0, 0, 1, 0)
    assert files(media_root) == {"headshots/a.jpg", young, mine}


def test_renditions_of_a_version_that_is_gone_are_orphans(renditions: Command, media_root: Path):
    row = Portrayed.objects.create(photo=store("portrayed/a.jpg"), digest="0" * 16)
    old = make(row.photo)
    Portrayed.objects.update(digest="1" * 16)
    new = make(Portrayed.objects.get().photo)
    cache.clear()
    report = renditions("prune")
    assert set(report["names"]) == set(old.values())
    assert files(media_root) == {"portrayed/a.jpg", *new.values()}


# Specs


@pytest.mark.parametrize(
    "namer", ["source_name_as_path", "source_name_dot_hash"], ids=["path", "dot"]
)
def test_the_files_of_specs_of_no_original_are_orphans(
    namer: str, renditions: Command, media_root: Path, settings: Settings
):
    settings.VERSATILE = {"SPEC_NAMER": f"versatile.cachefiles.namers.{namer}"}
    story, other = article(), article("b.jpg")
    assert all([story.small.url, story.wide.url, other.small.url])
    gone = {str(story.small.name), str(story.wide.name)}
    Article.objects.filter(pk=story.pk).update(photo="")
    assert counts(renditions("prune")) == (0, 0, 0, 0)  # the storage still has the original
    (media_root / "articles/a.jpg").unlink()
    report = renditions("prune")
    assert set(report["names"]) == gone
    assert files(media_root) == {"articles/b.jpg", str(other.small.name)}


@pytest.mark.usefixtures("shared_cache")
def test_a_spec_that_has_changed_leaves_outdated_files(renditions: Command, media_root: Path):
    story = article()
    assert story.small.url
    old = f"CACHE/images/articles/a/{'0' * 32}.jpg"
    put(old, b"of the recipe before")
    report = renditions("prune")
    assert report["names"] == [old]
    cache.clear()
    put(old, b"of nobody knows what")
    assert counts(renditions("prune")) == (0, 0, 0, 0)


def test_two_originals_of_one_stem_share_a_folder(renditions: Command, media_root: Path):
    story = article("a.jpg")
    twin = Article.objects.create(photo=store("articles/a.png", format="PNG"))
    assert all([story.small.url, twin.small.url])
    Article.objects.filter(pk=story.pk).update(photo="")
    (media_root / "articles/a.jpg").unlink()
    assert counts(renditions("prune")) == (0, 0, 0, 0)


class Found:
    """A source group that is none of a model."""

    def files(self) -> list[Any]:
        return [Photo(image="elsewhere/x.jpg").image]


def test_what_other_groups_and_apps_list_is_kept(renditions: Command, media_root: Path):
    def listed() -> list[Any]:
        return [ContentFile(b"", name=mine)]

    mine = put(f"CACHE/images/mine/x/{'1' * 32}.jpg", b"of an app's own")
    grouped = put(f"CACHE/images/elsewhere/x/{'2' * 32}.jpg", b"of a group")
    nobodys = put(f"CACHE/images/nobodys/x/{'3' * 32}.jpg", b"of nobody")
    group = Found()
    register.source_group("testapp:article:small", group)
    register.cachefiles("testapp:article:small", listed)
    try:
        report = renditions("prune")
    finally:
        unregister.source_group("testapp:article:small", group)
        unregister.cachefiles("testapp:article:small", listed)
    assert report["names"] == [nobodys]
    assert files(media_root) == {mine, grouped}


def test_a_stray_whose_age_is_unknown_is_kept(renditions: Command, media_root, monkeypatch):
    def fail(self: object, name: str) -> None:
        raise NotImplementedError

    monkeypatch.setattr(WatchedStorage, "get_modified_time", fail)
    storage = WatchedStorage(media_root, "/media/")
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", storage)
    name = put(strays.temporary_name("__sized__/photos/a-fit-5x5-70.jpg"), b"half")
    assert counts(renditions("prune", "--model", "testapp.Photo")) == (0, 0, 0, 0)
    assert files(media_root) == {name}


# Scope, storages, signals


def test_a_field_is_pruned_in_its_own_folders(renditions: Command, media_root: Path):
    made = make(person().headshot)
    photo = Photo.objects.create(image=store("photos/x.jpg"))
    others = make(photo.image)
    Person.objects.update(headshot="")
    Photo.objects.update(image="")
    report = renditions("prune", "--model", "testapp.Photo")
    assert set(report["names"]) == set(others.values())
    report = renditions("prune", "--field", "headshot")
    assert set(report["names"]) == set(made.values())


def test_a_storage_that_cannot_list_is_a_failure(renditions: Command, media_root, monkeypatch):
    storage = WatchedStorage(media_root / "apart", "/apart/")
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", storage)
    storage.fail("listdir", NotImplementedError("no lists here"))
    made = make(person().headshot)
    Person.objects.update(headshot="")
    report = renditions("prune", fails=True)
    assert report["failed"] == [
        {
            "path": "/",
            "reason": "the storage cannot list it: NotImplementedError('no lists here')",
        }
    ]
    assert set(report["names"]) == set(made.values())


def test_a_file_that_cannot_be_deleted_stops_no_other(renditions: Command, media_root, monkeypatch):
    storage = WatchedStorage(media_root, "/media/")
    for field in (Person._meta.get_field("headshot"), Photo._meta.get_field("image")):
        monkeypatch.setattr(field, "storage", storage)
    made = make(person().headshot)
    Person.objects.update(headshot="")
    storage.fail("delete", BrokenError("no bucket"), only="-fit-30x30")
    report = renditions("prune", "--model", "testapp.Person", fails=True)
    assert [item["path"] for item in report["failed"]] == [made["fit"]]
    assert files(media_root) == {"headshots/a.jpg", made["fit"]}


def test_each_deletion_is_told(renditions: Command):
    told = []

    def listen(sender: object, **facts: Any) -> None:
        told.append((facts["name"], facts["source"], facts["cause"]))

    ada = person()
    name = ada.headshot.fit["9x9"].name
    Person.objects.update(headshot="")
    rendition_deleted.connect(listen)
    try:
        renditions("prune")
    finally:
        rendition_deleted.disconnect(listen)
    assert told == [(name, "", "pruned")]


def test_a_folder_that_goes_meanwhile_is_no_failure(renditions: Command, media_root, monkeypatch):
    storage = WatchedStorage(media_root, "/media/")
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", storage)
    storage.save("__sized__/photos/a-fit-5x5-70.jpg", ContentFile(b"x"))
    storage.fail("listdir", FileNotFoundError("gone"), only="__sized__/photos")
    assert counts(renditions("prune", "--model", "testapp.Photo")) == (0, 0, 0, 0)


WITH_OPTIONS = [
    ("size", "crop__4x4?quality=85"),
    ("way", "fit__5x5?progressive=true"),
    ("filter", "filters__invert?quality=50"),
    ("both", "filters__invert__crop__3x3?quality=90"),
]


@pytest.mark.parametrize("forgotten", [False, True])
def test_what_a_set_declares_with_options_is_kept(
    forgotten: bool, renditions: Command, media_root: Path, settings: Settings
):
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"options": WITH_OPTIONS}}
    made = {item.name for item in person().headshot.renditions("options").values()}
    if forgotten:
        cache.clear()
    assert counts(renditions("prune")) == (0, 0, 0, 0)
    assert files(media_root) == {"headshots/a.jpg", *made}


def test_what_was_made_with_options_is_kept_while_it_is_recorded(renditions: Command):
    ada = person()
    name = ada.headshot.crop["4x4?quality=85"].name
    assert counts(renditions("prune")) == (0, 0, 0, 0)
    Person.objects.update(headshot_ppoi=(0.25, 0.25))
    assert renditions("prune")["names"] == [name]


def test_a_digest_of_figures_alone_is_no_quality(renditions: Command, media_root: Path):
    original = ContentFile(photo_bytes((30, 20), format="PNG"), name="a.png")
    crop = Person.objects.create(headshot=original).headshot.crop
    sizes = (crop.rendition(f"4x4?compress_level=1&x={number}") for number in range(400))
    figures = [item for item in sizes if re.search(r"-[0-9]{8}[.]png", item.name)]
    assert figures
    for item in figures:
        item.require()
    assert counts(renditions("prune")) == (0, 0, 0, 0)
    assert files(media_root) == {"headshots/a.png", *(item.name for item in figures)}
