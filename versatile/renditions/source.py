"""Source: an original image, a name on a storage."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, cast

from django.core.files.storage import Storage

from versatile.conf import SETTINGS_ALONE, Policy
from versatile.exceptions import SourceNotFound, SourceUnreadable, StorageError, VersatileError
from versatile.imaging import decoding, svg
from versatile.imaging.exceptions import ImageError
from versatile.imaging.formats import extensions_of
from versatile.imaging.geometry import CENTRE, Point, Size
from versatile.imaging.limits import Limits
from versatile.renditions.stores import store_of


def limits_of(policy: Policy) -> Limits:
    """What one original of a field may cost."""
    return Limits(
        max_bytes=policy.max_source_bytes,
        max_pixels=policy.max_source_pixels,
        max_side=policy.max_source_side,
        max_frames=policy.max_frames,
        max_frames_area=policy.max_frames_area,
    )


_DRAWINGS = extensions_of("SVG")


@dataclass(unsafe_hash=True, slots=True)  # frozen, each URL of a page would cost a twentieth more
class Source:
    """An original image: a name on a storage, and the point that its renditions keep.

    A value: nobody changes one.
    """

    storage: Storage
    name: str
    ppoi: Point = CENTRE
    size: Size | None = field(default=None, compare=False)
    """The upright size in pixels, where the model's dimension fields tell it."""
    known: dict[str, bool] | None = field(default=None, compare=False, repr=False)
    """What one batched look at existence found for the page: existence key to ready or not."""
    policy: Policy = field(default=SETTINGS_ALONE, compare=False, repr=False)
    """What its field says of it where it differs from the settings."""
    stand_in: Callable[[str], Any] | None = field(default=None, compare=False, repr=False)
    """What finds the rendition of the field's placeholder at a rendition key."""
    version: str = ""
    """The digest of its bytes, where the model's version field tells it."""

    @property
    def address(self) -> tuple[object, ...]:
        """What two sources share that are one file, whatever is kept of it."""
        return id(self.storage), self.name

    @property
    def passed_through(self) -> bool:
        """Whether it is shown as it is: a drawing, of a field that takes such."""
        return bool(self.policy.allow_svg) and self.name.lower().endswith(_DRAWINGS)

    @property
    def limits(self) -> Limits:
        """What it may cost, by its field and the settings."""
        return limits_of(self.policy)

    @property
    def renditions_storage(self) -> Storage:
        """Where what sizers and filters make of it lies; raises ``ConfigurationError``."""
        return store_of(self.storage, self.policy.renditions_storage)

    def note(self, key: str, *, ready: bool) -> None:
        """Tell the page, where it has looked renditions up, that one is there, or gone."""
        if self.known is None:
            return
        if ready:
            self.known[key] = True
        else:
            self.known.pop(key, None)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The file, from its start; raises ``SourceNotFound`` or ``StorageError``."""
        with self._storage_errors():
            file = self.storage.open(self.name, "rb")
        with file:
            with self._storage_errors():  # some storages fetch the file only now
                stream = cast(IO[bytes], file) if file.seekable() else io.BytesIO(self._all(file))
            yield stream

    def read(self) -> bytes:
        """All bytes of the file.

        Raises ``SourceNotFound``, ``StorageError``, or ``SourceUnreadable`` for more than may be
        read, of which no more is taken into memory.
        """
        with self.open() as file, self._storage_errors():
            return self._all(file)

    def _all(self, file: Any) -> bytes:
        most = self.limits.max_bytes
        data: bytes = file.read() if most is None else file.read(most + 1)
        try:
            self.limits.check_bytes(len(data))
        except ImageError as error:
            raise SourceUnreadable(self.name, str(error)) from error
        return data

    def read_size(self) -> Size:
        """The upright size in pixels: known, or read from the file's header.

        Raises ``SourceError`` or ``StorageError``.
        """
        if self.size is not None:
            return self.size
        with self.open() as file, self._storage_errors():
            try:
                if self.passed_through:
                    return svg.read_size(file, self.limits)
                return decoding.read_header(file, self.limits).size
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
