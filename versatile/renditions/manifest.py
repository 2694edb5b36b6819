"""Manifest: the names of all that was made of one source, kept beside its existence.

A record that began when the source was saved is *complete*, as long as every process writes
to the same cache. Where it is not, a listing of the source's folders has to help.
"""

import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from versatile.conf import conf
from versatile.renditions.addresses import key_of, shorten
from versatile.renditions.cache import ask, hold, is_dependable, let_go
from versatile.renditions.source import Source

_LOCK_LEASE = 5
_LOCK_PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known to have been made of a source."""

    names: frozenset[str]
    complete: bool


def read(source: Source) -> Manifest:
    """What is recorded; nothing and incomplete where there is no record."""
    match ask("get", _key(source)):
        case {"names": [*names], "complete": bool(complete)} if all(
            isinstance(name, str) for name in names
        ):
            return Manifest(frozenset(names), complete and is_dependable())
    return Manifest(frozenset(), complete=False)


def begin(source: Source) -> None:
    """A source that was saved just now: nothing is made of it yet, and all will be recorded."""
    _write(source, Manifest(frozenset(), complete=True))


def add(source: Source, names: Iterable[str]) -> None:
    """These renditions were made."""
    with _alone(source):
        known = read(source)
        _write(source, Manifest(known.names.union(names), known.complete))


def remove(source: Source, names: Iterable[str]) -> None:
    """These renditions were deleted."""
    with _alone(source):
        known = read(source)
        _write(source, Manifest(known.names.difference(names), known.complete))


def _write(source: Source, manifest: Manifest) -> None:
    value = {"names": sorted(manifest.names), "complete": manifest.complete}
    ask("set", _key(source), value, conf.CACHE_TIMEOUT)


@contextmanager
def _alone(source: Source) -> Iterator[None]:
    """Nobody else changes the record meanwhile, unless the cache fails or a writer died."""
    key, token = shorten(f"{_key(source)}-lock"), uuid.uuid4().hex
    until = time.monotonic() + _LOCK_LEASE
    while not hold([key], token, _LOCK_LEASE) and time.monotonic() < until:
        time.sleep(_LOCK_PAUSE)
    try:
        yield
    finally:
        let_go([key], token)


def _key(source: Source) -> str:
    return key_of(source.storage, source.name, "-made")
