"""Strands: the lines and curls that make an outline look like hair."""

import random

from people.photos.easel import Easel
from people.photos.paint import Colour, Point, darker, lighter, oval


def paint_strands(
    easel: Easel, outline: list[Point], colour: Colour, rng: random.Random, *, curly: bool
) -> None:
    make = _curl if curly else _strand
    for tone, opacity in ((darker(colour, 0.5), 0.4), (lighter(colour, 0.3), 0.25)):
        lines = [make(outline, rng) for _ in range(160)]
        easel.strokes(lines, tone, width=0.009, blur=0.003, opacity=opacity, within=outline)


def _strand(outline: list[Point], rng: random.Random) -> list[Point]:
    """A line that falls from the crown along the outline's bend."""
    x, y = rng.choice(outline)
    share = rng.uniform(0.15, 1.0)
    start = (x * 0.15 * share, -1.15)
    bend = (x * share * 1.05, (y - 1.1) / 2 * share - 0.35)
    return [
        _quadratic(start, bend, (x * share, y * share + (1 - share) * -0.9), t / 8)
        for t in range(9)
    ]


def _curl(outline: list[Point], rng: random.Random) -> list[Point]:
    """A short open ring somewhere between the outline and the middle."""
    (ax, ay), (bx, by) = rng.choice(outline), rng.choice(outline)
    share = rng.random()
    centre = (ax + (bx - ax) * share, ay + (by - ay) * share)
    radius = rng.uniform(0.03, 0.08)
    return oval(centre, (radius, radius), 12)[: rng.randint(5, 10)]


def _quadratic(start: Point, bend: Point, end: Point, t: float) -> Point:
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1]
