"""Wear: glasses, earrings, a knitted hat, a headscarf; each painted over a finished head."""

from collections.abc import Callable

from people.photos.easel import Easel
from people.photos.paint import Point, curve, darker, lighter, mirrored, oval

SCARF = (38, 118, 122)
WOOL = (196, 74, 52)


def _paint_glasses(easel: Easel, side: float) -> None:
    frame = (44, 32, 34)
    for eye in (-1, 1):
        lens = curve(
            [
                (eye * 0.34 + x, 0.07 + y)
                for x, y in ((-0.24, -0.16), (0.24, -0.16), (0.22, 0.14), (0, 0.2), (-0.22, 0.14))
            ]
        )
        easel.fill(lens, (226, 238, 246), blur=0.01, opacity=0.1)
        glare: list[Point] = [
            (eye * 0.34 + x, 0.07 + y)
            for x, y in ((-0.16, 0.12), (0.0, -0.16), (0.1, -0.16), (-0.06, 0.14))
        ]
        easel.fill(glare, (255, 255, 255), blur=0.03, opacity=0.22, within=lens)
        easel.strokes([[*lens, lens[0]]], frame, width=0.036, blur=0.006)
        easel.strokes([[(eye * 0.57, -0.02), (eye * 0.78, -0.04)]], frame, width=0.036, blur=0.006)
    easel.strokes([[(-0.11, 0.04), (0, 0.0), (0.11, 0.04)]], frame, width=0.04, blur=0.006)


def _paint_earrings(easel: Easel, side: float) -> None:
    for ear in (-1, 1):
        easel.fill(oval((ear * 0.83, 0.42), (0.07, 0.07)), (206, 152, 60), blur=0.012)
        easel.fill(
            oval((ear * 0.83 + side * 0.02, 0.4), (0.025, 0.025)), (255, 240, 196), blur=0.012
        )


def _paint_beanie(easel: Easel, side: float) -> None:
    dome = curve(
        [
            (-0.86, -0.34),
            (-0.9, -0.8),
            (-0.56, -1.26),
            (0, -1.42),
            (0.56, -1.26),
            (0.9, -0.8),
            (0.86, -0.34),
            (0, -0.4),
        ]
    )
    easel.fill(dome, WOOL, blur=0.015)
    easel.shade(dome, darker(WOOL, 0.7), (side * 0.5, -0.1), blur=0.3, opacity=0.8)
    easel.shade(dome, lighter(WOOL, 0.5), (-side * 0.25, 0.15), blur=0.2, opacity=0.6)
    ribs: list[list[Point]] = [
        [(x, -0.4), (x * 1.02, -0.8), (x * 0.55, -1.35)]
        for x in [step / 8 - 0.9 for step in range(15)]
    ]
    easel.strokes(ribs, darker(WOOL, 0.6), width=0.03, blur=0.02, opacity=0.5, within=dome)
    brim = curve(
        [
            (-0.9, -0.42),
            (-0.86, -0.62),
            (0, -0.74),
            (0.86, -0.62),
            (0.9, -0.42),
            (0.84, -0.24),
            (0, -0.36),
            (-0.84, -0.24),
        ]
    )
    easel.fill([(x, y + 0.08) for x, y in brim], (40, 14, 10), blur=0.06, opacity=0.5)
    easel.fill(brim, lighter(WOOL, 0.12), blur=0.015)
    easel.shade(brim, darker(WOOL, 0.6), (side * 0.4, -0.06), blur=0.2, opacity=0.8)


def _paint_scarf(easel: Easel, side: float) -> None:
    outer = curve(
        mirrored(
            [
                (0, -1.3),
                (0.62, -1.12),
                (0.98, -0.5),
                (1.0, 0.3),
                (0.86, 0.9),
                (0.98, 1.5),
                (1.3, 1.86),
                (0.7, 2.5),
                (0, 2.8),
            ]
        )
    )
    face = curve(
        mirrored(
            [
                (0, -0.68),
                (0.4, -0.6),
                (0.62, -0.3),
                (0.68, 0.15),
                (0.58, 0.6),
                (0.3, 0.92),
                (0, 0.99),
            ]
        )
    )
    # Polygons have no holes: the ring is the outline out and the face's back.
    ring = [*outer, outer[0], face[0], *reversed(face)]
    easel.fill([(x * 1.0, y + 0.05) for x, y in ring], darker(SCARF, 0.8), blur=0.05, opacity=0.5)
    easel.fill(ring, SCARF, blur=0.014)
    easel.shade(ring, darker(SCARF, 0.6), (side * 0.5, -0.1), blur=0.3, opacity=0.75)
    folds: list[list[Point]] = [
        [(-0.8, 0.6), (-0.3, 1.3), (0.5, 1.62), (1.0, 1.7)],
        [(0.85, 0.5), (0.4, 1.2), (-0.3, 1.5), (-0.9, 1.75)],
        [(-0.9, 1.5), (-0.2, 1.95), (0.6, 2.1)],
        [(-0.74, -0.2), (-0.5, -0.9), (0, -1.12)],
        [(0.8, -0.2), (0.56, -0.85), (0.1, -1.15)],
    ]
    easel.strokes(folds, darker(SCARF, 0.65), width=0.07, blur=0.06, opacity=0.55, within=ring)
    lit = [[(x + side * 0.09, y - 0.05) for x, y in line] for line in folds]
    easel.strokes(lit, lighter(SCARF, 0.5), width=0.05, blur=0.05, opacity=0.45, within=ring)


Piece = Callable[[Easel, float], None]
WEAR: dict[str, Piece] = {
    "glasses": _paint_glasses,
    "earrings": _paint_earrings,
    "beanie": _paint_beanie,
    "scarf": _paint_scarf,
}
