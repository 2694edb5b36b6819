"""Sharpening."""

from dataclasses import dataclass

from PIL import Image, ImageFilter

from versatile.imaging import colour
from versatile.processors.arguments import check_number
from versatile.processors.base import Processor


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
        mask = ImageFilter.UnsharpMask(self.radius, self.percent, self.threshold)
        normal = colour.normalise(image)
        sharper = normal.filter(mask)
        if normal.mode in ("LA", "RGBA"):
            sharper.putalpha(normal.getchannel("A"))
        return sharper
