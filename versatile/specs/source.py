"""What a spec may be made of: any file, as a source of the engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, cast

from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile

from versatile.renditions.source import Source


@dataclass(unsafe_hash=True, slots=True)
class FileSource(Source):
    """A source that is an open or closed file, whichever storage it lies on."""

    file: Any = None

    @property
    def address(self) -> tuple[object, ...]:
        """The file itself: two uploads may have one name."""
        return id(self.file), self.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The file, from its start; left open or closed as it was found."""
        was_closed = bool(getattr(self.file, "closed", False))
        with self._storage_errors():
            if was_closed or not hasattr(self.file, "read"):
                self.file.open("rb")
            self.file.seek(0)
        try:
            yield cast(IO[bytes], self.file)
        finally:
            if was_closed:
                self.file.close()


def source_of(file: Any) -> Source:
    """The file as a source: by its name where it lies on a storage, or as it is."""
    if isinstance(file, FieldFile) and getattr(file, "_committed", True):
        own = getattr(file, "source", None)  # what knows its size, and what a page has looked up
        if isinstance(own, Source):
            return own
        return Source(file.storage, file.name or "", known=getattr(file, "known", None))
    storage = getattr(file, "storage", None) or default_storage
    name = str(getattr(file, "name", "") or "")
    return FileSource(storage, name, file=file)


def get_field_info(file: Any) -> tuple[Any, str | None]:
    """The model instance that a file belongs to and the name of its field, where there are any."""
    field = getattr(file, "field", None)
    return getattr(file, "instance", None), getattr(field, "attname", None)
