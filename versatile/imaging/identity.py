"""Identity: what a value is, as canonical JSON that is the same in every process.

Equal values give equal text. Numbers are written as the shortest number that equals them, so
that 2, 2.0 and True do not differ where Python says that they are equal.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from versatile.imaging.exceptions import UnknownIdentity


def canonical_json(value: object) -> str:
    """The value as canonical JSON; raises ``UnknownIdentity`` for what JSON cannot hold."""
    return json.dumps(canonical(value), sort_keys=True, separators=(",", ":"))


def canonical(value: object) -> Any:
    """The value as JSON can hold it: numbers, text, lists and dictionaries."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return int(value) if value == int(value) else value
    if isinstance(value, Mapping):
        return {str(key): canonical(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(canonical, value), key=canonical_json)
    if isinstance(value, list | tuple) and not hasattr(value, "process"):
        return [canonical(item) for item in value]
    return canonical(identity(value))


def identity(value: object) -> list[object]:
    """What an object is: its dotted class, and what its ``identity()`` says or it holds.

    Raises ``UnknownIdentity`` for an object that holds nothing that can be read.
    """
    kind = type(value)
    return [f"{kind.__module__}.{kind.__qualname__}", _held(value)]


def _held(value: object) -> object:
    own = getattr(value, "identity", None)
    if callable(own):
        return own()
    if is_dataclass(value):
        return {item.name: getattr(value, item.name) for item in fields(value)}
    if type(value).__module__ == "builtins" or callable(value):
        raise UnknownIdentity(value)
    try:
        return vars(value)
    except TypeError as error:
        raise UnknownIdentity(value) from error
