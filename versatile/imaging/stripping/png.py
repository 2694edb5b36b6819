"""PNG: chunks, whose names tell which of them make the picture. PNG, third edition, section 5."""

import io

from versatile.imaging import pngs
from versatile.imaging.layout import UnknownLayout

_KEPT = {
    *(b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI"),
    *(b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"),
}
"""Colours, and frames. What is critical begins with a capital letter."""


def stripped(data: bytes, exif: bytes) -> bytes:
    """The picture with this block of EXIF alone; raises ``UnknownLayout``."""
    file, parts = io.BytesIO(data), [data[:8]]
    for kind, length in pngs.chunks(file):
        place = file.tell() - 8
        chunk = data[place : place + length + 12]
        if len(chunk) < length + 12:
            raise UnknownLayout
        if kind == b"IDAT" and exif:  # behind the colours, before the pixels
            parts.append(pngs.chunk(b"eXIf", exif.removeprefix(b"Exif\x00\x00")))
            exif = b""
        if kind in _KEPT or kind[:1].isupper():
            parts.append(chunk)
    if parts[-1][4:8] != b"IEND":
        raise UnknownLayout
    return b"".join(parts)
