"""AVIF: how large all is that the decoder makes of a file, whatever the file says to be.

It makes what a stream says, and shrinks or enlarges that afterwards to what the boxes say.

Formula source: ISO/IEC 14496-12, 8.5 to 8.7 and 8.11; the AV1 binding to it, 2.2 and 2.3.
"""

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain, islice, pairwise, product, repeat
from typing import IO, NamedTuple

from versatile.imaging import boxes, obus
from versatile.imaging.boxes import Box
from versatile.imaging.geometry import Size
from versatile.imaging.layout import UnknownLayout
from versatile.imaging.limits import endless

MAX_PIECES = 400_000
"""The most boxes, frames and pieces of streams: an hour of a film has half as many."""

MAX_LIST = 256_000
"""The most bytes of a list of items, each of which the decoder looks up among all others."""

_AV1 = b"av01"
_MADE = (_AV1, b"grid")
"""The kinds of items of which the decoder makes pixels."""
_LISTS = (b"iinf", b"iloc", b"iref", b"ipma")
_ALONE = (b"iinf", b"iloc", b"idat")
_TABLES = (b"stsd", b"stsz", b"stsc", b"stco")
"""Boxes that no encoder writes twice in one place. For ``stco`` there may be a ``co64``."""
_SIDES, _LATE_SIDES = 76, 88
"""Where the sides stand in the box ``tkhd`` of a track, whose times may have eight bytes."""
_ENTRY = 78
"""The bytes of an entry for pictures before the boxes in it."""
_CONFIGURATION = 4
"""The bytes of a box ``av1C`` before the pieces of a stream in it."""
_TABLE = 8
"""The bytes of a table before its rows: its version, and how many there are."""

Part = tuple[tuple[int, int], ...]
"""Where a stream lies: starts and ends."""


class Stream(NamedTuple):
    """How large the pictures of one stream are, and of how many items it makes the pixels."""

    size: Size
    items: int


def streams(file: IO[bytes]) -> Iterator[Stream]:
    """The streams of a file that say a size, be they of items or of an animation.

    Raises ``UnknownLayout``, ``struct.error`` or ``LookupError`` for what no encoder writes, and
    ``ImageTooLarge`` for more pieces than any picture has.
    """
    file.seek(0)
    pieces = _Pieces(file.read())
    parts = Counter[Part]()
    for box in pieces.outermost():
        for part, items in _FINDERS[box.kind](pieces, box) if box.kind in _FINDERS else ():
            parts[part] += items
    if sum(end - start for part in parts for start, end in part) > 2 * len(pieces.data):
        raise UnknownLayout  # encoders let items share the whole of a stream, and no part of it
    for part, items in parts.items():
        sizes = list(pieces.sizes(part))
        if sizes:
            yield Stream(_largest(sizes), items)
    for size in chain(pieces.late_sizes(), pieces.said):
        yield Stream(size, 0)


def _largest(sizes: Iterable[Size]) -> Size:
    widths, heights = zip(*sizes, strict=True)
    return Size(max(widths), max(heights))


