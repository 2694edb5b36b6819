"""PNG: chunks, whose names tell which of them make the picture. PNG, third edition, section 5."""

import struct
from collections.abc import Iterator

from versatile.imaging import pngs
from versatile.imaging.layout import UnknownLayout

_KEPT = {
    *(b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI"),
    *(b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"),
}
"""Colours, and frames. What is critical begins with a capital letter."""


def stripped(data: bytes, exif: bytes) -> bytes:
    """The picture with this block of EXIF alone; raises ``UnknownLayout``."""
    parts = [data[:8]]
    for kind, chunk in _chunks(data):
        if kind == b"IDAT" and exif:  # behind the colours, before the pixels
            parts.append(pngs.chunk(b"eXIf", exif.removeprefix(b"Exif\x00\x00")))
            exif = b""
        if kind in _KEPT or kind[:1].isupper():
            parts.append(chunk)
    return b"".join(parts)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks up to the end of the picture, whole."""
    place, kind = 8, b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            raise UnknownLayout
        yield kind, data[place:end]
        place = end
