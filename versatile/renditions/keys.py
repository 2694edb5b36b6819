"""Rendition keys: the addresses of renditions of a file, and named sets of them.

A key is ``'crop__400x400'``, ``'filters__invert__crop__400x400'``, ``'filters__invert'`` (the
filter's own file) or ``'url'`` (the original). ``'crop__400x400?quality=85'`` says how it is
saved. A set is an ordered list of pairs (name, key).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote

from versatile.conf import conf
from versatile.exceptions import (
    ConfigurationError,
    InvalidSizeKey,
    InvalidSizeKeySet,
    UnknownRenditionKeySet,
)

SEPARATOR = "__"
OPTIONS = "?"
"""What stands between a key and its save options."""
KeyPairs = list[tuple[str, str]]
"""A rendition key set: pairs (name, key) in order."""


@dataclass(frozen=True, slots=True)
class RenditionKey:
    """A rendition key, taken apart. Without filters and sizer it is the original."""

    filters: tuple[str, ...] = ()
    sizer: str | None = None
    size: str = ""
    options: str = ""
    """The save options as they stand in a key: ``'quality=85'``."""


ORIGINAL = RenditionKey()
"""The key of the original, ``'url'``."""


@lru_cache(maxsize=1024)
def parse_key(key: str) -> RenditionKey:
    """The parts of a key; raises ``InvalidSizeKey`` where it follows no form of a key."""
    path, _, options = key.partition(OPTIONS)
    parts = path.split(SEPARATOR)
    filters = []
    while len(parts) > 1 and parts[0] == "filters":
        filters.append(parts[1])
        parts = parts[2:]
    match parts:
        case ["url"] if filters or not options:
            return RenditionKey(tuple(filters), options=options)
        case [] if filters:
            return RenditionKey(tuple(filters), options=options)
        case [sizer, size] | [sizer, size, "url"] if "x" in size and sizer != "filters":
            return RenditionKey(tuple(filters), sizer, size, options)
    raise InvalidSizeKey(
        f"{key!r} is no rendition key. Write 'url', 'crop__400x400', 'filters__invert' or "
        "'filters__invert__crop__400x400', with '?quality=85' at the end to save it otherwise"
    )


@lru_cache(maxsize=1024)
def parse_options(text: str) -> Mapping[str, Any]:
    """The save options that stand in a key, each value as JSON or else as text."""
    return MappingProxyType({key: _value(value) for key, value in parse_qsl(text)})


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def write_options(options: Mapping[str, Any]) -> str:
    """Save options as they stand in a key: in one order, so that equal ones give equal keys.

    Raises ``InvalidSizeKeySet`` for a value that JSON cannot hold.
    """
    try:
        texts = {str(key): json.dumps(value) for key, value in sorted(options.items())}
    except (TypeError, AttributeError) as error:
        raise InvalidSizeKeySet(
            f"{options!r} are no save options: a dictionary of plain values, {{'quality': 85}}"
        ) from error
    return "&".join(f"{quote(key)}={quote(text)}" for key, text in texts.items())


@lru_cache(maxsize=1024)
def ordered_options(text: str) -> str:
    """Save options of a key in their one order."""
    return write_options(parse_options(text))


def validate_key_set(pairs: Iterable[Any]) -> KeyPairs:
    """The pairs in order without duplicates. The options of a triple become part of its key.

    Raises ``InvalidSizeKeySet`` for anything but pairs of strings, ``InvalidSizeKey`` for a key
    that is none.
    """
    if isinstance(pairs, str | bytes) or not isinstance(pairs, Iterable):
        raise InvalidSizeKeySet(f"{pairs!r} is no list of pairs (name, rendition key)")
    return list(dict.fromkeys(_validate_pair(pair) for pair in pairs))


def _validate_pair(item: Any) -> tuple[str, str]:
    match tuple(item) if isinstance(item, Sequence) and not isinstance(item, str) else item:
        case (str(name), str(key)):
            pass
        case (str(name), str(key), Mapping() as options):
            tail = write_options(options)
            key = f"{key.partition(OPTIONS)[0]}{OPTIONS}{tail}" if tail else key
        case _:
            raise InvalidSizeKeySet(
                f"{item!r} is no pair of two strings (name, rendition key), nor one with a "
                "dictionary of save options"
            )
    parse_key(key)
    return name, key


def get_key_set(name_or_pairs: str | Iterable[Any]) -> KeyPairs:
    """A set by its configured name, or as it is given; raises as ``validate_key_set``.

    Raises ``UnknownRenditionKeySet`` for a name that is not configured.
    """
    if not isinstance(name_or_pairs, str):
        return validate_key_set(name_or_pairs)
    sets: Mapping[str, Any] = conf.RENDITION_KEY_SETS
    if name_or_pairs not in sets:
        known = ", ".join(sorted(map(repr, sets))) or "none"
        raise UnknownRenditionKeySet(
            f"{name_or_pairs!r} is no configured rendition key set (configured: {known}); "
            "add it to VERSATILE['RENDITION_KEY_SETS'] or VERSATILEIMAGEFIELD_RENDITION_KEY_SETS"
        )
    return validate_key_set(sets[name_or_pairs])


def configured_key_sets() -> Iterator[KeyPairs]:
    """All sets of the settings that can be used; of the others ``manage.py check`` tells."""
    for name in conf.RENDITION_KEY_SETS:
        with suppress(ConfigurationError):
            yield get_key_set(name)
