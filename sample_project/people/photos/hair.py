"""Hair, brows, beards and hats: what makes one head another person's."""

import random
from dataclasses import dataclass

from people.photos.easel import Easel
from people.photos.paint import Colour, Point, curve, darker, lighter, mirrored, oval, points
from people.photos.strands import paint_strands

CAPS: dict[str, list[Point]] = {
    "short": points(
        "-0.82 0.02  -0.9 -0.5  -0.62 -1.06  0 -1.24  0.62 -1.08  0.9 -0.5  0.82 0.02 "
        "0.72 -0.2  0.66 -0.48  0.3 -0.66  -0.2 -0.58  -0.6 -0.5  -0.72 -0.22"
    ),
    "parted": points(
        "-0.84 0.3  -0.96 -0.4  -0.66 -1.08  -0.05 -1.24  0.64 -1.1  0.96 -0.4 "
        "0.84 0.3  0.74 -0.1  0.62 -0.46  0.2 -0.7  -0.2 -0.86  -0.45 -0.6  -0.68 -0.3 "
        "-0.76 0"
    ),
    "fringe": points(
        "-0.84 0.3  -0.96 -0.4  -0.66 -1.1  0 -1.26  0.66 -1.1  0.96 -0.4  0.84 0.3 "
        "0.74 -0.1  0.6 -0.24  0.25 -0.3  -0.1 -0.26  -0.45 -0.3  -0.72 -0.1"
    ),
    "swept": points(
        "-0.82 -0.02  -0.88 -0.5  -0.7 -1  -0.2 -1.34  0.5 -1.3  0.88 -0.85  0.84 -0.1 "
        "0.74 -0.3  0.6 -0.62  0.1 -0.72  -0.4 -0.66  -0.7 -0.3"
    ),
    "tight": points(
        "-0.8 0  -0.84 -0.5  -0.58 -0.98  0 -1.12  0.58 -0.98  0.84 -0.5  0.8 0 "
        "0.72 -0.24  0.58 -0.56  0.2 -0.68  -0.2 -0.68  -0.58 -0.56  -0.72 -0.24"
    ),
}
BACKS: dict[str, list[Point]] = {
    "long": mirrored(
        points("0 -1.2  0.7 -1.02  1.02 -0.4  1.08 0.5  1.2 1.3  1.1 2.2  0.6 2.4  0 2")
    ),
    "bob": mirrored(points("0 -1.2  0.7 -1.02  1.02 -0.4  1.08 0.3  1.02 0.85  0.6 1.05  0 0.9")),
    "afro": mirrored(points("0 -1.75  0.75 -1.6  1.3 -1.1  1.48 -0.4  1.35 0.3  0.9 0.75  0 0.8")),
    "bun": mirrored(points("0 -1.75  0.32 -1.68  0.46 -1.4  0.36 -1.1  0 -1")),
}


@dataclass(frozen=True)
class Hair:
    """How somebody wears it."""

    colour: Colour
    cap: str = "short"
    back: str = ""
    beard: bool = False


def paint_back(easel: Easel, hair: Hair, side: float, rng: random.Random) -> None:
    """The hair that falls behind head and shoulders."""
    if hair.back:
        outline = curve(BACKS[hair.back])
        easel.fill(outline, darker(hair.colour, 0.25), blur=0.02)
        easel.shade(
            outline, lighter(hair.colour, 0.35), (-side * 0.25, 0.15), blur=0.2, opacity=0.55
        )
        paint_strands(easel, outline, hair.colour, rng, curly=hair.back == "afro")


def paint_cap(easel: Easel, hair: Hair, side: float, rng: random.Random) -> None:
    """The hair around the face, its shadow on the forehead, and the brows."""
    outline = curve(CAPS[hair.cap])
    easel.fill(
        [(x, y + 0.07) for x, y in outline], darker(hair.colour, 0.5), blur=0.06, opacity=0.45
    )
    easel.fill(outline, hair.colour, blur=0.014)
    easel.shade(outline, darker(hair.colour, 0.6), (side * 0.3, -0.1), blur=0.22, opacity=0.75)
    paint_strands(
        easel, outline, hair.colour, rng, curly=hair.back == "afro" or hair.cap == "tight"
    )
    shine = oval((side * 0.34, -0.95), (0.3, 0.1))
    easel.fill(shine, lighter(hair.colour, 0.5), blur=0.1, opacity=0.5, within=outline)


def paint_brows(easel: Easel, hair: Hair) -> None:
    """Two calm arches above the eyes."""
    for brow in (-1, 1):
        arch: list[Point] = [
            (brow * 0.17, -0.15),
            (brow * 0.3, -0.21),
            (brow * 0.42, -0.2),
            (brow * 0.52, -0.13),
        ]
        easel.strokes([arch], darker(hair.colour, 0.35), width=0.05, blur=0.014, opacity=0.85)


def paint_beard(easel: Easel, hair: Hair, rng: random.Random) -> None:
    """A beard below the mouth, from ear to ear."""
    outline = curve(
        [
            (-0.76, 0.1),
            (-0.68, 0.62),
            (-0.38, 0.98),
            (0, 1.13),
            (0.38, 0.98),
            (0.68, 0.62),
            (0.76, 0.1),
            (0.62, 0.36),
            (0.42, 0.52),
            (0.2, 0.48),
            (0, 0.5),
            (-0.2, 0.48),
            (-0.42, 0.52),
            (-0.62, 0.36),
        ]
    )
    easel.fill(outline, darker(hair.colour, 0.15), blur=0.03, opacity=0.9)
    paint_strands(easel, outline, hair.colour, rng, curly=True)
