"""Refusals: what the sender of a file is told of it, in his language."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from versatile.exceptions import (
    EmptyImage,
    ImageTooLarge,
    InvalidGeometry,
    SideTooLong,
    TooManyBytes,
    TooManyPieces,
    TooManyPixels,
    TruncatedImage,
    UnidentifiedImage,
)
from versatile.imaging import reading

logger = logging.getLogger(__name__)

NO_MESSAGES: Mapping[str, str] = {}
"""Of a form field that words nothing itself."""

_TOO_LARGE = ImageTooLarge | InvalidGeometry

INVALID_IMAGE_ERROR_MESSAGE = _(
    "No picture can be made of this file. Send another one, such as a JPEG or a PNG."
)
REFUSALS: dict[type[BaseException], Any] = {
    BaseException: INVALID_IMAGE_ERROR_MESSAGE,
    EmptyImage: _("This picture is empty. Send another one."),
    UnidentifiedImage: _(
        "This file is no picture of a known format, or it is damaged. Send one of these formats: "
        "%(formats)s."
    ),
    TruncatedImage: _(
        "This picture is damaged, or a part of it is missing. Save it once more in the program "
        "that it comes from, and send the new file."
    ),
    ImageTooLarge: _("This picture is too large to be read. Send a smaller one."),
    TooManyBytes: _(
        "This file has %(length)s bytes, and %(most)s are allowed. Send a smaller one."
    ),
    TooManyPixels: _(
        "This picture is too large: %(width)s × %(height)s pixels would have to be read, and "
        "%(most)s are allowed. Send a smaller one."
    ),
    SideTooLong: _(
        "This picture is too large: %(width)s × %(height)s pixels would have to be read, and a "
        "side may have %(most)s. Send a smaller one."
    ),
    TooManyPieces: _(
        "This file is built of more pieces than any picture needs. Save it anew, as a JPEG or a "
        "PNG, and send the new file."
    ),
    InvalidGeometry: _(
        "This picture is too long and narrow for the pictures that are made of it. Send one of "
        "another shape."
    ),
}
"""What the sender of a file is told, by the class of the error, or the next above it.

He cannot raise a limit or install a package; whoever can, reads of it in the error itself.
"""


def refusal(error: BaseException, own: Mapping[str, Any] = NO_MESSAGES) -> ValidationError:
    """What the sender of a file is told; the log has the error itself.

    ``own`` are the messages of a form field by their codes, where a site words them itself.
    """
    logger.info("A file is refused: %s", error)
    code = "image_too_large" if isinstance(error, _TOO_LARGE) else "invalid_image"
    message = own.get(code, INVALID_IMAGE_ERROR_MESSAGE)
    if message is INVALID_IMAGE_ERROR_MESSAGE:
        message = next(REFUSALS[cls] for cls in type(error).__mro__ if cls in REFUSALS)
    facts = error.facts if isinstance(error, ImageTooLarge) else {}
    numbers = {name: number_format(fact, force_grouping=True) for name, fact in facts.items()}
    return ValidationError(message, code, {"formats": ", ".join(reading.known()), **numbers})