class _Pieces:
    """The content of a file, and how many of its pieces may still be walked over."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.said: set[Size] = set()
        """The sizes that boxes say."""
        self._left = MAX_PIECES
        self._sequences: set[obus.Sequence] = set()
        self._later: set[bytes] = set()

    def count(self) -> None:
        """Note a piece; raises ``ImageTooLarge``."""
        self._left -= 1
        if self._left < 0:
            raise endless(MAX_PIECES, "boxes, frames and pieces of streams")

    def walk(self, start: int, end: int) -> Iterator[Box]:
        """The boxes between two places."""
        for box in boxes.walk(self.data, start, end):
            self.count()
            yield box

    def outermost(self) -> Iterator[Box]:
        """The boxes of the file, up to one that is cut off, where the decoder ends, too."""
        with suppress(UnknownLayout):
            yield from self.walk(0, len(self.data))

    def find(self, around: Box, *path: bytes) -> Iterator[Box]:
        """The boxes that lie in others of these kinds."""
        for box in self.walk(around.inside, around.end):
            if box.kind == path[0]:
                yield from self.find(box, *path[1:]) if path[1:] else [box]

    def configured(self, box: Box) -> tuple[Part, int]:
        """What a box ``av1C`` says of a stream, which makes no pixels."""
        return ((box.inside + _CONFIGURATION, box.end),), 0

    def table(self, box: Box, layout: str, start: int = 4) -> list[tuple[int, ...]]:
        """The rows of a table whose length stands so far inside of its box."""
        place, row = box.inside + start, struct.Struct(layout)
        (count,) = struct.unpack_from(">I", self.data, place)
        if count > MAX_PIECES:
            raise endless(MAX_PIECES, "frames")
        rows = self.data[place + 4 : min(place + 4 + count * row.size, box.end)]
        return list(row.iter_unpack(rows))

    def sizes(self, part: Part) -> Iterator[Size]:
        """The sizes that a stream says."""
        whole = memoryview(self.data)
        slices = [whole[start:end] for start, end in part]
        sequence: obus.Sequence | None = None
        for kind, head in obus.pieces(slices[0] if len(slices) == 1 else b"".join(slices)):
            self.count()
            if kind == obus.SEQUENCE:
                sequence = obus.Sequence.read(head)
                self._sequences.add(sequence)
                yield sequence.size
            elif kind in obus.FRAMES and sequence is None:
                self._later.add(head[: obus.FRAME_HEAD])
            elif kind in obus.FRAMES and sequence is not None:
                yield sequence.size_with(head)

    def late_sizes(self) -> Iterator[Size]:
        """Those of frames before which no sequence begins in their stream, by all that there are.

        To be asked for when all streams were.
        """
        for sequence, frame in product(self._sequences, self._later):
            self.count()
            yield sequence.size_with(frame)


def _of_items(pieces: _Pieces, meta: Box) -> Iterator[tuple[Part, int]]:
    """Where the streams of items lie."""
    inner: dict[bytes, Box] = {}
    for box in pieces.walk(meta.inside + 4, meta.end):
        _check_list(box)
        if box.kind == b"iprp":
            yield from map(pieces.configured, pieces.find(box, b"ipco", b"av1C"))
            for said in pieces.find(box, b"ipco", b"ispe"):
                pieces.said.add(Size(*struct.unpack_from(">II", pieces.data, said.inside + 4)))
            for inside in pieces.walk(box.inside, box.end):
                _check_list(inside)
        elif box.kind in _ALONE:
            if box.kind in inner:
                raise UnknownLayout
            inner[box.kind] = box
    if b"iinf" in inner and b"iloc" in inner:
        yield from _located(pieces, inner)


def _check_list(box: Box) -> None:
    if box.kind in _LISTS and box.end - box.start > MAX_LIST:
        raise endless(MAX_LIST, "bytes in a list of its parts")


def _located(pieces: _Pieces, inner: Mapping[bytes, Box]) -> Iterator[tuple[Part, int]]:
    data = pieces.data
    kinds = {number: kind for number, kind in boxes.items(data, inner[b"iinf"]) if kind in _MADE}
    for number, method, places in boxes.locations(data, inner[b"iloc"]):
        if number not in kinds:
            continue
        start, end = 0, len(data)
        if method == boxes.IN_BOX:
            start, end = inner[b"idat"].inside, inner[b"idat"].end
        elif method != boxes.IN_FILE:
            raise UnknownLayout
        spans = ((start + place, start + place + length) for place, length in places if length)
        part = tuple((min(begin, end), min(stop, end)) for begin, stop in spans)
        if kinds[number] == _AV1:
            yield part, 1
        else:
            pieces.said.add(_grid(b"".join(data[begin:stop] for begin, stop in part)))


def _grid(content: bytes) -> Size:
    """The size of a picture that is put together of tiles."""
    layout = ">II" if content[1] & 1 else ">HH"
    return Size(*struct.unpack_from(layout, content, 4))


def _of_tracks(pieces: _Pieces, movie: Box) -> Iterator[tuple[Part, int]]:
    """Where the frames of animations lie, which are decoded one by one."""
    end = len(pieces.data)
    for box in pieces.find(movie, b"trak", b"tkhd"):
        pieces.said.add(_track_size(pieces.data, box))
    for samples in pieces.find(movie, b"trak", b"mdia", b"minf", b"stbl"):
        tables = _tables(pieces, samples)
        entries = list(_entries(pieces, tables))
        for entry in entries:
            inside = pieces.walk(entry.inside + _ENTRY, entry.end)
            yield from (pieces.configured(box) for box in inside if box.kind == b"av1C")
        for start, length in _samples(pieces, tables) if entries else ():
            pieces.count()
            yield ((min(start, end), min(start + length, end)),), 0


def _track_size(data: bytes, box: Box) -> Size:
    """The size of a track, which has sixteen bits of fraction."""
    place = box.inside + (_LATE_SIDES if data[box.inside] == 1 else _SIDES)
    width, height = struct.unpack_from(">II", data, place)
    return Size(width >> 16, height >> 16)


def _tables(pieces: _Pieces, samples: Box) -> dict[bytes, Box]:
    """The tables of a track, of which it has one of each kind."""
    tables: dict[bytes, Box] = {}
    for box in pieces.walk(samples.inside, samples.end):
        kind = b"stco" if box.kind == b"co64" else box.kind
        if kind in tables and kind in _TABLES:
            raise UnknownLayout
        tables[kind] = box
    return tables


def _entries(pieces: _Pieces, tables: Mapping[bytes, Box]) -> Iterator[Box]:
    listed = tables.get(b"stsd")
    if listed is not None:
        for box in pieces.walk(listed.inside + _TABLE, listed.end):
            if box.kind == _AV1:
                yield box


def _samples(pieces: _Pieces, tables: Mapping[bytes, Box]) -> Iterator[tuple[int, int]]:
    """Start and length of each frame, by the tables of sizes, of chunks, and of both."""
    sizes, chunks = tables[b"stsz"], tables[b"stco"]
    (same,) = struct.unpack_from(">I", pieces.data, sizes.inside + 4)
    lengths = repeat((same,)) if same else iter(pieces.table(sizes, ">I", 8))
    runs = [row[:2] for row in pieces.table(tables[b"stsc"], ">III")]
    places = pieces.table(chunks, ">Q" if chunks.kind == b"co64" else ">I")
    if not runs or runs[0][0] != 1 or any(one >= other for (one, _), (other, _) in pairwise(runs)):
        raise UnknownLayout
    for (first, count), (last, _) in pairwise([*runs, (len(places) + 1, 0)]):
        for (start,) in places[first - 1 : max(last, 1) - 1]:
            place = start
            for (length,) in islice(lengths, count):
                yield place, length
                place += length


_FINDERS = {b"meta": _of_items, b"moov": _of_tracks}
