"""Targets: what an id stands for. The file of a generator, or all renditions of a key set.

A source group may be registered under either: under the id of a generator, or under the name of
a configured rendition key set. Where both have the same name, the generator is meant.
"""

import re
from collections.abc import Iterable
from typing import Any

from versatile.conf import conf
from versatile.exceptions import ConfigurationError, EmptyField
from versatile.registry import generator_registry, source_group_registry
from versatile.rendition_keys import resolve
from versatile.renditions import strategies
from versatile.renditions.keys import get_key_set
from versatile.renditions.rendition import Rendition
from versatile.specs.cachefile import ImageCacheFile
from versatile.specs.choices import choose_backend, choose_strategy

Target = ImageCacheFile | Rendition
"""What is made: both have a ``rendition``, a ``name`` and ``generate()``."""


def files_of(id: str, source: Any) -> list[Target]:
    """The files that an id stands for at one source; nothing is made, and nobody is asked.

    Raises ``NotRegistered``; for a key set ``EmptyField``, and ``ConfigurationError`` for a
    source that is no file of a ``VersatileImageField``.
    """
    if is_key_set(id):
        return list(_renditions(id, source))
    return [ImageCacheFile(generator_registry.get(id, source=source))]


def is_key_set(id: str) -> bool:
    """Whether an id is the name of a rendition key set."""
    return id not in generator_registry and id in conf.RENDITION_KEY_SETS


def _renditions(key_set: str, file: Any) -> Iterable[Rendition]:
    if not hasattr(file, "filters"):
        raise ConfigurationError(
            f"The key set {key_set!r} is registered for {file!r}, which has no sizers; give it a "
            "source group of a VersatileImageField"
        )
    if not file and not file.placeholder:
        raise EmptyField(file.field.name)
    for _, key in get_key_set(key_set):
        item = resolve(file, key)
        if isinstance(item, Rendition):
            item.backend = choose_backend(None)
            yield item


def tell_strategy(file: Any, event: str) -> None:
    """Call a strategy's method for an event, if it has one.

    The strategy is the file's own; for renditions of key sets it is that of the setting.
    """
    if isinstance(file, Rendition):
        strategy = choose_strategy(None)
    else:
        strategy = getattr(file, "cachefile_strategy", None)
    strategies.tell(strategy, event, file)


def all_ids() -> list[str]:
    """The ids of all generators, and the names of the key sets that have a source group."""
    ids = generator_registry.get_ids()
    return ids + [id for id in source_group_registry.get_ids() if id not in ids]


def matching(patterns: Iterable[str], ids: Iterable[str]) -> dict[str, list[str]]:
    """By pattern, the ids that it matches.

    ``*`` stands for anything without a colon, ``**`` for anything; what is below a match
    matches too, so that ``blog`` stands for ``blog:article:thumb``.
    """
    known = list(ids)
    return {
        pattern: [id for id in known if expression.match(id)]
        for pattern, expression in ((item, _expression(item)) for item in patterns)
    }


def _expression(pattern: str) -> re.Pattern[str]:
    wild = {"**": ".*", "*": "[^:]*"}
    parts = re.split(r"(\*\*|\*)", pattern)
    return re.compile("".join(wild.get(part, re.escape(part)) for part in parts) + r"(:.*)?\Z")


def by_source_group(ids: Iterable[str]) -> list[tuple[Any, list[str]]]:
    """Each source group of some ids, with all of the ids that it has sources for.

    Equal groups are one, so that each of their sources is read once for all its files.
    """
    found: list[tuple[Any, list[str]]] = []
    for id in ids:
        for group in source_group_registry.get(id):
            known = next((names for other, names in found if other == group), None)
            if known is None:
                found.append((group, [id]))
            else:
                known.append(id)
    return found
