"""Existence: the memory of which renditions have files. The only module that knows.

A rendition is *ready* while its key holds 1, and *pending* while somebody holds the claim to
make it; a source has *failed* until the time when it may be tried again. All of it lives in
one cache. A cache that is absent, broken or full of rubbish costs time, never a page.
"""

import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from versatile.conf import conf
from versatile.exceptions import SourceError, SourceNotFound, SourceUnreadable
from versatile.renditions.cache import ask, grouped, key_of, ledger_of, shorten
from versatile.renditions.source import Source

READY = 1
LEASE = 60
"""Seconds after which the claim of a maker that died has expired."""
LONGEST_BACK_OFF = 60
"""Seconds after which even the worst source is tried again."""


def is_ready(key: str) -> bool:
    """Whether the rendition of this key is known to have its file: one cache read."""
    return bool(ask("get", key, ledger=ledger_of(key)) == READY)


def read(keys: Iterable[str]) -> dict[str, bool]:
    """Which of the keys are known to be ready: one cache read for all of a ledger."""
    ready: dict[str, bool] = {}
    for ledger, wanted in grouped(keys).items():
        found = ask("get_many", wanted, otherwise={}, ledger=ledger)
        ready.update({key: found.get(key) == READY for key in wanted})
    return ready


def remember(keys: Iterable[str]) -> None:
    """These renditions are ready."""
    for ledger, known in grouped(keys).items():
        ask("set_many", dict.fromkeys(known, READY), ledger.timeout, ledger=ledger)


def forget(keys: Iterable[str]) -> None:
    """Nothing is known of these renditions any more."""
    for ledger, known in grouped(keys).items():
        ask("delete_many", known, ledger=ledger)


@dataclass(frozen=True, slots=True)
class Claims:
    """The right of one maker to make some renditions, until its lease ends."""

    token: str
    keys: frozenset[str]


def claim(keys: Iterable[str]) -> Claims:
    """Claim what nobody else has claimed. Without a working cache everything is ours."""
    token = uuid.uuid4().hex
    return Claims(token, frozenset(key for key in keys if _claim(key, token)))


def _claim(key: str, token: str) -> bool:
    return bool(ask("add", _pending(key), token, LEASE, otherwise=True))


def is_pending(key: str) -> bool:
    """Whether somebody is making this rendition now."""
    return ask("get", _pending(key)) is not None


def release(claims: Claims) -> None:
    """Give up what is still ours."""
    if not claims.keys:
        return
    held = ask("get_many", [_pending(key) for key in claims.keys], otherwise={})
    ask("delete_many", [key for key, token in held.items() if token == claims.token])


def _pending(key: str) -> str:
    return shorten(f"{key}-pending")


_FAILURES: dict[str, type[SourceError]] = {
    kind.__name__: kind for kind in (SourceNotFound, SourceUnreadable)
}


def failure(source: Source) -> SourceError | None:
    """Why the source failed, if it did and is not to be tried again yet."""
    found = ask("get", _failed(source))
    if not isinstance(found, dict) or found.get("retry_at", 0) <= time.time():
        return None
    error = _FAILURES[found["kind"]](source.name, found["reason"])
    error.logged = True
    return error


def remember_failure(source: Source, error: SourceError) -> None:
    """The source is at fault: leave it alone for a second, then for twice as long each time."""
    kind = next(kind for kind in _FAILURES if isinstance(error, _FAILURES[kind]))
    before = ask("get", _failed(source))
    count = before.get("count", 0) + 1 if isinstance(before, dict) else 1
    pause = min(2 ** (count - 1), LONGEST_BACK_OFF)
    value = {"kind": kind, "reason": error.reason, "count": count, "retry_at": time.time() + pause}
    ask("set", _failed(source), value, pause + LONGEST_BACK_OFF)


def forget_failure(source: Source) -> None:
    """The source is new: whatever was wrong with the old one is forgotten."""
    ask("delete", _failed(source))


def _failed(source: Source) -> str:
    return key_of(source.storage, source.name, "-failed")
