"""Checks of the arguments of processors, made when a processor is made."""

import math
from collections.abc import Iterable
from typing import TypeGuard

from PIL import Image

from versatile.imaging.exceptions import InvalidArgument
from versatile.imaging.modes import Colour, to_rgba


def hold_tuples(processor: object, *names: str) -> None:
    """Hold as tuples what was given as lists, so that a frozen value is one all the way down."""
    for name in names:
        if isinstance(getattr(processor, name), list):
            object.__setattr__(processor, name, tuple(getattr(processor, name)))


def check_side(name: str, value: object) -> None:
    """Raise ``InvalidArgument`` unless a side is a whole number of pixels above 0."""
    if not is_whole(value) or value < 1:
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
    """Raise ``InvalidArgument`` unless a value is a finite number from 0 on."""
    if not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise InvalidArgument(name, value, "a number from 0 on")


def check_position(name: str, value: object) -> None:
    """Raise ``InvalidArgument`` unless a value is None or a whole number of pixels."""
    if value is not None and not is_whole(value):
        raise InvalidArgument(name, value, "a whole number of pixels, or None")


def is_pixels(value: object, count: int) -> TypeGuard[tuple[int, ...]]:
    """Whether a value is a tuple of so many whole numbers."""
    return isinstance(value, tuple) and len(value) == count and all(map(is_whole, value))


def check_some(name: str, value: object, allowed: Iterable[str]) -> None:
    """Raise ``InvalidArgument`` unless a value holds nothing but what is allowed."""
    if not isinstance(value, str | tuple) or not set(value) <= set(allowed):
        raise InvalidArgument(name, value, f"some of {' '.join(allowed)}")


def check_image(name: str, value: object) -> None:
    """Raise ``InvalidArgument`` unless a value is an image."""
    if not isinstance(value, Image.Image):
        raise InvalidArgument(name, value, "an image of Pillow")


def check_place(anchor: object, x: object, y: object) -> None:
    """Raise ``InvalidArgument`` for positions that are none, or that contradict an anchor."""
    check_position("x", x)
    check_position("y", y)
    if anchor is not None and (x is not None or y is not None):
        raise InvalidArgument("anchor", anchor, "None where x or y is given")


def check_colour(name: str, value: Colour | int) -> None:
    """Raise ``InvalidArgument`` unless a value is a colour, or a level of grey."""
    try:
        levels = to_rgba(value)
    except (ValueError, TypeError) as error:
        raise InvalidArgument(name, value, _COLOURS) from error
    if not all(isinstance(level, int) for level in levels):
        raise InvalidArgument(name, value, _COLOURS)


_COLOURS = "a colour by name, three or four levels from 0 to 255, or one level of grey"


def check_colour_if_any(name: str, value: Colour | int | None) -> None:
    """The same for a colour that may be None."""
    if value is not None:
        check_colour(name, value)


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a value is a whole number, which True and False are not here."""
    return isinstance(value, int) and not isinstance(value, bool)
