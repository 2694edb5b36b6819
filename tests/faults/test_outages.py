"""Outages: a cache that stops, lies or is shared by mistake, and a storage that fails."""

import logging
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage
from PIL import Image
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.faults.tasks import look_at
from tests.renditions.faults import BrokenError, WatchedStorage
from tests.renditions.making import files_below, put, rendition_of, source_of
from tests.servers import Redis
from tests.testapp.models import Photo
from versatile.exceptions import PictureError, StorageError
from versatile.image_warmer import VersatileImageFieldWarmer
from versatile.renditions import cache, existence
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source

PICTURES = 30


@pytest.fixture
def renditions(media_root: Path) -> list[Rendition]:
    """A page of pictures; every second one was made before."""
    storage = FileSystemStorage(media_root, "/media/")
    source = source_of(storage)
    made = [rendition_of(source, f"out/{number}.jpg") for number in range(PICTURES)]
    for rendition in made[::2]:
        rendition.require()
        rendition.required = False
    return made


def page(renditions: list[Rendition]) -> Iterator[str]:
    for rendition in renditions:
        yield rendition.url


@pytest.mark.service
def test_redis_may_stop_and_start_in_the_middle_of_a_page(
    settings: Settings, redis: Redis, media_root: Path, caplog, request, monkeypatch
):
    monkeypatch.setattr(cache, "SLOW", 60)  # on a busy machine a refusal may take its time
    settings.CACHES = redis.caches
    renditions = request.getfixturevalue("renditions")
    urls = []
    for number, url in enumerate(page(renditions)):
        urls.append(url)
        if number == PICTURES // 3:
            redis.stop()
        if number == PICTURES * 2 // 3:
            redis.start()
    assert urls == [f"/media/{rendition.name}" for rendition in renditions]
    assert {look_at(media_root / item.name) for item in renditions} == {"whole"}
    assert files_below(media_root) == {"d/x.jpg", *(item.name for item in renditions)}
    assert "The cache failed" in caplog.text
    again = [rendition_of(item.source, item.name) for item in renditions]
    assert list(page(again)) == urls
    assert all(existence.read(item.existence_key for item in again).values())


@pytest.mark.service
@pytest.mark.django_db
def test_redis_may_stop_and_start_in_the_middle_of_a_warming(
    settings: Settings, redis: Redis, media_root: Path
):
    settings.CACHES = redis.caches
    (media_root / "photos").mkdir()
    for number in range(PICTURES):
        (media_root / "photos" / f"{number}.jpg").write_bytes(photo_bytes((40, 30)))
    Photo.objects.bulk_create([Photo(image=f"photos/{n}.jpg") for n in range(PICTURES)])
    done = 0

    def interfere(outcome: object) -> None:
        nonlocal done
        done += 1
        if done == PICTURES:
            redis.stop()
        if done == PICTURES * 2:
            redis.start()

    pairs = [(f"{side}", f"thumbnail__{side}x{side}") for side in (10, 12, 14)]
    warmer = VersatileImageFieldWarmer(Photo.objects.all(), pairs, "image", on_outcome=interfere)
    assert warmer.warm() == (PICTURES * 3, [])
    assert warmer.report.created == PICTURES * 3
    assert len(files_below(media_root / "__sized__")) == PICTURES * 3


@pytest.mark.service
def test_a_redis_that_does_not_answer_is_waited_for_once_and_not_at_each_picture(
    settings: Settings, redis: Redis, media_root: Path, request
):
    settings.CACHES = redis.caches
    settings.CACHES["default"]["OPTIONS"] = {"socket_timeout": 0.4, "socket_connect_timeout": 0.4}
    renditions = request.getfixturevalue("renditions")
    assert redis.server is not None
    redis.server.send_signal(signal.SIGSTOP)
    start = time.monotonic()
    urls = list(page(renditions))
    seconds = time.monotonic() - start
    redis.server.send_signal(signal.SIGCONT)
    assert urls == [f"/media/{rendition.name}" for rendition in renditions]
    assert {look_at(media_root / item.name) for item in renditions} == {"whole"}
    assert seconds < 0.4 * PICTURES / 2


