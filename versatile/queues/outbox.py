"""The outbox: what was asked for in one transaction is sent when it is committed, together."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS
from django.db.models.fields.files import FieldFile

from versatile.renditions.backends import HasRendition
from versatile.renditions.commits import Commits

logger = logging.getLogger(__name__)


class Sender(Protocol):
    """What sends files to a queue."""

    def send(self, files: Sequence[HasRendition], *, force: bool = False) -> int:
        """Send them now; how many jobs they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """Files that somebody asked for at one time."""

    sender: Sender
    files: list[HasRendition]
    force: bool


def send_on_commit(sender: Sender, files: Sequence[HasRendition], *, force: bool = False) -> None:
    """Send files when the transaction of their rows is committed, or now if there is none.

    A queue that fails is logged, and costs nobody a page.
    """
    groups: dict[str, list[HasRendition]] = {}
    for file in files:
        groups.setdefault(_database_of(file), []).append(file)
    for using, group in groups.items():
        _waiting.add(Letter(sender, group, force), using)


def _database_of(file: HasRendition) -> str:
    source = getattr(getattr(file, "generator", None), "source", None)
    instance: Any = source.instance if isinstance(source, FieldFile) else None
    return getattr(getattr(instance, "_state", None), "db", None) or DEFAULT_DB_ALIAS


def _deliver(using: str, letters: Sequence[Letter]) -> None:
    """Send all that waits: to each sender at once what it was asked for."""
    groups: dict[tuple[Sender, bool], list[HasRendition]] = {}
    for letter in letters:
        groups.setdefault((letter.sender, letter.force), []).extend(letter.files)
    for (sender, force), files in groups.items():
        try:
            sender.send(files, force=force)
        except Exception:
            logger.exception("%d files are not queued; the next request tries again", len(files))


_waiting = Commits(_deliver)
