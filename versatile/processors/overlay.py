"""Laying colours and pictures over a picture."""

import hashlib
from dataclasses import dataclass
from typing import Any

from PIL import Image

from versatile.imaging.exceptions import InvalidArgument
from versatile.imaging.modes import Colour, to_rgba
from versatile.processors.arguments import (
    check_colour,
    check_fraction,
    check_image,
    hold_tuples,
    is_pixels,
)
from versatile.processors.base import Processor
from versatile.processors.canvas import overlaid


@dataclass(frozen=True, slots=True)
class ColorOverlay(Processor):
    """The picture under a film of one colour. Mode RGB."""

    color: Colour | int
    overlay_opacity: float = 0.5
    """From 0, nothing of the colour, to 1, nothing of the picture."""

    gentle = True

    def __post_init__(self) -> None:
        check_colour("color", self.color)
        hold_tuples(self, "color")
        check_fraction("overlay_opacity", self.overlay_opacity)

    def process(self, image: Image.Image) -> Image.Image:
        """A new image."""
        film = Image.new("RGB", image.size, to_rgba(self.color)[:3])
        return Image.blend(image.convert("RGB"), film, self.overlay_opacity)


@dataclass(frozen=True, slots=True, eq=False)
class ImageOverlay(Processor):
    """The picture with another one over it, at a position in pixels; its mode stays.

    What hangs over an edge is cut off.
    """

    overlay_img: Image.Image
    position: tuple[int, int] = (0, 0)

    gentle = True

    def __post_init__(self) -> None:
        check_image("overlay_img", self.overlay_img)
        hold_tuples(self, "position")
        if not is_pixels(self.position, 2):
            raise InvalidArgument("position", self.position, "two whole numbers of pixels (x, y)")

    def process(self, image: Image.Image) -> Image.Image:
        """A new image of the same size."""
        above = self.overlay_img.convert("RGBA")
        return overlaid(image.convert("RGBA"), above, self.position).convert(image.mode)

    def identity(self) -> list[Any]:
        """A digest of the other picture, and the position."""
        rgba = self.overlay_img.convert("RGBA")  # so that a palette counts
        digest = hashlib.sha256(rgba.tobytes()).hexdigest()
        return [digest, list(rgba.size), list(self.position)]

    def __repr__(self) -> str:
        digest, (width, height), position = self.identity()
        return f"ImageOverlay({width}×{height} {digest}, {position})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ImageOverlay) and self.identity() == other.identity()

    def __hash__(self) -> int:
        return hash(self.position)
