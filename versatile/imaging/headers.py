"""Headers: what is judged of a file before one of Pillow's classes is called.

Opening a file, Pillow makes room for some pictures at once, and reads and keeps all that stands
beside the pixels, piece after piece. So a file of pieces without end costs minutes and gigabytes
however small its picture is. Here the pieces are counted, and none is kept.
"""

import io
import math
import re
import struct
from collections.abc import Callable
from typing import IO

from versatile.imaging import avifs, formats, gifs, plugins, pngs
from versatile.imaging.geometry import Size
from versatile.imaging.limits import Limits, endless

MAX_SEGMENTS = 512
"""The most segments of a JPEG before its pixels, of which each may have 64 KiB."""

MAX_FILLING = 65_536
"""The most bytes between those segments."""

MAX_ENTRIES = 4096
"""The most entries of a TIFF's directory."""

MAX_VALUES = 200_000
"""The most numbers in one of them: there are 196,608 in a palette of 16 bits."""

MAX_RUNS = 8_000_000
"""The most bytes, and the most pixels, of a compressed bitmap."""

MAX_ICON = 2048
"""The longest side of an icon: programs make them an eighth as large."""

_MARKER = re.compile(rb"\xff([\xc0-\xfe])")
_SCAN = 0xDA
_ALONE = {0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)}
"""Markers that Pillow takes for having no segment."""
_TIFF = {42: (4, "I", "H", "2xHI4x"), 43: (8, "Q", "Q", "2xHQ8x")}
"""Of a TIFF and of a large one, by the number that tells them apart: where the place of the
directory stands, and how it, the count of its entries and each of them are written."""
_BYTES = (1, 2, 7)
"""The kinds of values in a TIFF that are kept as they are, and not number by number."""
_BMP_START = 14
_OLD_BITMAP = 12
"""The length of the oldest header of a bitmap."""
_RUNS = (1, 2)
"""The compressions of a bitmap by runs of pixels."""


def check(file: IO[bytes], format: str, limits: Limits) -> None:
    """Refuse what would cost too much to be opened; raises ``ImageTooLarge``.

    What cannot be made out is left to Pillow's class, or raises ``struct.error``.
    """
    judge = _CHECKS.get(format)
    if judge is not None:
        judge(file, limits)


def _check_png(file: IO[bytes], limits: Limits, start: int = 0) -> None:
    for _ in pngs.chunks(file, start):
        pass


def _check_jpeg(file: IO[bytes], limits: Limits) -> None:
    """Count what stands before the first scan; what may follow it is judged when it is decoded."""
    place, left = 2, MAX_FILLING
    for _ in range(MAX_SEGMENTS):
        file.seek(place)
        filling = file.read(left)
        found = _MARKER.search(filling)
        if found is None:
            if len(filling) == left:
                raise endless(MAX_FILLING, "bytes between its segments")
            return
        left -= found.start()
        place += found.end()
        marker = found[1][0]
        if marker == _SCAN:
            return
        if marker not in _ALONE:
            file.seek(place)
            (length,) = struct.unpack(">H", file.read(2))
            place += length
    raise endless(MAX_SEGMENTS, "segments before its pixels")


def _check_tiff(file: IO[bytes], limits: Limits) -> None:
    """Count the numbers in the first directory, such as the places of strips and tiles."""
    file.seek(0)
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    at, *layout = _TIFF[max(head[2:4])]
    place, counter, entry = (struct.Struct(order + item) for item in layout)
    file.seek(*place.unpack_from(head, at))
    (count,) = counter.unpack(file.read(counter.size))
    if count > MAX_ENTRIES:
        raise endless(MAX_ENTRIES, "entries in its directory")
    entries = file.read(entry.size * count)
    for kind, values in entry.iter_unpack(entries[: len(entries) // entry.size * entry.size]):
        if kind not in _BYTES and values > MAX_VALUES:
            raise endless(MAX_VALUES, "strips, tiles or other numbers")


def _check_gif(file: IO[bytes], limits: Limits) -> None:
    """Judge the screen, and the first frame, which Pillow makes room for when it is opened."""
    width, height = gifs.screen(file)
    for box in gifs.frames(file, 1):
        width, height = max(width, int(box.right)), max(height, int(box.bottom))
    limits.check_size(Size(width, height))


def _check_webp(file: IO[bytes], limits: Limits) -> None:
    """Judge the canvas, which the decoder makes room for when it is opened."""
    file.seek(12)
    kind, body = file.read(4), file.read(14)[4:]
    if kind == b"VP8X":
        width, height = (int.from_bytes(body[i : i + 3], "little") + 1 for i in (4, 7))
    elif kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", body[6:10]))
    limits.check_size(Size(width, height))


def _check_avif(file: IO[bytes], limits: Limits) -> None:
    """Judge what the streams hold: the decoder makes that, and then shrinks it."""
    together = 0
    for size, items in avifs.streams(file):
        limits.check_size(size)
        together += math.prod(size) * items
    limits.check_together(together)


def _check_bmp(file: IO[bytes], limits: Limits) -> None:
    _bitmap(file, _BMP_START)


def _bitmap(file: IO[bytes], start: int) -> Size:
    """The size of a bitmap. One that is compressed Pillow decodes byte by byte, in Python."""
    file.seek(start)
    head = file.read(20)
    (length,) = struct.unpack_from("<I", head)
    if length == _OLD_BITMAP:
        return Size(*struct.unpack_from("<HH", head, 4))
    width, height, compression = struct.unpack_from("<ii4xI", head, 4)
    size = Size(abs(width), abs(height))
    if compression in _RUNS and max(math.prod(size), file.seek(0, io.SEEK_END)) > MAX_RUNS:
        raise endless(MAX_RUNS, "pixels or bytes, and is a compressed bitmap")
    return size


def _check_icon(file: IO[bytes], limits: Limits) -> None:
    """Judge the picture in an icon by its own header: Pillow decodes it when it is opened."""
    file.seek(0)
    icon = plugins.ICON(file).entry[0]
    file.seek(icon.offset)
    head = file.read(24)
    if formats.sniff(head) == "PNG":
        size = Size(*struct.unpack(">II", head[16:24]))
        _check_png(file, limits, icon.offset)
    else:
        size = _bitmap(file, icon.offset)
    limits.check_size(size)
    if max(size) > MAX_ICON:
        raise endless(MAX_ICON, "pixels on a side, and is an icon")


_CHECKS: dict[str, Callable[[IO[bytes], Limits], None]] = {
    "PNG": _check_png,
    "JPEG": _check_jpeg,
    "TIFF": _check_tiff,
    "GIF": _check_gif,
    "WEBP": _check_webp,
    "AVIF": _check_avif,
    "BMP": _check_bmp,
    "ICO": _check_icon,
}
