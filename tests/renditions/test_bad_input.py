"""Bad input: a typed error in Python, nothing and one log record in a template, no half files."""

import logging
from pathlib import Path

import pytest
from django.core.cache import caches
from django.template import Context, Template
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.renditions.conftest import use_cache
from tests.renditions.faults import BrokenError, HalfSavingStorage, WatchedStorage
from tests.renditions.making import files_below, put
from tests.testapp.models import Photo
from versatile.exceptions import (
    EmptyField,
    InvalidFilter,
    MalformedSizedImageKey,
    SourceError,
    SourceNotFound,
    SourceUnreadable,
    StorageError,
    UnknownRenditionKeySet,
)

NAME = "photos/x.jpg"
GOOD = photo_bytes((120, 80))
EMPTY_BMP = b"BM" + bytes(8) + b"\x36\0\0\0" + b"\x28\0\0\0" + bytes(8) + b"\1\0\x18\0" + bytes(24)

SOURCES = {
    "missing": (None, SourceNotFound),
    "empty": (b"", SourceUnreadable),
    "cut off in its header": (GOOD[:20], SourceUnreadable),
    "cut off in its pixels": (GOOD[: len(GOOD) * 4 // 5], SourceUnreadable),
    "text": (b"This is no picture.\n" * 50, SourceUnreadable),
    "a web page": (b"<!DOCTYPE html><html><body>502</body></html>", SourceUnreadable),
    "a gif of 0x0": (b"GIF89a" + bytes(7) + b";", SourceUnreadable),
    "a bmp of 0x0": (EMPTY_BMP, SourceUnreadable),
    "zeros": (bytes(1000), SourceUnreadable),
    "a damaged png": (
        photo_bytes((9, 9), format="PNG")[:40] + b"?" * 100,
        SourceUnreadable,
    ),
}

every_source = pytest.mark.parametrize(
    ("content", "kind"), list(SOURCES.values()), ids=list(SOURCES)
)
every_way = pytest.mark.parametrize(
    "path",
    [
        "crop.40x40",
        "crop.40x40.url",
        "thumbnail.40x40",
        "filters.invert",
        "filters.invert.url",
        "filters.invert.crop.40x40",
        "filters.grayscale.filters.blur.crop.40x40",
    ],
)


@pytest.fixture
def photo(media_root: Path) -> Photo:
    """A row whose file is not there."""
    return Photo(image=NAME)


def put_there(media_root: Path, content: bytes | None) -> set[str]:
    if content is not None:
        (media_root / "photos").mkdir()
        (media_root / NAME).write_bytes(content)
    return files_below(media_root)


def render(text: str, **context: object) -> str:
    return Template(f"{{% load versatile %}}[{text}]").render(Context(context))


def errors(caplog) -> list[logging.LogRecord]:
    return [
        record
        for record in caplog.records
        if record.name.startswith("versatile") and record.levelno >= logging.ERROR
    ]


@every_source
def test_at_the_key_it_is_a_typed_error_that_names_file_and_reason(
    content, kind, photo: Photo, media_root: Path
):
    before = put_there(media_root, content)
    asked = {
        "crop": lambda: photo.image.crop["40x40"],
        "thumbnail": lambda: photo.image.thumbnail["40x"],
        "filter": lambda: photo.image.filters.invert.url,
        "filter and sizer": lambda: photo.image.filters.invert.crop["40x40"],
    }
    for ask in asked.values():
        caches["default"].clear()
        with pytest.raises(kind) as caught:
            ask()
        error = caught.value
        assert isinstance(error, SourceError)
        assert not isinstance(error, ValueError)
        assert isinstance(error, FileNotFoundError) == (kind is SourceNotFound)
        assert (error.source, bool(error.reason)) == (NAME, True)
        assert NAME in str(error)
        assert error.reason in str(error)
    assert files_below(media_root) == before


@every_way
@every_source
def test_a_template_renders_without_the_picture_and_one_log_record_tells_of_it(
    content, kind, path, photo: Photo, media_root: Path, settings: Settings, caplog
):
    settings.DEBUG = False
    before = put_there(media_root, content)
    assert render(f"{{{{ photo.image.{path} }}}}", photo=photo) == "[]"
    (record,) = errors(caplog)
    assert NAME in record.getMessage()
    assert files_below(media_root) == before


@every_source
def test_a_page_that_shows_it_often_logs_it_once(
    content, kind, photo: Photo, media_root: Path, settings: Settings, caplog
):
    settings.DEBUG = False
    put_there(media_root, content)
    text = "{{ photo.image.crop.40x40 }}{{ photo.image.crop.20x20 }}" * 3
    assert render(text, photo=photo) == "[]"
    assert len(errors(caplog)) == 1


@every_way
@every_source
def test_under_debug_a_template_raises(
    content, kind, path, photo: Photo, media_root: Path, settings: Settings
):
    settings.DEBUG = True
    before = put_there(media_root, content)
    with pytest.raises(kind, match=NAME):
        render(f"{{{{ photo.image.{path} }}}}", photo=photo)
    assert files_below(media_root) == before


@every_source
def test_the_tag_of_a_set_is_the_same(
    content, kind, photo: Photo, media_root: Path, settings: Settings, caplog
):
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"faces": [("a", "crop__9x9"), ("b", "fit__9x")]}}
    settings.DEBUG = False
    before = put_there(media_root, content)
    text = '{% rendition photo.image "faces" "a" %}'
    assert render(text, photo=photo) == "[]"
    assert len(errors(caplog)) == 1
    settings.DEBUG = True
    with pytest.raises(kind, match=NAME):
        render(text, photo=photo)
    assert files_below(media_root) == before


