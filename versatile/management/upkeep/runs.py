"""Runs: what every verb is told beside its scope."""

from collections.abc import Callable
from dataclasses import dataclass


def _nothing() -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a verb goes about it."""

    dry_run: bool = False
    """Whether it only says what it would do."""
    workers: int = 1
    """How many threads do it."""
    dimensions: bool = False
    """Whether ``check`` reads the headers of the originals, too."""
    sizes: bool = False
    """Whether ``stats`` asks for the length of every file."""
    move: bool = False
    """Whether ``adopt`` deletes the file that it has copied to another name."""
    advance: Callable[[], None] = _nothing
    """Called when one row, or one folder, is done."""
