"""Failures: what could not be made, why, and from when on it may be tried again.

They are kept in the cache for all processes. Where no cache keeps them this process does, so that
a bad file that is asked for a thousand times is decoded a handful of times all the same.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from versatile.exceptions import RenditionError, SourceError, SourceNotFound, SourceUnreadable
from versatile.renditions.addresses import key_of
from versatile.renditions.cache import ask
from versatile.renditions.sizes import read_size, size_key
from versatile.renditions.source import Source
from versatile.renditions.versions import place_of

LONGEST_BACK_OFF = 60
"""Seconds after which even the worst source is tried again."""
_FREE = 3
"""Failures of a rendition of a good source before anybody has to wait."""
_KEPT_HERE = 1024
_KEPT_NAMES = 100
"""Renditions of one source whose failures are remembered."""

_KINDS: dict[str, type[SourceError]] = {
    kind.__name__: kind for kind in (SourceNotFound, SourceUnreadable)
}


def failure(source: Source) -> SourceError | None:
    """Why the source failed, if it did and is not to be tried again yet."""
    return noted(source, ask("get", failure_key(source)))


def noted(source: Source, record: Any) -> SourceError | None:
    """The same, of what the cache has at the source's key."""
    match _recalled(failure_key(source), record):
        case {"kind": str(kind), "reason": str(reason), "retry_at": float(retry_at)} as known if (
            kind in _KINDS and retry_at > time.time() and _is_of(source, known)
        ):
            error = _KINDS[kind](source.name, reason)
            error.logged, error.size = True, read_size(known.get("size"))
            return error
    return None


def remember_failure(source: Source, error: SourceError) -> None:
    """The source is at fault: leave it alone for a second, then for twice as long each time."""
    kind = (SourceNotFound if isinstance(error, SourceNotFound) else SourceUnreadable).__name__
    key = failure_key(source)
    before = _recalled(key, ask("get", key))
    pause, record = _postponed(source, before, error.reason, free=0)
    _keep(key, {"kind": kind, "size": error.size and list(error.size), **record}, pause)


def forget_failure(source: Source) -> None:
    """The source is new: whatever was wrong with the old one is forgotten."""
    keys = failure_key(source), names_key(source)
    ask("delete_many", [*keys, size_key(key_of(source.storage, source.name))])
    for key in keys:
        _HERE.drop(key)


def forget_here() -> None:
    """Forget what only the process itself remembers."""
    _HERE.clear()


def failures_of_renditions(source: Source) -> dict[str, RenditionError]:
    """Why renditions of a good source failed, by name, of those not to be tried again yet."""
    return noted_of_renditions(source, ask("get", names_key(source)))


def noted_of_renditions(source: Source, records: Any) -> dict[str, RenditionError]:
    """The same, of what the cache has at the key of the source's renditions."""
    found = {}
    for name, record in _records(source, records).items():
        match record:
            case {"reason": str(reason), "retry_at": float(retry_at)} if (
                retry_at > time.time() and _is_of(source, record)
            ):
                found[name] = RenditionError(name, reason)
                found[name].logged = True
    return found


def remember_rendition_failures(source: Source, errors: Mapping[str, RenditionError]) -> None:
    """These renditions of a good source cannot be made.

    After the first few times anybody may try again at once; then pauses begin, as of a source.
    """
    known = _records(source, ask("get", names_key(source)))
    for name, error in errors.items():
        _, known[name] = _postponed(source, known.pop(name, None), error.reason, free=_FREE)
    _keep(names_key(source), dict(list(known.items())[-_KEPT_NAMES:]), LONGEST_BACK_OFF)


def _records(source: Source, found: Any) -> dict[str, Any]:
    known = _recalled(names_key(source), found)
    return dict(known) if isinstance(known, dict) else {}


def _postponed(
    source: Source, before: Any, reason: str, *, free: int
) -> tuple[int, dict[str, Any]]:
    """Seconds to wait after some free attempts, and the record that says so."""
    match before:
        case {"count": int(count)}:
            times = min(count, LONGEST_BACK_OFF)
        case _:
            times = 0
    pause = min(2 ** (times - free), LONGEST_BACK_OFF) if times >= free else 0
    facts = {"reason": reason, "count": times + 1, "retry_at": time.time() + pause}
    return pause, {**facts, "place": repr(place_of(source))}


def _is_of(source: Source, record: Any) -> bool:
    """Whether a record tells of the bytes that a file system has now, and not of others."""
    return bool(record.get("place") == repr(place_of(source)))


class _Here:
    """What this process remembers itself, the latest of it."""

    def __init__(self) -> None:
        self._records: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Any:
        return self._records.get(key)

    def keep(self, key: str, record: Any) -> None:
        with self._lock:
            self._records[key] = record
            self._records.move_to_end(key)
            while len(self._records) > _KEPT_HERE:
                self._records.popitem(last=False)

    def drop(self, key: str) -> None:
        with self._lock:
            self._records.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._records.clear()


_HERE = _Here()


def _recalled(key: str, found: Any) -> Any:
    """What this process had to remember itself, or else what the cache has at the key."""
    known = _HERE.get(key)
    return found if known is None else known


def _keep(key: str, record: Any, pause: float) -> None:
    """For the pause, and a while longer: to know then how often it has failed."""
    ask("set", key, record, pause + LONGEST_BACK_OFF)
    found = ask("get", key)
    if type(found) is dict and found == record:  # rubbish may not want to be compared
        _HERE.drop(key)
    else:
        _HERE.keep(key, record)


def failure_key(source: Source) -> str:
    """Where the failure of a source is noted."""
    return key_of(source.storage, source.name, "-failed")


def names_key(source: Source) -> str:
    """Where the failures of renditions of a good source are noted."""
    return key_of(source.storage, source.name, "-failed-renditions")
