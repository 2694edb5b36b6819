"""Anchors and sides: which part of a picture stays, and which edges are meant."""

from versatile.imaging.exceptions import InvalidArgument
from versatile.imaging.geometry import Point


class Anchor:
    """Names of the nine anchors; wherever one is taken, a pair of fractions is taken too."""

    TOP_LEFT = "tl"
    TOP = "t"
    TOP_RIGHT = "tr"
    LEFT = "l"
    CENTER = "c"
    RIGHT = "r"
    BOTTOM_LEFT = "bl"
    BOTTOM = "b"
    BOTTOM_RIGHT = "br"


POINTS: dict[str, Point] = {
    Anchor.TOP_LEFT: (0.0, 0.0),
    Anchor.TOP: (0.5, 0.0),
    Anchor.TOP_RIGHT: (1.0, 0.0),
    Anchor.LEFT: (0.0, 0.5),
    Anchor.CENTER: (0.5, 0.5),
    Anchor.RIGHT: (1.0, 0.5),
    Anchor.BOTTOM_LEFT: (0.0, 1.0),
    Anchor.BOTTOM: (0.5, 1.0),
    Anchor.BOTTOM_RIGHT: (1.0, 1.0),
}


class Side:
    """Names of the four edges."""

    TOP = "t"
    RIGHT = "r"
    BOTTOM = "b"
    LEFT = "l"
    ALL = ("t", "r", "b", "l")


def anchor_point(anchor: str | Point | None) -> Point:
    """The point of an anchor, the centre for None; raises ``InvalidArgument``."""
    if anchor is None:
        return POINTS[Anchor.CENTER]
    if isinstance(anchor, str):
        if anchor in POINTS:
            return POINTS[anchor]
    elif _is_point(anchor):
        return (anchor[0], anchor[1])
    names = " ".join(POINTS)
    raise InvalidArgument("anchor", anchor, f"one of {names}, or a pair of fractions from 0 to 1")


def _is_point(anchor: object) -> bool:
    """Whether it is a pair of numbers from 0 to 1."""
    if not isinstance(anchor, tuple | list) or len(anchor) != 2:
        return False
    return all(isinstance(part, int | float) and 0 <= part <= 1 for part in anchor)
