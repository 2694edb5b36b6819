"""A reflection below the picture."""

from dataclasses import dataclass

from PIL import Image, ImageOps

from versatile.imaging.geometry import Size
from versatile.imaging.modes import Colour, to_rgba
from versatile.processors.arguments import check_colour, check_fraction, hold_tuples
from versatile.processors.base import Processor
from versatile.processors.cut import cropped


@dataclass(frozen=True, slots=True)
class Reflection(Processor):
    """The picture above its own reflection, which fades into a background. Mode RGB."""

    background_color: Colour | int = "#FFFFFF"
    size: float = 0.0
    """The height of the reflection as a fraction of the picture's; 0 is all of it."""
    opacity: float = 0.6
    """How strong the reflection is where it begins, from 0 to 1."""

    gentle = True

    def __post_init__(self) -> None:
        check_colour("background_color", self.background_color)
        hold_tuples(self, "background_color")
        check_fraction("size", self.size)
        check_fraction("opacity", self.opacity)

    def process(self, image: Image.Image) -> Image.Image:
        """A new, taller image."""
        canvas = Image.new("RGBA", self.output_size(Size(*image.size)), self._background)
        picture = image.convert("RGBA")
        height = canvas.height - image.height
        mirrored = cropped(ImageOps.flip(picture), (0, 0, image.width, height))
        fade = Image.linear_gradient("L").rotate(180).resize((image.width, height))
        strength = fade.point([round(level * self.opacity) for level in range(256)])
        plain = Image.new("RGBA", mirrored.size, self._background)
        faded = Image.composite(mirrored, plain, strength)
        canvas.alpha_composite(picture)
        canvas.alpha_composite(faded, (0, image.height))
        return canvas.convert("RGB")

    @property
    def _background(self) -> tuple[int, int, int, int]:
        return to_rgba(self.background_color)

    def output_size(self, size: Size) -> Size:
        """The height with the reflection."""
        return Size(size.width, size.height + max(round(size.height * (self.size or 1)), 1))
