"""Identity: what a value is, as canonical JSON that is the same in every process.

Equal values give equal text. Numbers are written as the shortest number that equals them, so
that 2, 2.0 and True do not differ where Python says that they are equal.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from versatile.imaging.exceptions import UnknownIdentity

_CONTAINERS = (Mapping, set, frozenset, list, tuple)
_MADE_BY_CLASS, _IMMUTABLE = 1 << 9, 1 << 8
"""CPython's flags of types that are made as by a class statement, and of those that only seem so:
from Python 3.12 on its own files are both, and hold what nobody can read."""

_NO_STATE = {"__dict__", "__weakref__"}
"""Slots that hold nothing of an object's own."""


def canonical_json(value: object) -> str:
    """The value as canonical JSON; raises ``UnknownIdentity`` for what JSON cannot hold."""
    try:
        return json.dumps(canonical(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    except RecursionError as error:  # it holds itself
        raise UnknownIdentity(value) from error


def canonical(value: object) -> Any:
    """The value as JSON can hold it: numbers, text, lists and dictionaries."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if isinstance(value, _CONTAINERS) and not hasattr(value, "process"):
        return _container(value)  # a list may be a processor too
    return canonical(identity(value))


def _number(value: float) -> int | float:
    if not math.isfinite(value):
        raise UnknownIdentity(value)
    return int(value) if value == int(value) else float(value)


def _container(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _mapping(value)
    items = [canonical(item) for item in value]
    return sorted(items, key=canonical_json) if isinstance(value, set | frozenset) else items


def _mapping(value: Mapping[Any, Any]) -> Any:
    """A dictionary, or pairs where a key is no text: 1 is another key than ``'1'``."""
    if all(isinstance(key, str) for key in value):
        return {key: canonical(item) for key, item in value.items()}
    return sorted(map(canonical, value.items()), key=canonical_json)


def identity(value: object) -> list[object]:
    """What an object is: its dotted class, and what its ``identity()`` says or it holds.

    Raises ``UnknownIdentity`` for an object that holds nothing that can be read.
    """
    kind = type(value)
    return [f"{kind.__module__}.{kind.__qualname__}", *_held(value)]


def _held(value: Any) -> list[object]:
    if isinstance(value, type):
        raise UnknownIdentity(value)
    own = getattr(value, "identity", None)
    if callable(own):
        return [own()]
    if is_dataclass(value):
        return [{item.name: getattr(value, item.name) for item in fields(value)}]
    if not _is_readable(value):
        raise UnknownIdentity(value)
    if isinstance(value, Mapping):
        return [dict(vars(value)), dict(value)]
    if isinstance(value, list | tuple):
        return [dict(getattr(value, "__dict__", {})), list(value)]
    return [vars(value)]


def _is_readable(value: object) -> bool:
    """Whether ``vars()`` and its items tell all that an object of somebody else's class is."""
    if callable(value) and not hasattr(value, "process"):
        return False
    holds_items = isinstance(value, list | tuple | dict)
    kinds = [kind for kind in type(value).__mro__ if kind not in (object, list, tuple, dict)]
    slots = {name for kind in kinds for name in _slots(kind)}
    flags = _MADE_BY_CLASS | _IMMUTABLE
    in_python = kinds and all(kind.__flags__ & flags == _MADE_BY_CLASS for kind in kinds)
    has_facts = holds_items or hasattr(value, "__dict__")
    return bool(in_python and has_facts) and slots <= _NO_STATE


def _slots(kind: type) -> tuple[str, ...]:
    names = vars(kind).get("__slots__", ())
    return (names,) if isinstance(names, str) else tuple(names)
