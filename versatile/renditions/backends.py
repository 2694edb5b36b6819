"""Backends: by whom files are made.

A backend is given a *file*: a rendition, or the cache file of a generator. Both have a
``rendition``, which is what the engine makes.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from versatile.exceptions import PictureError
from versatile.renditions import existence, failures, generation
from versatile.renditions.outcomes import Outcome
from versatile.renditions.rendition import Rendition

logger = logging.getLogger(__name__)


class HasRendition(Protocol):
    """What a backend is given."""

    @property
    def rendition(self) -> Rendition:
        """What the engine makes."""

    @property
    def existence_key(self) -> str:
        """The key under which existence remembers it."""

    @property
    def is_found(self) -> bool:
        """Whether one look at existence for a whole page found it."""


class CacheFileState:
    """The states of a file as ImageKit names them."""

    EXISTS = "exists"
    GENERATING = "generating"
    DOES_NOT_EXIST = "does_not_exist"


class CachedFileBackend:
    """What backends share: the view of existence that ImageKit's users know."""

    is_async = False
    """Whether the file may still be missing after it was asked for."""

    def get_key(self, file: HasRendition) -> str:
        """The key under which existence remembers the file."""
        return file.existence_key

    def get_state(self, file: HasRendition, check_if_unknown: bool = True) -> str:
        """The state of a file; where nothing is known the storage is asked, if that is wanted."""
        if is_ready(file):
            return CacheFileState.EXISTS
        if existence.is_pending(file.existence_key):
            return CacheFileState.GENERATING
        found = check_if_unknown and file.rendition.exists()
        return CacheFileState.EXISTS if found else CacheFileState.DOES_NOT_EXIST

    def set_state(self, file: HasRendition, state: str) -> None:
        """Remember that a file is there, or forget it."""
        keys = [file.existence_key]
        (existence.remember if state == CacheFileState.EXISTS else existence.forget)(keys)

    def exists(self, file: HasRendition) -> bool:
        """Whether the file is there, by existence or else by the storage."""
        return self.get_state(file) == CacheFileState.EXISTS

    def is_known_to_be_absent(self, file: HasRendition) -> bool:
        """Whether making it failed, and nobody else has put a file there."""
        if is_ready(file):
            return False
        rendition = file.rendition
        if existence.is_absent(rendition.existence_key) and not rendition.exists():
            existence.note_absence([rendition.existence_key])  # looking has forgotten it
            return True
        return failures.failure(rendition.source) is not None

    def generate(self, file: HasRendition, force: bool = False) -> None:
        """Make the file, or have it made, if it is missing, or with ``force`` anyway."""
        raise NotImplementedError(f"{type(self).__name__} needs generate()")


class Immediate(CachedFileBackend):
    """The one who asks makes the file, at once."""

    def generate(self, file: HasRendition, force: bool = False) -> None:
        """Make it if it is missing; one cache read where it is not.

        Raises ``SourceError``, ``RenditionError`` or ``StorageError``, logged once.
        """
        if force or not is_ready(file):
            self.generate_now(file, force=force)

    def generate_now(self, file: HasRendition, force: bool = False) -> None:
        """Make it; raises as ``generate``."""
        if not force and postpone(IMMEDIATE, file):
            return
        for outcome in generation.make([file.rendition], force=force):
            raise_logged(outcome)

    def generate_together(self, files: Sequence[HasRendition]) -> None:
        """Make what is missing, each source decoded once; failures are logged, not raised."""
        for outcome in generation.make(file.rendition for file in files):
            if outcome.error is not None:
                log(outcome.error)


IMMEDIATE = Immediate()


class Together(Protocol):
    """A backend that can be given many files at once."""

    def generate_together(self, files: Sequence[HasRendition]) -> None:
        """Make them, or have them made; failures are logged, not raised."""


Batch = dict[Together, list[HasRendition]]
_batch: ContextVar[Batch | None] = ContextVar("versatile_batch", default=None)


def postpone(backend: Together, file: HasRendition) -> bool:
    """Leave a file to the end of the block of ``together()``; False where there is none."""
    batch = _batch.get()
    if batch is None:
        return False
    batch.setdefault(backend, []).append(file)
    return True


@contextmanager
def together() -> Iterator[None]:
    """What is asked for inside the block is made at its end, each source decoded once.

    Failures are logged, not raised. A block inside another belongs to that.
    """
    if _batch.get() is not None:
        yield
        return
    batch: Batch = {}
    token = _batch.set(batch)
    try:
        yield
    finally:
        _batch.reset(token)
    for backend, files in batch.items():
        backend.generate_together(files)


_asked: ContextVar[list[Rendition] | None] = ContextVar("versatile_asked", default=None)


@contextmanager
def looking_ahead() -> Iterator[list[Rendition]]:
    """What is asked for inside the block is listed, and neither looked up nor made.

    It passes for ready; who asks looks all of it up at once, and asks again for what is not.
    """
    asked: list[Rendition] = []
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


def is_ready(file: HasRendition) -> bool:
    """Whether the file is known to be there."""
    return is_prefetched(file) or existence.is_ready(file.existence_key)


def is_prefetched(file: HasRendition) -> bool:
    """Whether a batched look at existence has found it already, or will look for it."""
    asked = _asked.get()
    if asked is None:
        return file.is_found
    asked.append(file.rendition)
    return True


def raise_logged(outcome: Outcome) -> None:
    """Raise what went wrong, if anything did, and leave one log record of it."""
    if outcome.error is None:
        return
    log(outcome.error)
    raise outcome.error


def log(error: PictureError) -> None:
    """One log record of an error, however often it is met."""
    if not error.logged:
        logger.error("A rendition is not made: %s", error, exc_info=error)
        error.logged = True
