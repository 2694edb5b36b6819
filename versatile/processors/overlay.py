"""Laying colours and pictures over a picture."""

import hashlib
from dataclasses import dataclass

from PIL import Image

from versatile.imaging.encoding import Colour, to_rgba
from versatile.processors.arguments import check_colour, check_fraction
from versatile.processors.base import Processor
from versatile.processors.canvas import overlaid


@dataclass(frozen=True, slots=True)
class ColorOverlay(Processor):
    """The picture under a film of one colour. Mode RGB."""

    color: Colour | int
    overlay_opacity: float = 0.5
    """From 0, nothing of the colour, to 1, nothing of the picture."""

    pointwise = True

    def __post_init__(self) -> None:
        check_colour("color", self.color)
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

    def process(self, image: Image.Image) -> Image.Image:
        """A new image of the same size."""
        above = self.overlay_img.convert("RGBA")
        return overlaid(image.convert("RGBA"), above, self.position).convert(image.mode)

    def identity(self) -> list[object]:
        """A digest of the other picture, and the position."""
        other = self.overlay_img
        digest = hashlib.sha256(other.tobytes()).hexdigest()
        return [digest, other.mode, list(other.size), list(self.position)]

    def __repr__(self) -> str:
        digest, mode, size, position = self.identity()
        return f"ImageOverlay({mode} {size} {digest}, {position})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ImageOverlay) and self.identity() == other.identity()

    def __hash__(self) -> int:
        return hash(self.position)
