"""Original: what a set has at the key ``'url'``."""

import asyncio
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError, Bucket, WatchedStorage
from tests.renditions.making import PHOTO, source_of
from tests.testapp.models import Photo
from versatile.exceptions import SourceNotFound
from versatile.imaging.geometry import Size
from versatile.renditions.original import Original
from versatile.renditions.source import Source


class Uploaded:
    """A file as a model's field gives it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.storage = source.storage

    @property
    def url(self) -> str:
        return self.storage.url(self.source.name)


def test_it_has_the_attributes_of_a_rendition_and_makes_nothing(
    source: Source, storage: WatchedStorage
):
    original = Original(Uploaded(source))
    assert original.key == "url"
    assert original.name == "d/x.jpg"
    assert original.storage is storage
    assert original.url == str(original) == "/media/d/x.jpg"
    assert original.path == storage.path("d/x.jpg")
    assert storage.calls == []
    assert original.exists()
    assert original.size == len(PHOTO)
    with original.open() as file:
        assert file.read() == PHOTO
    assert storage.named("save") == []


def test_its_size_is_that_of_the_upright_picture_and_is_read_once(storage: WatchedStorage):
    source = source_of(storage, "d/y.jpg", photo_bytes((60, 40), orientation=6))
    storage.calls.clear()
    original = Original(Uploaded(source))
    assert (original.width, original.height) == original.dimensions == Size(60, 40)
    assert storage.named("open") == ["d/y.jpg"]


def test_a_known_size_is_not_read(storage: WatchedStorage):
    original = Original(Uploaded(Source(storage, "gone.jpg", size=Size(3, 2))))
    assert original.dimensions == Size(3, 2)
    assert storage.calls == []


def test_text_is_never_an_error_outside_debug(source: Source, settings: Settings, monkeypatch):
    def fail(name):
        raise BrokenError("no URL")

    original = Original(Uploaded(source))
    monkeypatch.setattr(source.storage, "url", fail)
    assert str(original) == ""
    settings.DEBUG = True
    with pytest.raises(BrokenError):
        str(original)


def test_a_storage_without_paths_has_no_path():
    with pytest.raises(NotImplementedError):
        _ = Original(Uploaded(source_of(Bucket()))).path


DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"/>'


@pytest.mark.parametrize("key", ["url", "crop__4x4", "filters__invert"])
def test_a_drawing_that_is_passed_through_is_ensured_like_any_rendition(
    key: str, settings: Settings, media_root: Path
):
    settings.VERSATILE = {"ALLOW_SVG": True}
    (media_root / "a.svg").write_bytes(DRAWING)
    item = Photo(image="a.svg").image.renditions([("it", key)])["it"]
    item.forget()
    assert item.ensure() is asyncio.run(item.aensure()) is item
    (media_root / "a.svg").unlink()
    with pytest.raises(SourceNotFound):
        item.ensure()
