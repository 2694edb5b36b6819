"""WebP: chunks in a RIFF, the first of which says what there is. RFC 9649."""

import struct
from collections.abc import Iterator

from versatile.imaging.layout import UnknownLayout

_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_EXTENDED = b"VP8X"
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def stripped(data: bytes, exif: bytes) -> bytes:
    """The picture with this block of EXIF alone; raises ``UnknownLayout``."""
    parts = []
    for kind, chunk in _chunks(data):
        body = chunk
        if kind == _EXTENDED:
            flags = chunk[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if exif else 0)
            body = bytes([flags]) + chunk[1:]
        if kind in _KEPT:
            parts.append(_chunk(kind, body))
    if exif:
        parts.append(_chunk(b"EXIF", exif.removeprefix(b"Exif\x00\x00")))
    content = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(content)) + content


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of the RIFF: their names, and what is in them."""
    (length,) = struct.unpack_from("<I", data, 4)
    place, last = 12, length + 8
    while place < last:
        kind, length = struct.unpack_from("<4sI", data, place)
        place += 8
        if place + length > len(data):
            raise UnknownLayout
        yield kind, data[place : place + length]
        place += length + length % 2
