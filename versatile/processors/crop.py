"""Cutting a part out."""

from dataclasses import dataclass

from PIL import Image

from versatile.imaging.geometry import CENTRE, Point, Size, Window, crop_box
from versatile.processors.anchors import anchor_point
from versatile.processors.arguments import check_place, check_sides, hold_tuples
from versatile.processors.base import Processor, SizedResampler
from versatile.processors.canvas import ResizeCanvas
from versatile.processors.cut import Cut
from versatile.processors.smart import smart_box
from versatile.processors.trim import TrimBorderColor

__all__ = ["Crop", "CropAroundPoint", "SmartCrop", "TrimBorderColor"]


@dataclass(frozen=True, slots=True)
class CropAroundPoint(SizedResampler):
    """The largest part of a ratio around a point, resampled to a size in pixels."""

    point: Point = CENTRE
    upscale: bool = True
    """Whether a small picture is enlarged; otherwise the result keeps the ratio alone."""

    def window(self, size: Size) -> Window:
        """The box around the point, and the size."""
        box = crop_box(size, self.wanted, self.point)
        if not self.upscale and (box.width < self.width or box.height < self.height):
            return Window(box, Size(int(box.width), int(box.height)))
        return Window(box, self.wanted)


@dataclass(frozen=True, slots=True)
class Crop(Processor):
    """A part of a width and a height in pixels, not resized and never enlarged. Mode RGBA.

    ``anchor`` says which part stays. With ``x`` or ``y`` the picture is moved by so many
    pixels instead, so that negative ones cut off its left or its top.
    """

    width: int | None = None
    height: int | None = None
    anchor: str | Point | None = None
    x: int | None = None
    y: int | None = None

    gentle = True

    def __post_init__(self) -> None:
        check_sides(self.width, self.height)
        anchor_point(self.anchor)
        check_place(self.anchor, self.x, self.y)
        hold_tuples(self, "anchor")

    def process(self, image: Image.Image) -> Image.Image:
        """A new image, no larger than the old one."""
        canvas = self.output_size(Size(*image.size))
        return ResizeCanvas(*canvas, None, self.anchor, self.x, self.y).process(image)

    def output_size(self, size: Size) -> Size:
        """What there is of the size asked for."""
        return _at_most(size, self.width, self.height)


@dataclass(frozen=True, slots=True)
class SmartCrop(Processor):
    """A part of a width and a height in pixels: the dullest edges go. Never enlarged."""

    width: int | None = None
    height: int | None = None

    def __post_init__(self) -> None:
        check_sides(self.width, self.height)

    def process(self, image: Image.Image) -> Image.Image:
        """A new image, no larger than the old one."""
        return self.settled(image).process(image)

    def settled(self, image: Image.Image) -> Cut:
        """The cut that does it, for all frames of an animation."""
        return Cut(smart_box(image, self.output_size(Size(*image.size))))

    def output_size(self, size: Size) -> Size:
        """What there is of the size asked for."""
        return _at_most(size, self.width, self.height)


def _at_most(size: Size, width: int | None, height: int | None) -> Size:
    return Size(min(width or size.width, size.width), min(height or size.height, size.height))
