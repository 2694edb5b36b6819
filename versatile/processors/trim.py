"""Cutting off borders of one colour."""

from dataclasses import dataclass

from PIL import Image, ImageChops

from versatile.imaging.geometry import Size
from versatile.imaging.modes import Colour, to_rgba
from versatile.processors.anchors import Side
from versatile.processors.arguments import (
    check_colour_if_any,
    check_fraction,
    check_some,
    hold_tuples,
)
from versatile.processors.base import Processor
from versatile.processors.cut import Cut, cropped
from versatile.processors.neighbours import without_hidden

EDGES = {Side.LEFT: 0, Side.TOP: 1, Side.RIGHT: 2, Side.BOTTOM: 3}
"""The place of each edge in a box."""


@dataclass(frozen=True, slots=True)
class TrimBorderColor(Processor):
    """The picture without the borders of one colour. One that is all border stays as it is."""

    color: Colour | int | None = None
    """By default the colour of the most pixels along the edges."""
    tolerance: float = 0.3
    """How far a colour may be off in any channel, from 0 to 1."""
    sides: tuple[str, ...] = Side.ALL

    def __post_init__(self) -> None:
        check_colour_if_any("color", self.color)
        check_fraction("tolerance", self.tolerance)
        hold_tuples(self, "color", "sides")
        check_some("sides", self.sides, Side.ALL)

    def process(self, image: Image.Image) -> Image.Image:
        """A new, smaller image."""
        return self.settled(image).process(image)

    def settled(self, image: Image.Image) -> Cut:
        """The cut that does it, for all frames of an animation."""
        full = (0, 0, *image.size)
        rgba = without_hidden(image.convert("RGBA"))
        colour = _edge_colour(rgba) if self.color is None else to_rgba(self.color)
        plain = Image.new("RGBA", rgba.size, colour)
        box = _far_from(ImageChops.difference(rgba, plain), self.tolerance).getbbox() or full
        kept = [box[EDGES[side]] if side in self.sides else full[EDGES[side]] for side in EDGES]
        return Cut((kept[0], kept[1], kept[2], kept[3]))

    def output_size(self, size: Size) -> None:
        """None: only the pixels tell."""


def _far_from(difference: Image.Image, tolerance: float) -> Image.Image:
    """White where any channel differs by more than the tolerance."""
    bands = difference.split()
    most = bands[0]
    for band in bands[1:]:
        most = ImageChops.lighter(most, band)
    return most.point(lambda level: 255 if level > tolerance * 255 else 0)


def _edge_colour(rgba: Image.Image) -> tuple[int, ...]:
    """The colour of the most pixels along the four edges."""
    width, height = rgba.size
    edge = Image.new("RGBA", (2 * (width + height), 1))
    strips = ((0, 0, width, 1), (0, height - 1, width, height))
    for index, box in enumerate(strips):
        edge.paste(cropped(rgba, box), (index * width, 0))
    upright = ((0, 0, 1, height), (width - 1, 0, width, height))
    for index, box in enumerate(upright):
        strip = cropped(rgba, box).transpose(Image.Transpose.ROTATE_90)
        edge.paste(strip, (2 * width + index * height, 0))
    colours = edge.getcolors(edge.width) or [(1, (255, 255, 255, 255))]
    most = max(colours)[1]
    assert isinstance(most, tuple)
    return most
