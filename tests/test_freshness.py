"""Freshness: no picture ever shows the pixels of the one that it replaced, by any namer."""

import os
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from django.test import TestCase
from PIL import Image, ImageStat
from pytest_django import Settings

from tests.renditions.conftest import shared_cache
from tests.renditions.faults import Bucket
from tests.testapp.models import Article, Photo, Portrayed
from versatile.renditions import existence

pytestmark = pytest.mark.django_db


def drawn(colour: str) -> bytes:
    data = BytesIO()
    Image.new("RGB", (60, 40), colour).save(data, "JPEG")
    return data.getvalue()


ONE, TWO = drawn("red"), drawn("blue")
SET = [("declared", "fit__30x30")]


class ListingBucket(Bucket):
    """An object store that lists what it has."""

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        below = [name.removeprefix(f"{path}/") for name in self.objects if name.startswith(path)]
        folders = {name.partition("/")[0] for name in below if "/" in name}
        return sorted(folders), [name for name in below if "/" not in name]


class OverwritingBucket(ListingBucket):
    """An object store as django-storages has it by default."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name


@pytest.fixture(params=["files", "overwriting files", "bucket", "overwriting bucket"])
def storage(request, media_root: Path) -> Iterator[Storage]:
    """The storage of all models of the test."""
    made: Storage = {
        "files": lambda: FileSystemStorage(media_root, "/media/"),
        "overwriting files": lambda: FileSystemStorage(media_root, "/media/", allow_overwrite=True),
        "bucket": ListingBucket,
        "overwriting bucket": OverwritingBucket,
    }[request.param]()
    fields: list[Any] = [
        Photo._meta.get_field("image"),
        Article._meta.get_field("photo"),
        Portrayed._meta.get_field("photo"),
    ]
    before = [field.storage for field in fields]
    for field in fields:
        field.storage = made
    yield made
    for field, storage in zip(fields, before, strict=True):
        field.storage = storage


def shows(rendition: Any, original: bytes) -> bool:
    """Whether a rendition, made if it has to be, is of this picture."""
    assert rendition.url
    with rendition.storage.open(rendition.name) as file:
        red, _, blue = ImageStat.Stat(Image.open(BytesIO(file.read())).convert("RGB")).mean
    return (red > blue) is (original is ONE)


def renditions_of(row: Any) -> list[Any]:
    """A declared one, and one of a size that nobody declared."""
    file = row.photo if hasattr(row, "photo") else row.image
    return [file.fit["30x30"], file.fit["24x24"]]


@pytest.mark.parametrize("lost", ["nothing", "all memory"])
@pytest.mark.parametrize("model", [Photo, Portrayed])
def test_another_picture_under_the_same_name(model, lost, storage: Storage, settings: Settings):
    """The row goes without our hearing of it, its files stay, and the name is used again."""
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"all": SET}}
    name = "photo" if model is Portrayed else "image"
    row = model()
    getattr(row, name).save("x.jpg", ContentFile(ONE))
    first = getattr(row, name).name
    assert all(shows(item, ONE) for item in renditions_of(row))
    model.objects.all()._raw_delete("default")
    storage.delete(first)
    if lost == "all memory":
        caches["default"].clear()
        _age(storage)
    row = model()
    getattr(row, name).save("x.jpg", ContentFile(TWO))
    assert getattr(row, name).name == first
    again = model.objects.get()
    assert [shows(item, TWO) for item in renditions_of(again)] == [True, True]


def _age(storage: Storage) -> None:
    """What is there was made long ago."""
    if isinstance(storage, FileSystemStorage):
        for path in Path(storage.location).rglob("*.jpg"):
            os.utime(path, (1_000_000, 1_000_000))


def test_a_memory_that_is_lost_twice_brings_no_old_pixels_back(storage: Storage):
    """What was made of a row's picture is forgotten before it is replaced, and again after."""
    row = Photo()
    row.image.save("x.jpg", ContentFile(ONE))
    assert all(shows(item, ONE) for item in renditions_of(row))
    caches["default"].clear()
    _age(storage)
    name = row.image.name
    storage.delete(str(name))
    with TestCase.captureOnCommitCallbacks(execute=True):
        row.image.save("x.jpg", ContentFile(TWO))
    assert row.image.name == name
    caches["default"].clear()
    fresh = Photo.objects.get()
    assert [shows(item, TWO) for item in renditions_of(fresh)] == [True, True]


def test_another_picture_in_the_same_row(storage: Storage):
    for model, name in ((Photo, "image"), (Portrayed, "photo")):
        row: Any = model()
        for content in (ONE, TWO, ONE):
            getattr(row, name).save("x.jpg", ContentFile(content))
            fresh: Any = model.objects.get(pk=row.pk)
            assert [shows(item, content) for item in renditions_of(fresh)] == [True, True]


@pytest.mark.usefixtures(shared_cache.__name__)
def test_what_is_asked_for_in_the_middle_of_a_replacement_goes_with_the_next_one(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
):
    """A page asks again as soon as a rendition is forgotten, before the upload is over."""

    def upload(content: bytes) -> Any:
        storage.delete("photos/x.jpg")
        row = Photo()
        row.image.save("x.jpg", ContentFile(content))
        assert row.image.name == "photos/x.jpg"
        return Photo.objects.get(pk=row.pk)

    def forget_and_ask(keys: Iterable[str]) -> None:
        forget(keys)
        assert Photo(image="photos/x.jpg").image.fit["24x24"].url

    assert all(shows(item, ONE) for item in renditions_of(upload(ONE)))
    forget = existence.forget
    with monkeypatch.context() as patch:
        patch.setattr(existence, "forget", forget_and_ask)
        upload(TWO)
    assert [shows(item, ONE) for item in renditions_of(upload(ONE))] == [True, True]


def test_the_file_of_a_spec_follows_its_source(storage: Storage):
    article = Article()
    for content in (ONE, TWO):
        article.photo.save("x.jpg", ContentFile(content))
        assert shows(Article.objects.get(pk=article.pk).small, content)


def test_another_quality_is_another_file(storage: Storage, settings: Settings):
    row = Photo()
    row.image.save("x.jpg", ContentFile(ONE))
    fine = row.image.fit["30x30"]
    settings.VERSATILE = {"JPEG_QUALITY": 20}
    coarse = Photo.objects.get().image.fit["30x30"]
    assert coarse.name != fine.name
    assert coarse.size < fine.size
