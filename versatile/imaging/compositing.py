"""Compositing: what is seen of an animation that keeps layers, a GIF or a PNG.

As browsers do it: on a canvas that is clear at first, and clear again where a layer is cleared.
Pillow fills it by colours of a palette or with black, and lays half transparent pixels otherwise.
"""

import io
from collections.abc import Iterator
from typing import Any, cast

from PIL import Image

from versatile.imaging import colour, gifs, pngs, reading
from versatile.imaging.exceptions import TruncatedImage
from versatile.imaging.geometry import Size
from versatile.imaging.layers import Layer, Then
from versatile.imaging.limits import Limits

_LAYERS = {"GIF": gifs.layers, "PNG": pngs.layers}
_CLEAR = (0, 0, 0, 0)

Bounds = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""


def is_layered(image: Any, frames: int) -> bool:
    """Whether an opened image of so many frames is seen only when its layers are laid."""
    if image.format not in _LAYERS:
        return False
    if frames > 1 or image.info.get("default_image"):
        return True
    return bool(image.format == "GIF" and image.tile[0][1] != (0, 0, *image.size))


def composed(image: Any, limits: Limits) -> Iterator[tuple[Image.Image, float]]:
    """The frames of an opened image, as they are seen, and for how many milliseconds each.

    In a mode that can be resampled. Raises what decoders raise, and ``ImageError``.
    """
    profile = image.info.get("icc_profile")
    canvas: Image.Image | None = None
    for layer in _LAYERS[image.format](image.fp):
        still = _opened(layer, limits)
        still.info["icc_profile"] = profile
        fills = canvas is None and still.size == image.size
        if fills:  # the first as a rule, and often the only one that is asked for
            yield still, layer.duration
        if canvas is None:
            canvas = Image.new("RGBA", image.size)
            canvas.info["icc_profile"] = profile
        box = _seen_part(layer, still, canvas)
        below = _part(canvas, box)
        canvas.paste(_laid(below, still, layer), box)
        if not fills:
            yield _plain(canvas, grey=still.mode in ("L", "LA")), layer.duration
        if layer.then is not Then.STAYS:
            canvas.paste(below if layer.then is Then.IS_UNDONE else _CLEAR, box)


def _opened(layer: Layer, limits: Limits) -> Image.Image:
    image = reading.open_image(io.BytesIO(layer.still), limits)
    limits.check_size(Size(*image.size))
    image.load()
    normal = colour.normalise(image)
    return normal.copy() if normal is image else normal  # which is no file that has layers


def _seen_part(layer: Layer, still: Image.Image, canvas: Image.Image) -> Bounds:
    """Where a layer lies on the canvas; what hangs over an edge is cut off."""
    right, bottom = layer.left + still.width, layer.top + still.height
    if layer.left >= canvas.width or layer.top >= canvas.height:
        raise TruncatedImage(f"a frame lies outside, at {layer.left}, {layer.top}")
    return layer.left, layer.top, min(right, canvas.width), min(bottom, canvas.height)


def _laid(below: Image.Image, still: Image.Image, layer: Layer) -> Image.Image:
    """A layer on the part of the canvas where it lies."""
    above = _part(still.convert("RGBA"), (0, 0, *below.size))
    return above if layer.covers else Image.alpha_composite(below, above)


def _part(image: Image.Image, box: Bounds) -> Image.Image:
    """A part as a picture of its own. ``Image.crop`` would ask a switch of the whole process."""
    left, top, right, bottom = box
    return image.resize((right - left, bottom - top), Image.Resampling.NEAREST, box=box)


def _plain(canvas: Image.Image, *, grey: bool) -> Image.Image:
    """A copy without the channels that say nothing."""
    opacities = cast(tuple[int, int], canvas.getchannel("A").getextrema())
    return canvas.convert(("L" if grey else "RGB") + ("A" if opacities[0] < 255 else ""))
