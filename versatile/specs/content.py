"""Finished images as Django's files."""

import posixpath
from typing import Any, Self

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

from versatile.exceptions import UnknownExtension
from versatile.imaging.formats import extension_to_mimetype, format_to_mimetype


class BaseIKFile(File):  # type: ignore[type-arg]
    """A file by its name on a storage, opened when it is read. Subclasses set both."""

    storage: Storage
    _file: Any = None

    @property
    def file(self) -> Any:
        """The open file."""
        if self._file is None:
            self._file = self._opened()
        return self._file

    @file.setter
    def file(self, value: Any) -> None:
        self._file = value

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return self.storage.url(self._named())

    @property
    def path(self) -> str:
        """Where the file system has it."""
        return self.storage.path(self._named())

    @property
    def size(self) -> int:
        """The length of the file in bytes."""
        return self.storage.size(self._named())

    @property
    def closed(self) -> bool:
        """Whether the file is not open."""
        return self._file is None or bool(self._file.closed)

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Self:
        """The file itself, open and at its start."""
        if self.closed:
            self._file = None
            self.file  # noqa: B018 - opens it
        else:
            self.file.seek(0)
        return self

    def close(self) -> None:
        """Close the file if it is open."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self) -> Any:
        return self.storage.open(self._named(), "rb")

    def _named(self) -> str:
        if not self.name:
            raise ValueError(f"{self!r} has no name")
        return self.name


class IKContentFile(ContentFile):  # type: ignore[type-arg]
    """The bytes of an image under a name, with the MIME type of its format or its name."""

    def __init__(self, filename: str | None, content: bytes, format: str | None = None) -> None:
        super().__init__(content, name=filename)
        self.content_type = _mimetype(filename, format)


def _mimetype(filename: str | None, format: str | None) -> str | None:
    try:
        extension = posixpath.splitext(filename or "")[1]
        return format_to_mimetype(format) if format else extension_to_mimetype(extension)
    except UnknownExtension:
        return None


def generate(generator: Any) -> "File[bytes]":
    """The image that a generator makes, as a file that a storage can save."""
    content = generator.generate()
    if isinstance(content, File):
        return content
    content.seek(0)
    name = getattr(generator, "cachefile_name", None)
    return IKContentFile(name, content.read(), getattr(generator, "format", None))
