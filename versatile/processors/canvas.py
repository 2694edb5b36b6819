"""Putting a picture on a larger or smaller canvas."""

from dataclasses import dataclass

from PIL import Image

from versatile.imaging.exceptions import InvalidArgument
from versatile.imaging.geometry import Point, Size
from versatile.imaging.modes import Colour, to_rgba
from versatile.processors.anchors import anchor_point
from versatile.processors.arguments import (
    check_colour_if_any,
    check_place,
    check_side,
    hold_tuples,
    is_pixels,
    is_whole,
)
from versatile.processors.base import Processor

CLEAR = (255, 255, 255, 0)
"""White that cannot be seen."""


@dataclass(frozen=True, slots=True)
class ResizeCanvas(Processor):
    """The picture, not resized, on a canvas of a width and a height in pixels. Mode RGBA.

    It lies at ``anchor``, or with its top left corner at (``x``, ``y``), which may be negative.
    """

    width: int
    height: int
    color: Colour | int | None = None
    """The colour of the canvas; transparent by default."""
    anchor: str | Point | None = None
    x: int | None = None
    y: int | None = None

    gentle = True

    def __post_init__(self) -> None:
        check_side("width", self.width)
        check_side("height", self.height)
        check_colour_if_any("color", self.color)
        anchor_point(self.anchor)
        check_place(self.anchor, self.x, self.y)
        hold_tuples(self, "color", "anchor")

    def process(self, image: Image.Image) -> Image.Image:
        """A new image of the canvas's size."""
        colour = CLEAR if self.color is None else to_rgba(self.color)
        canvas = Image.new("RGBA", (self.width, self.height), colour)
        place = self._place(Size(*image.size))
        return overlaid(canvas, image.convert("RGBA"), place)

    def _place(self, size: Size) -> tuple[int, int]:
        if self.x is not None or self.y is not None:
            return self.x or 0, self.y or 0
        across, down = anchor_point(self.anchor)
        return int((self.width - size.width) * across), int((self.height - size.height) * down)

    def output_size(self, size: Size) -> Size:
        """The canvas."""
        return Size(self.width, self.height)


def overlaid(below: Image.Image, above: Image.Image, position: tuple[int, int]) -> Image.Image:
    """One RGBA picture over another, whose size stays; it may hang over any edge."""
    layer = Image.new("RGBA", below.size, (0, 0, 0, 0))
    layer.paste(above, position)
    return Image.alpha_composite(below, layer)


@dataclass(frozen=True, slots=True)
class AddBorder(Processor):
    """The picture with a border around it. Mode RGBA."""

    thickness: int | tuple[int, int, int, int]
    """In pixels, for all four edges, or for (top, right, bottom, left)."""
    color: Colour | int | None = None
    """Transparent by default."""

    gentle = True

    def __post_init__(self) -> None:
        hold_tuples(self, "thickness", "color")
        rule = "a number of pixels, or four of them (top, right, bottom, left)"
        edges = (self.thickness,) * 4 if is_whole(self.thickness) else self.thickness
        if not is_pixels(edges, 4) or min(edges) < 0:
            raise InvalidArgument("thickness", self.thickness, rule)
        check_colour_if_any("color", self.color)

    def _edges(self) -> tuple[int, ...]:
        thick = self.thickness
        return (thick,) * 4 if isinstance(thick, int) else tuple(thick)

    def process(self, image: Image.Image) -> Image.Image:
        """A new, larger image."""
        top, _, _, left = self._edges()
        canvas = self.output_size(Size(*image.size))
        return ResizeCanvas(*canvas, self.color, x=left, y=top).process(image)

    def output_size(self, size: Size) -> Size:
        """The size with the border."""
        top, right, bottom, left = self._edges()
        return Size(left + size.width + right, top + size.height + bottom)
