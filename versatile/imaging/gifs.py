"""GIF: where its frames lie, found block by block and without decoding one.

Formula source: the GIF89a specification, sections 17 to 26.
"""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import IO

from versatile.imaging.geometry import Box, Size
from versatile.imaging.layers import Layer, Then
from versatile.imaging.limits import endless

MAX_BLOCKS = 500_000
"""The most blocks that are walked over: a file of 64 MB has half as many of the usual length."""

EXTENSION = 0x21
"""The kind of a block that is no frame; its second byte says what it is of."""
FRAME = 0x2C
"""The kind of a frame."""
END = 0x3B
"""The kind of the last block."""
CONTROL = 0xF9
"""What an extension is of that says how the next frame is shown."""

_THEN = {2: Then.IS_CLEARED, 3: Then.IS_UNDONE}


def screen(file: IO[bytes]) -> Size:
    """The size that the file says its pictures have."""
    file.seek(6)
    return Size(*struct.unpack("<HH", file.read(4)))


def frames(file: IO[bytes], most: int | None = None) -> Iterator[Box]:
    """Where each frame lies on the screen, of the first ``most`` frames.

    Ends where the file does, or says that it does. Raises ``ImageTooLarge`` for more blocks than
    any picture has.
    """
    return islice(_boxes(file), most)


def _boxes(file: IO[bytes]) -> Iterator[Box]:
    for kind, start, _ in blocks(file):
        if kind == FRAME:
            file.seek(start + 1)
            x, y, width, height = struct.unpack("<HHHH", file.read(8))
            yield Box(x, y, x + width, y + height)


def layers(file: IO[bytes]) -> Iterator[Layer]:
    """The frames of an animation; raises ``ImageTooLarge`` as ``frames`` does."""
    file.seek(0)
    head = file.read(13)
    colours = file.read(length_of_colours(head[10]))
    control = b""
    for kind, start, end in blocks(file):
        file.seek(start)
        if kind == FRAME:
            yield _layer(head, colours, control, file.read(end - start))
            control = b""
        elif kind == EXTENSION and file.read(2)[1:] == bytes([CONTROL]):
            file.seek(start)
            control = file.read(end - start)


def _layer(head: bytes, colours: bytes, control: bytes, frame: bytes) -> Layer:
    still = head[:6] + frame[5:9] + head[10:] + colours + control
    still += frame[:1] + bytes(4) + frame[5:] + b"\x3b"
    flags, hundredths = struct.unpack_from("<BH", control, 3) if len(control) > 7 else (0, 0)
    left, top = struct.unpack_from("<HH", frame, 1)
    return Layer(still, left, top, hundredths * 10, _THEN.get(flags >> 2 & 7, Then.STAYS))


def blocks(file: IO[bytes]) -> Iterator[tuple[int, int, int]]:
    """The kind of each block, where it begins and where it ends. A whole file ends with ``END``.

    What stands between blocks is none, and skipped as Pillow does. Raises ``ImageTooLarge`` for
    more blocks than any picture has.
    """
    file.seek(10)
    flags = file.read(1)
    place = 13 + (length_of_colours(flags[0]) if flags else 0)
    left = [MAX_BLOCKS]
    while True:
        file.seek(place)
        kind = file.read(1)
        if not kind:
            return
        start, place = place, place + 1
        if kind[0] == END:
            yield END, start, place
            return
        _count(left)
        if kind[0] == EXTENSION:
            file.seek(1, 1)  # which one it is
        elif kind[0] == FRAME:
            box = file.read(9)
            if len(box) < 9:
                return
            file.seek(length_of_colours(box[8]) + 1, 1)  # and the depth of the pixels
        else:
            continue
        _skip_blocks(file, left)
        place = file.tell()
        yield kind[0], start, place


def length_of_colours(flags: int) -> int:
    """The length of a table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 128 else 0


def _skip_blocks(file: IO[bytes], left: list[int]) -> None:
    while (length := file.read(1)) and length[0]:
        _count(left)
        file.seek(length[0], 1)


def _count(left: list[int]) -> None:
    left[0] -= 1
    if left[0] < 0:
        raise endless(MAX_BLOCKS, "blocks")
