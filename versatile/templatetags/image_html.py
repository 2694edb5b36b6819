"""The ``<img>`` of a cache file, and the file of a thumbnail: what all template engines share."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from versatile.exceptions import PictureError
from versatile.imaging.geometry import Size
from versatile.registry import generator_registry
from versatile.specs.cachefile import ImageCacheFile

logger = logging.getLogger(__name__)

THUMBNAIL = "imagekit:thumbnail"
"""The id of the generator of thumbnails, unless a tag names another."""

_UNSAFE_IN_QUOTES = str.maketrans({"<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})

_DIMENSIONS = re.compile(r"(\d*)x(\d*)")


def cache_file(generator_id: str, arguments: Mapping[str, Any]) -> ImageCacheFile:
    """The file of a registered generator; raises ``NotRegistered``."""
    return ImageCacheFile(generator_registry.get(generator_id, **arguments))


def thumbnail_file(
    dimensions: str, source: Any, generator_id: str = THUMBNAIL, **options: Any
) -> ImageCacheFile:
    """The file of a thumbnail.

    Raises ``TypeError`` for no source, ``ValueError`` for dimensions that are none of ``WxH``,
    ``Wx`` and ``xH``, and ``NotRegistered``.
    """
    if source is None:
        raise TypeError(f"The thumbnail {dimensions} has no source; test it with {{% if %}}")
    width, height = parse_dimensions(dimensions)
    sides = {"width": width, "height": height}
    return cache_file(generator_id, {**sides, "source": source, **options})


def parse_dimensions(text: object) -> tuple[int | None, int | None]:
    """Width and height in pixels of ``'100x50'``, ``'100x'`` or ``'x50'``; ``ValueError``."""
    match = _DIMENSIONS.fullmatch(str(text).strip())
    sides = [int(side) if side else None for side in match.groups()] if match else []
    if sides in ([], [None, None]):
        raise ValueError(f"{text!r} are no dimensions; write '100x50', '100x' or 'x50' in pixels")
    width, height = sides
    return width, height


def image_html(file: ImageCacheFile, attributes: Mapping[str, Any]) -> SafeString:
    """The ``<img>`` of a file: given attributes, width and height unless one is given, source.

    A picture that cannot be made is logged and keeps its place on the page, unless ``DEBUG``
    is on; where there is no source there is no image.
    """
    url = _url(file)
    if not url:
        return SafeString()
    if settings.DEBUG and "alt" not in attributes:
        logger.warning(
            "An <img> has no alternative text: %r; give it alt=, empty if it only decorates", file
        )
    found = {name: attributes[name] for name in attributes if attributes[name] is not None}
    if not {"width", "height"} & set(found):
        found.update(_size(file))
    found["src"] = url
    pairs = ((name, _attribute_value(value)) for name, value in found.items())
    return format_html("<img {} />", format_html_join(" ", '{}="{}"', pairs))


def _attribute_value(value: Any) -> SafeString:
    """A value between quotes. What is safe as text is not safe there, for it may hold quotes."""
    escaped = value.__html__() if hasattr(value, "__html__") else escape(value)
    return SafeString(escaped.translate(_UNSAFE_IN_QUOTES))


def _url(file: ImageCacheFile) -> str:
    """The URL; that of a file which is not there where it cannot be made now."""
    try:
        return file.url
    except PictureError as error:
        if not error.silent_variable_failure:
            raise
    return file.storage.url(file.name) if file.name else ""


def _size(file: ImageCacheFile) -> Mapping[str, int]:
    try:
        size: Size = file.dimensions
    except PictureError as error:
        if not error.silent_variable_failure:
            raise
    except OSError as error:  # whoever makes it has not made it yet
        logger.debug("The size of %r is not known yet: %s", file, error)
    else:
        return {"width": size.width, "height": size.height}
    return {}
