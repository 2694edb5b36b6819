"""Strategies: when renditions are made."""

import logging
from collections.abc import Sequence

from versatile.exceptions import PictureError
from versatile.renditions import existence, generation
from versatile.renditions.generation import Outcome
from versatile.renditions.rendition import Rendition

logger = logging.getLogger(__name__)


class JustInTime:
    """A rendition is made when somebody asks for it and existence does not know it."""

    def on_existence_required(self, rendition: Rendition) -> None:
        """Make it if it is missing; one cache read where it is not.

        Raises ``SourceError``, ``RenditionError`` or ``StorageError``, logged once.
        """
        if not _is_ready(rendition):
            for outcome in generation.make([rendition]):
                raise_logged(outcome)

    def on_content_required(self, rendition: Rendition) -> None:
        """The same: who wants the bytes wants the file to be there."""
        rendition.require()

    def on_set_required(self, renditions: Sequence[Rendition]) -> list[Outcome]:
        """Make what is missing of a set: one cache read, one decode; nothing is raised."""
        unknown = [item for item in renditions if not _is_prefetched(item)]
        return generation.generate(unknown) if unknown else []


class Manual:
    """Nothing is made by asking; a URL costs neither a storage call nor a cache call."""

    def on_existence_required(self, rendition: Rendition) -> None:
        """Whoever made it, or forgot to, knows."""

    def on_content_required(self, rendition: Rendition) -> None:
        """A file that is not there is the storage's ``FileNotFoundError``."""

    def on_set_required(self, renditions: Sequence[Rendition]) -> list[Outcome]:
        """Nothing is known of the set, and nothing made."""
        return []


JUST_IN_TIME = JustInTime()
MANUAL = Manual()


def _is_ready(rendition: Rendition) -> bool:
    return _is_prefetched(rendition) or existence.is_ready(rendition.existence_key)


def _is_prefetched(rendition: Rendition) -> bool:
    known = rendition.source.known
    return known is not None and known.get(rendition.existence_key, False)


def of(create_on_demand: bool) -> JustInTime | Manual:
    """The strategy of a file by its switch."""
    return JUST_IN_TIME if create_on_demand else MANUAL


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
