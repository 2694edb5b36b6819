"""Compositing: what is seen of an animation that keeps layers, a GIF or a PNG.

As browsers do it: on a canvas that is clear at first, and clear again where a layer is cleared.
Pillow fills it by colours of a palette or with black, and lays half transparent pixels otherwise.
"""

import io
from collections.abc import Iterator
from typing import Any, cast

from PIL import Image

from versatile.imaging import colour, gifs, pngs, reading
from versatile.imaging.geometry import Size
from versatile.imaging.layers import Layer, Then
from versatile.imaging.limits import Limits

_LAYERS = {"GIF": gifs.layers, "PNG": pngs.layers}
_CLEAR = (0, 0, 0, 0)


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
    canvas = Image.new("RGBA", image.size)
    canvas.info["icc_profile"] = image.info.get("icc_profile")  # which all copies of it have
    for layer in _LAYERS[image.format](image.fp):
        still = _opened(layer, limits)
        before, canvas = canvas, _laid(canvas, still.convert("RGBA"), layer)
        yield _plain(canvas, grey=still.mode in ("L", "LA")), layer.duration
        if layer.then is Then.IS_UNDONE:
            canvas = before
        elif layer.then is Then.IS_CLEARED:
            canvas.paste(_CLEAR, _place(layer, still))


def _opened(layer: Layer, limits: Limits) -> Image.Image:
    image = reading.open_image(io.BytesIO(layer.still), limits)
    limits.check_size(Size(*image.size))
    image.load()
    return colour.normalise(image)


def _laid(canvas: Image.Image, still: Image.Image, layer: Layer) -> Image.Image:
    """A new canvas, with a layer on it. What hangs over an edge is cut off."""
    laid = canvas.copy() if layer.covers else Image.new("RGBA", canvas.size)
    laid.paste(still, _place(layer, still))
    return laid if layer.covers else Image.alpha_composite(canvas, laid)


def _place(layer: Layer, still: Image.Image) -> tuple[int, int, int, int]:
    return layer.left, layer.top, layer.left + still.width, layer.top + still.height


def _plain(canvas: Image.Image, *, grey: bool) -> Image.Image:
    """A copy without the channels that say nothing."""
    opacities = cast(tuple[int, int], canvas.getchannel("A").getextrema())
    return canvas.convert(("L" if grey else "RGB") + ("A" if opacities[0] < 255 else ""))
