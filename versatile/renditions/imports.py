"""Imports: what a dotted path in the settings, or in the options of a field or a spec, names."""

from functools import lru_cache
from typing import Any

from django.utils.module_loading import import_string

from versatile.conf import translate
from versatile.exceptions import ConfigurationError


def imported(path: object, what: str, remedy: str = "name a class by its dotted path") -> Any:
    """What lies at a dotted path, which may be one of the old libraries.

    Raises ``ConfigurationError``, which tells ``what`` was looked for and the ``remedy``.
    """
    if not isinstance(path, str):
        raise ConfigurationError(f"The {what} {path!r} is no text; {remedy}")
    try:
        return _found_at(path)
    except ImportError as error:
        raise ConfigurationError(f"The {what} {path!r} cannot be imported; {remedy}") from error


@lru_cache
def _found_at(path: str) -> Any:
    return import_string(translate(path))
