"""The outbox: what was asked for in one transaction is sent when it is committed, together."""

import itertools
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from threading import local
from typing import Any, Protocol
from weakref import WeakValueDictionary

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models.fields.files import FieldFile

from versatile.renditions.backends import HasRendition

logger = logging.getLogger(__name__)


class Sender(Protocol):
    """What sends files to a queue."""

    def send(self, files: Sequence[HasRendition], *, force: bool = False) -> int:
        """Send them now; how many jobs they are."""


@dataclass(eq=False)
class Letter:
    """Files that somebody asked for at one time."""

    sender: Sender
    files: list[HasRendition]
    force: bool


class _Waiting(local):
    """By database, the letters of this thread's transaction.

    Held weakly: only the transaction keeps a letter alive, and what a savepoint takes back is
    gone from here too.
    """

    def __init__(self) -> None:
        self.letters: dict[str, WeakValueDictionary[int, Letter]] = {}


_waiting = _Waiting()
_numbers = itertools.count()


def send_on_commit(sender: Sender, files: Sequence[HasRendition], *, force: bool = False) -> None:
    """Send files when the transaction of their rows is committed, or now if there is none.

    A queue that fails is logged, and costs nobody a page.
    """
    groups: dict[str, list[HasRendition]] = {}
    for file in files:
        groups.setdefault(_database_of(file), []).append(file)
    for using, group in groups.items():
        letter = Letter(sender, group, force)
        _waiting.letters.setdefault(using, WeakValueDictionary())[next(_numbers)] = letter
        transaction.on_commit(partial(_deliver, using, letter), using=using)


def _database_of(file: HasRendition) -> str:
    source = getattr(getattr(file, "generator", None), "source", None)
    instance: Any = source.instance if isinstance(source, FieldFile) else None
    return getattr(getattr(instance, "_state", None), "db", None) or DEFAULT_DB_ALIAS


def _deliver(using: str, letter: Letter) -> None:
    """Send all that waits; the first letter of a transaction takes the others with it."""
    for sender, files, force in _collected(_waiting.letters.pop(using, {}).values()):
        try:
            sender.send(files, force=force)
        except Exception:
            logger.exception("%d files are not queued; the next request tries again", len(files))


def _collected(letters: Any) -> Iterator[tuple[Sender, list[HasRendition], bool]]:
    groups: dict[tuple[Sender, bool], list[HasRendition]] = {}
    for letter in letters:
        groups.setdefault((letter.sender, letter.force), []).extend(letter.files)
    for (sender, force), files in groups.items():
        yield sender, files, force
