"""The photos and the renditions on which quality is judged."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.drawing import Photo
from versatile.imaging.encoding import freeze
from versatile.imaging.geometry import Point
from versatile.imaging.recipe import Recipe
from versatile.processors.crop import CropAroundPoint
from versatile.processors.resize import ResizeToFit


@dataclass(frozen=True, slots=True)
class Case:
    """A photo and the point around which it is cropped."""

    photo: Photo
    point: Point


CASES: tuple[Case, ...] = (
    Case(Photo(1), (0.5, 0.5)),
    Case(Photo(2, orientation=6), (0.31, 0.68)),
    Case(Photo(3, size=(4001, 2999)), (0.77, 0.2)),
    Case(Photo(4, size=(3000, 4000), orientation=3), (0.5, 0.5)),
    Case(Photo(5, size=(2999, 4001), orientation=8), (0.123, 0.456)),
    Case(Photo(6, size=(4032, 3024), orientation=5), (0.9, 0.9)),
    Case(Photo(7, size=(6007, 4003)), (0.4, 0.6)),
)
"""Centred and not, turned and mirrored, even and odd, 12 and 24 megapixels."""

KEYS = (
    "crop__1200x600",
    "thumbnail__800x800",
    "crop__400x400",
    "thumbnail__200x200",
    "crop__100x100",
)
"""The set that is warmed and measured for speed."""

FINE_KEY = "thumbnail__2400x2400"
"""Its shrink is so small that the whole set has to come from a full decode."""


def edge_keys(photo: Photo) -> Iterator[str]:
    """Thumbnails whose shrink lies on the edges at which a planner may change its mind."""
    longest = max(photo.size)
    for shrink in (2, 3, 4, 6, 8, 12, 16):
        side = int(longest / shrink)
        yield f"thumbnail__{side}x{side}"


def recipe(key: str, point: Point, *, format: str) -> Recipe:
    """The recipe of a rendition key; PNG keeps the very pixels that JPEG would be given."""
    sizer, size = key.split("__")
    width, height = (int(side) for side in size.split("x"))
    options = freeze({"quality": 70}) if format == "JPEG" else freeze({"compress_level": 1})
    if sizer == "crop":
        return Recipe((CropAroundPoint(width, height, point),), format, options)
    return Recipe((ResizeToFit(width, height, upscale=False),), format, options)
