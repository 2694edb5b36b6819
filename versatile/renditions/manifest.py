"""Manifest: what was made of one source, file by file, kept beside its existence.

A record that began when the source was saved is *complete*, as long as every process writes
to the same cache. Where it is not, a listing of the source's folders has to help.
"""

import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from django.core.files.storage import Storage

from versatile.conf import conf
from versatile.renditions.addresses import key_of, shorten, storage_called, word_of
from versatile.renditions.cache import ask, hold, is_dependable, let_go
from versatile.renditions.ledgers import LEDGER, SPEC_LEDGER, Ledger
from versatile.renditions.source import Source

_LOCK_LEASE = 5
_LOCK_PAUSE = 0.02


class MadeFile(Protocol):
    """What a record tells of: a rendition."""

    source: Source
    key: str
    name: str
    storage: Storage
    ledger: Ledger


def word_beside(source: Source, storage: Storage) -> str:
    """What a record calls a storage on which something of a source lies; empty for its own."""
    return "" if storage is source.storage else word_of(storage)


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """One file that was made of a source: enough to find it, and to make it again."""

    name: str
    key: str = ""
    """The rendition key, or the id of a spec; empty where nobody said."""
    place: str = ""
    """What records call the storage on which it lies; empty for that of the source."""
    of_spec: bool = False
    """Whether it is remembered by the keys of specs."""

    @classmethod
    def of(cls, rendition: MadeFile) -> "Made":
        """The record of a rendition."""
        place = word_beside(rendition.source, rendition.storage)
        return cls(rendition.name, rendition.key, place, rendition.ledger is SPEC_LEDGER)

    def storage(self, source: Source) -> Storage:
        """Where the file lies; the source's storage where the site has the other no more."""
        return (storage_called(self.place) if self.place else None) or source.storage

    def existence_key(self, source: Source) -> str:
        """The key under which existence remembers the file."""
        ledger = SPEC_LEDGER if self.of_spec else LEDGER
        return ledger.key_of(self.storage(source), self.name)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known to have been made of a source."""

    made: dict[str, Made] = field(default_factory=dict)
    """The files by their names."""
    complete: bool = False
    """Whether nothing else can have been made."""
    began: str = ""
    """Another text for each file that was saved under the source's name; empty where unknown."""

    @property
    def names(self) -> frozenset[str]:
        """The names of all files."""
        return frozenset(self.made)


def read(source: Source) -> Manifest:
    """What is recorded; nothing and incomplete where there is no record."""
    match ask("get", _key(source)):
        case {"made": [*rows], "complete": bool(complete), "began": str(began)}:
            made = [_read_row(row) for row in rows]
            if None not in made:
                known = {item.name: item for item in made if item is not None}
                return Manifest(known, complete and is_dependable(), began)
    return Manifest()


def _read_row(row: Any) -> Made | None:
    match row:
        case [str(name), str(key), str(place), bool(of_spec)]:
            return Made(name, key, place, of_spec)
    return None


def begin(source: Source) -> Manifest:
    """A source that was saved just now: from now on all that is made of it is recorded.

    Gives what was recorded of another that had its name, and loses nothing of either.
    """
    with _alone(source):
        before = read(source)
        _write(source, Manifest(complete=True, began=uuid.uuid4().hex))
    return before


def add(source: Source, made: Iterable[Made]) -> None:
    """These renditions were made."""
    with _alone(source):
        known = read(source)
        more = {item.name: item for item in made}
        _write(source, replace(known, made=known.made | more))


def remove(source: Source, names: Iterable[str]) -> None:
    """These renditions were deleted."""
    gone = set(names)
    with _alone(source):
        known = read(source)
        left = {name: item for name, item in known.made.items() if name not in gone}
        _write(source, replace(known, made=left))


def end(source: Source) -> None:
    """The source is gone, and all that was made of it: nothing is recorded any more."""
    ask("delete", _key(source))


def _write(source: Source, manifest: Manifest) -> None:
    rows = [[item.name, item.key, item.place, item.of_spec] for item in manifest.made.values()]
    value = {"made": sorted(rows), "complete": manifest.complete, "began": manifest.began}
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
