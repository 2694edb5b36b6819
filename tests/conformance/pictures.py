"""Drawn originals: four quarters of one colour each, in every mode, in every format that holds it.

What a viewer sees of a quarter is written down beside it, and not asked of any library.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

from tests.drawing import ORIENTATION, turned

SIZE = (203, 135)
"""Odd sides, so that no quarter ends where a pixel of a rendition does."""

Level = int | float
RGBA = tuple[int, int, int, int]
Quarters = tuple[RGBA, RGBA, RGBA, RGBA]

HALF = 160
"""An opacity that a palette rounds up to full."""

DURATIONS = [80, 120, 200]
PLAYS = 3


@dataclass(frozen=True)
class Drawn:
    """A mode: the levels of its four quarters as Pillow holds them, and as a viewer sees them."""

    mode: str
    levels: tuple[Any, ...]
    seen: Quarters
    formats: tuple[str, ...]
    """The formats in which such a picture is written as it is."""
    transparency: int | bytes | tuple[int, ...] | None = None
    """What is transparent: one colour, by its number in a palette, or the opacity of each."""


def _grey(*levels: int) -> Quarters:
    one, two, three, four = ((level, level, level, 255) for level in levels)
    return one, two, three, four


def _solid(*colours: tuple[int, int, int]) -> Quarters:
    one, two, three, four = ((*colour, 255) for colour in colours)
    return one, two, three, four


COLOURS = ((200, 40, 60), (40, 90, 210), (20, 160, 40), (220, 140, 130))
GREYS = (250, 128, 20, 180)
"""The first is near white: who clips 16 bits shows all four of them as white."""
# What is hidden below the clear quarter is brighter, or greener, than all that is seen.
CLEAR = ((200, 40, 60, 255), (40, 90, 210, HALF), (0, 255, 0, 0), (220, 60, 130, 255))
CUT = ((200, 40, 60, 255), (40, 90, 210, 255), (0, 255, 0, 0), (220, 60, 130, 255))
CLEAR_GREYS = ((60, 60, 60, 255), (100, 100, 100, HALF), (255, 255, 255, 0), (20, 20, 20, 255))
CUT_GREYS = ((60, 60, 60, 255), (100, 100, 100, 255), (255, 255, 255, 0), (20, 20, 20, 255))
INKS = ((0, 255, 255, 0), (255, 255, 0, 0), (0, 0, 0, 128), (255, 0, 255, 0))
PRINTED = _solid((255, 0, 0), (0, 0, 255), (127, 127, 127), (0, 255, 0))
PALETTE = (0, 1, 2, 3)

ALL = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "ICO")
MOVING = ("GIF", "PNG", "WEBP", "AVIF")

KINDS: dict[str, Drawn] = {
    "1": Drawn("1", (255, 0, 0, 0), _grey(255, 0, 0, 0), ("PNG", "TIFF", "BMP", "ICO")),
    "L": Drawn(
        "L", GREYS, _grey(*GREYS), ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "ICO")
    ),
    "LA": Drawn(
        "LA",
        ((60, 255), (100, HALF), (255, 0), (20, 255)),
        CLEAR_GREYS,
        ("PNG", "WEBP", "AVIF", "TIFF", "ICO"),
    ),
    "P": Drawn("P", PALETTE, _solid(*COLOURS), ("PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP")),
    "P + tRNS": Drawn("P", PALETTE, CUT, ("PNG", "GIF"), 2),
    "P + opacities": Drawn("P", PALETTE, CLEAR, ("PNG",), bytes((255, HALF, 0, 255))),
    "PA": Drawn("PA", PALETTE, CLEAR, ("TIFF",)),
    "RGB": Drawn("RGB", COLOURS, _solid(*COLOURS), ALL),
    "RGBA": Drawn("RGBA", CLEAR, CLEAR, ("PNG", "WEBP", "AVIF", "TIFF", "ICO")),
    "L + tRNS": Drawn("L", (60, 100, 255, 20), CUT_GREYS, ("PNG",), 255),
    "RGB + tRNS": Drawn("RGB", tuple(item[:3] for item in CUT), CUT, ("PNG",), (0, 255, 0)),
    "La": Drawn("LA", ((60, 255), (100, HALF), (255, 0), (20, 255)), CLEAR_GREYS, ("PNG",)),
    "CMYK": Drawn("CMYK", INKS, PRINTED, ("JPEG", "TIFF")),
    "I;16": Drawn("I;16", tuple(n * 257 for n in GREYS), _grey(*GREYS), ("PNG", "TIFF")),
    "I;16 + tRNS": Drawn("I;16", (15420, 25700, 65535, 5140), CUT_GREYS, ("PNG",), 65535),
    "I": Drawn("I", tuple(n * 257 for n in GREYS), _grey(*GREYS), ("TIFF",)),
    "F": Drawn("F", tuple(n / 255 for n in GREYS), _grey(*GREYS), ("TIFF",)),
}
"""Every mode. No format holds ``La``: there a filter makes it of what the original is."""

MOVED: dict[str, tuple[str, ...]] = {
    "RGB": MOVING,
    "RGBA": ("PNG", "WEBP", "AVIF"),
    "P + tRNS": ("GIF",),
}
"""The modes of animations, and the formats that hold them."""

OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "WEBP": {"lossless": True, "exact": True},
    "AVIF": {"quality": 95, "subsampling": "4:4:4", "speed": 9},
    "ICO": {"sizes": [SIZE]},
}
"""How the originals are written: with the least of losses."""


def draw(kind: str, *, first: int = 0) -> Image.Image:
    """The picture of a kind; its quarters are the kind's from the ``first`` on, in a circle."""
    drawn = KINDS[kind]
    image = Image.new(drawn.mode if drawn.mode != "PA" else "P", SIZE)
    if drawn.mode in ("P", "PA"):
        hidden = (0, 255, 0)
        colours = [hidden if level[3] == 0 else level[:3] for level in drawn.seen]
        image.putpalette([part for colour in colours for part in colour])
    for index, box in enumerate(boxes()):
        image.paste(drawn.levels[(index + first) % 4], box)
    if drawn.mode == "PA":
        image = _with_opacities(image, drawn)
    return image


