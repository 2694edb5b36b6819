"""Storages as they are: without paths, slow, behind the times, with errors of their own."""

import time
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.test import TestCase
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.renditions.conftest import use_cache
from tests.renditions.faults import BrokenError, Bucket
from tests.renditions.making import image_of
from tests.testapp.models import Photo
from versatile.exceptions import SourceNotFound, StorageError
from versatile.renditions import stores

pytestmark = pytest.mark.django_db


class AwkwardBucket(Bucket):
    """No paths, no listing, no times; slow; ``exists`` tells what was there at ``settle()``."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []
        self.uploads: list[Any] = []
        self.seen: set[str] | None = None

    def settle(self) -> None:
        self.seen = set(self.objects)

    def _note(self, method: str) -> None:
        self.calls.append(method)
        time.sleep(0.01)

    def _open(self, name: str, mode: str = "rb") -> File:
        self._note("open")
        if name not in self.objects:
            raise BrokenError("404 Not Found")
        return super()._open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        self._note("save")
        self.uploads.append(content)
        return super()._save(name, content)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def exists(self, name: str) -> bool:
        self._note("exists")
        return name in (self.objects if self.seen is None else self.seen)

    def delete(self, name: str) -> None:
        self._note("delete")
        if name not in self.objects:
            raise BrokenError("404 Not Found")
        super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        self._note("listdir")
        return [], []  # it has heard of nothing yet

    def path(self, name: str) -> str:
        self._note("path")
        raise NotImplementedError("no paths")

    def get_modified_time(self, name: str) -> Any:
        self._note("get_modified_time")
        raise BrokenError("no times")


@pytest.fixture
def bucket(monkeypatch, settings: Settings) -> AwkwardBucket:
    use_cache(settings, "SharedCache")
    made = AwkwardBucket()
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", made)
    return made


def photo() -> Photo:
    made = Photo()
    made.image.save("x.jpg", ContentFile(photo_bytes((60, 40))))
    return made


def test_making_and_deleting_ask_only_what_every_storage_has(bucket: AwkwardBucket):
    row = photo()
    bucket.calls.clear()
    rendition = row.image.fit["30x30"]
    assert bucket.calls == ["exists", "open", "save"]
    bucket.calls.clear()
    assert Photo.objects.get().image.fit["30x30"].url
    assert bucket.calls == []
    with TestCase.captureOnCommitCallbacks(execute=True):
        row.delete()
    assert bucket.calls == ["delete"]
    assert set(bucket.objects) == {row.image.name}
    assert rendition.name not in bucket.objects


def test_a_storage_that_has_not_heard_of_a_file_yet_costs_a_making_and_no_page(
    bucket: AwkwardBucket, settings: Settings
):
    row = photo()
    bucket.settle()  # from now on new files are not seen
    rendition = row.image.fit["30x30"]
    assert image_of(rendition).size == (30, 20)
    assert Photo.objects.get().image.fit["30x30"].url
    use_cache(settings, "SharedCache")  # all is forgotten
    assert image_of(Photo.objects.get().image.fit["30x30"]).size == (30, 20)
    assert set(bucket.objects) == {row.image.name, rendition.name}


def test_a_storage_that_has_not_heard_of_a_deletion_is_found_out_when_it_has(
    bucket: AwkwardBucket,
):
    rendition = photo().image.fit["30x30"]
    bucket.settle()
    bucket.delete(rendition.name)
    assert rendition.exists()  # as far as it knows
    bucket.settle()
    assert not rendition.exists()
    assert rendition.ensure().name in bucket.objects


def test_a_rendition_that_was_gone_already_hinders_no_deletion(bucket: AwkwardBucket):
    row = photo()
    names = [row.image.fit[size].name for size in ("10x10", "20x20", "30x30")]
    bucket.objects.pop(names[0])
    with TestCase.captureOnCommitCallbacks(execute=True):
        row.delete()
    assert set(bucket.objects) == {row.image.name}


def test_a_file_that_is_there_and_cannot_be_deleted_is_told(bucket: AwkwardBucket):
    rendition = photo().image.fit["10x10"]
    bucket.objects.pop(rendition.name)
    rendition.delete()
    bucket.seen = {rendition.name}  # it says so, and cannot
    with pytest.raises(BrokenError):
        rendition.delete()


def test_errors_of_its_own_are_ours_and_no_fault_of_the_source(bucket: AwkwardBucket):
    row = photo()
    original = bucket.objects.pop(str(row.image.name))
    with pytest.raises(StorageError) as caught:
        row.image.fit["30x30"]
    assert isinstance(caught.value.__cause__, BrokenError | StorageError)
    assert not isinstance(caught.value, SourceNotFound)
    bucket.objects[str(row.image.name)] = original
    assert image_of(Photo.objects.get().image.fit["30x30"]).size == (30, 20)


def test_a_storage_of_ones_own_can_see_type_and_cache_control(
    bucket: AwkwardBucket, settings: Settings
):
    settings.VERSATILE = {"CACHE_CONTROL": "no-cache"}
    row = photo()
    assert row.image.fit["30x30"].url
    uploaded = bucket.uploads[-1]
    assert (uploaded.content_type, uploaded.cache_control) == ("image/jpeg", "no-cache")


class CloudBucket(AwkwardBucket):
    """Takes what it sends from its parameters alone, as django-storages' for Google Cloud does."""

    def __init__(self) -> None:
        super().__init__()
        self.object_parameters: dict[str, str] = {"cache_control": "private", "acl": "private"}
        self.sent: dict[str, dict[str, str]] = {}

    def _save(self, name: str, content: Any) -> str:
        self.sent[name] = dict(self.object_parameters)
        return super()._save(name, content)


@pytest.mark.parametrize("kept_for", [None, "no-cache"])
def test_a_storage_that_reads_nothing_from_files_is_told_by_its_parameters(
    kept_for, settings: Settings, monkeypatch
):
    path = f"{CloudBucket.__module__}.{CloudBucket.__qualname__}"
    google = stores.PARAMETERS["storages.backends.gcloud.GoogleCloudStorage"]
    monkeypatch.setattr(stores, "PARAMETERS", {path: google})
    settings.VERSATILE = {"CACHE_CONTROL": kept_for}
    bucket = CloudBucket()
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", bucket)
    row = photo()
    rendition = row.image.fit["30x30"]
    assert bucket.sent[rendition.name] == {
        "acl": "private",
        "cache_control": kept_for or "private",
        "content_type": "image/jpeg",
    }
    assert "content_type" not in bucket.object_parameters
    assert bucket.sent[str(row.image.name)] == bucket.object_parameters


@pytest.mark.parametrize(
    ("name", "type"),
    [("a/x.WEBP", "image/webp"), ("x.jpeg", "image/jpeg"), ("x", None), ("x.txt", None)],
)
def test_a_name_says_its_type_or_nothing(name, type):
    assert stores.content_type(name) == type
