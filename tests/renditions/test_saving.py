"""Saving: a file is whole under its name, or absent."""

import logging
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import (
    FileSystemStorage,
    InMemoryStorage,
    Storage,
    default_storage,
)
from pytest_django import Settings

from tests.renditions.faults import (
    BrokenError,
    Bucket,
    HalfSavingBucket,
    HalfSavingStorage,
    RenamingBucket,
    WatchedStorage,
)
from tests.renditions.making import files_below, put
from versatile.exceptions import StorageError
from versatile.renditions.saving import save

NAME = "__sized__/d/x-thumbnail-50x50-70.jpg"
CONTENT = bytes(range(256)) * 100


def read(storage: Storage, name: str) -> bytes:
    with storage.open(name) as file:
        return bytes(file.read())


@pytest.mark.parametrize("name", [NAME, "x.jpg", "a/b/é x.png"])
@pytest.mark.parametrize("make", [FileSystemStorage, InMemoryStorage, Bucket])
def test_the_content_is_whole_under_its_name(name, make):
    storage: Storage = make()
    save(storage, name, CONTENT)
    assert read(storage, name) == CONTENT


@pytest.mark.parametrize("make", [FileSystemStorage, InMemoryStorage])
def test_nothing_else_is_left_beside_it(make):
    storage = make()
    save(storage, NAME, CONTENT)
    assert storage.listdir("") == (["__sized__"], [])
    assert storage.listdir("__sized__/d") == ([], ["x-thumbnail-50x50-70.jpg"])


@pytest.mark.parametrize("storage", [FileSystemStorage(), default_storage], ids=["plain", "lazy"])
def test_on_a_file_system_the_name_appears_with_the_whole_content(
    storage, media_root: Path, monkeypatch
):
    seen = []
    replace = os.replace

    def watched(old: str, new: str) -> None:
        seen.append((Path(old).parent == Path(new).parent, Path(new).exists(), Path(old)))
        assert Path(old).read_bytes() == CONTENT
        replace(old, new)

    monkeypatch.setattr(os, "replace", watched)
    save(storage, NAME, CONTENT)
    ((same_folder, existed, temporary),) = seen
    assert same_folder
    assert not existed
    assert temporary.name.startswith(".")
    assert files_below(media_root) == {NAME}


def test_a_reader_never_sees_a_half(media_root: Path):
    storage = FileSystemStorage(media_root)
    contents = [bytes([letter]) * 300_000 for letter in b"ab"]
    save(storage, NAME, contents[0])
    done = threading.Event()

    def write() -> None:
        for number in range(60):
            save(storage, NAME, contents[number % 2])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = []
    while not done.is_set():
        seen.append((media_root / NAME).read_bytes() in contents)
    writer.join()
    assert seen
    assert all(seen)


def test_an_older_file_of_the_name_is_replaced(media_root: Path):
    storage = FileSystemStorage(media_root)
    put(storage, NAME, b"old")
    save(storage, NAME, CONTENT)
    assert read(storage, NAME) == CONTENT
    assert files_below(media_root) == {NAME}


def test_the_file_has_the_permissions_that_the_storage_gives(media_root: Path):
    storage = FileSystemStorage(media_root, file_permissions_mode=0o640)
    save(storage, NAME, CONTENT)
    assert (media_root / NAME).stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("make", [HalfSavingStorage, HalfSavingBucket])
def test_of_a_save_that_fails_in_the_middle_nothing_is_left(make, media_root: Path):
    storage = make()
    with pytest.raises(StorageError, match=NAME) as caught:
        save(storage, NAME, CONTENT)
    assert caught.value.__cause__ is not None
    assert caught.value.name == NAME
    assert not storage.exists(NAME)
    assert files_below(media_root) == set()
    assert not getattr(storage, "objects", None)


def test_of_a_rename_that_fails_nothing_is_left_and_the_old_file_stays(
    media_root: Path, monkeypatch
):
    storage = FileSystemStorage(media_root)
    put(storage, NAME, b"old")

    def fail(old: str, new: str) -> None:
        raise PermissionError("not yours")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(StorageError, match="not yours"):
        save(storage, NAME, CONTENT)
    assert files_below(media_root) == {NAME}
    assert read(storage, NAME) == b"old"


