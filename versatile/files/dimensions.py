"""Dimensions: what a model's width and height fields are filled with."""

from typing import Any

from versatile.exceptions import ImageError
from versatile.imaging import decoding, svg


def read_dimensions(file: Any) -> tuple[int | None, int | None]:
    """The upright width and height of a field's file in pixels; None and None of no picture.

    The file is left open or closed, and where it stood.
    """
    closed = file.closed
    file.open()
    place = file.file.tell()
    try:
        limits = file.source.limits
        if file.options.policy.allow_svg and svg.is_svg(file.file):
            return svg.read_size(file.file, limits)
        return decoding.read_header(file.file, limits).size
    except ImageError:
        return None, None
    finally:
        file.file.seek(place)
        if closed:
            file.close()
