"""Backends that have files made by somebody else, later."""

import logging
from collections.abc import Sequence
from typing import Any

from versatile.exceptions import QueueError, VersatileError
from versatile.queues.job import Job, key_of
from versatile.queues.outbox import send_on_commit
from versatile.renditions import existence, failures
from versatile.renditions.backends import HasRendition, Immediate, is_ready, postpone
from versatile.specs.choices import choose_backend

logger = logging.getLogger(__name__)

SHORT_NAMES = {
    "immediate": "versatile.renditions.backends.Immediate",
    "celery": "versatile.queues.celery.Celery",
}
"""What may be written for the dotted path of a backend, as in ``--backend celery``."""


def load_backend(backend: Any) -> Any:
    """The backend of a short name, a dotted path or a class, or the backend itself.

    Raises ``ConfigurationError``.
    """
    named = isinstance(backend, str)
    return choose_backend(SHORT_NAMES.get(backend, backend) if named else backend)


def get_default_backend() -> Any:
    """The backend that the setting ``BACKEND`` names; raises ``ConfigurationError``."""
    return choose_backend(None)


class BaseAsync(Immediate):
    """The base of backends whose files are made later: write ``schedule_generation``.

    Whoever makes the file then calls ``generate_now``.
    """

    is_async = True

    def schedule_generation(self, file: HasRendition, force: bool = False) -> None:
        """Ask somebody to make the file."""
        raise NotImplementedError(f"{type(self).__name__} needs schedule_generation()")

    def generate(self, file: HasRendition, force: bool = False) -> None:
        """Have the file made, unless it is there, being made, or asked for already.

        A queue that fails is logged, and the next request tries again. Raises
        ``ConfigurationError`` for a file that cannot be queued.
        """
        if force or self._is_wanted(file):
            self._ask(file, force=force)

    def generate_now(self, file: HasRendition, force: bool = False) -> None:
        """Make the file here; raises ``SourceError``, ``RenditionError`` or ``StorageError``."""
        try:
            super().generate_now(file, force=force)
        finally:
            existence.unmark_queued([file.rendition.existence_key])

    def generate_together(self, files: Sequence[HasRendition]) -> None:
        """Have files made; failures are logged."""
        for file in files:
            self.generate(file)

    def send(self, files: Sequence[HasRendition], *, force: bool = False, owner: Any = None) -> int:
        """Ask for files now; how many jobs they are. Raises ``QueueError``.

        ``owner`` is the field's file that renditions were made from, where it is known.
        """
        keys = [file.rendition.existence_key for file in files]
        existence.mark_queued(keys)  # before the job, which may be done the next moment
        try:
            return self._send(files, force=force, owner=owner)
        except Exception as error:
            existence.unmark_queued(keys)
            if isinstance(error, VersatileError):
                raise
            raise QueueError(f"The queue took no job: {error!r}; is its broker there?") from error

    def exists(self, file: HasRendition) -> bool:
        """Whether the file is there, by existence or else by the storage."""
        return self._found(file)

    def _ask(self, file: HasRendition, *, force: bool) -> None:
        try:
            self.send([file], force=force)
        except QueueError:
            logger.exception("%r is not queued; the next request tries again", file)

    def _send(self, files: Sequence[HasRendition], *, force: bool, owner: Any) -> int:
        for file in files:
            self.schedule_generation(file, force=force)
        return len(files)

    def _is_wanted(self, file: HasRendition) -> bool:
        if is_ready(file) or existence.is_underway(file.existence_key):
            return False
        return failures.failure(file.rendition.source) is None and not self._found(file)

    def _found(self, file: HasRendition) -> bool:
        try:
            return super().exists(file)
        except Exception:  # storages raise what they like, and no page depends on it here
            logger.exception("The storage cannot look for %r", file)
            return False


class JobQueue(BaseAsync):
    """The base of backends that send jobs: one for each source, when the transaction commits.

    A subclass writes ``send_job``.
    """

    def send_job(self, job: Job, *, force: bool = False) -> None:
        """Send one job now."""
        raise NotImplementedError(f"{type(self).__name__} needs send_job()")

    def schedule_generation(self, file: HasRendition, force: bool = False) -> None:
        """Send the job of one file now; raises ``QueueError``."""
        self.send([file], force=force)

    def generate_together(self, files: Sequence[HasRendition]) -> None:
        """Send one job for each source; failures are logged."""
        self._send_later(files, force=False)

    def _ask(self, file: HasRendition, *, force: bool) -> None:
        key_of(file)  # what cannot be queued is said to the one who asks
        if force or not postpone(self, file):
            self._send_later([file], force=force)

    def _send_later(self, files: Sequence[HasRendition], *, force: bool) -> None:
        try:
            send_on_commit(self, files, force=force)
        except Exception:
            logger.exception("%d files are not queued; the next request tries again", len(files))

    def _send(self, files: Sequence[HasRendition], *, force: bool, owner: Any) -> int:
        jobs = Job.for_files(files, owner)
        for job in jobs:
            self.send_job(job, force=force)
        return len(jobs)
