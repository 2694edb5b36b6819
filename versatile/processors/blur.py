"""Blurring."""

from dataclasses import dataclass

from PIL import Image, ImageFilter

from versatile.imaging import colour
from versatile.processors.base import Processor


@dataclass(frozen=True, slots=True)
class GaussianBlur(Processor):
    """Blurs with Pillow's filter of that name."""

    radius: float
    """The standard deviation, in pixels of the image that is processed."""

    def process(self, image: Image.Image) -> Image.Image:
        """A new, blurred image."""
        return colour.normalise(image).filter(ImageFilter.GaussianBlur(self.radius))
