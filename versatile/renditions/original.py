"""Original: what a set has at the key ``'url'``."""

from functools import cached_property
from typing import Protocol, Self

from asgiref.sync import sync_to_async
from django.core.files import File
from django.core.files.storage import Storage

from versatile.imaging.geometry import Size
from versatile.renditions import saving
from versatile.renditions.rendition import printed_url
from versatile.renditions.source import Source


class OriginalFile(Protocol):
    """What is asked of the file."""

    storage: Storage

    @property
    def source(self) -> Source:
        """The file as renditions see it, or its placeholder."""

    @property
    def url(self) -> str:
        """Where a browser finds it."""


class Original:
    """The original at the key ``'url'``, or its placeholder, with the attributes of a rendition."""

    key = "url"

    def __init__(self, file: OriginalFile) -> None:
        self.file = file

    @property
    def name(self) -> str:
        """The name on the storage."""
        return self.file.source.name

    @property
    def storage(self) -> Storage:
        """Where the file lies."""
        return self.file.storage

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return self.file.url

    @property
    def path(self) -> str:
        """Where the file system has it."""
        return self.storage.path(self.name)

    @cached_property
    def dimensions(self) -> Size:
        """The upright width and height in pixels."""
        return self.file.source.read_size()

    @property
    def width(self) -> int:
        """The upright width in pixels."""
        return self.dimensions.width

    @property
    def height(self) -> int:
        """The upright height in pixels."""
        return self.dimensions.height

    @property
    def size(self) -> int:
        """The length of the file in bytes."""
        return self.storage.size(self.name)

    def open(self, mode: str = "rb") -> "File[bytes]":
        """The file itself."""
        return self.storage.open(self.name, mode)

    def exists(self) -> bool:
        """Whether the storage has the file now."""
        return self.storage.exists(self.name)

    def ensure(self) -> Self:
        """Itself: the file is there, or a placeholder's copy is made.

        Raises ``SourceNotFound`` or ``StorageError``.
        """
        if not saving.is_there(self.storage, self.name):
            with self.file.source.open():  # which copies a placeholder, and raises otherwise
                pass
        return self

    ensure.alters_data = True  # type: ignore[attr-defined]

    async def aensure(self) -> Self:
        """The same for asynchronous code: the storage is asked in another thread."""
        await sync_to_async(self.ensure)()
        return self

    def forget(self) -> None:
        """Nothing: existence knows nothing of it."""

    forget.alters_data = True  # type: ignore[attr-defined]

    def __str__(self) -> str:
        """The URL; nothing, and a log record, where there is none and ``DEBUG`` is off."""
        return printed_url(self)
