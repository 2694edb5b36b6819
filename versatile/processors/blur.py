"""Blurring."""

from dataclasses import dataclass

from PIL import Image, ImageFilter

from versatile.imaging import colour
from versatile.processors.arguments import check_number
from versatile.processors.base import Processor
from versatile.processors.neighbours import mixed


@dataclass(frozen=True, slots=True)
class GaussianBlur(Processor):
    """Blurs with Pillow's filter of that name, pixel for pixel.

    So the colours below clear pixels show at their rims; ``Blur`` leaves them out.
    """

    radius: float
    """The standard deviation, in pixels of the image that is processed."""

    def __post_init__(self) -> None:
        check_number("radius", self.radius)

    def process(self, image: Image.Image) -> Image.Image:
        """A new, blurred image."""
        return colour.normalise(image).filter(ImageFilter.GaussianBlur(self.radius))


@dataclass(frozen=True, slots=True)
class Blur(Processor):
    """A Gaussian blur to which each pixel adds as much colour as is seen of it.

    Of a picture without transparency it makes what ``GaussianBlur`` makes.
    """

    radius: float
    """The standard deviation, in pixels of the image that is processed."""

    def __post_init__(self) -> None:
        check_number("radius", self.radius)

    def process(self, image: Image.Image) -> Image.Image:
        """A new, blurred image."""
        normal = colour.normalise(image)
        blur = ImageFilter.GaussianBlur(self.radius)
        return mixed(normal, blur) if self.radius else normal.copy()
