"""Validators: of the PPOI in its two forms, ``'0.5x0.5'`` and (0.5, 0.5), and of uploads."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Decimal
from numbers import Real
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from versatile.conf import SETTINGS_ALONE, Policy
from versatile.exceptions import (
    ConfigurationError,
    EmptyImage,
    ImageTooLarge,
    InvalidGeometry,
    PictureError,
    SideTooLong,
    TooManyBytes,
    TooManyPieces,
    TooManyPixels,
    TruncatedImage,
    UnidentifiedImage,
    VersatileError,
)
from versatile.filters import FilteredImage, FilterLibrary
from versatile.imaging import decoding, planning, reading, svg, wholeness
from versatile.imaging.formats import format_to_mimetype
from versatile.imaging.geometry import CENTRE, Point
from versatile.imaging.recipe import Recipe, check_area, demand_of
from versatile.registry import versatileimagefield_registry
from versatile.renditions.keys import ORIGINAL, configured_key_sets, parse_key
from versatile.renditions.source import Source, limits_of
from versatile.renditions.writing import Upstream
from versatile.sizers import build_sizer

INVALID_CENTERPOINT_ERROR_MESSAGE = _(
    "%(value)s is in invalid ppoi. A primary point of interest is two fractions between 0 and 1, "
    "from the left and from the top: as a pair, such as (0.25, 0.75), or as text, such as "
    "'0.25x0.75'."
)

SEPARATOR = "x"

_NOTHING: Mapping[str, Any] = {}
_TOO_LARGE = ImageTooLarge | InvalidGeometry

logger = logging.getLogger(__name__)


def validate_ppoi_tuple(value: object) -> bool:
    """Whether a value is a pair of numbers between 0 and 1."""
    return (
        isinstance(value, tuple) and len(value) == 2 and all(_is_fraction(part) for part in value)
    )


def _is_fraction(part: object) -> bool:
    # A bool is an int, but its text is no number.
    if isinstance(part, bool):
        return False
    return isinstance(part, int | float | Real | Decimal) and 0 <= float(part) <= 1


def validate_ppoi(value: object, return_converted_tuple: bool = False) -> Point | None:
    """Raise ``ValidationError`` for what is no point; return the pair if that is wanted."""
    point = value if isinstance(value, tuple) else _parse(value)
    if point is None or not validate_ppoi_tuple(point):
        raise ValidationError(
            INVALID_CENTERPOINT_ERROR_MESSAGE, code="invalid_ppoi", params={"value": repr(value)}
        )
    return (_plain(point[0]), _plain(point[1])) if return_converted_tuple else None


def _plain(part: Any) -> float:
    """A number whose text every reader understands: fractions and decimals become floats."""
    return part if type(part) in (int, float) else float(part)


def _parse(value: object) -> tuple[Any, ...] | None:
    if not isinstance(value, str):
        return None
    try:
        return tuple(float(part.strip()) for part in value.split(SEPARATOR))
    except ValueError:
        return None


def ppoi_to_text(point: Point) -> str:
    """The canonical text of a point: ``0.5x0.5``."""
    return SEPARATOR.join(map(str, point))


def round_ppoi(point: Point, max_length: int | None) -> Point:
    """The point with the most decimals whose text is no longer than ``max_length``.

    Raises ``ValidationError`` where not even whole numbers fit.
    """
    if max_length is None or len(ppoi_to_text(point)) <= max_length:
        return point
    for decimals in range(max_length, -1, -1):
        rounded = round(point[0], decimals), round(point[1], decimals)
        if len(ppoi_to_text(rounded)) <= max_length:
            return rounded
    raise ValidationError(
        _("The point %(value)s does not fit into %(max_length)s characters."),
        code="ppoi_too_long",
        params={"value": ppoi_to_text(point), "max_length": max_length},
    )


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


def validate_image(file: Any, policy: Policy = SETTINGS_ALONE) -> None:
    """Refuse a new file of which the declared renditions cannot be made.

    It is judged by its header before anything is decoded, and then decoded as small as it can be,
    to see that it is whole. A stored file is not looked at. Raises ``ValidationError`` with the
    code ``invalid_image`` or ``image_too_large``.
    """
    if policy.validate_uploads and file and not getattr(file, "_committed", False):
        upload = _upload_of(file)
        if getattr(upload, "judged_by", None) is not policy:
            with _as_validation_errors(), _opened(upload) as opened:
                _judge(opened, policy)


def inspect_image(file: Any, policy: Policy, own: Mapping[str, Any] = _NOTHING) -> tuple[Any, str]:
    """What Pillow knows of a new file by its header, None of a drawing, and its MIME type.

    The file is judged as by ``validate_image``, which see, where the policy wants that. ``own``
    are the messages of a form field.
    """
    with _as_validation_errors(own), _opened(file) as upload:
        limits = limits_of(policy)
        if policy.allow_svg and svg.is_svg(upload):
            svg.read_size(upload, limits)
            return None, format_to_mimetype("SVG")
        image = reading.open_image(upload, limits)
        if policy.validate_uploads:
            _judge(upload, policy)
            file.judged_by = policy  # the form and the model have the same door
        return image, format_to_mimetype(image.format or "")


def _upload_of(file: Any) -> Any:
    """The new file behind a field's file."""
    return file.file if hasattr(file, "_committed") else file


