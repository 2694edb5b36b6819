"""The easel: a canvas with a frame of its own, on which soft shapes are painted."""

import math
from dataclasses import dataclass
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from people.photos.paint import Colour, Point, Points

Box: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True)
class Easel:
    """A picture, and where and how large the drawing's own coordinates lie on it."""

    image: Image.Image
    origin: Point
    unit: float
    """Pixels of one unit of the drawing."""
    tilt: float = 0.0
    """Clockwise turn of the drawing in degrees."""

    def at(self, point: Point) -> Point:
        """The pixel of a point of the drawing."""
        angle = math.radians(self.tilt)
        x = point[0] * math.cos(angle) - point[1] * math.sin(angle)
        y = point[0] * math.sin(angle) + point[1] * math.cos(angle)
        return self.origin[0] + x * self.unit, self.origin[1] + y * self.unit

    def fill(
        self,
        shape: Points,
        colour: Colour,
        *,
        blur: float = 0.008,
        opacity: float = 1.0,
        within: Points | None = None,
    ) -> None:
        """Paint a shape, softly, where wished only inside of another."""
        box = self._box(shape, blur)
        mask = self._mask(shape, box, blur)
        if within is not None:
            mask = ImageChops.multiply(mask, self._mask(within, box, 0.008))
        self._paint(mask, box, colour, opacity)

    def shade(
        self,
        shape: Points,
        colour: Colour,
        shift: Point,
        *,
        blur: float,
        opacity: float = 1.0,
    ) -> None:
        """Paint the part of a shape that the same shape, moved by ``shift``, leaves free."""
        box = self._box(shape, 0.01)
        moved = [(x + shift[0], y + shift[1]) for x, y in shape]
        lit = self._mask(moved, box, blur)
        mask = ImageChops.multiply(self._mask(shape, box, 0.008), ImageChops.invert(lit))
        self._paint(mask, box, colour, opacity)

    def strokes(
        self,
        lines: list[list[Point]],
        colour: Colour,
        *,
        width: float,
        opacity: float = 1.0,
        within: Points | None = None,
        blur: float = 0.006,
    ) -> None:
        """Paint open lines, such as strands of hair or the rims of glasses."""
        box = self._box([point for line in lines for point in line], width + blur)
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        draw = ImageDraw.Draw(mask)
        for line in lines:
            pixels = self._pixels(line, box)
            draw.line(pixels, fill=255, width=max(1, round(width * self.unit)), joint="curve")
        mask = self._soften(mask, blur)
        if within is not None:
            mask = ImageChops.multiply(mask, self._mask(within, box, 0.01))
        self._paint(mask, box, colour, opacity)

    def _pixels(self, shape: Points, box: Box) -> list[Point]:
        return [(x - box[0], y - box[1]) for x, y in map(self.at, shape)]

    def _box(self, shape: Points, blur: float) -> Box:
        """The part of the canvas that a shape with its soft edge touches, at least a pixel."""
        xs, ys = zip(*map(self.at, shape), strict=True)
        edge = 3 * blur * self.unit + 2
        width, height = self.image.size
        left = min(max(0, math.floor(min(xs) - edge)), width - 1)
        top = min(max(0, math.floor(min(ys) - edge)), height - 1)
        right = max(left + 1, min(width, math.ceil(max(xs) + edge)))
        return left, top, right, max(top + 1, min(height, math.ceil(max(ys) + edge)))

    def _mask(self, shape: Points, box: Box, blur: float) -> Image.Image:
        # A margin of the blur's reach keeps the canvas's edge from fading what runs over it.
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        ImageDraw.Draw(mask).polygon(self._pixels(shape, box), fill=255)
        return self._soften(mask, blur)

    def _soften(self, mask: Image.Image, blur: float) -> Image.Image:
        radius = blur * self.unit
        return mask.filter(ImageFilter.GaussianBlur(radius)) if radius >= 0.3 else mask

    def _paint(self, mask: Image.Image, box: Box, colour: Colour, opacity: float) -> None:
        if opacity < 1:
            mask = mask.point(lambda value: round(value * opacity))
        self.image.paste(colour, box, mask)
