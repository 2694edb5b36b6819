"""Animations written layer by layer, and what is seen of them, written down beside."""

import struct
import zlib
from dataclasses import dataclass

from PIL import Image

from tests.imaging.hostile import png_chunk

RGBA = tuple[int, int, int, int]

RED, BLUE, LIME, NONE = (200, 0, 0, 255), (0, 0, 200, 255), (0, 200, 0, 255), (0, 0, 0, 0)
COLOURS = (RED, BLUE, LIME, NONE)
FAINT_BLUE = (0, 0, 200, 153)
VIOLET = (80, 0, 120, 255)
"""That on red: three fifths of it."""

CELL = 8
"""Pixels on each side: pictures are one row of such cells."""

STAYS, IS_CLEARED, IS_UNDONE = range(3)

Seen = tuple[RGBA, ...]


@dataclass(frozen=True)
class Laid:
    """A layer: where its first cell lies, and the colours of its cells."""

    first: int
    cells: Seen
    then: int = STAYS
    covers: bool = False
    milliseconds: int = 100


@dataclass(frozen=True)
class Story:
    """Layers on a canvas of four cells, and what is seen of each cell after each of them."""

    layers: tuple[Laid, ...]
    seen: tuple[Seen, ...]
    formats: tuple[str, ...] = ("GIF", "PNG")


ALL_RED = (RED,) * 4
STORIES: dict[str, Story] = {
    "what is cleared is clear and not black": Story(
        (Laid(0, ALL_RED), Laid(1, (BLUE,), IS_CLEARED), Laid(3, (LIME,))),
        (ALL_RED, (RED, BLUE, RED, RED), (RED, NONE, RED, LIME)),
    ),
    "what is undone comes back": Story(
        (Laid(0, ALL_RED), Laid(1, (BLUE, BLUE), IS_UNDONE), Laid(3, (LIME,), milliseconds=250)),
        (ALL_RED, (RED, BLUE, BLUE, RED), (RED, RED, RED, LIME)),
    ),
    "twice undone is as it was before both": Story(
        (
            Laid(0, ALL_RED),
            Laid(1, (BLUE,), IS_UNDONE),
            Laid(2, (BLUE,), IS_UNDONE),
            Laid(3, (LIME,)),
        ),
        (ALL_RED, (RED, BLUE, RED, RED), (RED, RED, BLUE, RED), (RED, RED, RED, LIME)),
    ),
    "the first is undone": Story(
        (Laid(0, ALL_RED, IS_UNDONE), Laid(1, (BLUE,))),
        (ALL_RED, (NONE, BLUE, NONE, NONE)),
    ),
    "the first is cleared": Story(
        (Laid(0, ALL_RED, IS_CLEARED), Laid(1, (BLUE,))),
        (ALL_RED, (NONE, BLUE, NONE, NONE)),
    ),
    "holes show what is below": Story(
        (Laid(0, ALL_RED), Laid(0, (NONE, BLUE, NONE, NONE)), Laid(0, (LIME, NONE))),
        (ALL_RED, (RED, BLUE, RED, RED), (LIME, BLUE, RED, RED)),
    ),
    "the first is smaller than the canvas": Story(
        (Laid(1, (RED, RED)), Laid(3, (BLUE,))),
        ((NONE, RED, RED, NONE), (NONE, RED, RED, BLUE)),
        ("GIF",),
    ),
    "holes make holes": Story(
        (Laid(0, ALL_RED), Laid(1, (NONE, BLUE), covers=True)),
        (ALL_RED, (RED, NONE, BLUE, RED)),
        ("PNG",),
    ),
    "half transparent colours mix": Story(
        (Laid(0, (RED, RED, NONE, NONE)), Laid(1, (FAINT_BLUE, FAINT_BLUE))),
        ((RED, RED, NONE, NONE), (RED, VIOLET, FAINT_BLUE, NONE)),
        ("PNG",),
    ),
    "and mix again after they were undone": Story(
        (Laid(0, ALL_RED), Laid(1, (FAINT_BLUE,), IS_UNDONE), Laid(2, (FAINT_BLUE,))),
        (ALL_RED, (RED, VIOLET, RED, RED), (RED, RED, VIOLET, RED)),
        ("PNG",),
    ),
}


def canvas(seen: Seen) -> Image.Image:
    """Cells as a picture."""
    image = Image.new("RGBA", (CELL * len(seen), CELL))
    for index, colour in enumerate(seen):
        image.paste(colour, (CELL * index, 0, CELL * (index + 1), CELL))
    return image


def written(story: Story, format: str) -> bytes:
    """A story as a file that is shown for ever."""
    return {"GIF": gif, "PNG": png}[format](story)


def gif(story: Story) -> bytes:
    """Pixels by numbers of a palette, packed without being compressed."""
    width = CELL * len(story.seen[0])
    body = b"GIF89a" + struct.pack("<HHBBB", width, CELL, 0x81, 2, 0)  # lime is its background
    body += (
        b"".join(bytes(colour[:3]) for colour in COLOURS) + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    )
    for layer in story.layers:
        clear = NONE in layer.cells
        flags = (0 if layer.then == STAYS else layer.then + 1) << 2 | clear
        body += b"\x21\xf9\x04" + struct.pack(
            "<BHBB", flags, layer.milliseconds // 10, 3 * clear, 0
        )
        size = CELL * len(layer.cells), CELL
        body += b"\x2c" + struct.pack("<HHHHB", CELL * layer.first, 0, *size, 0) + b"\x02"
        row = [COLOURS.index(cell) for cell in layer.cells for _ in range(CELL)]
        packed = _packed(row * CELL)
        for place in range(0, len(packed), 255):
            piece = packed[place : place + 255]
            body += bytes([len(piece)]) + piece
        body += b"\0"
    return body + b"\x3b"


def _packed(numbers: list[int]) -> bytes:
    """Codes of three bits, of which 4 begins anew before there are more bits, and 5 ends."""
    codes = [4]
    for number in numbers:
        codes += [number, 4]
    bits = "".join(f"{code:03b}"[::-1] for code in [*codes, 5])
    return bytes(int(bits[place : place + 8][::-1], 2) for place in range(0, len(bits), 8))


def png(story: Story) -> bytes:
    """Pixels of four levels each. The first frame is the still, too."""
    width = CELL * len(story.seen[0])
    parts = [png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, CELL, 8, 6, 0, 0, 0))]
    parts.append(png_chunk(b"acTL", struct.pack(">II", len(story.layers), 0)))
    number = 0
    for layer in story.layers:
        place = CELL * layer.first
        size = CELL * len(layer.cells), CELL
        control = struct.pack(">IIIII", number, *size, place, 0)
        control += struct.pack(">HHBB", layer.milliseconds, 1000, layer.then, not layer.covers)
        row = b"\0" + b"".join(bytes(cell) * CELL for cell in layer.cells)
        pixels = zlib.compress(row * CELL)
        parts.append(png_chunk(b"fcTL", control))
        number += 1
        if layer is story.layers[0]:
            parts.append(png_chunk(b"IDAT", pixels))
        else:
            parts.append(png_chunk(b"fdAT", struct.pack(">I", number) + pixels))
            number += 1
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + png_chunk(b"IEND", b"")
