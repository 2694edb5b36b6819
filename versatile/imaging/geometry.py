"""Sizes, points and boxes: what a rendition shows, by arithmetic alone.

All boxes are in pixels of the upright source, (0, 0) at the top left; a size is
(width, height) in whole pixels; a point is a pair of fractions between 0 and 1.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from versatile.imaging.exceptions import InvalidGeometry

Bounds = tuple[int | None, int | None]
"""The box that a size has to respect; a side that is None does not bind."""

Point = tuple[float, float]
"""A point of a picture as fractions of its width and height."""

CENTRE: Point = (0.5, 0.5)

# Nine digits: more than any side has, and few enough for `int`, which refuses thousands.
_SIZE_KEY = re.compile(r"([0-9]{0,9})x([0-9]{0,9})", re.ASCII)


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


class Box(NamedTuple):
    """A rectangle in source pixels; its sides may lie between pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """The horizontal length, in source pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """The vertical length, in source pixels."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Window:
    """A box of the source and the size that it is resampled to."""

    box: Box
    size: Size

    @property
    def shrink(self) -> float:
        """Source pixels per pixel of the result, on the side that shrinks least."""
        return self.shrink_from(1, 1)

    def shrink_of(self, size: Size) -> float:
        """The same of a whole picture of this size: a side of one pixel has nothing to lose."""
        lengths = self.box.width, self.box.height
        sides = zip(lengths, self.size, size, strict=True)
        return min((length / wanted for length, wanted, side in sides if side > 1), default=1)

    def shrink_from(self, across: float, down: float) -> float:
        """The same for a picture that is smaller than the source by two factors."""
        wide, high = self.box.width / across, self.box.height / down
        return min(wide / self.size.width, high / self.size.height)


@lru_cache(maxsize=1024)
def parse_size(key: str, *, max_side: int, max_area: int) -> Bounds:
    """The bounds that a size key such as ``'400x300'``, ``'400x'`` or ``'x300'`` names.

    Raises ``InvalidGeometry`` for anything but ASCII digits around one ``x``, a side
    below 1 or above ``max_side``, or an area above ``max_area`` pixels.
    """
    match = _SIZE_KEY.fullmatch(key)
    if match is None or key == "x":
        raise InvalidGeometry(
            "it is not `width`x`height` with integers of at most nine digits, e.g. 400x300"
        )
    width, height = (int(side) if side else None for side in match.groups())
    sides = [side for side in (width, height) if side is not None]
    if min(sides) < 1 or max(sides) > max_side:
        raise InvalidGeometry(f"each side must be between 1 and {max_side}")
    if math.prod(sides) > max_area:
        raise InvalidGeometry(f"width times height must not exceed {max_area}")
    return width, height


def whole(size: Size) -> Box:
    """The box of a whole picture."""
    return Box(0, 0, size.width, size.height)


def contain(size: Size, bounds: Bounds, *, upscale: bool) -> Size:
    """The largest size of the same ratio inside the bounds.

    The side that the ratio decides is rounded to whichever neighbour comes closest to
    the ratio and is at least 1, which is the rule of Pillow's ``Image.thumbnail``.
    """
    width, height = bounds
    if width is None and height is None:
        return size
    if not upscale and _holds(bounds, size):
        return size
    ratio = size.width / size.height
    if height is not None and (width is None or width / height >= ratio):
        by_height = height
        return Size(_closest(height * ratio, lambda n: abs(ratio - n / by_height)), height)
    assert width is not None
    by_width = width
    return Size(width, _closest(width / ratio, lambda n: abs(ratio - by_width / n) if n else 0))


def _holds(bounds: Bounds, size: Size) -> bool:
    return all(bound is None or bound >= side for bound, side in zip(bounds, size, strict=True))


def _closest(length: float, distance: Callable[[int], float]) -> int:
    return max(min(math.floor(length), math.ceil(length), key=distance), 1)


def cover(size: Size, bounds: Size, *, upscale: bool) -> Size:
    """The smallest size of the same ratio that covers the bounds, sides rounded."""
    scale = max(bounds.width / size.width, bounds.height / size.height)
    if scale > 1 and not upscale:
        return size
    return Size(max(round(size.width * scale), 1), max(round(size.height * scale), 1))


def crop_box(size: Size, bounds: Size, point: Point) -> Box:
    """The largest box of the ratio of ``bounds`` that lies as close to ``point`` as it can.

    Whole pixels: the shorter side is rounded half up, the box is centred on the pixel
    ``int(side * fraction)`` and shifted to stay inside.
    """
    ratio = bounds.width / bounds.height
    if size.width / size.height >= ratio:
        length = Size(int(ratio * size.height + 0.5), size.height)
    else:
        length = Size(size.width, int(size.width / ratio + 0.5))
    length = Size(max(length.width, 1), max(length.height, 1))
    left = _around(int(size.width * point[0]), length.width, size.width)
    top = _around(int(size.height * point[1]), length.height, size.height)
    return Box(left, top, left + length.width, top + length.height)


def _around(centre: int, length: int, limit: int) -> int:
    return min(max(centre - length // 2, 0), limit - length)
