"""Adjusting colour, brightness, contrast and sharpness."""

from dataclasses import dataclass

from PIL import Image, ImageEnhance

from versatile.processors.arguments import check_number
from versatile.processors.base import Processor


@dataclass(frozen=True, slots=True)
class Adjust(Processor):
    """Pillow's four enhancements, in the order of the arguments; 1 changes nothing.

    Mode RGBA; transparency stays as it is.
    """

    color: float = 1.0
    brightness: float = 1.0
    contrast: float = 1.0
    sharpness: float = 1.0

    def __post_init__(self) -> None:
        for name in ("color", "brightness", "contrast", "sharpness"):
            check_number(name, getattr(self, name))

    def process(self, image: Image.Image) -> Image.Image:
        """A new, adjusted image."""
        rgba = image.convert("RGBA")
        result = rgba.convert("RGB")
        for enhancement, factor in (
            (ImageEnhance.Color, self.color),
            (ImageEnhance.Brightness, self.brightness),
            (ImageEnhance.Contrast, self.contrast),
            (ImageEnhance.Sharpness, self.sharpness),
        ):
            if factor != 1:
                result = enhancement(result).enhance(factor)
        result.putalpha(rgba.getchannel("A"))
        return result
