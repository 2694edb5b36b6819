"""Changing colours, pixel by pixel."""

from dataclasses import dataclass

from PIL import Image, ImageOps

from versatile.processors.base import PointProcessor

_SEPIA = (0.393, 0.769, 0.189, 0, 0.349, 0.686, 0.168, 0, 0.272, 0.534, 0.131, 0)
"""Red, green and blue from the three of the input. Source of the matrix: Stephen Toub,
".NET Matters: Sepia Tone", MSDN Magazine, January 2005."""


@dataclass(frozen=True, slots=True)
class Invert(PointProcessor):
    """The negative."""

    def recolour(self, image: Image.Image) -> Image.Image:
        """Each channel subtracted from white."""
        return ImageOps.invert(image)


@dataclass(frozen=True, slots=True)
class Grayscale(PointProcessor):
    """Brightness alone, by the luma formula of ITU-R 601-2 that Pillow uses."""

    def recolour(self, image: Image.Image) -> Image.Image:
        """The image in mode L."""
        return image.convert("L")


@dataclass(frozen=True, slots=True)
class Sepia(PointProcessor):
    """The brown tones of an old photograph."""

    def recolour(self, image: Image.Image) -> Image.Image:
        """Each channel as a weighted sum of all three."""
        return image.convert("RGB").convert("RGB", _SEPIA)