def _with_opacities(image: Image.Image, drawn: Drawn) -> Image.Image:
    opacities = Image.new("L", SIZE)
    for box, seen in zip(boxes(), drawn.seen, strict=True):
        opacities.paste(seen[3], box)
    both = image.convert("PA")
    both.putalpha(opacities)
    return both


def boxes() -> list[tuple[int, int, int, int]]:
    """The quarters in reading order."""
    width, height = SIZE
    across, down = (0, width // 2, width), (0, height // 2, height)
    return [(across[i], down[j], across[i + 1], down[j + 1]) for j in (0, 1) for i in (0, 1)]


@lru_cache(maxsize=100)
def still(kind: str, format: str, orientation: int = 1) -> bytes:
    """A picture of a kind as a file, stored as a camera does that is held so."""
    options = dict(OPTIONS.get(format, {}))
    if KINDS[kind].transparency is not None:
        options["transparency"] = KINDS[kind].transparency
    if orientation != 1:
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        options["exif"] = exif
    file = BytesIO()
    turned(draw(kind), orientation).save(file, format, **options)
    return file.getvalue()


@lru_cache(maxsize=10)
def moving(format: str, kind: str = "RGB") -> bytes:
    """An animation whose quarters go round; what is clear in one frame is so in that one alone."""
    options = dict(OPTIONS.get(format, {}))
    frames = [draw(kind, first=index) for index in range(len(DURATIONS))]
    if KINDS[kind].transparency is not None:
        options["transparency"] = KINDS[kind].transparency
    if format == "GIF":
        options["disposal"] = 2
    if format != "AVIF":  # which has no such number
        options["loop"] = PLAYS - 1 if format == "GIF" else PLAYS
    file = BytesIO()
    frames[0].save(
        file, format, save_all=True, append_images=frames[1:], duration=DURATIONS, **options
    )
    return file.getvalue()
