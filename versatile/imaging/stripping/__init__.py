"""Stripping: an original without its metadata, every pixel as it was.

A file is taken apart, and what makes the picture is put together again: pixels, colours, frames,
and which way is up. Nothing is decoded.
"""

import io
import struct

from versatile.imaging import exif, reading
from versatile.imaging.exceptions import ImageError
from versatile.imaging.limits import Limits
from versatile.imaging.stripping import gif, jpeg, png, webp
from versatile.imaging.stripping.layout import UnknownLayout

_METHODS = {
    "JPEG": jpeg.stripped,
    "PNG": png.stripped,
    "GIF": gif.stripped,
    "WEBP": webp.stripped,
}

STRIPPED: tuple[str, ...] = tuple(_METHODS)
"""The formats that can be stripped without loss."""


def strip(data: bytes, limits: Limits | None = None) -> bytes:
    """The same picture without EXIF, GPS, XMP, IPTC, comments, texts, and what is behind its end.

    EXIF that turns it is replaced by one that does no more than that, and the colour profile
    stays. A file that is none of ``STRIPPED``, that is beyond the limits, or that is not laid
    out as its format says, comes back as it is.
    """
    file = io.BytesIO(data)
    try:
        method = _METHODS.get(reading.identify(file))
        if method is None:
            return data
        turned = reading.orientation(reading.open_image(file, limits or Limits()))
        block = exif.write({exif.ORIENTATION: turned}) if turned > 1 else b""
        return method(data, block)
    except (ImageError, UnknownLayout, struct.error, IndexError):
        return data
