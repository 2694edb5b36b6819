"""SVG: drawings that are shown as they are. Of their text only the root is read, for its size.

The package defusedxml reads it, which refuses entities and asks nobody for a document type.
"""

import importlib
import io
import re
from collections.abc import Mapping
from typing import IO, Any

from versatile.imaging import formats
from versatile.imaging.exceptions import UnidentifiedImage
from versatile.imaging.geometry import Size
from versatile.imaging.limits import Limits

MAX_ROOT = 1 << 20
"""The most bytes that are read of a drawing to find its root element."""

_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "em": 16.0, "rem": 16.0}
_UNITS |= {"in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}
"""How many pixels of CSS a unit is, of letters as browsers draw them."""
_LONGEST = 1_000_000
"""Pixels of a side beyond which it is a mistake, and more than a database holds."""
_LETTERS = 40
"""The most letters of a length, or of a name in a message: they may have a million."""
_LENGTH = re.compile(r"\+?([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*([a-z]*)", re.IGNORECASE)
_USUAL = Size(300, 150)
"""The size that browsers give to what has none."""


def is_svg(file: IO[bytes]) -> bool:
    """Whether a seekable binary file begins as an SVG; it stays where it is."""
    place = file.tell()
    file.seek(0)
    head = file.read(formats.SNIFFED)
    file.seek(place)
    return formats.sniff(head) == "SVG"


def read_size(file: IO[bytes], limits: Limits) -> Size:
    """The size of a drawing in pixels of CSS, by its root element; raises ``ImageError``."""
    file.seek(0, io.SEEK_END)
    limits.check_bytes(file.tell())
    file.seek(0)
    root = _root(file)
    width, height = (_length(root.get(name)) for name in ("width", "height"))
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    drawn = [_length(item) for item in box[2:]] if len(box) == 4 else [None, None]
    if drawn[0] and drawn[1] and not (width and height):  # one side follows from the other
        scale = width / drawn[0] if width else height / drawn[1] if height else 1
        width, height = drawn[0] * scale, drawn[1] * scale
    sides = width or _USUAL.width, height or _USUAL.height
    return Size(*(min(max(round(side), 1), _LONGEST) for side in sides))


def _root(file: IO[bytes]) -> Mapping[str, Any]:
    """The attributes of the root element; nothing behind it is read."""
    try:
        parser = importlib.import_module("defusedxml.ElementTree")
    except ImportError as error:
        raise UnidentifiedImage(
            "it is an SVG; install django-versatile[svg] to take it, or send a PNG"
        ) from error
    try:
        head = io.BytesIO(file.read(MAX_ROOT))
        _, root = next(iter(parser.iterparse(head, events=("start",))))
    except Exception as error:  # parsers raise what they like
        raise UnidentifiedImage(f"it is no SVG that can be read: {error}") from error
    if root.tag.rpartition("}")[2] != "svg":
        raise UnidentifiedImage(f"it is no SVG, its root is {root.tag[:_LETTERS]!r}")
    attributes: Mapping[str, Any] = root.attrib
    return attributes


def _length(text: str | None) -> float | None:
    """A length in pixels; None for what is relative, or none."""
    text = (text or "").strip()
    match = _LENGTH.fullmatch(text) if len(text) <= _LETTERS else None
    factor = _UNITS.get(match[2].lower()) if match else None
    length = float(match[1]) * factor if match and factor else 0.0
    return length if 0 < length <= _LONGEST else None
