"""TIFF: directories of tags that point anywhere in a file. TIFF 6.0, section 2; BigTIFF.

Nothing is moved, so that all that is pointed at is found again: what makes no picture becomes
zero where it lies, and is cut off at the end.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from versatile.imaging import exif
from versatile.imaging.layout import UnknownLayout

_KEPT = {
    *(254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266),  # what each page is
    *(273, 274, 277, 278, 279, 284, 317, 322, 323, 324, 325),  # and how its pixels lie there
    *(280, 281, 290, 291, 301, 318, 319, 320, 321, 332, 334, 336),  # colours
    *(338, 339, 340, 341, 529, 530, 531, 532, 34675),
    *(282, 283, 292, 293, 296, 297, 347),  # resolution, faxes, the number of a page, JPEG
}
_ORIENTATION, _OLD_JPEG = 274, 513
_PIXELS = {273: 279, 324: 325}
"""The tags that say where pixels lie, and those that say how long they are there."""

_LENGTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_LENGTHS |= {16: 8, 17: 8, 18: 8}
_NUMBERS = {3: "H", 4: "I", 16: "Q"}
_MAX_PAGES = 1000


@dataclass(frozen=True, slots=True)
class _Entry:
    """One tag of a directory: its number, its type, how many values, and the bytes for them."""

    tag: int
    kind: int
    count: int
    value: bytes


@dataclass
class _Tiff:
    """A file, and what is kept of it."""

    data: bytes
    order: str
    count: str
    """How the number of entries is written."""
    offset: str
    """How places in the file are, in the header, directories and entries."""
    kept: bytearray = field(init=False)
    end: int = 0

    def __post_init__(self) -> None:
        self.kept = bytearray(len(self.data))

    def keep(self, start: int, length: int) -> bytes:
        """Keep a part of the file."""
        if start + length > len(self.data):
            raise UnknownLayout
        return self.write(start, self.data[start : start + length])

    def write(self, start: int, part: bytes) -> bytes:
        """Put bytes in the place of those that are there."""
        self.kept[start : start + len(part)] = part
        self.end = max(self.end, start + len(part))
        return part

    def number(self, kind: str, place: int) -> int:
        """The number that stands somewhere; raises ``struct.error`` beyond the end."""
        number: int
        (number,) = struct.unpack_from(self.order + kind, self.data, place)
        return number

    @property
    def entry(self) -> struct.Struct:
        """How an entry is written."""
        return struct.Struct(f"{self.order}HH{self.offset}{struct.calcsize(self.offset)}s")


def stripped(data: bytes, block: bytes) -> bytes:
    """The pages, each of which is turned as it was; raises ``UnknownLayout``, ``struct.error``."""
    order = "<" if data[:2] == b"II" else ">"
    (version,) = struct.unpack_from(f"{order}H", data, 2)
    tiff = _Tiff(data, order, "Q", "Q") if version == 43 else _Tiff(data, order, "H", "I")
    pointer = 8 if version == 43 else 4
    tiff.keep(0, pointer + struct.calcsize(tiff.offset))
    turned = exif.read(block).get(exif.ORIENTATION)
    place = tiff.number(tiff.offset, pointer)
    for _ in range(_MAX_PAGES):
        place = _keep_page(tiff, place, turned)
        if not place:
            return bytes(tiff.kept[: tiff.end])
        turned = None  # it is that of the first page
    raise UnknownLayout


def _keep_page(tiff: _Tiff, place: int, turned: object) -> int:
    """Keep one directory with what it points at; where the next one stands, or 0."""
    count = tiff.number(tiff.count, place)
    start, size = place + struct.calcsize(tiff.count), tiff.entry.size
    if start + count * size > len(tiff.data):
        raise UnknownLayout
    places = range(start, start + count * size, size)
    found = [_Entry(*tiff.entry.unpack_from(tiff.data, item)) for item in places]
    entries = {entry.tag: entry for entry in found if entry.tag in _KEPT}
    tags = {entry.tag for entry in found}
    if _OLD_JPEG in tags or len(tags) < count:  # nobody knows which of two is believed
        raise UnknownLayout
    if turned and _ORIENTATION not in entries and len(entries) < count:  # XMP said so
        value = struct.pack(f"{tiff.order}H", turned).ljust(struct.calcsize(tiff.offset), b"\0")
        entries[_ORIENTATION] = _Entry(_ORIENTATION, 3, 1, value)
    following = tiff.data[start + count * size :][: struct.calcsize(tiff.offset)]
    written = [entries[tag] for tag in sorted(entries)]
    lines = (tiff.entry.pack(item.tag, item.kind, item.count, item.value) for item in written)
    head = struct.pack(tiff.order + tiff.count, len(written))
    tiff.write(place, head + b"".join(lines) + following)
    _keep_contents(tiff, entries)
    return tiff.number(tiff.offset, start + count * size)


def _keep_contents(tiff: _Tiff, entries: dict[int, _Entry]) -> None:
    for entry in entries.values():
        length = _LENGTHS[entry.kind] * entry.count
        if length > len(entry.value):
            tiff.keep(_place(tiff, entry), length)
    for place, length in _PIXELS.items():
        if place in entries:
            where, long = (_numbers(tiff, entries[tag]) for tag in (place, length))
            for one, other in zip(where, long, strict=True):
                tiff.keep(one, other)


def _place(tiff: _Tiff, entry: _Entry) -> int:
    place: int
    (place,) = struct.unpack(tiff.order + tiff.offset, entry.value)
    return place


def _numbers(tiff: _Tiff, entry: _Entry) -> Iterator[int]:
    """The values of an entry."""
    kind = _NUMBERS[entry.kind]
    inside = _LENGTHS[entry.kind] * entry.count <= len(entry.value)
    data, place = (entry.value, 0) if inside else (tiff.data, _place(tiff, entry))
    yield from struct.unpack_from(f"{tiff.order}{entry.count}{kind}", data, place)
