"""Manifest: the record of what was made of a source."""

import threading
import time
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage, storages
from pytest_django import Settings

from tests.renditions.conftest import use_cache
from tests.renditions.faults import GarbageCache
from versatile.imaging.recipe import Recipe
from versatile.renditions import manifest
from versatile.renditions.manifest import Made, Manifest
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source
from versatile.renditions.strategies import MANUAL

NOTHING = Manifest()


def made(*names: str) -> list[Made]:
    return [Made(name) for name in names]


@pytest.fixture
def source(media_root: Path) -> Source:
    return Source(FileSystemStorage(media_root, "/media/"), "d/x.jpg")


def test_of_an_unknown_source_nothing_is_recorded_and_the_record_is_not_complete(source: Source):
    assert manifest.read(source) == NOTHING


def test_what_was_made_is_recorded_until_it_is_removed(source: Source):
    manifest.add(source, made("a.jpg", "b.jpg"))
    manifest.add(source, made("b.jpg", "c.jpg"))
    assert manifest.read(source).names == {"a.jpg", "b.jpg", "c.jpg"}
    manifest.remove(source, ["b.jpg", "never-made.jpg"])
    assert manifest.read(source).names == {"a.jpg", "c.jpg"}


def test_each_source_has_its_own_record(source: Source, media_root: Path):
    manifest.add(source, made("a.jpg"))
    assert manifest.read(Source(source.storage, "d/y.jpg")) == NOTHING
    elsewhere = FileSystemStorage(media_root, "/elsewhere/")
    assert manifest.read(Source(elsewhere, "d/x.jpg")) == NOTHING


@pytest.mark.usefixtures("shared_cache")
def test_a_record_that_began_with_its_source_is_complete_and_stays_so(source: Source):
    manifest.begin(source)
    assert (manifest.read(source).made, manifest.read(source).complete) == ({}, True)
    manifest.add(source, made("a.jpg"))
    manifest.remove(source, ["a.jpg"])
    manifest.add(source, made("b.jpg"))
    assert (set(manifest.read(source).names), manifest.read(source).complete) == ({"b.jpg"}, True)


@pytest.mark.usefixtures("shared_cache")
def test_a_record_that_began_later_or_was_lost_is_not_complete(source: Source):
    manifest.add(source, made("a.jpg"))
    assert not manifest.read(source).complete
    manifest.begin(source)
    caches["default"].clear()
    manifest.add(source, made("b.jpg"))
    assert manifest.read(source) == Manifest({"b.jpg": Made("b.jpg")}, complete=False)


@pytest.mark.usefixtures("shared_cache")
def test_a_new_source_of_an_old_name_begins_anew(source: Source):
    manifest.add(source, made("a.jpg"))
    manifest.begin(source)
    assert (manifest.read(source).made, manifest.read(source).complete) == ({}, True)


def test_where_other_processes_write_elsewhere_no_record_is_complete(source: Source):
    manifest.begin(source)
    assert caches["default"].__class__.__name__ == "LocMemCache"
    assert not manifest.read(source).complete


def test_many_threads_lose_nothing(source: Source):
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait()
        manifest.add(source, made(f"{number}.jpg"))

    threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert manifest.read(source).names == {f"{number}.jpg" for number in range(8)}


@pytest.mark.usefixtures("shared_cache")
def test_a_writer_that_died_is_waited_for_and_then_passed_by(source: Source, monkeypatch):
    monkeypatch.setattr(manifest, "_LOCK_LEASE", 0.1)
    caches["default"].add("/media/d/x.jpg-made-lock", "0" * 32, 60)
    start = time.monotonic()
    manifest.add(source, made("a.jpg"))
    assert time.monotonic() - start >= 0.1
    assert manifest.read(source).names == {"a.jpg"}
    # It may still be alive, so that its lock is not ours to take away.
    assert caches["default"].get("/media/d/x.jpg-made-lock") == "0" * 32


def test_the_lock_is_given_up_after_an_error(source: Source, monkeypatch):
    def fail(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(manifest, "_write", fail)
    with pytest.raises(KeyboardInterrupt):
        manifest.add(source, made("a.jpg"))
    assert caches["default"].get("/media/d/x.jpg-made-lock") is None


@pytest.mark.parametrize("cache", ["BrokenCache", "ForgetfulCache"])
def test_without_a_working_cache_nothing_is_recorded_and_nobody_waits(
    cache, source: Source, settings: Settings
):
    use_cache(settings, cache)
    start = time.monotonic()
    manifest.begin(source)
    manifest.add(source, made("a.jpg"))
    manifest.remove(source, ["a.jpg"])
    assert manifest.read(source) == NOTHING
    assert time.monotonic() - start < manifest._LOCK_LEASE  # for which each would wait


@pytest.mark.parametrize(
    "garbage",
    [
        "garbage",
        1,
        [],
        {},
        {"names": ["a.jpg"], "complete": True},
        {"made": None, "complete": True, "began": ""},
        {"made": [1, None], "complete": True, "began": ""},
        {"made": [["a.jpg"]], "complete": True, "began": ""},
        {"made": [["a.jpg", "", 3, False]], "complete": True, "began": ""},
        {"made": [["a.jpg", "", "", False]], "complete": "perhaps", "began": ""},
        {"made": [["a.jpg", "", "", False]], "complete": True, "began": 1},
        {"made": "a.jpg", "complete": True, "began": ""},
        {"made": [["a.jpg", "", "", False]]},
    ],
    ids=repr,
)
def test_garbage_is_no_record(garbage, source: Source, settings: Settings, monkeypatch):
    use_cache(settings, "GarbageCache")
    monkeypatch.setattr(GarbageCache, "garbage", garbage)
    monkeypatch.setattr(manifest, "_LOCK_LEASE", 0.01)
    assert manifest.read(source) == NOTHING
    manifest.add(source, made("b.jpg"))


def test_each_file_of_a_name_has_a_record_of_its_own(source: Source):
    assert manifest.read(source).began == ""
    manifest.begin(source)
    first = manifest.read(source).began
    manifest.add(source, made("a.jpg"))
    assert manifest.read(source).began == first != ""
    manifest.begin(source)
    assert manifest.read(source).began not in {first, ""}


def test_a_record_ends_with_its_source(source: Source):
    manifest.begin(source)
    manifest.add(source, made("a.jpg"))
    manifest.end(source)
    assert manifest.read(source) == NOTHING


def test_a_record_tells_where_a_file_lies_and_how_to_make_it_again(
    source: Source, settings: Settings, media_root: Path
):
    options = {"location": str(media_root / "else"), "base_url": "/else/"}
    kind = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {**settings.STORAGES, "else": {"BACKEND": kind, "OPTIONS": options}}
    beside = Rendition(source, "crop__9x9", "c.jpg", Recipe, MANUAL)  # type: ignore[arg-type]
    apart = Rendition(
        source,
        "fit__9x9",
        "f.jpg",
        Recipe,  # type: ignore[arg-type]
        MANUAL,
        storage=storages["else"],
    )
    manifest.add(source, map(Made.of, [beside, apart]))
    found = manifest.read(source).made
    assert found["c.jpg"] == Made("c.jpg", "crop__9x9")
    assert found["f.jpg"] == Made("f.jpg", "fit__9x9", "else")
    for rendition in (beside, apart):
        item = found[rendition.name]
        assert item.storage(source) == rendition.storage
        assert item.existence_key(source) == rendition.existence_key
    assert Made("f.jpg", "fit__9x9", "gone from STORAGES").storage(source) is source.storage