@every_source
def test_a_set_raises_where_one_of_it_is_taken(content, kind, photo: Photo, media_root: Path):
    put_there(media_root, content)
    found = photo.image.renditions([("small", "crop__9x9"), ("large", "crop__50x50")])
    assert list(found) == ["small", "large"]
    for name in found:
        with pytest.raises(kind):
            found[name]


@pytest.mark.parametrize("image", ["", None])
def test_an_empty_field_is_a_clear_error_in_python_and_nothing_on_a_page(
    image, settings: Settings, caplog
):
    photo = Photo(image=image)
    for ask in (lambda: photo.image.crop["4x4"], lambda: photo.image.filters.invert.url):
        with pytest.raises(EmptyField, match="empty"):
            ask()
    for debug in (False, True):
        settings.DEBUG = debug
        assert render("{{ photo.image.crop.4x4 }}", photo=photo) == "[]"
    assert errors(caplog) == []


def test_an_unknown_filter_is_a_typed_error(photo: Photo, settings: Settings, caplog):
    for ask in (lambda: photo.image.filters["nope"], lambda: photo.image.filters.nope):
        with pytest.raises(InvalidFilter, match="`nope` is an invalid filter"):
            ask()
    settings.DEBUG = False
    assert render("{{ photo.image.filters.nope.crop.4x4 }}", photo=photo) == "[]"
    assert len(errors(caplog)) == 1


def test_an_unknown_sizer_is_no_attribute(photo: Photo):
    with pytest.raises(AttributeError, match="nope"):
        _ = photo.image.nope
    with pytest.raises(AttributeError, match="nope"):
        _ = photo.image.filters.invert.nope


def test_an_unknown_set_is_a_typed_error(photo: Photo):
    with pytest.raises(UnknownRenditionKeySet, match="nope"):
        photo.image.renditions("nope")


@pytest.mark.parametrize("key", ["40", "axb", "0x10", "9x9x9", "99999x1", "\uff19x\uff19"])
def test_a_malformed_size_is_a_typed_error_and_nothing_on_a_page(
    key, photo: Photo, settings: Settings, caplog
):
    with pytest.raises(MalformedSizedImageKey, match=key):
        photo.image.crop[key]
    settings.DEBUG = False
    assert render(f"{{{{ photo.image.crop.{key} }}}}", photo=photo) == "[]"
    assert len(errors(caplog)) == 1
    settings.DEBUG = True
    with pytest.raises(MalformedSizedImageKey, match=key):
        render(f"{{{{ photo.image.crop.{key} }}}}", photo=photo)


@pytest.fixture
def storage_of_photos(storage: WatchedStorage, monkeypatch) -> WatchedStorage:
    """A storage that fails where it is told to, below the field."""
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", storage)
    put(storage, NAME, GOOD)
    storage.calls.clear()
    return storage


@pytest.mark.parametrize("error", [BrokenError("no bucket"), OSError("no disk"), ValueError("?")])
@pytest.mark.parametrize("method", ["exists", "open", "save"])
def test_a_failing_storage_is_a_typed_error_and_nothing_on_a_page(
    method, error, storage_of_photos: WatchedStorage, settings: Settings, caplog, media_root: Path
):
    storage_of_photos.fail(method, error)
    photo = Photo(image=NAME)
    with pytest.raises(StorageError) as caught:
        photo.image.crop["40x40"]
    assert caught.value.__cause__ is error
    assert not isinstance(caught.value, ValueError)
    caplog.clear()
    settings.DEBUG = False
    assert render("{{ photo.image.crop.40x40 }}", photo=photo) == "[]"
    assert len(errors(caplog)) == 1
    settings.DEBUG = True
    with pytest.raises(StorageError):
        render("{{ photo.image.crop.40x40 }}", photo=photo)
    assert files_below(media_root) == {NAME}
    storage_of_photos.failing.clear()
    assert photo.image.crop["40x40"].exists()


def test_a_full_disk_leaves_nothing_half_made(media_root: Path, monkeypatch):
    put_there(media_root, GOOD)
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", HalfSavingStorage())
    photo = Photo(image=NAME)
    with pytest.raises(StorageError, match="No space left"):
        photo.image.crop["40x40"]
    found = photo.image.renditions([("small", "crop__9x9"), ("large", "crop__50x50")])
    with pytest.raises(StorageError, match="No space left"):
        found["small"]
    assert files_below(media_root) == {NAME}


@pytest.mark.parametrize("cache", ["BrokenCache", "ForgetfulCache", "GarbageCache"])
def test_a_cache_that_does_not_work_loses_no_page(
    cache, photo: Photo, media_root: Path, settings: Settings
):
    use_cache(settings, cache)
    put_there(media_root, GOOD)
    text = "{{ photo.image.crop.40x40 }}"
    for debug in (True, False):
        settings.DEBUG = debug
        url = "/media/__sized__/photos/x-crop-c0-5__0-5-40x40-70.jpg"
        assert render(text, photo=photo) == f"[{url}]"


def test_what_is_written_is_the_format_that_the_name_says(photo: Photo, media_root: Path):
    put_there(media_root, photo_bytes((60, 40), "RGBA", format="PNG"))
    with photo.image.crop["9x9"].open() as file:
        assert file.read(3) == b"\xff\xd8\xff"
