"""More and less transparency."""

from dataclasses import dataclass

from PIL import Image

from versatile.imaging.exceptions import InvalidArgument, InvalidArgumentType
from versatile.imaging.modes import Colour, to_rgba
from versatile.processors.arguments import check_colour, hold_tuples
from versatile.processors.base import Processor


@dataclass(frozen=True, slots=True)
class MakeOpaque(Processor):
    """The picture on a background, without transparency. Mode RGBA."""

    background_color: Colour | int = (255, 255, 255)

    pointwise = True

    def __post_init__(self) -> None:
        check_colour("background_color", self.background_color)
        hold_tuples(self, "background_color")

    def process(self, image: Image.Image) -> Image.Image:
        """A new, opaque image."""
        background = (*to_rgba(self.background_color)[:3], 255)
        canvas = Image.new("RGBA", image.size, background)
        canvas.alpha_composite(image.convert("RGBA"))
        return canvas


@dataclass(frozen=True, slots=True)
class SetOpacity(Processor):
    """The picture with its transparency scaled, so that its most opaque pixel gets a level.

    ``alpha = int(a * max_alpha / greatest alpha)``. Mode RGBA.
    """

    max_alpha: int = 255
    """From 0, nothing to be seen, to 255."""

    gentle = True

    def __post_init__(self) -> None:
        if type(self.max_alpha) is not int:
            raise InvalidArgumentType("max_alpha", self.max_alpha, "a whole number")
        if not 0 <= self.max_alpha <= 255:
            raise InvalidArgument("max_alpha", self.max_alpha, "a whole number from 0 to 255")

    def process(self, image: Image.Image) -> Image.Image:
        """A new image."""
        rgba = image.convert("RGBA")
        alpha = rgba.getchannel("A")
        greatest = self._greatest(alpha) or 1
        levels = [min(int(level * self.max_alpha / greatest), 255) for level in range(256)]
        rgba.putalpha(alpha.point(levels))
        return rgba

    def settled(self, image: Image.Image) -> "SetOpacity":
        """The same by the most opaque pixel of this image, for an animation."""
        return _Steady(self.max_alpha, self._greatest(image.convert("RGBA").getchannel("A")))

    def _greatest(self, alpha: Image.Image) -> int:
        return max(alpha.tobytes(), default=0)


@dataclass(frozen=True, slots=True)
class _Steady(SetOpacity):
    """The same by a greatest level that is known."""

    greatest: int = 255

    def _greatest(self, alpha: Image.Image) -> int:
        return self.greatest
