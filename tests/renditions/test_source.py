"""Source: a name on a storage."""

import io
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.storage import Storage

from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError, Bucket, LazyFile, WatchedStorage
from tests.renditions.making import PHOTO, source_of
from versatile.exceptions import SourceNotFound, SourceUnreadable, StorageError
from versatile.imaging.geometry import CENTRE, Size
from versatile.renditions.source import Source


class Handing(Storage):
    """A storage that hands out one file, whatever its name."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def _open(self, name: str, mode: str = "rb") -> Any:
        return self.file


class Unseekable(io.BytesIO):
    """A body that arrives over the network."""

    def seekable(self) -> bool:
        return False

    def seek(self, *args: Any) -> int:
        raise OSError("it cannot be rewound")


class Breaking(io.BytesIO):
    """A file whose storage goes away while it is read."""

    def read(self, *args: Any) -> bytes:
        raise BrokenError("the connection was lost")


def failing_fetch(error: Exception) -> Any:
    def fetch() -> Any:
        raise error

    return fetch


def test_a_source_is_a_value(storage: WatchedStorage):
    first, second = Source(storage, "x.jpg"), Source(storage, "x.jpg", CENTRE, Size(1, 1), {})
    assert first == second
    assert hash(first) == hash(second)
    assert Source(storage, "x.jpg", (0.1, 0.2)) != first
    assert Source(storage, "y.jpg") != first


def test_the_bytes_are_those_of_the_file(source: Source):
    assert source.read() == PHOTO
    with source.open() as file:
        assert file.read() == PHOTO


def test_the_file_is_closed_afterwards_and_after_an_error(source: Source):
    with source.open() as file:
        inner = file
    assert inner.closed
    opened = []

    def fail() -> None:
        with source.open() as file:
            opened.append(file)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert opened[0].closed


def test_one_read_is_one_open(source: Source, storage: WatchedStorage):
    source.read()
    assert storage.calls == [("open", "d/x.jpg")]


@pytest.mark.parametrize("read", [Source.read, Source.read_size])
def test_a_missing_file_is_a_file_not_found_that_names_it(read, storage: WatchedStorage):
    with pytest.raises(SourceNotFound, match=r"d/gone\.jpg") as caught:
        read(Source(storage, "d/gone.jpg"))
    assert isinstance(caught.value, FileNotFoundError)
    assert caught.value.source == "d/gone.jpg"


@pytest.mark.parametrize("read", [Source.read, Source.read_size])
@pytest.mark.parametrize("error", [BrokenError("no bucket"), PermissionError("not yours")])
def test_a_storage_that_cannot_open_is_a_storage_error(
    read, error: Exception, source: Source, storage: WatchedStorage
):
    storage.fail("open", error)
    with pytest.raises(StorageError, match=r"d/x\.jpg.*(no bucket|not yours)") as caught:
        read(source)
    assert caught.value.__cause__ is error
    assert isinstance(caught.value, OSError)


@pytest.mark.parametrize("read", [Source.read, Source.read_size])
def test_a_storage_that_breaks_while_it_is_read_is_a_storage_error(read):
    source = Source(Handing(File(Breaking(), "x.jpg")), "x.jpg")
    with pytest.raises(StorageError, match=r"x\.jpg.*the connection was lost"):
        read(source)


@pytest.mark.parametrize("read", [Source.read, Source.read_size])
@pytest.mark.parametrize(
    ("error", "kind"),
    [(BrokenError("no bucket"), StorageError), (FileNotFoundError("gone"), SourceNotFound)],
)
def test_a_storage_that_fetches_late_fails_in_the_same_way(read, error: Exception, kind):
    source = Source(Handing(LazyFile("x.jpg", failing_fetch(error))), "x.jpg")
    with pytest.raises(kind, match=r"x\.jpg") as caught:
        read(source)
    assert caught.value.__cause__ is error


def test_a_storage_that_fetches_late_is_read():
    assert Source(Handing(LazyFile("x.jpg", lambda: io.BytesIO(PHOTO))), "x.jpg").read() == PHOTO


def test_a_file_that_cannot_be_rewound_is_buffered():
    source = Source(Handing(File(Unseekable(PHOTO), "x.jpg")), "x.jpg")
    with source.open() as file:
        assert file.seekable()
        assert file.read() == PHOTO


def test_a_bucket_has_the_same_bytes():
    assert source_of(Bucket()).read() == PHOTO


def test_an_error_of_the_reader_is_left_alone(source: Source):
    with pytest.raises(ZeroDivisionError), source.open():
        raise ZeroDivisionError


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_that_of_the_upright_picture(orientation, storage: WatchedStorage):
    photo = photo_bytes((40, 20), orientation=orientation)
    assert source_of(storage, "d/x.jpg", photo).read_size() == Size(40, 20)


def test_a_known_size_opens_nothing(storage: WatchedStorage):
    assert Source(storage, "gone.jpg", size=Size(3, 2)).read_size() == Size(3, 2)
    assert storage.calls == []


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff"])
def test_a_size_that_nobody_can_read_is_a_typed_error(content, storage: WatchedStorage):
    source = source_of(storage, "d/x.jpg", content)
    with pytest.raises(SourceUnreadable, match=r"d/x\.jpg"):
        source.read_size()
