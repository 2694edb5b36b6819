"""Stripping: an original without its metadata, every pixel as it was.

A JPEG, PNG, GIF or WebP is taken apart, and what makes the picture is put together again: pixels,
colours, frames, and which way is up. A TIFF, AVIF or HEIC, in which one part points at another, is
emptied where it lies. Nothing is decoded.
"""

import io
import logging
import struct

from versatile.imaging import exif, reading
from versatile.imaging.exceptions import ImageError
from versatile.imaging.layout import UnknownLayout
from versatile.imaging.limits import Limits
from versatile.imaging.stripping import gif, heif, jpeg, png, tiff, webp

logger = logging.getLogger(__name__)

_METHODS = {
    "JPEG": jpeg.stripped,
    "PNG": png.stripped,
    "GIF": gif.stripped,
    "WEBP": webp.stripped,
    "TIFF": tiff.stripped,
    "AVIF": heif.stripped,
    "HEIF": heif.stripped,
}

STRIPPED: tuple[str, ...] = tuple(_METHODS)
"""The formats that can be stripped without loss."""


def strip(data: bytes, limits: Limits | None = None) -> bytes:
    """The same picture without EXIF, GPS, XMP, IPTC, comments, texts, and what is behind its end.

    EXIF that turns it is replaced by one that does no more than that, and the colour profile
    stays. A file that is none of ``STRIPPED`` comes back as it is; and so does one that is beyond
    the limits, or not laid out as its format says, which is logged.
    """
    file = io.BytesIO(data)
    try:
        method = _METHODS.get(reading.identify(file))
        if method is None:
            return data
        turned = reading.orientation(reading.open_image(file, limits or Limits()))
        block = exif.write({exif.ORIENTATION: turned}) if turned > 1 else b""
        return method(data, block)
    except (ImageError, UnknownLayout, struct.error, LookupError, ValueError) as error:
        logger.warning("The metadata of a file stays where it is: %r", error)
        return data
