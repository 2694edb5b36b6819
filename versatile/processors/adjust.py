"""Adjusting colour, brightness, contrast and sharpness."""

from dataclasses import dataclass
from math import prod

from PIL import Image, ImageEnhance, ImageFilter, ImageStat

from versatile.processors.arguments import check_number
from versatile.processors.base import Processor
from versatile.processors.neighbours import mixed

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
        alpha = rgba.getchannel("A")
        result = self._coloured(rgba)
        if self.contrast != 1:
            plain = Image.new("RGB", result.size, (self._mean(result, alpha),) * 3)
            result = Image.blend(plain, result, self.contrast)
        if self.sharpness != 1:
            result.putalpha(alpha)
            smooth = mixed(result, ImageFilter.SMOOTH()).convert("RGB")
            result = Image.blend(smooth, result.convert("RGB"), self.sharpness)
        result.putalpha(alpha)
        return result

    def settled(self, image: Image.Image) -> "Adjust":
        """The same with the contrast around the mean of this image, for an animation."""
        if self.contrast == 1:
            return self
        rgba = image.convert("RGBA")
        mean = self._mean(self._coloured(rgba), rgba.getchannel("A"))
        return _Steady(self.color, self.brightness, self.contrast, self.sharpness, mean)

    def _coloured(self, rgba: Image.Image) -> Image.Image:
        result = rgba.convert("RGB")
        if self.color != 1:
            result = ImageEnhance.Color(result).enhance(self.color)
        if self.brightness != 1:
            result = ImageEnhance.Brightness(result).enhance(self.brightness)
        return result

    def _mean(self, rgb: Image.Image, alpha: Image.Image) -> int:
        """The mean level of grey of what is seen, which contrast leaves as it is."""
        seen = alpha.point(lambda level: 255 if level else 0)
        if seen.getbbox() is None:
            return 0
        return int(ImageStat.Stat(rgb.convert("L"), seen).mean[0] + 0.5)


@dataclass(frozen=True, slots=True)
class _Steady(Adjust):
    """The same around a mean that is known."""

    mean: int = 0

    def _mean(self, rgb: Image.Image, alpha: Image.Image) -> int:
        return self.mean
