"""Cutting a part out."""

from dataclasses import dataclass

from versatile.imaging.geometry import CENTRE, Point, Size, Window, crop_box
from versatile.processors.base import Resampler


@dataclass(frozen=True, slots=True)
class CropAroundPoint(Resampler):
    """The largest part of a ratio around a point, resampled to a size in pixels."""

    width: int
    height: int
    point: Point = CENTRE
    upscale: bool = True
    """Whether a small picture is enlarged; otherwise the result keeps the ratio alone."""

    def window(self, size: Size) -> Window:
        """The box around the point, and the size."""
        bounds = Size(self.width, self.height)
        box = crop_box(size, bounds, self.point)
        if not self.upscale and (box.width < self.width or box.height < self.height):
            bounds = Size(int(box.width), int(box.height))
        return Window(box, bounds)
