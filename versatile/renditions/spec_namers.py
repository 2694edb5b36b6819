"""Namers of specs: what the file of a generator is called.

A namer is a function of a generator, which has ``get_hash()`` and may have ``source`` and
``format``. The folder is the setting ``SPEC_DIRNAME``.
"""

import os
import posixpath
from functools import lru_cache
from typing import Any

from versatile.conf import conf
from versatile.imaging.formats import (
    FORMATS,
    format_to_extension,
    shown_extension,
    suggest_extension,
)
from versatile.renditions.addresses import KEPT
from versatile.renditions.imports import imported

SHORT = 12
"""How many hex digits of a hash are enough beside the name of the source."""


def source_name_as_path(generator: Any) -> str:
    """``photos/x.jpg`` → ``CACHE/images/photos/x/<hash>.jpg``."""
    name, format = _source_name(generator), getattr(generator, "format", None)
    return _as_path(conf.SPEC_DIRNAME, name, generator.get_hash(), format)


@lru_cache(maxsize=KEPT)
def _as_path(dirname: str, name: str, digest: str, format: str | None) -> str:
    """Kept, because a page asks for the same names again and again."""
    folder = os.path.splitext(name)[0] if _is_relative(name) else ""
    return _joined(dirname, folder, digest + _suggested(name, format))


def source_name_dot_hash(generator: Any) -> str:
    """``photos/x.jpg`` → ``CACHE/images/photos/x.<12 hex digits>.jpg``."""
    name = _source_name(generator)
    base = os.path.splitext(name)[0] if _is_relative(name) else _base(name)
    digest = generator.get_hash()[:SHORT]
    return _joined(conf.SPEC_DIRNAME, f"{base}.{digest}" + _extension(generator, name))


def hash(generator: Any) -> str:
    """``CACHE/images/<hash>.jpg``, whatever the source is called."""
    format = getattr(generator, "format", None)
    extension = format_to_extension(format) if format else ""
    return _joined(conf.SPEC_DIRNAME, generator.get_hash() + extension)


def load_namer(path: object) -> Any:
    """The namer at a dotted path; raises ``ConfigurationError``."""
    return imported(path, "namer", "name a function of a generator")


def _source_name(generator: Any) -> str:
    return str(getattr(getattr(generator, "source", None), "name", None) or "")


def _is_relative(name: str) -> bool:
    return bool(name) and not os.path.isabs(name)


def _base(name: str) -> str:
    return os.path.splitext(os.path.basename(name))[0]


def _extension(generator: Any, name: str) -> str:
    return _suggested(name, getattr(generator, "format", None))


def _suggested(name: str, format: str | None) -> str:
    """The extension by the name of the source, or by the format that the generator says.

    Without a format it is one that browsers show: no script, and no photo of a phone.
    """
    own = suggest_extension(name, format)
    said = format is not None and format.upper() in FORMATS
    return own if said or not own else shown_extension(own)


def _joined(*parts: str) -> str:
    return posixpath.normpath(posixpath.join(*parts))
