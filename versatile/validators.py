"""Validators: of the PPOI in its two forms, ``'0.5x0.5'`` and (0.5, 0.5), and of uploads.

And the form field that asks the latter, which all fields of images have.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from numbers import Real
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from versatile.conf import SETTINGS_ALONE, Policy
from versatile.exceptions import (
    ConfigurationError,
    ImageError,
    ImageTooLarge,
    InvalidGeometry,
    PictureError,
    VersatileError,
)
from versatile.filters import FilteredImage, FilterLibrary
from versatile.imaging import decoding, planning, reading, svg, wholeness
from versatile.imaging.formats import TAKEN_EXTENSIONS, format_to_mimetype
from versatile.imaging.geometry import CENTRE, Point, Size
from versatile.imaging.recipe import Recipe, area_limit, demand_of
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


INVALID_IMAGE_ERROR_MESSAGE = _("No picture can be made of this file: %(reason)s.")


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


def inspect_image(file: Any, policy: Policy) -> tuple[Any, str]:
    """What Pillow knows of a new file by its header, None of a drawing, and its MIME type.

    The file is judged as by ``validate_image``, which see, where the policy wants that.
    """
    with _as_validation_errors(), _opened(file) as upload:
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
def _as_validation_errors() -> Iterator[None]:
    try:
        yield
    except VersatileError as error:
        raise refusal(error) from error


def refusal(error: VersatileError) -> ValidationError:
    """What a user is told of a file that is refused."""
    too_large = isinstance(error, ImageTooLarge | InvalidGeometry)
    return ValidationError(
        INVALID_IMAGE_ERROR_MESSAGE,
        code="image_too_large" if too_large else "invalid_image",
        params={"reason": str(error).rstrip(".")},
    )


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
        _judge_size(recipes, picture.size, policy)
        demands = [demand_of(recipe, picture.size) for recipe in recipes]
        scale = planning.draft_scale(demands)
        wholeness.check(picture, file, limits, scale, moving=policy.animated == "keep")


def _judge_size(recipes: list[Recipe], size: Size, policy: Policy) -> None:
    """Raise ``ImageTooLarge`` where a rendition would grow beyond all bounds."""
    for recipe in recipes:
        try:
            made = recipe.output_size(size)
        except VersatileError as error:
            raise ImageError(str(error)) from error
        most = area_limit(size, policy.max_area)
        if made is not None and math.prod(made) > most:
            raise ImageTooLarge(
                f"a rendition of {made.width}×{made.height} pixels would be made of it, more than "
                f"{most}; send one of another shape, or raise MAX_AREA"
            )


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


class VersatileImageFormField(forms.ImageField):
    """A form field of an image, which refuses a file that no rendition could be made of.

    Django's own would ask all parsers of Pillow, and judge by its global limit. An upload that
    somebody closed is opened again. ``policy`` is that of the model field.
    """

    default_validators: list[Any] = []

    def __init__(self, *, policy: Policy = SETTINGS_ALONE, **kwargs: Any) -> None:
        self.policy = policy
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Any:
        """The checked upload; raises ``ValidationError`` for what is no image.

        As of Django's own, its ``image`` is what Pillow knows by the header.
        """
        if data and getattr(data, "closed", False):
            try:
                data.open()
            except (OSError, ValueError) as error:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        upload: Any = super(forms.ImageField, self).to_python(data)
        if upload is None:
            return None
        if not self.policy.correct_extension:
            FileExtensionValidator(TAKEN_EXTENSIONS)(upload)
        try:
            upload.image, upload.content_type = inspect_image(upload, self.policy)
        except ValidationError as error:
            if error.code == "invalid_image":
                message = self.error_messages["invalid_image"]
                raise ValidationError(message, code="invalid_image") from error
            raise
        return upload


__all__ = [
    "CENTRE",
    "INVALID_CENTERPOINT_ERROR_MESSAGE",
    "INVALID_IMAGE_ERROR_MESSAGE",
    "VersatileImageFormField",
    "inspect_image",
    "ppoi_to_text",
    "refusal",
    "round_ppoi",
    "validate_image",
    "validate_ppoi",
    "validate_ppoi_tuple",
]
