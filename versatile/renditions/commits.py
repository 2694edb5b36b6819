"""Commits: what happens in one transaction is acted upon when it is committed, together."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import local
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

from django.db import transaction

_Item = TypeVar("_Item")


@dataclass(eq=False)
class _Letter(Generic[_Item]):
    """One thing that happened."""

    item: _Item


class _Waiting(local):
    """By database, the letters of this thread's transaction.

    Held weakly: only the transaction keeps a letter alive, and what a savepoint takes back is
    gone from here too.
    """

    def __init__(self) -> None:
        self.letters: dict[str, WeakValueDictionary[int, _Letter[Any]]] = {}


class Commits(Generic[_Item]):
    """Hands on what happened in a transaction when it is committed, and at once without one.

    ``deliver`` is called with the alias of the database and all things, in their order. What
    was rolled back is dropped.
    """

    def __init__(self, deliver: Callable[[str, Sequence[_Item]], None]) -> None:
        self._act = deliver
        self._waiting = _Waiting()
        self._numbers = itertools.count()

    def add(self, item: _Item, using: str) -> None:
        """Note what happened in the transaction of a database."""
        letter = _Letter(item)
        letters = self._waiting.letters.setdefault(using, WeakValueDictionary())
        letters[next(self._numbers)] = letter
        transaction.on_commit(partial(self._deliver, using, letter), using=using)

    def _deliver(self, using: str, letter: _Letter[_Item]) -> None:
        """Hand on all that waits; the first letter of a transaction takes the others with it."""
        letters = self._waiting.letters.pop(using, None)
        if letters:
            self._act(using, [item.item for _, item in sorted(letters.items())])
