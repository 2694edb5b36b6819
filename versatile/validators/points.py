"""Points: the PPOI in its two forms, ``'0.5x0.5'`` and (0.5, 0.5)."""

from decimal import Decimal
from numbers import Real
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from versatile.imaging.geometry import Point

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
