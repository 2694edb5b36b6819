"""The old path of formats and of images by hand, ``pilkit.utils``."""

from versatile.imaging.decoding import open_image
from versatile.imaging.formats import (
    extension_to_format,
    extension_to_mimetype,
    format_to_extension,
    format_to_mimetype,
    suggest_extension,
)
from versatile.imaging.images import img_to_fobj, prepare_image, process_image, save_image

__all__ = [
    "extension_to_format",
    "extension_to_mimetype",
    "format_to_extension",
    "format_to_mimetype",
    "img_to_fobj",
    "open_image",
    "prepare_image",
    "process_image",
    "save_image",
    "suggest_extension",
]
