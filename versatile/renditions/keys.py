"""Rendition keys: the addresses of renditions of a file, and named sets of them.

A key is ``'crop__400x400'``, ``'filters__invert__crop__400x400'``, ``'filters__invert'`` (the
filter's own file) or ``'url'`` (the original). A set is an ordered list of pairs (name, key).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from versatile.conf import conf
from versatile.exceptions import InvalidSizeKey, InvalidSizeKeySet, UnknownRenditionKeySet

SEPARATOR = "__"
KeyPairs = list[tuple[str, str]]
"""A rendition key set: pairs (name, key) in order."""


@dataclass(frozen=True, slots=True)
class RenditionKey:
    """A rendition key, taken apart. Without filters and sizer it is the original."""

    filters: tuple[str, ...] = ()
    sizer: str | None = None
    size: str = ""


ORIGINAL = RenditionKey()
"""The key of the original, ``'url'``."""


@lru_cache(maxsize=1024)
def parse_key(key: str) -> RenditionKey:
    """The parts of a key; raises ``InvalidSizeKey`` where it follows no form of a key."""
    parts = key.split(SEPARATOR)
    filters = []
    while len(parts) > 1 and parts[0] == "filters":
        filters.append(parts[1])
        parts = parts[2:]
    match parts:
        case ["url"]:
            return RenditionKey(tuple(filters))
        case [] if filters:
            return RenditionKey(tuple(filters))
        case [sizer, size] | [sizer, size, "url"] if "x" in size and sizer != "filters":
            return RenditionKey(tuple(filters), sizer, size)
    raise InvalidSizeKey(
        f"{key!r} is no rendition key. Write 'url', 'crop__400x400', 'filters__invert' or "
        "'filters__invert__crop__400x400'"
    )


def validate_key_set(pairs: Iterable[Any]) -> KeyPairs:
    """The pairs in order without duplicates.

    Raises ``InvalidSizeKeySet`` for anything but pairs of strings, ``InvalidSizeKey`` for a key
    that is none.
    """
    if isinstance(pairs, str | bytes) or not isinstance(pairs, Iterable):
        raise InvalidSizeKeySet(f"{pairs!r} is no list of pairs (name, rendition key)")
    return list(dict.fromkeys(_validate_pair(pair) for pair in pairs))


def _validate_pair(pair: Any) -> tuple[str, str]:
    try:
        name, key = pair
    except (TypeError, ValueError):
        name = key = None
    if isinstance(pair, str) or not isinstance(name, str) or not isinstance(key, str):
        raise InvalidSizeKeySet(f"{pair!r} is no pair of two strings (name, rendition key)")
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