GARBAGE: list[Any] = ["garbage", b"\xff", -1, 2, 10**30, True, 1.0, [], {}, {"made": 3}, object]


@pytest.mark.parametrize("garbage", GARBAGE, ids=repr)
def test_garbage_under_every_key_is_the_right_picture_all_the_same(
    garbage: object, media_root: Path
):
    """The keys are those that a picture was made with; whatever lies there is replaced."""
    storage = FileSystemStorage(media_root, "/media/")
    source = source_of(storage)
    keys: set[str] = set()
    memory = caches["default"]
    rendition_of(source).require()
    keys.update(key.partition(":1:")[2] for key in memory._cache)  # type: ignore[attr-defined]
    keys.update(f"/media/out/x.jpg-{kind}" for kind in ("pending", "queued"))
    keys.update(f"/media/d/x.jpg-{kind}" for kind in ("failed", "saved", "made", "made-lock"))
    assert {"/media/out/x.jpg", "/media/d/x.jpg-made"} <= keys
    storage.delete("out/x.jpg")
    for key in keys:
        memory.set(key, garbage)
    rendition = rendition_of(source)
    assert rendition.url == "/media/out/x.jpg"
    assert look_at(media_root / "out/x.jpg") == "whole"
    assert rendition_of(source).url == "/media/out/x.jpg"
    assert existence.is_ready("/media/out/x.jpg")
    assert files_below(media_root) == {"d/x.jpg", "out/x.jpg"}


UNREADABLE: list[Any] = [b"", b"garbage", b"\x80\x05K", b"1.0", b"True", ["a list of Redis"]]


@pytest.mark.service
@pytest.mark.parametrize("garbage", UNREADABLE, ids=repr)
def test_what_django_cannot_read_in_redis_is_the_right_picture_all_the_same(
    garbage: Any, settings: Settings, redis: Redis, media_root: Path
):
    settings.CACHES = redis.caches
    storage = FileSystemStorage(media_root, "/media/")
    source = source_of(storage)
    rendition_of(source).require()
    client: Any = caches["default"]._cache.get_client()  # type: ignore[attr-defined]
    keys = {bytes(key) for key in client.scan_iter()}
    assert {b":1:/media/out/x.jpg", b":1:/media/d/x.jpg-made"} <= keys
    keys |= {
        b":1:/media/out/x.jpg-pending",
        b":1:/media/d/x.jpg-failed",
        b":1:/media/d/x.jpg-saved",
    }
    storage.delete("out/x.jpg")
    for key in keys:
        client.delete(key)
        client.lpush(key, *garbage) if isinstance(garbage, list) else client.set(key, garbage)
    for _ in range(2):
        assert rendition_of(source).url == "/media/out/x.jpg"
        assert look_at(media_root / "out/x.jpg") == "whole"
    assert files_below(media_root) == {"d/x.jpg", "out/x.jpg"}
    rendition_of(source).delete()
    assert files_below(media_root) == {"d/x.jpg"}


@pytest.mark.service
@pytest.mark.parametrize("apart_by", ["CACHE_KEY_PREFIX", "KEY_PREFIX"])
def test_two_sites_with_one_cache_have_each_its_own_files(
    apart_by, settings: Settings, redis: Redis, tmp_path: Path
):
    """The same names, another folder: what one site has made is not there for the other."""
    colours: dict[str, bytes] = {}
    for site in ("north", "south"):
        if apart_by == "KEY_PREFIX":
            settings.CACHES = {"default": {**redis.caches["default"], "KEY_PREFIX": site}}
        else:
            settings.CACHES = redis.caches
            settings.VERSATILE = {"CACHE_KEY_PREFIX": f"{site}:"}
        storage = FileSystemStorage(tmp_path / site, "/media/")
        picture = photo_bytes((60, 40), seed=len(colours))
        rendition = rendition_of(source_of(storage, content=picture), "out/x.png")
        assert rendition.url == "/media/out/x.png"
        with Image.open(tmp_path / site / "out/x.png") as image:
            colours[site] = image.tobytes()
    assert colours["north"] != colours["south"]


