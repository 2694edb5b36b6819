"""Adjusting colour, brightness, contrast and sharpness."""

from dataclasses import dataclass
from math import prod

from PIL import Image, ImageEnhance

from versatile.processors.arguments import check_number
from versatile.processors.base import Processor

_GENTLE = 1.5
"""How much stronger a difference may become and still not be seen."""


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

    @property
    def gentle(self) -> bool:
        """Unless it looks at neighbours, or shows differences that could not be seen before."""
        factors = (self.color, self.brightness, self.contrast)
        strengthened = prod(max(factor, 1) for factor in factors)
        return self.sharpness == 1 and strengthened <= _GENTLE

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
