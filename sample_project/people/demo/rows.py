"""Rows: what was made of whom, as a table and as the material of the contact sheet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from people.demo.warming import KEY_SETS, Warmed
from people.models import Person, Point, as_percent
from versatile.renditions.outcomes import Outcome
from versatile.renditions.rendition import Rendition

HEADINGS = ("source", "rendition", "pixels", "bytes", "ms", "URL")
NUMBERS = frozenset({"pixels", "bytes", "ms"})
ORIGINAL = "original"
"""The title of the row of an original."""


@dataclass(frozen=True)
class Row:
    """One picture: the original, or a rendition and what it cost to make."""

    source: str
    title: str
    width: int
    height: int
    bytes: int
    url: str
    name: str
    milliseconds: float | None = None

    @classmethod
    def of(cls, source: str, title: str, file: Any, milliseconds: float | None = None) -> Self:
        """The row of a file: an original, a rendition, or the file of a spec."""
        return cls(
            source=source,
            title=title,
            width=file.width,
            height=file.height,
            bytes=file.size,
            url=file.url,
            name=str(file.name),
            milliseconds=milliseconds,
        )

    def cells(self) -> tuple[str, ...]:
        """The row as texts, in the order of the headings."""
        pixels = f"{self.width}×{self.height}"
        time = "" if self.milliseconds is None else f"{self.milliseconds:.0f}"
        return self.source, self.title, pixels, f"{self.bytes:,}", time, self.url


@dataclass(frozen=True)
class Strip:
    """The part of one person or article: the original, then what was made of it."""

    name: str
    point: Point | None
    """The point of interest, where crops are made around one."""
    original: Row
    renditions: Sequence[Row]

    @property
    def mark(self) -> tuple[str, str] | None:
        """The point as SVG wants it: ``('24%', '40%')``."""
        return as_percent(self.point) if self.point else None


def strips_of(people: Iterable[Person], warmed: Warmed) -> Iterator[Strip]:
    """A strip for everybody whose photo can be read."""
    for person in people:
        if person.headshot_width:
            original = Row.of(person.name, ORIGINAL, person.headshot)
            rows = list(_renditions(person, warmed.outcomes))
            yield Strip(person.name, person.headshot_ppoi, original, rows)


def _renditions(person: Person, outcomes: dict[str, Outcome]) -> Iterator[Row]:
    """A row per rendition in the order of the sets; what could not be made has none."""
    for key_set in KEY_SETS:
        for title, rendition in person.headshot.renditions(key_set).items():
            # The original is in the set too, under the key "url".
            if isinstance(rendition, Rendition):
                outcome = outcomes.get(rendition.name)
                yield Row.of(
                    person.name, title, rendition, outcome.seconds * 1000 if outcome else None
                )


def table(strips: Iterable[Strip]) -> Iterator[str]:
    """The rows of all strips as lines in columns, with a gap before each new source."""
    rows = [row for strip in strips for row in (strip.original, *strip.renditions)]
    cells = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row, line in zip([None, *rows], cells, strict=True):
        if row is not None and row.title == ORIGINAL:
            yield ""
        yield _line(line, widths)


def _line(cells: tuple[str, ...], widths: Sequence[int]) -> str:
    padded = (
        cell.rjust(width) if heading in NUMBERS else cell.ljust(width)
        for heading, cell, width in zip(HEADINGS, cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()