def test_without_a_prefix_the_key_is_the_url_and_with_one_it_stands_before_it(
    settings: Settings, media_root: Path
):
    source = Source(FileSystemStorage(media_root, "/media/"), "d/x.jpg")
    assert rendition_of(source).existence_key == "/media/out/x.jpg"
    settings.VERSATILE = {"CACHE_KEY_PREFIX": "north:"}
    assert rendition_of(source).existence_key == "north:/media/out/x.jpg"


@pytest.fixture
def storage(media_root: Path) -> WatchedStorage:
    return WatchedStorage(media_root, base_url="/media/")


METHODS = ["save", "open", "exists"]


@pytest.mark.parametrize("method", METHODS)
def test_a_storage_that_raises_once_is_asked_by_the_very_next_request(
    method, storage: WatchedStorage, media_root: Path
):
    source = source_of(storage)
    storage.fail(method, BrokenError("a bad moment"))
    with pytest.raises(StorageError, match="a bad moment"):
        rendition_of(source).require()
    assert files_below(media_root) == {"d/x.jpg"}
    storage.failing.clear()
    assert rendition_of(source).url == "/media/out/x.jpg"
    assert look_at(media_root / "out/x.jpg") == "whole"


@pytest.mark.parametrize("method", METHODS)
def test_a_storage_that_raises_for_ever_is_a_typed_error_each_time_and_no_page_is_lost(
    method, storage: WatchedStorage, settings: Settings, media_root: Path
):
    source = source_of(storage)
    storage.fail(method, BrokenError("no more"))
    for _ in range(3):
        with pytest.raises(StorageError):
            rendition_of(source).require()
        assert str(rendition_of(source)) == ""
    assert not existence.is_pending("/media/out/x.jpg")
    assert files_below(media_root) == {"d/x.jpg"}


def test_a_storage_that_cannot_delete_loses_no_picture(storage: WatchedStorage, media_root: Path):
    source = source_of(storage)
    storage.fail("delete", BrokenError("no"))
    rendition_of(source).require()
    with pytest.raises(BrokenError):
        rendition_of(source).delete()
    assert rendition_of(source).exists()
    assert rendition_of(source).url == "/media/out/x.jpg"


def test_a_storage_that_cannot_look_is_a_typed_error(storage: WatchedStorage):
    rendition = rendition_of(source_of(storage))
    storage.fail("exists", BrokenError("no"))
    for ask in (rendition.exists, rendition.ensure):
        with pytest.raises(StorageError, match="cannot look"):
            ask()


def test_a_rendition_deleted_behind_our_back_heals_when_its_absence_is_noticed(
    storage: WatchedStorage, media_root: Path
):
    source = source_of(storage)
    rendition_of(source).require()
    for heal in (
        lambda item: item.ensure().url,
        lambda item: item.exists() or item.url,
        lambda item: item.forget() or item.url,
    ):
        (media_root / "out/x.jpg").unlink()
        assert rendition_of(source).url == "/media/out/x.jpg"  # nobody has noticed
        assert not (media_root / "out/x.jpg").exists()
        assert heal(rendition_of(source)) == "/media/out/x.jpg"
        assert look_at(media_root / "out/x.jpg") == "whole"


def test_what_is_there_is_ensured_without_making_it(storage: WatchedStorage):
    source = source_of(storage)
    rendition_of(source).require()
    caches["default"].clear()
    storage.calls.clear()
    rendition = rendition_of(source)
    assert rendition.ensure() is rendition
    assert storage.calls == [("exists", "out/x.jpg")]
    assert existence.is_ready("/media/out/x.jpg")


def test_what_cannot_be_made_cannot_be_ensured(storage: WatchedStorage, caplog):
    put(storage, "d/x.jpg", b"no picture")
    with caplog.at_level(logging.ERROR), pytest.raises(PictureError):
        rendition_of(Source(storage, "d/x.jpg")).ensure()
