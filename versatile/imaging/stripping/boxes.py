"""AVIF and HEIC: boxes in boxes, and a list of items that lie anywhere. ISO/IEC 14496-12, 8.11.

Nothing is moved, so that all that is pointed at is found again: what makes no picture becomes
empty where it lies, and is cut off at the end.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from versatile.imaging.stripping.layout import UnknownLayout

_KEPT = (b"ftyp", b"meta", b"mdat", b"moov")
_NOTES = (b"udta", b"meta", b"uuid", b"free", b"skip")
"""Boxes beside the tracks of an animation that make none of its pictures."""
_FREE = b"free"

_EXIF, _TEXT, _LINK = b"Exif", b"mime", b"uri "
_NO_EXIF = b"\0\0\0\0" + b"II*\0" + struct.pack("<IHI", 8, 0, 0)
"""EXIF of no tag: some readers refuse a file whose EXIF is none."""

_IN_FILE, _IN_BOX = 0, 1


class _Box(NamedTuple):
    kind: bytes
    start: int
    """Where it begins, with its length."""
    inside: int
    """Where its content begins."""
    end: int


def stripped(data: bytes, exif: bytes) -> bytes:
    """The same items without those that are texts; raises ``UnknownLayout``, ``struct.error``.

    What turns the picture is a property of it, and no EXIF.
    """
    result = bytearray(data)
    last = 0
    for box in _boxes(data, 0, len(data)):
        if box.kind == b"meta":
            _empty_items(result, box)
        elif box.kind == b"moov":
            _empty_notes(result, box)
        if box.kind in _KEPT:
            last = box.end
        else:
            _free(result, box)
    return bytes(result[:last])


def _boxes(data: bytes | bytearray, place: int, end: int) -> Iterator[_Box]:
    while place + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, place)
        inside = place + 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, inside)
            inside += 8
        stop = place + length if length else end
        if stop < inside or stop > end:
            if kind in _KEPT:
                raise UnknownLayout
            return  # it is no box, but what somebody has put behind the last one
        yield _Box(kind, place, inside, stop)
        place = stop


def _free(result: bytearray, box: _Box) -> None:
    """Make room that says nothing of a box."""
    result[box.start + 4 : box.start + 8] = _FREE
    result[box.inside : box.end] = bytes(box.end - box.inside)


def _empty_notes(result: bytearray, around: _Box) -> None:
    for box in _boxes(result, around.inside, around.end):
        if box.kind == b"trak":
            _empty_notes(result, box)
        elif box.kind in _NOTES:
            _free(result, box)


def _empty_items(result: bytearray, meta: _Box) -> None:
    """Empty the items of a box ``meta`` that are no pictures."""
    inner = {box.kind: box for box in _boxes(result, meta.inside + 4, meta.end)}
    if not {b"iinf", b"iloc"} <= inner.keys():
        raise UnknownLayout
    notes = dict(_notes(result, inner[b"iinf"]))
    for number, method, places in _locations(result, inner[b"iloc"]):
        if number in notes:
            if method not in (_IN_FILE, _IN_BOX):
                raise UnknownLayout
            start = inner[b"idat"].inside if method == _IN_BOX else 0
            _empty(result, notes[number], [(start + place, length) for place, length in places])


def _empty(result: bytearray, kind: bytes, places: list[tuple[int, int]]) -> None:
    length = sum(length for _, length in places)
    content = _NO_EXIF.ljust(length, b"\0")[:length] if kind == _EXIF else b" " * length
    for place, part in places:
        if not part or place + part > len(result):
            raise UnknownLayout
        result[place : place + part], content = content[:part], content[part:]


def _notes(data: bytearray, box: _Box) -> Iterator[tuple[int, bytes]]:
    """The number and the kind of each item that is no picture."""
    wide = data[box.inside] > 0
    for item in _boxes(data, box.inside + (8 if wide else 6), box.end):
        version = data[item.inside]
        layout = ">I2x4s" if version == 3 else ">H2x4s"
        number, kind = struct.unpack_from(layout, data, item.inside + 4)
        if item.kind != b"infe" or version not in (2, 3):
            raise UnknownLayout
        if kind in (_EXIF, _TEXT, _LINK):
            yield number, kind


def _locations(data: bytearray, box: _Box) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Of each item its number, what its parts are counted from, and where they are, how long."""
    version, sizes = data[box.inside], data[box.inside + 4 : box.inside + 6].hex()
    reader = _Reader(data, box.inside + 6)
    offset, length, base, index = (int(size, 16) for size in sizes)
    for _ in range(reader.number(4 if version == 2 else 2)):
        number = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 15 if version else _IN_FILE
        reader.number(2)  # the file in which it is
        start = reader.number(base)
        places = []
        for _ in range(reader.number(2)):
            reader.number(index if version else 0)
            places.append((start + reader.number(offset), reader.number(length)))
        yield number, method, places


class _Reader:
    """Numbers of any length, one after another."""

    def __init__(self, data: bytearray, place: int) -> None:
        self._data = data
        self._place = place

    def number(self, length: int) -> int:
        """The next number, of so many bytes."""
        if self._place + length > len(self._data):
            raise UnknownLayout
        self._place += length
        return int.from_bytes(self._data[self._place - length : self._place])
