"""Validators: of points and of uploads, and the form field that asks the latter."""

from versatile.imaging.geometry import CENTRE
from versatile.validators.form_field import VersatileImageFormField
from versatile.validators.points import (
    INVALID_CENTERPOINT_ERROR_MESSAGE,
    SEPARATOR,
    ppoi_to_text,
    round_ppoi,
    validate_ppoi,
    validate_ppoi_tuple,
)
from versatile.validators.refusals import INVALID_IMAGE_ERROR_MESSAGE, REFUSALS, refusal
from versatile.validators.uploads import inspect_image, validate_image

__all__ = [
    "CENTRE",
    "INVALID_CENTERPOINT_ERROR_MESSAGE",
    "INVALID_IMAGE_ERROR_MESSAGE",
    "REFUSALS",
    "SEPARATOR",
    "VersatileImageFormField",
    "inspect_image",
    "ppoi_to_text",
    "refusal",
    "round_ppoi",
    "validate_image",
    "validate_ppoi",
    "validate_ppoi_tuple",
]
