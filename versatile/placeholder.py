"""Placeholders: the picture that stands in for an empty field."""

import os
import posixpath
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.core.files.storage import Storage, default_storage

from versatile.conf import conf
from versatile.exceptions import SourceNotFound
from versatile.renditions import existence, saving
from versatile.renditions.addresses import key_of
from versatile.renditions.drawn import DrawnImage
from versatile.renditions.source import Source


class PlaceholderImage(ABC):
    """A picture that is copied to a field's storage when it is first needed there."""

    @property
    @abstractmethod
    def relative_name(self) -> str:
        """The name of the copy, below the folder of placeholders."""

    @abstractmethod
    def read(self) -> bytes:
        """The bytes of the picture; raises ``SourceNotFound`` or ``StorageError``."""

    @property
    def name(self) -> str:
        """The storage name of the copy."""
        return posixpath.join(conf.PLACEHOLDER_DIRNAME, self.relative_name)

    def existence_key(self, storage: Storage) -> str:
        """The key under which existence remembers the copy on a storage."""
        return key_of(storage, self.name)

    def ensure(self, storage: Storage, known: dict[str, bool] | None = None) -> None:
        """Copy the picture to a storage, unless a file of that name is there.

        ``known`` is what a batched look at existence found for the page. Raises
        ``SourceNotFound`` or ``StorageError``.
        """
        key = self.existence_key(storage)
        if (known or {}).get(key) or existence.is_ready(key):
            return
        if not saving.is_there(storage, self.name):
            saving.save(storage, self.name, self.read())
        existence.remember([key])


class OnDiscPlaceholderImage(PlaceholderImage):
    """A placeholder on the local disk, by its absolute path."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)

    @property
    def relative_name(self) -> str:
        """The last part of the path."""
        return os.path.basename(self.path)

    def read(self) -> bytes:
        """The bytes of the file; raises ``SourceNotFound``."""
        try:
            with open(self.path, "rb") as file:
                return file.read()
        except OSError as error:
            raise SourceNotFound(self.path, f"the placeholder cannot be read: {error}") from error


class OnStoragePlaceholderImage(PlaceholderImage):
    """A placeholder on a storage, by its name there; by default on the default storage."""

    def __init__(self, path: str, storage: Storage | None = None) -> None:
        self.path = path
        self.storage: Storage = storage or default_storage

    @property
    def relative_name(self) -> str:
        """The whole name."""
        return self.path

    def read(self) -> bytes:
        """The bytes of the file; raises ``SourceNotFound`` or ``StorageError``."""
        return Source(self.storage, self.path).read()


@dataclass(unsafe_hash=True, slots=True)
class PlaceholderSource(Source):
    """A source that is a copy of a placeholder, and is copied when it is opened."""

    image: PlaceholderImage | None = None

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The file, from its start; raises ``SourceNotFound`` or ``StorageError``."""
        if self.image is not None:
            self.image.ensure(self.storage)
        with Source.open(self) as file:
            yield file


__all__ = [
    "DrawnImage",
    "OnDiscPlaceholderImage",
    "OnStoragePlaceholderImage",
    "PlaceholderImage",
    "PlaceholderSource",
]
