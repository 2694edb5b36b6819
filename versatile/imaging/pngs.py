"""PNG: its chunks, and where its frames lie in them, found without decoding one.

Formula source: PNG, third edition, sections 5 and 11.3.6.
"""

import itertools
import struct
import zlib
from collections.abc import Iterator
from typing import IO

from versatile.imaging.exceptions import TruncatedImage
from versatile.imaging.layers import Layer, Then
from versatile.imaging.limits import endless

_SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_CHUNKS = 100_000
"""The most chunks of a file: one of 64 MB has a tenth as many of the usual length."""

_SHARED = (b"PLTE", b"tRNS")
"""What is said once for the pixels of all frames."""

_HUNDREDTHS = 100
_THEN = (Then.STAYS, Then.IS_CLEARED, Then.IS_UNDONE)


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a kind."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def chunks(file: IO[bytes], start: int = 0) -> Iterator[tuple[bytes, int]]:
    """The kind of each chunk and its length, while the file stands before what is in it.

    Raises ``ImageTooLarge`` for more chunks than any picture has.
    """
    place = start + len(_SIGNATURE)
    for _ in range(MAX_CHUNKS):
        file.seek(place)
        head = file.read(8)
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        yield kind, length
        if kind == b"IEND":
            return
        place += length + 12
    raise endless(MAX_CHUNKS, "chunks")


def layers(file: IO[bytes]) -> Iterator[Layer]:
    """The frames of an animation. A still that stands beside it is none of them.

    Raises ``TruncatedImage`` where their parts are not numbered in order.
    """
    header, shared = b"", b""
    control, pixels = b"", list[bytes]()
    numbers = itertools.count()
    for kind, length in chunks(file):
        if kind == b"IHDR":
            header = file.read(length)
        elif kind in _SHARED:
            shared += chunk(kind, file.read(length))
        elif kind in (b"fcTL", b"IEND"):
            if control:
                yield _layer(header, shared, control, pixels)
            control, pixels = _numbered(file.read(length), numbers) if length else b"", []
        elif kind == b"fdAT":
            pixels.append(_numbered(file.read(length), numbers))
        elif kind == b"IDAT" and control:
            pixels.append(file.read(length))


def _numbered(part: bytes, numbers: Iterator[int]) -> bytes:
    """What a part of an animation holds behind its number."""
    if int.from_bytes(part[:4]) != next(numbers):
        raise TruncatedImage("its frames are out of order")
    return part[4:]


def _layer(header: bytes, shared: bytes, control: bytes, pixels: list[bytes]) -> Layer:
    size, left, top, count, each, then, over = struct.unpack(">8sIIHHBB", control)
    still = _SIGNATURE + chunk(b"IHDR", size + header[8:]) + shared
    still += b"".join(chunk(b"IDAT", part) for part in pixels) + chunk(b"IEND", b"")
    duration = 1000 * count / (each or _HUNDREDTHS)
    return Layer(still, left, top, duration, _THEN[then], covers=not over)
