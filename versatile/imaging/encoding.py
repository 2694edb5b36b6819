"""Writing pixels: what each mode becomes in each format, and the options to save with."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

from PIL import Image, ImageColor

from versatile.imaging.colour import normalise
from versatile.imaging.exceptions import EncodingError, VersatileError
from versatile.imaging.formats import get_format

Colour = str | tuple[int, ...]
"""A colour by name (``'white'``, ``'#ffffff'``) or as (red, green, blue[, alpha])."""

Options = tuple[tuple[str, Any], ...]
"""Save options as sorted pairs: a value that can be compared and hashed."""

WHITE: Colour = (255, 255, 255)


def freeze(options: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Options:
    """Save options in their one order."""
    return tuple(sorted(dict(options).items()))


def encode(
    image: Image.Image,
    format: str,
    options: Options = (),
    *,
    matte: Colour = WHITE,
    autoconvert: bool = True,
) -> bytes:
    """The picture as a file of a format, with nothing of the metadata of its source.

    Transparency is kept where the format can hold it and laid on ``matte`` elsewhere. Without
    ``autoconvert`` the mode stays as it is. Raises ``EncodingError``.
    """
    buffer = io.BytesIO()
    try:
        fitting = prepare(image, format, matte=matte) if autoconvert else image.copy()
        fitting.info = {key: fitting.info[key] for key in ("transparency",) if key in fitting.info}
        fitting.save(buffer, format, **(_defaults(fitting, format) | dict(options)))
    except VersatileError:
        raise
    except Exception as error:  # encoders raise what they like
        size = f"{image.width}×{image.height}"
        raise EncodingError(
            f"{size} in mode {image.mode} cannot be written as {format}: {error}"
        ) from error
    return buffer.getvalue()


def _defaults(image: Image.Image, format: str) -> dict[str, Any]:
    # An icon holds its usual sizes otherwise, none of which need be the one asked for.
    return {"sizes": [image.size]} if format.upper() == "ICO" else {}


def prepare(image: Image.Image, format: str, *, matte: Colour = WHITE) -> Image.Image:
    """The picture in a mode that the format can hold; a new object, the input stays."""
    modes = get_format(format).modes
    if "P" in modes:
        return _palette(image)
    if image.mode in modes and "transparency" not in image.info:
        return image.copy()
    normal = normalise(image)
    if normal.has_transparency_data and "RGBA" not in modes:
        return flatten(normal, matte)
    return normal.convert(_best_mode(normal, modes))


def _best_mode(normal: Image.Image, modes: tuple[str, ...]) -> str:
    if normal.mode in modes:
        return normal.mode
    if normal.has_transparency_data:
        return "RGBA"
    return "RGB" if "RGB" in modes else modes[0]


def flatten(image: Image.Image, matte: Colour) -> Image.Image:
    """The picture laid on a colour, without transparency."""
    canvas = Image.new("RGBA", image.size, opaque(matte))
    canvas.alpha_composite(image.convert("RGBA"))
    return canvas.convert("RGB")


def opaque(colour: Colour) -> tuple[int, ...]:
    """A colour as (red, green, blue); raises ``ValueError`` for a name that is none."""
    rgb = ImageColor.getrgb(colour) if isinstance(colour, str) else colour
    return tuple(rgb[:3])


def to_rgba(colour: Colour | int) -> tuple[int, int, int, int]:
    """A colour as (red, green, blue, alpha); opaque if it says nothing of alpha.

    A whole number is a level of grey. Raises ``ValueError`` for what is no colour.
    """
    if isinstance(colour, int):
        colour = (colour, colour, colour)
    parts = ImageColor.getrgb(colour) if isinstance(colour, str) else tuple(colour)
    if len(parts) not in (3, 4) or not all(0 <= part <= 255 for part in parts):
        raise ValueError(f"{colour!r} is no colour: three or four levels from 0 to 255")
    red, green, blue, alpha = (*parts, 255)[:4]
    return red, green, blue, alpha


def _palette(image: Image.Image) -> Image.Image:
    """256 colours; a pixel that is half transparent or more becomes fully so."""
    one_clear = isinstance(image.info.get("transparency"), int)
    if image.mode == "P" and (one_clear or not image.has_transparency_data):
        return image.copy()
    normal = normalise(image)
    if normal.mode == "L":
        return normal.copy()
    if not normal.has_transparency_data:
        return normal.convert("RGB").quantize(256)
    rgba = normal.convert("RGBA")
    clear = rgba.getchannel("A").point(lambda alpha: 255 if alpha < 128 else 0)
    palette = rgba.convert("RGB").quantize(255)
    palette.paste(255, mask=clear)
    palette.info["transparency"] = 255
    return palette
