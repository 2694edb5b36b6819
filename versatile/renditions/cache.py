"""The caches in which existence lives: calls that never fail, and keys that one owner holds."""

import logging
import time
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.cache import BaseCache, caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache

from versatile.exceptions import ConfigurationError
from versatile.renditions.ledgers import LEDGER, SPEC_LEDGER, Ledger, grouped

logger = logging.getLogger(__name__)

_SETTLING = 0.05
"""Seconds in which a writer of Django's cache in files has done both of its steps."""


def cache(ledger: Ledger = LEDGER) -> BaseCache:
    """The cache of a ledger."""
    return caches[ledger.alias]


def spec_cache() -> BaseCache:
    """The cache in which the files of specs are remembered."""
    return cache(SPEC_LEDGER)


def is_dependable() -> bool:
    """Whether every process sees what the others remember, and none loses what another adds.

    Django's cache in files adds in two steps, and two writers may both believe to be alone.
    """
    return not isinstance(cache(), (LocMemCache, FileBasedCache, DummyCache))


def ask(method: str, *args: Any, otherwise: Any = None, ledger: Ledger = LEDGER) -> Any:
    """What the cache answers; ``otherwise`` where it fails, which is logged."""
    try:
        return getattr(cache(ledger), method)(*args)
    except Exception as error:  # noqa: BLE001 - caches raise what they like, and no page depends on one
        logger.warning("The cache failed at %s: %r", method, error)
        return otherwise


def ask_many(keys: Iterable[str]) -> dict[str, Any]:
    """The values under the keys that have one: one read of each cache."""
    values: dict[str, Any] = {}
    for ledger, wanted in _by_cache(keys):
        found = ask("get_many", wanted, otherwise={}, ledger=ledger)
        values.update(found if isinstance(found, dict) else {})
    return values


def _by_cache(keys: Iterable[str]) -> Iterator[tuple[Ledger, list[str]]]:
    """Keys of ledgers that share a cache together, each with one of those ledgers."""
    groups: dict[object, tuple[Ledger, list[str]]] = {}
    for ledger, wanted in grouped(keys).items():
        try:
            alias: object = ledger.alias
        except ConfigurationError:  # of which the call itself will tell
            alias = ledger
        groups.setdefault(alias, (ledger, []))[1].extend(wanted)
    yield from groups.values()


def hold(keys: Iterable[str], token: str, lease: float) -> frozenset[str]:
    """Put a token under the keys where none is; gives the keys that are ours now."""
    added = frozenset(key for key in keys if _add(key, token, lease))
    if not added or not isinstance(cache(), FileBasedCache):
        return added
    # It adds in two steps, so that others may have added, too: the last of them is the owner.
    time.sleep(_SETTLING)
    found = ask_many(added)
    return frozenset(key for key in added if found.get(key, token) == token)


def _add(key: str, token: str, lease: float) -> bool:
    """Whether the key is ours, for all that one ``add`` can tell.

    It is where the cache neither takes our token nor shows another: waiting would help nobody.
    """
    for _ in range(2):  # between the two calls another owner may let go
        if ask("add", key, token, lease, otherwise=True):
            return True
        if ask("get", key) is not None:
            return False
    return True


def let_go(keys: Iterable[str], token: str) -> None:
    """Take the token away wherever it still is."""
    held = [key for key, value in ask_many(keys).items() if value == token]
    if held:
        ask("delete_many", held)
