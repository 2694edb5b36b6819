"""Blurring."""

from dataclasses import dataclass

from PIL import Image, ImageFilter

from versatile.imaging.exceptions import InvalidArgument
from versatile.processors.base import Processor


@dataclass(frozen=True, slots=True)
class GaussianBlur(Processor):
    """Blurs with Pillow's filter of that name."""

    radius: float
    """The standard deviation, in pixels of the image that is processed."""

    def __post_init__(self) -> None:
        if not isinstance(self.radius, int | float) or self.radius < 0:
            raise InvalidArgument("radius", self.radius, "a number of pixels from 0 on")

    def process(self, image: Image.Image) -> Image.Image:
        """A new, blurred image."""
        return image.filter(ImageFilter.GaussianBlur(self.radius))
