"""Sharpening."""

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

from versatile.imaging import colour
from versatile.processors.arguments import check_number
from versatile.processors.base import Processor
from versatile.processors.neighbours import mixed


@dataclass(frozen=True, slots=True)
class Sharpen(Processor):
    """Sharpens edges with Pillow's ``UnsharpMask``; transparency stays as it is."""

    radius: float = 2
    """The blur radius, in pixels of the image that is processed."""
    percent: int = 150
    """How strong it is."""
    threshold: int = 3
    """The least difference of brightness, of 255, that is sharpened."""

    def __post_init__(self) -> None:
        for name in ("radius", "percent", "threshold"):
            check_number(name, getattr(self, name))

    def process(self, image: Image.Image) -> Image.Image:
        """A new, sharper image."""
        normal = colour.normalise(image)
        if normal.mode not in ("LA", "RGBA"):
            mask = ImageFilter.UnsharpMask(self.radius, self.percent, self.threshold)
            return normal.filter(mask)
        sharper = self._opaque(normal)
        sharper.putalpha(normal.getchannel("A"))
        return sharper

    def _opaque(self, image: Image.Image) -> Image.Image:
        """The colours of a transparent picture, by the formula of ``UnsharpMask``.

        What is seen around a pixel counts, and not the colours below clear pixels.
        """
        mode = image.mode[:-1]
        colours = image.convert(mode)
        around = mixed(image, ImageFilter.GaussianBlur(self.radius)).convert(mode)
        sharper = Image.blend(around, colours, 1 + self.percent / 100)
        differences = ImageChops.difference(colours, around)
        bands = [
            Image.composite(sharp, plain, far.point(self._is_far))
            for sharp, plain, far in zip(
                sharper.split(), colours.split(), differences.split(), strict=True
            )
        ]
        return Image.merge(mode, bands)

    def _is_far(self, difference: int) -> int:
        return 255 if difference > self.threshold else 0