def test_an_interrupt_leaves_nothing_and_goes_on(media_root: Path, monkeypatch):
    def interrupt(old: str, new: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(FileSystemStorage(media_root), NAME, CONTENT)
    assert files_below(media_root) == set()


def test_a_storage_that_cannot_clean_up_either_still_says_what_failed_first(
    storage: WatchedStorage,
):
    storage.fail("save", OSError("the first"))
    storage.fail("delete", BrokenError("the second"))
    with pytest.raises(StorageError, match="the first"):
        save(storage, NAME, CONTENT)


def test_a_name_that_no_file_system_takes_is_a_storage_error(media_root: Path):
    with pytest.raises(StorageError, match="cannot save"):
        save(FileSystemStorage(media_root), "x" * 300 + ".jpg", CONTENT)
    assert files_below(media_root) == set()


def test_a_name_outside_of_the_storage_is_a_storage_error(media_root: Path):
    with pytest.raises(StorageError, match="outside"):
        save(FileSystemStorage(media_root / "inner"), "../outside.jpg", CONTENT)
    assert files_below(media_root) == set()


def test_a_bucket_is_written_in_one_call():
    calls = []

    class Watched(Bucket):
        def save(self, name, content, max_length=None):
            calls.append(name)
            return super().save(name, content, max_length)

    save(Watched(), NAME, CONTENT)
    assert calls == [NAME]


def test_a_stray_file_of_a_renaming_storage_is_deleted_and_logged(caplog):
    storage = RenamingBucket()
    with pytest.raises(StorageError, match=rf"{NAME}\.1"):
        save(storage, NAME, CONTENT)
    assert storage.objects == {}
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert NAME in record.getMessage()
    assert f"{NAME}.1" in record.getMessage()


class Polite(Bucket):
    """Django's own manners: what exists is not overwritten."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[str] = []
        """What was saved while nothing had the name."""

    def _save(self, name: str, content: Any) -> str:
        if NAME not in self.objects:
            self.gaps.append(name)
        return super()._save(name, content)


def test_of_a_storage_that_does_not_overwrite_the_old_file_goes_when_the_new_one_is_whole(caplog):
    storage = Polite()
    put(storage, NAME, b"old")
    storage.gaps.clear()
    save(storage, NAME, CONTENT)
    assert storage.objects == {NAME: CONTENT}
    assert storage.gaps == [NAME]  # the second upload, and not the first
    assert "stray" in caplog.text


def test_a_storage_that_does_not_overwrite_and_fails_keeps_no_stray():
    class Failing(Polite):
        def delete(self, name: str) -> None:
            if name == NAME:
                raise BrokenError("no")
            super().delete(name)

    storage = Failing()
    put(storage, NAME, b"old")
    with pytest.raises(StorageError, match="no"):
        save(storage, NAME, CONTENT)
    assert storage.objects == {NAME: b"old"}


def test_a_storage_that_overwrites_overwrites():
    class Overwriting(Bucket):
        def get_available_name(self, name, max_length=None):
            return name

    storage = Overwriting()
    put(storage, NAME, b"old")
    save(storage, NAME, CONTENT)
    assert storage.objects == {NAME: CONTENT}


def test_a_file_system_that_renames_has_the_name_all_the_same(media_root: Path):
    class Renaming(FileSystemStorage):
        def get_available_name(self, name, max_length=None):
            return f"{name}.1"

    save(Renaming(media_root), NAME, CONTENT)
    assert files_below(media_root) == {NAME}


@pytest.mark.parametrize("asked", [True, False])
def test_where_that_is_asked_the_file_is_on_the_disk_before_it_has_its_name_and_then_its_name_is(
    asked, media_root: Path, settings: Settings, monkeypatch
):
    settings.VERSATILE = {"FSYNC": asked}
    (media_root / NAME).parent.mkdir(parents=True)
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        steps.append(f"{kind} to disk")
        fsync(descriptor)

    def watched_replace(old: str, new: str) -> None:
        steps.append("renamed")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    save(FileSystemStorage(media_root), NAME, CONTENT)
    assert steps == (["file to disk", "renamed", "folder to disk"] if asked else ["renamed"])
    assert (media_root / NAME).read_bytes() == CONTENT
