"""The caches in which existence lives: calls that never fail, and keys that one owner holds."""

import logging
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.cache import BaseCache, caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache

from versatile.exceptions import ConfigurationError
from versatile.renditions import locks
from versatile.renditions.ledgers import LEDGER, SPEC_LEDGER, Ledger, grouped

logger = logging.getLogger(__name__)

SLOW = 0.2
"""Seconds after which a call that failed was a slow one."""
REST = 5.0
"""Seconds for which a cache that failed slowly is not asked again."""

_TOKEN = re.compile(r"[0-9a-f]{32}")
_resting: dict[str, float] = {}
"""By its alias, until when a cache is left alone."""
_FAILED = object()


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
    """What the cache answers; ``otherwise`` where it fails, which is logged.

    One that let somebody wait before it failed rests, so that a page waits once and not at
    each picture.
    """
    start = time.monotonic()
    if _resting and _resting.get(ledger.alias, 0.0) > start:
        return otherwise
    try:
        return getattr(cache(ledger), method)(*args)
    except Exception as error:  # noqa: BLE001 - caches raise what they like, and no page depends on one
        logger.warning("The cache failed at %s: %r", method, error)
        _let_rest(ledger, start)
        return otherwise


def _let_rest(ledger: Ledger, start: float) -> None:
    now = time.monotonic()
    if now - start > SLOW:
        _resting[ledger.alias] = now + REST
        logger.warning("The cache %r is not asked for %.0f seconds", ledger.alias, REST)


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
    """Put a token under the keys where none is; gives the keys that are ours now.

    The one place that decides who keeps others out: the cache, or where it is not shared by all
    processes, is down or adds nothing, locked files, which need no lease.
    """
    wanted = frozenset(keys)
    added = {key: _add(key, token, lease) for key in wanted} if is_dependable() else {}
    unanswered = [key for key in wanted if added.get(key) is None]
    locked = locks.hold(unanswered, token) if unanswered else frozenset()
    return locked.union(key for key, ours in added.items() if ours)


def _add(key: str, token: str, lease: float) -> bool | None:
    """Whether the key is ours; None where the cache neither takes our token nor shows another."""
    for _ in range(2):  # between the two calls another owner may let go
        answer = ask("add", key, token, lease, otherwise=_FAILED)
        if answer is _FAILED:
            return None
        if answer:
            return True
        if is_token(ask("get", key)):
            return False
    return None


def is_held(key: str) -> bool:
    """Whether somebody holds the key now."""
    return is_token(ask("get", key)) or locks.is_held(key)


def renew(keys: Iterable[str], token: str, lease: float) -> None:
    """Begin the lease of what is still ours anew."""
    if is_dependable():
        for key in _ours(keys, token):
            ask("touch", key, lease)


def let_go(keys: Iterable[str], token: str) -> None:
    """Take the token away wherever it still is."""
    wanted = list(keys)
    if is_dependable():
        held = _ours(wanted, token)
        if held:
            ask("delete_many", held)
    locks.let_go(wanted, token)


def _ours(keys: Iterable[str], token: str) -> list[str]:
    found = ask_many(keys).items()
    return [key for key, value in found if is_token(value) and value == token]


def is_token(value: Any) -> bool:
    """Whether a value is an owner's; anything else under its key is rubbish."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None
