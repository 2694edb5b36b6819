"""Imports: what a dotted path in the settings, or in the options of a field or a spec, names."""

from functools import lru_cache
from typing import Any

from django.utils.module_loading import import_string

from versatile.conf import translate
from versatile.exceptions import ConfigurationError


@lru_cache
def imported(path: str, what: str, remedy: str = "name a class by its dotted path") -> Any:
    """What lies at a dotted path, which may be one of the old libraries.

    Raises ``ConfigurationError``, which tells ``what`` was looked for and the ``remedy``.
    """
    try:
        return import_string(translate(path))
    except (ImportError, AttributeError) as error:  # the second for what is no text
        raise ConfigurationError(f"The {what} {path!r} cannot be imported; {remedy}") from error
