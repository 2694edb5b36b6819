"""Boxes: how AVIF and HEIC are laid out: boxes in boxes, and a list of items that lie anywhere.

Formula source: ISO/IEC 14496-12, 4.2 and 8.11.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from versatile.imaging.layout import UnknownLayout

ESSENTIAL = (b"ftyp", b"meta", b"mdat", b"moov")
"""Boxes without which there is no picture."""

IN_FILE, IN_BOX = 0, 1
"""What the places of an item are counted from: the file, or the content of a box ``idat``."""

MAX_PLACES = 100_000
"""The most parts of all items together, which may be written in no bytes at all."""


class Box(NamedTuple):
    """One box, by where it lies."""

    kind: bytes
    start: int
    """Where it begins, with its length."""
    inside: int
    """Where its content begins."""
    end: int


class Location(NamedTuple):
    """Where an item lies."""

    number: int
    method: int
    """What the places are counted from."""
    places: tuple[tuple[int, int], ...]
    """Of each of its parts the start and the length."""


def walk(data: bytes | bytearray, place: int, end: int) -> Iterator[Box]:
    """The boxes between two places; raises ``UnknownLayout`` for one that is cut off."""
    while place + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, place)
        inside = place + 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, inside)
            inside += 8
        stop = place + length if length else end
        if stop < inside or stop > end:
            if kind in ESSENTIAL:
                raise UnknownLayout
            return  # it is no box, but what somebody has put behind the last one
        yield Box(kind, place, inside, stop)
        place = stop


def items(data: bytes | bytearray, box: Box) -> Iterator[tuple[int, bytes]]:
    """The number and the kind of each item in a box ``iinf``."""
    wide = data[box.inside] > 0
    for item in walk(data, box.inside + (8 if wide else 6), box.end):
        version = data[item.inside]
        layout = ">I2x4s" if version == 3 else ">H2x4s"
        number, kind = struct.unpack_from(layout, data, item.inside + 4)
        if item.kind != b"infe" or version not in (2, 3):
            raise UnknownLayout
        yield number, kind


def locations(data: bytes | bytearray, box: Box) -> Iterator[Location]:
    """Where each item lies, by a box ``iloc``."""
    version, sizes = data[box.inside], data[box.inside + 4 : box.inside + 6].hex()
    reader = _Reader(data, box.inside + 6)
    offset, length, base, index = (int(size, 16) for size in sizes)
    left = MAX_PLACES
    for _ in range(reader.number(4 if version == 2 else 2)):
        number = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 15 if version else IN_FILE
        reader.number(2)  # the file in which it is
        start = reader.number(base)
        count = reader.number(2)
        left -= count
        if left < 0:
            raise UnknownLayout
        places = []
        for _ in range(count):
            reader.number(index if version else 0)
            places.append((start + reader.number(offset), reader.number(length)))
        yield Location(number, method, tuple(places))


class _Reader:
    """Numbers of any length, one after another."""

    def __init__(self, data: bytes | bytearray, place: int) -> None:
        self._data = data
        self._place = place

    def number(self, length: int) -> int:
        """The next number, of so many bytes."""
        if self._place + length > len(self._data):
            raise UnknownLayout
        self._place += length
        return int.from_bytes(self._data[self._place - length : self._place])
