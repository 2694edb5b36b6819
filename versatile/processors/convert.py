"""Changing the mode."""

from dataclasses import dataclass

from PIL import Image, ImageMode

from versatile.imaging.exceptions import InvalidArgument
from versatile.processors.base import Processor

_SHOWN = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr")


@dataclass(frozen=True, slots=True)
class Convert(Processor):
    """The picture in another mode of Pillow."""

    mode: str

    @property
    def gentle(self) -> bool:
        """Unless the mode has a palette, dithers, or is one that is not for showing."""
        return self.mode in _SHOWN

    def __post_init__(self) -> None:
        try:
            ImageMode.getmode(self.mode)
        except (KeyError, TypeError) as error:
            rule = "a mode of Pillow, such as RGB, RGBA or L"
            raise InvalidArgument("mode", self.mode, rule) from error

    def process(self, image: Image.Image) -> Image.Image:
        """A new image."""
        return image.convert(self.mode)
