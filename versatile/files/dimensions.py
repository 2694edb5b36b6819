"""Dimensions: what a model's width and height fields are filled with."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from versatile.exceptions import ImageError
from versatile.imaging import decoding, svg

logger = logging.getLogger(__name__)

_OPTIONAL: ContextVar[bool] = ContextVar("versatile_dimensions_are_optional", default=False)


@contextmanager
def optional_dimensions() -> Iterator[None]:
    """Until the block ends, dimensions stay as they are where the file cannot tell them.

    Otherwise loading a row, or assigning a file, raises what the storage raises, as with Django's
    own field.
    """
    token = _OPTIONAL.set(True)
    try:
        yield
    finally:
        _OPTIONAL.reset(token)


def are_optional(name: str, error: Exception) -> bool:
    """Whether nobody needs the dimensions of the named file now; then it is logged."""
    if _OPTIONAL.get():
        logger.warning("The dimensions of %r cannot be read: %s", name, error)
    return _OPTIONAL.get()


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
