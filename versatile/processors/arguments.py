"""Checks of the arguments of processors, made when a processor is made."""

from versatile.imaging.encoding import Colour, to_rgba
from versatile.imaging.exceptions import InvalidArgument


def check_side(name: str, value: object) -> None:
    """Raise ``InvalidArgument`` unless a side is a whole number of pixels above 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidArgument(name, value, "a whole number of pixels above 0")


def check_sides(width: object, height: object) -> None:
    """Raise ``InvalidArgument`` unless one side is given, or both are."""
    for name, value in (("width", width), ("height", height)):
        if value is not None:
            check_side(name, value)
    if width is None and height is None:
        raise InvalidArgument("width", None, "a number of pixels, unless there is a height")


def check_fraction(name: str, value: object) -> None:
    """Raise ``InvalidArgument`` unless a value lies between 0 and 1."""
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InvalidArgument(name, value, "a number from 0 to 1")


def check_number(name: str, value: object) -> None:
    """Raise ``InvalidArgument`` unless a value is a number from 0 on."""
    if not isinstance(value, int | float) or value < 0:
        raise InvalidArgument(name, value, "a number from 0 on")


def check_colour(name: str, value: Colour | int | None) -> None:
    """Raise ``InvalidArgument`` unless a value is a colour, a level of grey, or None."""
    if value is None:
        return
    try:
        to_rgba(value)
    except (ValueError, TypeError) as error:
        rule = "a colour by name, three or four levels from 0 to 255, or one level of grey"
        raise InvalidArgument(name, value, rule) from error
