"""Cutting a box out, which another processor has found."""

from dataclasses import dataclass

from PIL import Image

from versatile.imaging.geometry import Size
from versatile.processors.base import Processor

Bounds = tuple[int, int, int, int]


def cropped(image: Image.Image, box: Bounds) -> Image.Image:
    """A part of an image, as ``Image.crop`` gives it.

    That one warns, or refuses, where the part is larger than the global ``MAX_IMAGE_PIXELS``.
    The box lies within the image.
    """
    left, top, right, bottom = box
    size = right - left, bottom - top
    return image.resize(size, Image.Resampling.NEAREST, box=box)


@dataclass(frozen=True, slots=True)
class Cut(Processor):
    """The part of a picture between left, top, right and bottom, in pixels."""

    box: Bounds

    def process(self, image: Image.Image) -> Image.Image:
        """A new, smaller image."""
        return cropped(image, self.box)

    def output_size(self, size: Size) -> Size:
        """The size of the box."""
        left, top, right, bottom = self.box
        return Size(right - left, bottom - top)
