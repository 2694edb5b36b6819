"""Rendition: the file that a recipe makes of a source."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import caches
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError, Bucket, WatchedCache, WatchedStorage
from tests.renditions.making import PHOTO, put, rendition_of, source_of
from versatile.exceptions import SourceNotFound, SourceUnreadable, StorageError
from versatile.imaging.decoding import open_picture
from versatile.imaging.geometry import Size
from versatile.processors import CropAroundPoint, ResizeToFit
from versatile.renditions import existence, manifest
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source
from versatile.renditions.strategies import MANUAL

NAME = "out/x.jpg"


class Unknowable:
    """A processor that does not tell the size of its result."""

    def process(self, image):
        return image.resize((7, 5))


def error_records(caplog) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_rendition_knows_its_name_key_and_storage_without_asking(
    source: Source, storage: WatchedStorage, watched_cache: WatchedCache
):
    rendition = rendition_of(source)
    assert rendition.name == NAME
    assert rendition.key == f"test__{NAME}"
    assert rendition.storage is storage
    assert repr(rendition) == f"<Rendition: {NAME}>"
    assert storage.calls == watched_cache.calls == []


def test_its_recipe_is_written_when_it_is_wanted_and_once(source: Source):
    written = []

    def write():
        written.append(1)
        return rendition_of(source).recipe

    rendition = rendition_of(source, write_recipe=write)
    assert written == []
    assert rendition.recipe == rendition.recipe == rendition_of(source).recipe
    assert written == [1]


@pytest.mark.parametrize(
    "ask",
    [
        lambda rendition: rendition.url,
        lambda rendition: rendition.path,
        lambda rendition: rendition.size,
        lambda rendition: rendition.open().close(),
        lambda rendition: rendition.require(),
        str,
    ],
    ids=["url", "path", "size", "open", "require", "str"],
)
def test_whoever_asks_for_more_has_it_made(
    ask: Callable[[Rendition], object], source: Source, storage: WatchedStorage
):
    ask(rendition_of(source))
    assert (source.storage.path(NAME), storage.exists(NAME)) == (storage.path(NAME), True)


def test_all_that_it_tells_is_that_of_the_file(source: Source, storage: WatchedStorage):
    rendition = rendition_of(source)
    assert rendition.url == str(rendition) == "/media/out/x.jpg"
    assert rendition.path == storage.path(NAME)
    with rendition.open() as file, open_picture(file) as picture:
        assert picture.size == rendition.dimensions == Size(30, 20)
        assert picture.header.format == "JPEG"
    with rendition.open() as file:
        assert len(file.read()) == rendition.size
    assert (rendition.width, rendition.height) == (30, 20)
    assert rendition.exists()


def test_the_url_is_plain_text_and_that_of_the_storage(storage: WatchedStorage):
    source = source_of(storage, "d/X Y é.jpg")
    rendition = rendition_of(source, "out/Ä b.jpg")
    assert rendition.url == storage.url("out/Ä b.jpg") == "/media/out/%C3%84%20b.jpg"
    assert type(rendition.url) is str


def test_asking_twice_asks_the_cache_once(source: Source, watched_cache: WatchedCache):
    existence.remember([rendition_of(source).existence_key])
    watched_cache.calls.clear()
    rendition = rendition_of(source)
    for _ in range(3):
        assert rendition.url == "/media/out/x.jpg"
    assert watched_cache.calls == [("get", "/media/out/x.jpg")]


def test_a_storage_without_paths_has_no_path():
    rendition = rendition_of(source_of(Bucket()))
    assert rendition.url.startswith("https://photos.example/out/x.jpg?signature=")
    with pytest.raises(NotImplementedError):
        _ = rendition.path


def test_a_signed_url_is_found_again_by_its_name(monkeypatch):
    bucket = Bucket()
    source = source_of(bucket)
    first = rendition_of(source).url
    calls: list[str] = []
    monkeypatch.setattr(bucket, "exists", calls.append)
    second = rendition_of(source).url
    assert first != second
    assert calls == []


def test_known_dimensions_of_the_source_make_opening_needless(storage: WatchedStorage):
    source = Source(storage, "gone.jpg", size=Size(600, 400))
    rendition = rendition_of(source, processors=[ResizeToFit(300, 300)])
    assert (rendition.width, rendition.height) == (300, 200)
    crop = rendition_of(source, processors=[CropAroundPoint(50, 60)])
    assert crop.dimensions == Size(50, 60)
    assert storage.calls == []


def test_unknown_dimensions_are_read_from_the_source_once(
    source: Source, storage: WatchedStorage, decodes: list[str]
):
    rendition = rendition_of(source)
    assert (rendition.width, rendition.height) == (30, 20)
    assert storage.calls == [("open", "d/x.jpg")]
    assert decodes == []


def test_only_the_file_tells_what_a_foreign_processor_gave(source: Source, storage: WatchedStorage):
    rendition = rendition_of(source, processors=[Unknowable()])
    assert rendition.dimensions == Size(7, 5)
    assert storage.exists(NAME)


def test_a_file_that_is_no_picture_has_no_dimensions(source: Source, storage: WatchedStorage):
    rendition = rendition_of(source, processors=[Unknowable()])
    rendition.require()
    with open(storage.path(NAME), "wb") as file:
        file.write(b"spoilt")
    with pytest.raises(SourceUnreadable, match=NAME):
        _ = rendition.dimensions


def test_a_rotated_photo_has_the_dimensions_of_what_is_seen(storage: WatchedStorage):
    source = source_of(storage, "d/x.jpg", photo_bytes((60, 40), orientation=6))
    rendition = rendition_of(source)
    assert rendition.dimensions == Size(30, 20)
    with rendition.open() as file, open_picture(file) as picture:
        assert picture.size == Size(30, 20)


def test_exists_is_what_the_storage_says_and_existence_learns_it(
    source: Source, storage: WatchedStorage
):
    rendition = rendition_of(source)
    assert not rendition.exists()
    assert not existence.is_ready(rendition.existence_key)
    rendition.require()
    existence.forget([rendition.existence_key])
    assert rendition.exists()
    assert existence.is_ready(rendition.existence_key)


def test_a_file_deleted_behind_the_caches_back_is_made_again_after_exists(
    source: Source, storage: WatchedStorage
):
    rendition = rendition_of(source)
    rendition.require()
    storage.delete(NAME)
    assert rendition.url
    assert not storage.exists(NAME)
    assert not rendition.exists()
    assert rendition.url
    assert storage.exists(NAME)


@contextmanager
def prefetched(rendition: Rendition) -> Iterator[Rendition]:
    """The rendition of a page that was looked up in one batch."""
    rendition.require()
    key = rendition.existence_key
    yield rendition_of(
        Source(rendition.storage, rendition.source.name, known={key: True}), rendition.name
    )


@pytest.mark.parametrize("forget", [Rendition.delete, Rendition.clear_cache, Rendition.exists])
def test_what_a_page_looked_up_before_is_forgotten_too(
    forget: Callable[[Rendition], object], source: Source, storage: WatchedStorage
):
    with prefetched(rendition_of(source)) as rendition:
        storage.delete(NAME)
        forget(rendition)
        assert rendition.url
        assert storage.exists(NAME)


def test_delete_removes_the_file_and_every_memory_of_it(source: Source, storage: WatchedStorage):
    rendition = rendition_of(source)
    rendition.require()
    assert manifest.read(source).names == {NAME}
    rendition.delete()
    assert not storage.exists(NAME)
    assert not existence.is_ready(rendition.existence_key)
    assert manifest.read(source).names == set()
    assert storage.exists(source.name)


def test_a_deleted_rendition_can_be_had_again(source: Source, storage: WatchedStorage):
    rendition = rendition_of(source)
    rendition.require()
    rendition.delete()
    assert rendition.url
    assert storage.exists(NAME)


def test_clear_cache_forgets_without_deleting(
    source: Source, storage: WatchedStorage, decodes: list[str]
):
    rendition = rendition_of(source)
    rendition.require()
    rendition.clear_cache()
    assert caches["default"].get("/media/out/x.jpg") is None
    assert storage.exists(NAME)
    decodes.clear()
    assert rendition.url
    assert decodes == []
    assert caches["default"].get("/media/out/x.jpg") == 1


def test_text_is_never_an_error_outside_debug_and_is_logged_once(
    storage: WatchedStorage, settings: Settings, caplog
):
    settings.DEBUG = False
    rendition = rendition_of(Source(storage, "gone.jpg"))
    assert [str(rendition), str(rendition), f"{rendition}"] == ["", "", ""]
    (record,) = error_records(caplog)
    assert "gone.jpg" in record.getMessage()


def test_under_debug_text_is_an_error(storage: WatchedStorage, settings: Settings):
    settings.DEBUG = True
    with pytest.raises(SourceNotFound):
        str(rendition_of(Source(storage, "gone.jpg")))


def test_a_storage_without_urls_gives_empty_text_and_a_log_record(
    source: Source, monkeypatch, caplog
):
    def fail(name):
        raise BrokenError("not accessible via a URL")

    monkeypatch.setattr(source.storage, "url", fail)
    assert str(rendition_of(source)) == ""
    (record,) = error_records(caplog)
    assert NAME in record.getMessage()


@pytest.mark.parametrize("method", ["exists", "open", "save"])
def test_a_storage_that_fails_is_a_typed_error(method, source: Source, storage: WatchedStorage):
    storage.fail(method, BrokenError("no bucket"))
    with pytest.raises(StorageError, match="no bucket") as caught:
        _ = rendition_of(source).url
    assert isinstance(caught.value, OSError)
    assert isinstance(caught.value.__cause__, BrokenError)


def test_of_what_nobody_makes_the_bytes_are_not_found(source: Source, storage: WatchedStorage):
    rendition = rendition_of(source, strategy=MANUAL)
    for ask in (rendition.open, lambda: rendition.size):
        with pytest.raises(FileNotFoundError):
            ask()
    assert storage.named("save") == []


def test_the_source_stays_as_it_is(source: Source):
    rendition_of(source).require()
    assert source.read() == PHOTO


class Long:
    """A processor whose pictures are longer than an original may be."""

    def process(self, image):
        return image.convert("P").resize((20_001, 1))


def test_a_file_of_ours_is_measured_however_large_it_is(source: Source):
    assert rendition_of(source, "out/x.gif", [Long()]).dimensions == (20_001, 1)


def test_what_somebody_else_has_made_is_shown_once_it_is_found(
    storage: WatchedStorage, settings: Settings
):
    settings.VERSATILE = {"ON_ERROR": "empty"}
    rendition = rendition_of(source_of(storage, content=b"no picture"))
    assert rendition.url == ""
    put(storage, NAME)
    assert rendition.exists()
    assert rendition.url == storage.url(NAME)
