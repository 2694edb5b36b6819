"""Blurring."""

from dataclasses import dataclass

from PIL import Image, ImageFilter

from versatile.imaging import colour
from versatile.processors.arguments import check_number
from versatile.processors.base import Processor
from versatile.processors.neighbours import mixed


@dataclass(frozen=True, slots=True)
class GaussianBlur(Processor):
    """Blurs with Pillow's filter of that name; what cannot be seen colours nothing."""

    radius: float
    """The standard deviation, in pixels of the image that is processed."""

    def __post_init__(self) -> None:
        check_number("radius", self.radius)

    def process(self, image: Image.Image) -> Image.Image:
        """A new, blurred image."""
        normal = colour.normalise(image)
        return (
            mixed(normal, ImageFilter.GaussianBlur(self.radius)) if self.radius else normal.copy()
        )
