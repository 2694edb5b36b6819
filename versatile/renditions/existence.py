"""Existence: the memory of which renditions have files. The only module that knows.

A rendition is *ready* while its key holds 1, and *pending* while somebody holds the claim to
make it. What has *failed* is remembered by ``failures``. All of it lives in one cache. A cache
that is absent, broken or full of rubbish costs time, never a page.
"""

import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from versatile.renditions.addresses import shorten
from versatile.renditions.cache import ask, ask_many, hold, is_held, let_go, renew
from versatile.renditions.ledgers import grouped, ledger_of
from versatile.renditions.sizes import size_key

READY = 1
ABSENT = 0
LEASE = 60
"""Seconds after which the claim of a maker that died has expired."""
QUEUED = 300
"""Seconds after which a job that never came back has expired."""


def is_ready(key: str) -> bool:
    """Whether the rendition of this key is known to have its file: one cache read."""
    return says_ready(ask("get", key, ledger=ledger_of(key)))


def read(keys: Iterable[str]) -> dict[str, bool]:
    """Which of the keys are known to be ready: one cache read for all."""
    wanted = list(keys)
    found = ask_many(wanted) if wanted else {}
    return {key: says_ready(found.get(key)) for key in wanted}


def says_ready(value: Any) -> bool:
    """Whether what the cache has at the key of a rendition means that its file is there."""
    return _says(value, READY)


def _says(value: Any, state: int) -> bool:
    """Whether a value is exactly a state, and neither rubbish nor a look-alike."""
    return type(value) is int and value == state


def remember(keys: Iterable[str]) -> None:
    """These renditions are ready."""
    for ledger, known in grouped(keys).items():
        ask("set_many", dict.fromkeys(known, READY), ledger.timeout, ledger=ledger)


def forget(keys: Iterable[str]) -> None:
    """Nothing is known of these renditions any more."""
    for ledger, known in grouped(keys).items():
        ask("delete_many", [*known, *map(size_key, known)], ledger=ledger)


def note_absence(keys: Iterable[str]) -> None:
    """Making these renditions failed, where their ledgers want to know; anybody may try again."""
    for ledger, known in grouped(keys).items():
        if ledger.notes_absence:
            ask("set_many", dict.fromkeys(known, ABSENT), ledger.timeout, ledger=ledger)


def is_absent(key: str) -> bool:
    """Whether the last attempt to make the rendition failed."""
    return _says(ask("get", key, ledger=ledger_of(key)), ABSENT)


@dataclass(frozen=True, slots=True)
class Claims:
    """The right of one maker to make some renditions, until its lease ends."""

    token: str
    keys: frozenset[str]
    since: float = field(default_factory=time.monotonic)
    """When the lease began, on the monotonic clock."""


def claim(keys: Iterable[str]) -> Claims:
    """Claim what nobody else has claimed. Without a working cache everything is ours."""
    token = uuid.uuid4().hex
    wanted = {_pending(key): key for key in keys}
    held = hold(wanted, token, LEASE)
    return Claims(token, frozenset(key for pending, key in wanted.items() if pending in held))


def is_pending(key: str) -> bool:
    """Whether somebody is making this rendition now."""
    return is_held(_pending(key))


def extend(claims: Claims) -> Claims:
    """The claims with a lease that begins anew, once a part of it is over."""
    if time.monotonic() - claims.since < LEASE / 4:
        return claims
    renew(map(_pending, claims.keys), claims.token, LEASE)
    return replace(claims, since=time.monotonic())


def release(claims: Claims) -> None:
    """Give up what is still ours."""
    if claims.keys:
        let_go(map(_pending, claims.keys), claims.token)


def _pending(key: str) -> str:
    return shorten(f"{key}-pending")


def mark_queued(keys: Iterable[str]) -> None:
    """A queue was asked for these renditions."""
    ask("set_many", dict.fromkeys(map(_queued, keys), READY), QUEUED)


def unmark_queued(keys: Iterable[str]) -> None:
    """No queue is busy with these renditions any more."""
    ask("delete_many", [_queued(key) for key in keys])


def is_underway(key: str) -> bool:
    """Whether somebody is making this rendition now, or a queue was asked for it."""
    return _says(ask("get", _queued(key)), READY) or is_pending(key)


def _queued(key: str) -> str:
    return shorten(f"{key}-queued")
