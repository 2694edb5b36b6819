"""Clothes: a top with folds, and the collars that it may have.

Coordinates are those of the face: half head heights around the middle of the head.
"""

import random
from collections.abc import Callable

from people.photos.easel import Easel
from people.photos.paint import Colour, Point, curve, darker, lighter, mirrored, mix

BODY = curve(
    mirrored(
        [
            (0, 1.3),
            (0.45, 1.36),
            (1.1, 1.62),
            (1.68, 1.98),
            (2.0, 2.7),
            (2.2, 4.0),
            (2.3, 9),
            (0, 9.2),
        ]
    )
)


def paint_top(easel: Easel, colour: Colour, side: float, rng: random.Random) -> None:
    """Shoulders and chest in one cloth, lit from ``side``."""
    easel.fill(BODY, colour, blur=0.02)
    easel.shade(BODY, darker(colour, 0.65), (side * 1.1, -0.2), blur=0.6, opacity=0.85)
    easel.shade(BODY, lighter(colour, 0.45), (-side * 0.3, 0.25), blur=0.22, opacity=0.55)
    seams: list[list[Point]] = [
        curve([(arm * 1.5, 2.5), (arm * 1.36, 3.1), (arm * 1.3, 4.2), (arm * 1.34, 9)])[:31]
        for arm in (-1, 1)
    ]
    _crease(easel, seams, colour, side, 0.07, opacity=0.6)
    _crease(
        easel,
        [_fold(rng, arm) for arm in (-1, 1) for _ in range(2)],
        colour,
        side,
        0.08,
        opacity=0.22,
    )


def _crease(
    easel: Easel,
    lines: list[list[Point]],
    colour: Colour,
    side: float,
    depth: float,
    *,
    opacity: float,
) -> None:
    """Soft valleys in the cloth: a dark line and, on the side of the light, a bright one."""
    easel.strokes(lines, darker(colour, 0.7), width=depth, blur=depth, opacity=opacity, within=BODY)
    lit = [[(x - side * depth, y) for x, y in line] for line in lines]
    easel.strokes(
        lit, lighter(colour, 0.5), width=depth / 2, blur=depth, opacity=opacity * 0.7, within=BODY
    )


def _fold(rng: random.Random, arm: int) -> list[Point]:
    """A crease from the armpit inwards and down."""
    x, y = arm * rng.uniform(1.2, 1.4), rng.uniform(2.5, 3.0)
    reach, fall = rng.uniform(0.5, 1.1), rng.uniform(0.5, 1.4)
    return [(x - arm * reach * t, y + fall * t * t) for t in (0, 0.1, 0.25, 0.5, 0.75, 1)]


def _paint_crew(easel: Easel, colour: Colour, side: float) -> None:
    band: list[Point] = [(-0.64, 1.36), (-0.42, 1.68), (0, 1.85), (0.42, 1.68), (0.64, 1.36)]
    line = curve(band, 8)[:33]
    easel.strokes([line], darker(colour, 0.35), width=0.12, blur=0.02)
    easel.strokes([line], lighter(colour, 0.2), width=0.05, blur=0.03, opacity=0.6)


def _paint_shirt(easel: Easel, colour: Colour, side: float) -> None:
    shade = mix(colour, (120, 124, 150), 0.45)
    easel.strokes([[(0, 1.85), (0.02, 9)]], shade, width=0.025, blur=0.015, opacity=0.8)
    for flap in (-1, 1):
        shape: list[Point] = [
            (flap * 0.5, 1.0),
            (flap * 0.66, 1.34),
            (flap * 0.42, 2.1),
            (0, 1.82),
            (flap * 0.36, 1.5),
        ]
        easel.fill([(x, y + 0.08) for x, y in shape], darker(colour, 0.5), blur=0.06, opacity=0.5)
        easel.fill(shape, colour if flap == side else mix(colour, shade, 0.5), blur=0.012)
        easel.shade(shape, lighter(colour, 0.7), (0, -0.06), blur=0.03, opacity=0.5)


def _paint_blazer(easel: Easel, colour: Colour, side: float) -> None:
    shirt: list[Point] = [(-0.62, 1.3), (0, 1.84), (0.62, 1.3), (0.46, 2.6), (0, 4.2), (-0.46, 2.6)]
    easel.fill(shirt, (238, 236, 232), blur=0.015)
    easel.shade(shirt, (150, 150, 170), (side * 0.4, 0), blur=0.2, opacity=0.7)
    _paint_shirt(easel, (242, 240, 236), side)
    for lapel in (-1, 1):
        shape: list[Point] = [
            (lapel * 0.6, 1.22),
            (lapel * 1.02, 1.9),
            (lapel * 0.86, 2.2),
            (lapel * 1.0, 2.36),
            (0, 4.4),
            (lapel * 0.4, 2.5),
        ]
        easel.fill([(x, y + 0.1) for x, y in shape], darker(colour, 0.8), blur=0.08, opacity=0.6)
        easel.fill(
            shape, lighter(colour, 0.06) if lapel == side else darker(colour, 0.3), blur=0.012
        )
        easel.shade(shape, lighter(colour, 0.5), (lapel * -0.05, 0), blur=0.02, opacity=0.5)


def _paint_turtleneck(easel: Easel, colour: Colour, side: float) -> None:
    tube = curve(
        mirrored([(0, 0.98), (0.4, 0.94), (0.52, 1.1), (0.56, 1.4), (0.7, 1.62), (0, 1.82)])
    )
    easel.fill([(x, y + 0.06) for x, y in tube], darker(colour, 0.6), blur=0.06, opacity=0.6)
    easel.fill(tube, colour, blur=0.015)
    easel.shade(tube, darker(colour, 0.65), (side * 0.4, 0.12), blur=0.2, opacity=0.8)
    ribs: list[list[Point]] = [
        [(x * 0.85, 1.0), (x, 1.4), (x * 1.15, 1.7)]
        for x in [step / 10 - 0.5 for step in range(11)]
    ]
    easel.strokes(ribs, darker(colour, 0.5), width=0.02, blur=0.02, opacity=0.4, within=tube)


Collar = Callable[[Easel, Colour, float], None]
COLLARS: dict[str, Collar] = {
    "crew": _paint_crew,
    "shirt": _paint_shirt,
    "blazer": _paint_blazer,
    "turtleneck": _paint_turtleneck,
}
