"""GIF: where its frames lie, found block by block and without decoding one.

Formula source: the GIF89a specification, sections 17 to 26.
"""

import struct
from collections.abc import Iterator
from typing import IO

from versatile.imaging.exceptions import ImageTooLarge
from versatile.imaging.geometry import Box, Size

MAX_BLOCKS = 500_000
"""The most blocks that are walked over: a file of 64 MB has half as many of the usual length."""

_EXTENSION, _FRAME, _END = 0x21, 0x2C, 0x3B


def screen(file: IO[bytes]) -> Size:
    """The size that the file says its pictures have."""
    file.seek(6)
    return Size(*struct.unpack("<HH", file.read(4)))


def frames(file: IO[bytes], most: int | None = None) -> Iterator[Box]:
    """Where each frame lies on the screen, of the first ``most`` frames.

    Ends where the file does. Raises ``ImageTooLarge`` for more blocks than any picture has.
    """
    file.seek(10)
    _skip_colours(file, file.read(1))
    file.seek(2, 1)
    left = [MAX_BLOCKS]
    found = 0
    while most is None or found < most:
        kind = file.read(1)
        if not kind or kind[0] == _END:
            return
        _count(left)
        if kind[0] == _FRAME:
            place = file.read(9)
            if len(place) < 9:
                return
            x, y, width, height = struct.unpack("<HHHH", place[:8])
            found += 1
            yield Box(x, y, x + width, y + height)
            _skip_colours(file, place[8:])
        elif kind[0] != _EXTENSION:
            continue  # what stands between blocks is skipped, as Pillow does
        file.seek(1, 1)  # the kind of an extension, or the depth of a frame
        _skip_blocks(file, left)


def _skip_colours(file: IO[bytes], flags: bytes) -> None:
    if flags and flags[0] & 128:
        file.seek(3 << ((flags[0] & 7) + 1), 1)


def _skip_blocks(file: IO[bytes], left: list[int]) -> None:
    while (length := file.read(1)) and length[0]:
        _count(left)
        file.seek(length[0], 1)


def _count(left: list[int]) -> None:
    left[0] -= 1
    if left[0] < 0:
        raise ImageTooLarge(f"it has more than {MAX_BLOCKS} blocks, which no picture needs")
