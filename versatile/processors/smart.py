"""Finding the interesting part of a picture by entropy."""

from PIL import Image

from versatile.imaging.geometry import Size
from versatile.processors.cut import Bounds, cropped

STEPS = 5
"""In how many slices, at least, an edge is given up."""


def smart_box(image: Image.Image, size: Size) -> Bounds:
    """The box of a size (or of what there is of it) that is left without the dullest edges.

    Of two opposite edges the slice of lower entropy goes, until the size is reached. Entropy is
    Shannon's, of the levels of grey, as ``Image.entropy`` computes it.
    """
    grey = image.convert("L")
    left, right = _kept(grey, size.width, vertical=False)
    top, bottom = _kept(cropped(grey, (left, 0, right, grey.height)), size.height, vertical=True)
    return left, top, right, bottom


def _kept(grey: Image.Image, length: int, *, vertical: bool) -> tuple[int, int]:
    first, last = 0, grey.height if vertical else grey.width
    step = max((last - length) // STEPS, 1)
    while last - first > length:
        width = min(step, last - first - length)
        near = _strip(grey, first, first + width, vertical=vertical)
        far = _strip(grey, last - width, last, vertical=vertical)
        if near.entropy() < far.entropy():
            first += width
        else:
            last -= width
    return first, last


def _strip(grey: Image.Image, first: int, last: int, *, vertical: bool) -> Image.Image:
    box = (0, first, grey.width, last) if vertical else (first, 0, last, grey.height)
    return cropped(grey, box)
