"""Paint: colours, gradients, noise and smooth curves, with Pillow and a seeded random only."""

import math
import random
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from PIL import Image, ImageChops, ImageFilter, ImageOps

Point: TypeAlias = tuple[float, float]
Points: TypeAlias = Sequence[Point]
Colour: TypeAlias = tuple[int, int, int]
Size: TypeAlias = tuple[int, int]


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour between two: ``share`` 0 is the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float) -> Colour:
    """A colour in the shade: darker, and a little cooler than plain black would make it."""
    return mix(colour, (24, 14, 34), share)


def lighter(colour: Colour, share: float) -> Colour:
    """A colour in warm light."""
    return mix(colour, (255, 246, 228), share)


def gradient(size: Size, *stops: Colour) -> Image.Image:
    """Colours from top to bottom in even steps."""
    strip = Image.new("RGB", (1, len(stops)))
    strip.putdata(stops)
    # The box cuts half a step off both ends, where a resize would only repeat the end colours.
    box = (0, 0.5, 1, len(stops) - 0.5)
    return strip.resize((1, size[1]), Image.Resampling.BICUBIC, box=box).resize(size)


def grain(size: Size, rng: random.Random) -> Image.Image:
    """Grey noise, every pixel for itself."""
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


def noise(size: Size, cell: float, rng: random.Random) -> Image.Image:
    """Grey noise with soft round spots of about ``cell`` pixels."""
    grid = (max(4, round(size[0] * 2 / cell)), max(4, round(size[1] * 2 / cell)))
    # Blurred on a finer grid: dots enlarged as they are would show the grid as squares.
    dots = grain(grid, rng).filter(ImageFilter.GaussianBlur(1.3))
    return ImageOps.autocontrast(dots).resize(size, Image.Resampling.BICUBIC)


def mottle(size: Size, cells: Iterable[float], rng: random.Random) -> Image.Image:
    """Noise of several spot sizes in one, like clouds, plaster or foliage."""
    layers = [noise(size, cell, rng) for cell in cells]
    result = layers[0]
    for count, layer in enumerate(layers[1:], start=2):
        result = Image.blend(result, layer, 1 / count)
    return result


def glow(size: Size, centre: Point, radius: float) -> Image.Image:
    """A mask that is bright at ``centre`` and fades out evenly at ``radius`` pixels."""
    side = max(2, round(radius * 2))
    disc = ImageChops.invert(Image.radial_gradient("L")).point(_fade)
    mask = Image.new("L", size)
    left, top = round(centre[0] - side / 2), round(centre[1] - side / 2)
    mask.paste(disc.resize((side, side), Image.Resampling.BILINEAR), (left, top))
    return mask


def _fade(value: int) -> int:
    """A falloff like light's: steep in the middle, with a long faint tail."""
    share = value / 255
    return round(255 * share * share * (0.35 + 0.65 * share))


def dim(mask: Image.Image, share: float) -> Image.Image:
    """A mask that lets less through."""
    return mask.point(lambda value: round(value * share))


def points(text: str) -> list[Point]:
    """Points from a text of pairs, as in ``0.1 0.2  0.3 0.4``."""
    numbers = [float(number) for number in text.split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def curve(outline: Points, steps: int = 10) -> list[Point]:
    """A closed smooth line through points (uniform Catmull-Rom)."""
    line: list[Point] = []
    for index in range(len(outline)):
        corners = [outline[(index + shift) % len(outline)] for shift in (-1, 0, 1, 2)]
        line.extend(_between(corners, step / steps) for step in range(steps))
    return line


def _between(corners: Points, t: float) -> Point:
    """The point at ``t`` between the two middle corners of four."""
    before, start, end, after = corners
    weights = (
        -0.5 * t + t * t - 0.5 * t**3,
        1 - 2.5 * t * t + 1.5 * t**3,
        0.5 * t + 2 * t * t - 1.5 * t**3,
        -0.5 * t * t + 0.5 * t**3,
    )
    parts = list(zip(weights, (before, start, end, after), strict=True))
    return sum(w * p[0] for w, p in parts), sum(w * p[1] for w, p in parts)


def mirrored(half: Points) -> list[Point]:
    """A closed outline from its right half, listed from top to bottom."""
    return [*half, *((-x, y) for x, y in reversed(half) if abs(x) > 1e-6)]


def oval(centre: Point, radii: Point, steps: int = 40) -> list[Point]:
    """The outline of an ellipse."""
    turns = (math.tau * step / steps for step in range(steps))
    return [(centre[0] + radii[0] * math.cos(t), centre[1] + radii[1] * math.sin(t)) for t in turns]
