"""Replaced sources: nobody keeps pixels of a picture that is no more."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from PIL import Image

from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError, Bucket
from tests.renditions.making import PHOTO, Recording, files_below, put, rendition_of, source_of
from versatile import signals
from versatile.exceptions import SourceNotFound, StorageError
from versatile.renditions import existence, failures, generation, manifest, versions
from versatile.renditions.source import Source

OTHER = photo_bytes((60, 40), seed=9)


def pixels(path: Path) -> bytes:
    with Image.open(path) as image:
        return image.convert("RGB").tobytes()


@pytest.fixture
def storage(media_root: Path) -> FileSystemStorage:
    return FileSystemStorage(media_root, "/media/")


@pytest.fixture
def fresh(tmp_path: Path) -> bytes:
    """The pixels of a rendition of the other picture."""
    storage = FileSystemStorage(tmp_path / "fresh", "/fresh/")
    rendition_of(source_of(storage, content=OTHER), "out/x.png", ()).require()
    return pixels(tmp_path / "fresh/out/x.png")


def once(action: Callable[[], object]) -> Callable[[], object]:
    """The action, at the first call alone."""
    left = [action]
    return lambda: left and left.pop()()


def overwrite(path: Path) -> None:
    path.write_bytes(OTHER)


def swap(path: Path) -> None:
    new = path.with_suffix(".new")
    new.write_bytes(OTHER)
    new.replace(path)


def upload_again(path: Path) -> None:
    """What a storage does that keeps the name free first."""
    path.unlink()
    path.write_bytes(OTHER)


@pytest.mark.parametrize("way", [overwrite, swap, upload_again])
def test_a_maker_whose_source_is_replaced_meanwhile_makes_it_again(
    way, storage: FileSystemStorage, media_root: Path, fresh: bytes
):
    source = source_of(storage)
    recording = Recording(during=once(lambda: way(media_root / "d/x.jpg")))
    causes: list[str] = []

    def hear(cause: str, **kwargs: object) -> None:
        causes.append(cause)

    signals.rendition_created.connect(hear)
    try:
        rendition_of(source, "out/x.png", [recording]).require()
    finally:
        signals.rendition_created.disconnect(hear)
    assert len(recording.runs) == 2
    assert pixels(media_root / "out/x.png") == fresh
    assert causes == ["replaced"]
    assert files_below(media_root) == {"d/x.jpg", "out/x.png"}
    assert manifest.read(source).names == {"out/x.png"}


def test_on_a_storage_without_files_the_replacer_says_so(fresh: bytes, tmp_path: Path):
    storage = Bucket()
    source = source_of(storage)

    def replace() -> None:
        storage.objects["d/x.jpg"] = OTHER
        versions.renew(source)

    recording = Recording(during=once(replace))
    rendition_of(source, "out/x.png", [recording]).require()
    (tmp_path / "x.png").write_bytes(storage.objects["out/x.png"])
    assert pixels(tmp_path / "x.png") == fresh


def test_a_source_deleted_meanwhile_leaves_no_rendition(
    storage: FileSystemStorage, media_root: Path
):
    source = source_of(storage)
    recording = Recording(during=lambda: (media_root / "d/x.jpg").unlink(missing_ok=True))
    with pytest.raises(SourceNotFound):
        rendition_of(source, processors=[recording]).require()
    assert files_below(media_root) == set()
    assert not existence.is_ready("/media/out/x.jpg")


def test_what_failed_because_of_a_half_written_source_is_tried_again_at_once(
    storage: FileSystemStorage, media_root: Path, monkeypatch
):
    source = source_of(storage, content=PHOTO[:500])
    read = Source.read
    complete = once(lambda: (media_root / "d/x.jpg").write_bytes(PHOTO))

    def read_then_complete(self: Source) -> bytes:
        data = read(self)
        complete()
        return data

    monkeypatch.setattr(Source, "read", read_then_complete)
    rendition_of(source).require()
    assert files_below(media_root) == {"d/x.jpg", "out/x.jpg"}
    assert failures.failure(source) is None


def test_what_a_page_has_looked_up_is_corrected_too(storage: FileSystemStorage, media_root: Path):
    source = replace(source_of(storage), known={})
    unlink = Recording(during=lambda: (media_root / "d/x.jpg").unlink(missing_ok=True))
    with pytest.raises(SourceNotFound):
        rendition_of(source, processors=[unlink]).require()
    assert source.known == {}


def test_a_source_that_is_never_at_rest_is_a_typed_error_and_leaves_nothing(
    storage: FileSystemStorage, media_root: Path
):
    source = source_of(storage)
    recording = Recording(during=lambda: versions.renew(source))
    with pytest.raises(StorageError, match="again and again"):
        rendition_of(source, processors=[recording]).require()
    assert len(recording.runs) == generation.ATTEMPTS
    assert files_below(media_root) == {"d/x.jpg"}
    assert not existence.is_ready("/media/out/x.jpg")
    recording.during = lambda: None
    rendition_of(source, processors=[recording]).require()
    assert files_below(media_root) == {"d/x.jpg", "out/x.jpg"}


def test_what_is_older_than_the_source_is_not_taken_for_its_rendition(
    storage: FileSystemStorage, media_root: Path, fresh: bytes
):
    """The memory of a name is lost, and the file that is there shows another picture."""
    source = source_of(storage)
    rendition_of(source, "out/x.png", ()).require()
    old = (media_root / "out/x.png").stat().st_mtime - 60
    os.utime(media_root / "out/x.png", (old, old))
    (media_root / "d/x.jpg").write_bytes(OTHER)
    caches["default"].clear()
    versions.renew(source)
    rendition_of(source, "out/x.png", ()).require()
    assert pixels(media_root / "out/x.png") == fresh


def test_of_a_source_that_was_never_saved_here_an_old_file_is_good(
    storage: FileSystemStorage, media_root: Path
):
    """A site that migrates has copied its files in any order, and makes nothing again."""
    source = source_of(storage)
    put(storage, "out/x.jpg", b"from long ago")
    os.utime(media_root / "out/x.jpg", (1, 1))
    rendition_of(source).require()
    assert (media_root / "out/x.jpg").read_bytes() == b"from long ago"


def test_where_nobody_knows_how_old_a_file_is_it_is_made_again():
    storage = Bucket()
    source = source_of(storage)
    storage.save("out/x.jpg", ContentFile(b"of any age"))
    versions.renew(source)
    rendition_of(source).require()
    assert storage.objects["out/x.jpg"] != b"of any age"


def test_a_store_that_never_overwrites_makes_way_for_what_is_forced(tmp_path: Path, fresh: bytes):
    storage = Bucket()
    source = source_of(storage)
    rendition_of(source, "out/x.png", ()).require()
    storage.objects["d/x.jpg"] = OTHER
    list(generation.make([rendition_of(source, "out/x.png", ())], force=True))
    (tmp_path / "x.png").write_bytes(storage.objects["out/x.png"])
    assert pixels(tmp_path / "x.png") == fresh
    assert set(storage.objects) == {"d/x.jpg", "out/x.png"}


def test_a_store_that_cannot_make_way_is_a_typed_error(monkeypatch):
    def fail(name: str) -> None:
        raise BrokenError("not now")

    storage = Bucket()
    rendition = rendition_of(source_of(storage))
    rendition.require()
    monkeypatch.setattr(storage, "delete", fail)
    (outcome,) = generation.make([rendition], force=True)
    with pytest.raises(StorageError, match="not now"):
        raise outcome.error or AssertionError
    assert "out/x.jpg" in storage.objects


def test_what_is_forced_and_cannot_be_made_loses_nothing():
    storage = Bucket()
    rendition = rendition_of(source_of(storage))
    rendition.require()
    storage.delete("d/x.jpg")
    with pytest.raises(SourceNotFound):
        rendition.generate(force=True)
    assert set(storage.objects) == {"out/x.jpg"}
    assert existence.is_ready(rendition.existence_key)


def test_what_may_have_been_lost_while_it_was_replaced_is_looked_for():
    class Failing(Bucket):
        def get_available_name(self, name: str, max_length: int | None = None) -> str:
            return name

        def _save(self, name: str, content: Any) -> str:
            raise BrokenError("half of it")

    storage = Bucket()
    rendition_of(source_of(storage)).require()
    broken = Failing()
    broken.objects = storage.objects
    key = rendition_of(Source(broken, "d/x.jpg")).existence_key
    existence.remember([key])
    with pytest.raises(StorageError):
        rendition_of(Source(broken, "d/x.jpg")).generate(force=True)
    assert not existence.is_ready(key)


class Clocked(Bucket):
    """An object store that overwrites, and whose clock, of full seconds, is wrong."""

    def __init__(self, ahead: float) -> None:
        super().__init__()
        self.ahead = ahead
        self.saved_at: dict[str, float] = {}

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        self.saved_at[name] = time.time() + self.ahead
        return super()._save(name, content)

    def get_modified_time(self, name: str) -> datetime:
        return datetime.fromtimestamp(int(self.saved_at[name]), UTC)


@pytest.mark.parametrize("ask", ["require", "exists", "ensure"])
@pytest.mark.parametrize("ahead", [-7200, 0, 7200])
def test_whatever_the_clock_of_a_store_says_the_old_picture_is_known_by_its_age(
    ahead: float, ask: str, tmp_path: Path, fresh: bytes
):
    storage = Clocked(ahead)
    rendition_of(source_of(storage), "out/x.png", ()).require()
    caches["default"].clear()
    for name in storage.saved_at:  # an hour later
        storage.saved_at[name] -= 3600
    storage.save("d/x.jpg", ContentFile(OTHER))
    source = Source(storage, "d/x.jpg")
    versions.renew(source)
    asked = rendition_of(source, "out/x.png", ())
    assert getattr(asked, ask)() is {"require": None, "exists": False, "ensure": asked}[ask]
    asked.require()
    (tmp_path / "x.png").write_bytes(storage.objects["out/x.png"])
    assert pixels(tmp_path / "x.png") == fresh
    caches["default"].delete(asked.existence_key)
    assert rendition_of(source, "out/x.png", ()).exists()  # the new one is no older than its source


def test_a_file_is_told_to_be_deleted_once(storage: FileSystemStorage):
    told: list[str] = []

    def hear(name: str, **kwargs: object) -> None:
        told.append(name)

    rendition = rendition_of(source_of(storage))
    rendition.require()
    signals.rendition_deleted.connect(hear)
    try:
        rendition.delete()
        rendition.delete()
    finally:
        signals.rendition_deleted.disconnect(hear)
    assert told == ["out/x.jpg"]


def test_a_name_that_no_file_system_takes_has_no_place(media_root: Path):
    source = Source(FileSystemStorage(media_root), "../x.jpg")
    assert versions.identity(source) == ("", None)


def test_garbage_is_no_version(storage: FileSystemStorage):
    source = source_of(storage)
    caches["default"].set("/media/d/x.jpg-saved", {"token": 3, "at": "noon"})
    assert versions.identity(source)[0] == ""
    assert not versions.is_outdated(source, storage, "out/x.jpg")
