"""Cells: the pictures of a page of rows, looked up in one cache read before they are shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import Model

from versatile.exceptions import PictureError, SourceError
from versatile.files import VersatileImageFieldFile
from versatile.imaging.geometry import Size
from versatile.renditions import backends, failures
from versatile.renditions.addresses import key_of
from versatile.renditions.looking import Look, look
from versatile.renditions.original import Original
from versatile.renditions.rendition import Rendition
from versatile.renditions.sizes import remember_sizes
from versatile.renditions.source import Source

FAULTS = (PictureError, OSError)
"""What may be wrong with one picture, and with no other."""

_KEPT = "_versatile_cells"
"""Where an instance keeps its cells, for as long as its page is rendered."""


@dataclass(eq=False, slots=True)
class Cell:
    """What a column has found in one row."""

    picture: Any = None
    """A rendition, an original, the file of a spec, or nothing."""
    error: Exception | None = None
    """Why there is none."""
    asked: Sequence[Rendition] = field(default=())
    """What was asked for on the way to it."""
    size: Size | None = None

    def measure(self) -> Size | None:
        """The width and height in pixels; None where nobody can tell.

        An original of which nobody can tell it is not to be shown.
        """
        if self.size is None and self.error is None:
            try:
                self.size = _size_of(self.picture)
            except FAULTS as error:  # a rendition may be there, and what it was made of gone
                if self.file is not None:
                    self.error = error
                if self.file is not None and isinstance(error, SourceError):
                    failures.remember_failure(self.file.source, error)
        return self.size

    @property
    def file(self) -> VersatileImageFieldFile | None:
        """The field's file, where the picture is the original."""
        picture = self.picture.file if isinstance(self.picture, Original) else self.picture
        return picture if isinstance(picture, VersatileImageFieldFile) else None

    @property
    def sources(self) -> Iterator[Source]:
        """The sources that may have failed."""
        yield from (rendition.source for rendition in self.missing)
        if self.file:
            yield self.file.source

    @property
    def keys(self) -> Iterator[str]:
        """The keys of what was asked for, and of the placeholder of an original."""
        yield from (rendition.existence_key for rendition in self.missing)
        if self.file is not None and self.file.placeholder is not None:
            yield self.file.placeholder.existence_key(self.file.storage)

    @property
    def missing(self) -> list[Rendition]:
        """What was asked for and not found."""
        return [item for item in self.asked if not item.found]

    @property
    def size_key(self) -> str | None:
        """Under which key the size is remembered; None where arithmetic knows it."""
        rendition = getattr(self.picture, "rendition", None)
        if isinstance(rendition, Rendition):
            shown = rendition.instead or rendition
            if isinstance(shown, Rendition) and shown.source.size is None:
                return shown.existence_key
            return None
        source = self.file.source if self.file is not None else None
        if source is None or not source.name or source.size is not None:
            return None
        return key_of(source.storage, source.name)

    def settle(self, found: Look) -> None:
        """Take what a look at the cache has found; ask again for what it has not."""
        for rendition in self.asked:
            if rendition.existence_key in found.ready:
                rendition.found = True
            else:
                rendition.required = False
                self.error = found.failure(rendition.source, rendition.name) or self.error
        if self.file is not None:
            self.file.known = {**(self.file.known or {}), **dict.fromkeys(found.ready, True)}
            self.error = found.failure(self.file.source) or self.error

    def fall_back(self) -> None:
        """Show something in place of what failed, where its field or the setting says what."""
        for rendition in self.missing:
            if isinstance(self.error, PictureError):
                try:
                    rendition.fail(self.error)
                    self.error = None
                except PictureError as error:
                    self.error = error


class Column(Protocol):
    """What finds a picture in a row."""

    def find(self, row: Any) -> Cell:
        """The cell of a row, with its URL asked for."""


def cell_of(column: Column, row: Any) -> Cell:
    """What was looked up for the page, or else is found now."""
    kept: dict[Column, Cell] = getattr(row, "__dict__", {}).get(_KEPT, {})
    return kept.get(column) or column.find(row)


def look_up(tables: Iterable[tuple[Sequence[Column], Iterable[Model]]]) -> None:
    """Look up the cells of a page in one cache read; make what is missing, by sources.

    A page has a table or more, each of them columns and rows. One more write remembers the sizes
    of pictures that no dimension field tells.
    """
    cells: list[Cell] = []
    for columns, rows in tables:
        for row in rows if columns else ():
            kept = vars(row)[_KEPT] = {column: _look_ahead(column, row) for column in columns}
            cells += kept.values()
    if not cells:
        return
    found = _settle(cells)
    missing = [cell for cell in cells if cell.missing and cell.error is None]
    if missing:
        _make(missing)
        _settle(cells)
    _measure(cells, {**found.sizes, **_fall_back(cells)})


def _look_ahead(column: Column, row: Model) -> Cell:
    with backends.looking_ahead() as asked:
        cell = column.find(row)
    cell.asked = asked
    return cell


def _settle(cells: Sequence[Cell]) -> Look:
    found = look(
        (key for cell in cells for key in cell.keys),
        (source for cell in cells for source in cell.sources),
        (key for cell in cells if (key := cell.size_key)),
    )
    for cell in cells:
        cell.settle(found)
    return found


def _make(cells: Iterable[Cell]) -> None:
    """Make what is missing, or have it made, each source decoded once."""
    with backends.together():
        for cell in cells:
            try:
                cell.picture.url  # noqa: B018 - asks for it
            except FAULTS as error:
                cell.error = error


def _fall_back(cells: Iterable[Cell]) -> dict[str, Size]:
    """Show something in place of what failed; placeholders cost one cache read more.

    Their sizes are returned, as far as they are remembered.
    """
    with backends.looking_ahead() as asked:
        for cell in cells:
            cell.fall_back()
    if not asked:
        return {}
    stand_ins = [Cell(item, asked=[item]) for item in asked]
    found = _settle(stand_ins)
    _make(cell for cell in stand_ins if cell.missing)
    return found.sizes


def _measure(cells: Iterable[Cell], sizes: Mapping[str, Size]) -> None:
    """Give each cell its size, and remember those that had to be read from a file."""
    read: dict[str, Size] = {}
    for cell in cells:
        key = cell.size_key
        if key is None or cell.error is not None:
            continue
        cell.size = sizes.get(key)
        if cell.size is None and (size := cell.measure()):
            read[key] = size
    remember_sizes(read)


def _size_of(picture: Any) -> Size | None:
    """The size of whatever has one: renditions and specs by arithmetic, files by their header.

    None for nothing, and for 0×0, which is what nobody knows.
    """
    if not (getattr(picture, "instead", None) or picture):
        return None
    if isinstance(picture, VersatileImageFieldFile):
        return picture.source.read_size()
    size: Size | None = getattr(picture, "dimensions", None)
    size = size or Size(picture.width, picture.height)
    return size if all(size) else None
