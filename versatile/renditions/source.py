"""Source: an original image, a name on a storage."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, cast

from django.core.files.storage import Storage

from versatile.conf import SETTINGS_ALONE, Policy
from versatile.exceptions import SourceNotFound, SourceUnreadable, StorageError, VersatileError
from versatile.imaging import decoding
from versatile.imaging.exceptions import ImageError
from versatile.imaging.geometry import CENTRE, Point, Size
from versatile.renditions.stores import store_of


@dataclass(frozen=True, slots=True)
class Source:
    """An original image: a name on a storage, and the point that its renditions keep."""

    storage: Storage
    name: str
    ppoi: Point = CENTRE
    size: Size | None = field(default=None, compare=False)
    """The upright size in pixels, where the model's dimension fields tell it."""
    known: dict[str, bool] | None = field(default=None, compare=False, repr=False)
    """What one batched look at existence found for the page: existence key to ready or not."""
    policy: Policy = field(default=SETTINGS_ALONE, compare=False, repr=False)
    """What its field says of it where it differs from the settings."""
    version: str = ""
    """The digest of its bytes, where the model's version field tells it."""

    @property
    def address(self) -> tuple[object, ...]:
        """What two sources share that are one file, whatever is kept of it."""
        return id(self.storage), self.name

    @property
    def renditions_storage(self) -> Storage:
        """Where what sizers and filters make of it lies; raises ``ConfigurationError``."""
        return store_of(self.storage, self.policy.renditions_storage)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The file, from its start; raises ``SourceNotFound`` or ``StorageError``."""
        with self._storage_errors():
            file = self.storage.open(self.name, "rb")
        with file:
            with self._storage_errors():  # some storages fetch the file only now
                stream = cast(IO[bytes], file) if file.seekable() else io.BytesIO(file.read())
            yield stream

    def read(self) -> bytes:
        """All bytes of the file; raises ``SourceNotFound`` or ``StorageError``."""
        with self.open() as file, self._storage_errors():
            return file.read()

    def read_size(self) -> Size:
        """The upright size in pixels: known, or read from the file's header.

        Raises ``SourceError`` or ``StorageError``.
        """
        if self.size is not None:
            return self.size
        with self.open() as file, self._storage_errors():
            try:
                return decoding.read_header(file).size
            except ImageError as error:
                raise SourceUnreadable(self.name, str(error)) from error

    @contextmanager
    def _storage_errors(self) -> Iterator[None]:
        """Whatever the storage raises, as one of ours."""
        try:
            yield
        except VersatileError:
            raise
        except FileNotFoundError as error:
            raise SourceNotFound(self.name, "the storage has no such file") from error
        except Exception as error:  # storages raise what they like
            raise StorageError(self.name, f"the storage cannot read it: {error!r}") from error
