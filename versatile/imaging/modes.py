"""Modes: what each kind of picture becomes in each format. One table, and colours to lay it on."""

from PIL import Image, ImageColor

from versatile.imaging.colour import normalise
from versatile.imaging.formats import get_format

Colour = str | tuple[int, ...]
"""A colour by name (``'white'``, ``'#ffffff'``) or as (red, green, blue[, alpha])."""

WHITE: Colour = (255, 255, 255)

CONTENT: dict[str, str] = {
    **dict.fromkeys(("1", "L", "I", "I;16", "I;16L", "I;16B", "I;16N", "F"), "L"),
    **dict.fromkeys(("LA", "La"), "LA"),
    **dict.fromkeys(("P", "RGB", "RGBX", "CMYK", "YCbCr", "LAB", "HSV"), "RGB"),
    **dict.fromkeys(("PA", "RGBA", "RGBa"), "RGBA"),
}
"""What each mode of Pillow shows: grey or colours, with or without transparency."""

WRITTEN: dict[str, tuple[str, ...]] = {
    "L": ("L", "RGB", "RGBA"),
    "LA": ("LA", "RGBA", "P"),
    "RGB": ("RGB", "RGBA", "P"),
    "RGBA": ("RGBA", "P"),
}
"""The modes in which that is written, the first that the format can hold. Where it can hold
none of them it has no transparency, and the picture is laid on the matte."""


def written_mode(mode: str, transparent: bool, format: str) -> str:
    """The mode in which a picture of a mode, with a transparent colour or not, is written.

    Raises ``UnknownFormat``, and ``KeyError`` for a mode that Pillow has not.
    """
    content = CONTENT[mode]
    if transparent and not content.endswith("A"):
        content += "A"
    modes = get_format(format).modes
    held = [item for item in WRITTEN[content] if item in modes]
    return held[0] if held else "RGB"


def prepare(image: Image.Image, format: str, *, matte: Colour = WHITE) -> Image.Image:
    """The picture in a mode that the format can hold; a new object, the input stays."""
    modes = get_format(format).modes
    if "P" in modes and image.mode == "P" and _is_held_by_a_palette(image):
        return image.copy()
    if image.mode in modes and image.mode != "P" and "transparency" not in image.info:
        return image.copy()
    normal = normalise(image)
    mode = written_mode(normal.mode, normal.has_transparency_data, format)
    if mode == "P":
        return _palette(normal)
    if normal.has_transparency_data and mode not in ("LA", "RGBA"):
        return flatten(normal, matte)
    return normal.copy() if normal.mode == mode else normal.convert(mode)


def flatten(image: Image.Image, matte: Colour) -> Image.Image:
    """The picture laid on a colour, without transparency."""
    rgba = image.convert("RGBA")
    if rgba.getchannel("A").getextrema() == (255, 255):  # as ImageKit's processors leave a photo
        rgba.info.clear()
        return rgba.convert("RGB")
    canvas = Image.new("RGBA", rgba.size, opaque(matte))
    canvas.alpha_composite(rgba)
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


def _is_held_by_a_palette(image: Image.Image) -> bool:
    return not image.has_transparency_data or isinstance(image.info.get("transparency"), int)


def _palette(normal: Image.Image) -> Image.Image:
    """256 colours; a pixel that is half transparent or more becomes fully so."""
    if not normal.has_transparency_data:
        return normal.convert("RGB").quantize(256)
    rgba = normal.convert("RGBA")
    clear = rgba.getchannel("A").point(lambda alpha: 255 if alpha < 128 else 0)
    palette = rgba.convert("RGB").quantize(255)
    palette.paste(255, mask=clear)
    palette.info["transparency"] = 255
    return palette
