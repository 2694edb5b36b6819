"""Manifest: the record of what was made of a source."""

import threading
import time
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage
from pytest_django import Settings

from tests.renditions.conftest import use_cache
from tests.renditions.faults import GarbageCache
from versatile.renditions import manifest
from versatile.renditions.manifest import Manifest
from versatile.renditions.source import Source

NOTHING = Manifest(frozenset(), complete=False)


@pytest.fixture
def source(media_root: Path) -> Source:
    return Source(FileSystemStorage(media_root, "/media/"), "d/x.jpg")


def test_of_an_unknown_source_nothing_is_recorded_and_the_record_is_not_complete(source: Source):
    assert manifest.read(source) == NOTHING


def test_what_was_made_is_recorded_until_it_is_removed(source: Source):
    manifest.add(source, ["a.jpg", "b.jpg"])
    manifest.add(source, ["b.jpg", "c.jpg"])
    assert manifest.read(source).names == {"a.jpg", "b.jpg", "c.jpg"}
    manifest.remove(source, ["b.jpg", "never-made.jpg"])
    assert manifest.read(source).names == {"a.jpg", "c.jpg"}


def test_each_source_has_its_own_record(source: Source, media_root: Path):
    manifest.add(source, ["a.jpg"])
    assert manifest.read(Source(source.storage, "d/y.jpg")) == NOTHING
    elsewhere = FileSystemStorage(media_root, "/elsewhere/")
    assert manifest.read(Source(elsewhere, "d/x.jpg")) == NOTHING


@pytest.mark.usefixtures("shared_cache")
def test_a_record_that_began_with_its_source_is_complete_and_stays_so(source: Source):
    manifest.begin(source)
    assert manifest.read(source) == Manifest(frozenset(), complete=True)
    manifest.add(source, ["a.jpg"])
    manifest.remove(source, ["a.jpg"])
    manifest.add(source, ["b.jpg"])
    assert manifest.read(source) == Manifest(frozenset({"b.jpg"}), complete=True)


@pytest.mark.usefixtures("shared_cache")
def test_a_record_that_began_later_or_was_lost_is_not_complete(source: Source):
    manifest.add(source, ["a.jpg"])
    assert not manifest.read(source).complete
    manifest.begin(source)
    caches["default"].clear()
    manifest.add(source, ["b.jpg"])
    assert manifest.read(source) == Manifest(frozenset({"b.jpg"}), complete=False)


@pytest.mark.usefixtures("shared_cache")
def test_a_new_source_of_an_old_name_begins_anew(source: Source):
    manifest.add(source, ["a.jpg"])
    manifest.begin(source)
    assert manifest.read(source) == Manifest(frozenset(), complete=True)


def test_where_other_processes_write_elsewhere_no_record_is_complete(source: Source):
    manifest.begin(source)
    assert caches["default"].__class__.__name__ == "LocMemCache"
    assert not manifest.read(source).complete


def test_many_threads_lose_nothing(source: Source):
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait()
        manifest.add(source, [f"{number}.jpg"])

    threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert manifest.read(source).names == {f"{number}.jpg" for number in range(8)}


def test_a_writer_that_died_is_waited_for_and_then_passed_by(source: Source, monkeypatch):
    monkeypatch.setattr(manifest, "_LOCK_LEASE", 0.1)
    caches["default"].add("/media/d/x.jpg-made-lock", "of a dead writer", 60)
    start = time.monotonic()
    manifest.add(source, ["a.jpg"])
    assert time.monotonic() - start >= 0.1
    assert manifest.read(source).names == {"a.jpg"}
    # It may still be alive, so that its lock is not ours to take away.
    assert caches["default"].get("/media/d/x.jpg-made-lock") == "of a dead writer"


def test_the_lock_is_given_up_after_an_error(source: Source, monkeypatch):
    def fail(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(manifest, "_write", fail)
    with pytest.raises(KeyboardInterrupt):
        manifest.add(source, ["a.jpg"])
    assert caches["default"].get("/media/d/x.jpg-made-lock") is None


@pytest.mark.parametrize("cache", ["BrokenCache", "ForgetfulCache"])
def test_without_a_working_cache_nothing_is_recorded_and_nobody_waits(
    cache, source: Source, settings: Settings
):
    use_cache(settings, cache)
    start = time.monotonic()
    manifest.begin(source)
    manifest.add(source, ["a.jpg"])
    manifest.remove(source, ["a.jpg"])
    assert manifest.read(source) == NOTHING
    assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    "garbage",
    [
        "garbage",
        1,
        [],
        {},
        {"names": None, "complete": True},
        {"names": [1, None], "complete": True},
        {"names": ["a.jpg"], "complete": "perhaps"},
        {"names": "a.jpg", "complete": True},
        {"names": ["a.jpg"]},
    ],
    ids=repr,
)
def test_garbage_is_no_record(garbage, source: Source, settings: Settings, monkeypatch):
    use_cache(settings, "GarbageCache")
    monkeypatch.setattr(GarbageCache, "garbage", garbage)
    monkeypatch.setattr(manifest, "_LOCK_LEASE", 0.01)
    assert manifest.read(source) == NOTHING
    manifest.add(source, ["b.jpg"])
