"""Detection by detail: the interest of a picture lies where most is to be told of it."""

import math
from collections.abc import Iterator

from PIL import Image, ImageFilter

from versatile.imaging.geometry import CENTRE, Point

SIDE = 256
"""Pixels of the longer side of the small copy that is looked at."""
WINDOW = 3
"""The side of a window is the shorter side of the copy, divided by this."""
STEPS = 8
"""By how many steps a window moves over its own length."""
FLAT = 0.5
"""Bits by which windows have to differ, or none of them is of more interest."""
GRAIN = 16
"""Levels of an edge, of 255, below which it is grain or a slope of light, and no edge."""

Bounds = tuple[int, int, int, int]


def entropy(image: Image.Image) -> Point:
    """The point of the most detail, as fractions of the width and height, to four decimals.

    On a grey copy of at most 256 pixels, softened by a median of 3 × 3, edges are found by
    Pillow's ``FIND_EDGES``; what is weaker than 16 levels counts as none. A square window, a
    third of the shorter side long, moves over them by eighths of itself. The window of the
    highest Shannon entropy of its levels, ``-Σ p·log2 p``, wins; of equals, the one nearest to
    the centre. The point is the centre of gravity of its edges. It is the centre of the picture
    if no two windows differ by half a bit.
    """
    edges = _edges(image)
    found = {bounds: edges.crop(bounds).entropy() for bounds in _windows(*edges.size)}
    if max(found.values()) - min(found.values()) < FLAT:
        return CENTRE
    best = max(found, key=lambda bounds: (found[bounds], -_distance(bounds, edges.size)))
    return _centre_of_gravity(edges, best)


def _edges(image: Image.Image) -> Image.Image:
    """The edges of a small copy, without its rim, which the filter leaves as it was."""
    scale = SIDE / max(image.size)
    width, height = (max(3, round(side * min(scale, 1))) for side in image.size)
    small = _grey(image).resize((width, height), Image.Resampling.BOX)
    edges = small.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.FIND_EDGES)
    strong = edges.point([level if level >= GRAIN else 0 for level in range(256)])
    inner = strong.crop((1, 1, width - 1, height - 1))
    framed = Image.new("L", (width, height))
    framed.paste(inner, (1, 1))
    return framed


def _grey(image: Image.Image) -> Image.Image:
    """Levels of grey; what is transparent is white, and hides nothing of interest."""
    if not image.has_transparency_data:
        return image.convert("L")
    with_alpha = image.convert("RGBA")
    white = Image.new("RGBA", with_alpha.size, "white")
    return Image.alpha_composite(white, with_alpha).convert("L")


def _windows(width: int, height: int) -> Iterator[Bounds]:
    side = max(min(width, height) // WINDOW, 1)
    step = max(side // STEPS, 1)
    for top in range(0, height - side + 1, step):
        for left in range(0, width - side + 1, step):
            yield left, top, left + side, top + side


def _distance(bounds: Bounds, size: tuple[int, int]) -> float:
    """How far the middle of a window is from that of the picture, in pixels of the copy."""
    left, top, right, bottom = bounds
    return math.dist(((left + right) / 2, (top + bottom) / 2), (size[0] / 2, size[1] / 2))


def _centre_of_gravity(edges: Image.Image, bounds: Bounds) -> Point:
    """Where the edges of a window balance."""
    left, top, right, bottom = bounds
    window = edges.crop(bounds)
    x = left + _balance(window.resize((right - left, 1), Image.Resampling.BOX).tobytes())
    y = top + _balance(window.resize((1, bottom - top), Image.Resampling.BOX).tobytes())
    return round(x / edges.width, 4), round(y / edges.height, 4)


def _balance(levels: bytes) -> float:
    """The middle of mass of some levels in a row; the middle of the row where there is none."""
    total = sum(levels)
    if not total:
        return len(levels) / 2
    return sum(level * (place + 0.5) for place, level in enumerate(levels)) / total
