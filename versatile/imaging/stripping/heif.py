"""AVIF and HEIC: boxes in boxes, and a list of items that lie anywhere.

Nothing is moved, so that all that is pointed at is found again: what makes no picture becomes
empty where it lies, and is cut off at the end.
"""

import struct

from versatile.imaging import boxes
from versatile.imaging.boxes import Box
from versatile.imaging.layout import UnknownLayout

_NOTES = (b"udta", b"meta", b"uuid", b"free", b"skip")
"""Boxes beside the tracks of an animation that make none of its pictures."""
_FREE = b"free"

_EXIF, _TEXT, _LINK = b"Exif", b"mime", b"uri "
_NO_EXIF = b"\0\0\0\0" + b"II*\0" + struct.pack("<IHI", 8, 0, 0)
"""EXIF of no tag: some readers refuse a file whose EXIF is none."""


def stripped(data: bytes, exif: bytes) -> bytes:
    """The same items without those that are texts; raises ``UnknownLayout``, ``struct.error``.

    What turns the picture is a property of it, and no EXIF.
    """
    result = bytearray(data)
    last = 0
    for box in boxes.walk(data, 0, len(data)):
        if box.kind == b"meta":
            _empty_items(result, box)
        elif box.kind == b"moov":
            _empty_notes(result, box)
        if box.kind in boxes.ESSENTIAL:
            last = box.end
        else:
            _free(result, box)
    return bytes(result[:last])


def _free(result: bytearray, box: Box) -> None:
    """Make room that says nothing of a box."""
    result[box.start + 4 : box.start + 8] = _FREE
    result[box.inside : box.end] = bytes(box.end - box.inside)


def _empty_notes(result: bytearray, around: Box) -> None:
    for box in boxes.walk(result, around.inside, around.end):
        if box.kind == b"trak":
            _empty_notes(result, box)
        elif box.kind in _NOTES:
            _free(result, box)


def _empty_items(result: bytearray, meta: Box) -> None:
    """Empty the items of a box ``meta`` that are no pictures."""
    inner = {box.kind: box for box in boxes.walk(result, meta.inside + 4, meta.end)}
    if not {b"iinf", b"iloc"} <= inner.keys():
        raise UnknownLayout
    kinds = dict(boxes.items(result, inner[b"iinf"]))
    for number, method, places in boxes.locations(result, inner[b"iloc"]):
        kind = kinds.get(number)
        if kind in (_EXIF, _TEXT, _LINK):
            if method not in (boxes.IN_FILE, boxes.IN_BOX):
                raise UnknownLayout
            start = inner[b"idat"].inside if method == boxes.IN_BOX else 0
            _empty(result, kind, [(start + place, length) for place, length in places])


def _empty(result: bytearray, kind: bytes, places: list[tuple[int, int]]) -> None:
    length = sum(length for _, length in places)
    content = _NO_EXIF.ljust(length, b"\0")[:length] if kind == _EXIF else b" " * length
    for place, part in places:
        if not part or place + part > len(result):
            raise UnknownLayout
        result[place : place + part], content = content[:part], content[part:]