@contextmanager
def _as_validation_errors(own: Mapping[str, Any] = _NOTHING) -> Iterator[None]:
    try:
        yield
    except VersatileError as error:
        raise refusal(error, own) from error


def refusal(error: BaseException, own: Mapping[str, Any] = _NOTHING) -> ValidationError:
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


@contextmanager
def _opened(file: Any) -> Iterator[Any]:
    """An upload that nobody closes, and that stands at its start afterwards."""
    if getattr(file, "closed", False):
        file.open()
    try:
        yield _LeftOpen(file)
    finally:
        file.seek(0)


class _LeftOpen:
    """An upload that others may close in vain: it is to be stored afterwards."""

    def __init__(self, file: Any) -> None:
        # Looked up once: a header is read in small pieces, and Django looks them up for each.
        self.read, self.seek, self.tell = file.read, file.seek, file.tell
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def close(self) -> None:
        """Nothing."""


def _judge(file: Any, policy: Policy) -> None:
    limits = limits_of(policy)
    if policy.allow_svg and svg.is_svg(file):
        svg.read_size(file, limits)
        return
    with decoding.open_picture(file, limits) as picture:
        recipes = list(_declared(policy))
        for recipe in recipes:
            check_area(recipe, picture.size, policy.max_area)
        demands = [demand_of(recipe, picture.size) for recipe in recipes]
        scale = planning.draft_scale(demands)
        wholeness.check(picture, file, limits, scale, moving=policy.animated == "keep")


def _declared(policy: Policy) -> Iterator[Recipe]:
    """The recipes of all renditions in the configured key sets."""
    source = Source(default_storage, "upload.png", policy=policy)
    for pairs in configured_key_sets():
        for _name, key in pairs:
            with suppress(PictureError, ConfigurationError):  # of which manage.py check tells
                yield from _recipes(source, key)


def _recipes(source: Source, key: str) -> Iterator[Recipe]:
    parsed = parse_key(key)
    if parsed == ORIGINAL:
        return
    upstream = Upstream(source, source.name)
    last: FilteredImage | None = None
    for name in parsed.filters:
        last = FilterLibrary.starting_from(upstream, create_on_demand=False)[name]
        upstream = last.downstream
    if parsed.sizer in versatileimagefield_registry.all_sizers():
        yield (
            build_sizer(parsed.sizer, upstream, create_on_demand=False)
            .rendition(parsed.size)
            .recipe
        )
    elif last is not None and parsed.sizer is None:
        yield last.rendition().recipe


__all__ = [
    "CENTRE",
    "INVALID_CENTERPOINT_ERROR_MESSAGE",
    "INVALID_IMAGE_ERROR_MESSAGE",
    "REFUSALS",
    "inspect_image",
    "ppoi_to_text",
    "refusal",
    "round_ppoi",
    "validate_image",
    "validate_ppoi",
    "validate_ppoi_tuple",
]
