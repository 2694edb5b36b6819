"""Strategies: when renditions are made."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from versatile.renditions import generation
from versatile.renditions.backends import is_prefetched
from versatile.renditions.imports import imported
from versatile.renditions.outcomes import Outcome
from versatile.renditions.rendition import Rendition

logger = logging.getLogger(__name__)


class Generated(Protocol):
    """What can be made: a rendition, or the cache file of a generator."""

    def generate(self, force: bool = False) -> None:
        """Make it if it is missing; raises what hinders it."""


def is_on_event_loop(asked: object) -> bool:
    """Whether an event loop runs in this thread, which nobody may hold up; logged for debugging."""
    # Its public twin raises where there is none, which costs every URL of a page too much.
    if asyncio._get_running_loop() is None:
        return False
    logger.debug("%r is not made on an event loop; await its aensure()", asked)
    return True


class JustInTime:
    """Made when somebody asks for it and existence does not know it.

    On a running event loop asking for a URL makes nothing, and asks neither cache nor storage.
    """

    def on_existence_required(self, file: Generated) -> None:
        """Make it if it is missing; one cache read where it is not.

        Raises ``SourceError``, ``RenditionError`` or ``StorageError``, logged once.
        """
        if not is_on_event_loop(file):
            file.generate()

    def on_content_required(self, file: Generated) -> None:
        """The same: who wants the bytes wants the file to be there."""
        file.generate()

    def on_set_required(self, renditions: Sequence[Rendition]) -> list[Outcome]:
        """Make what is missing of a set: one cache read, one decode; nothing is raised."""
        unknown = [item for item in renditions if not is_prefetched(item)]
        return generation.generate(unknown) if unknown and not is_on_event_loop(unknown) else []


class Optimistic:
    """Made when the source is saved; after that it is believed to be there."""

    def on_source_saved(self, file: Generated) -> None:
        """Make it."""
        file.generate()

    def should_verify_existence(self, file: Generated) -> bool:
        """False: nobody looks."""
        return False


class Manual:
    """Nothing is made by asking; a URL costs neither a storage call nor a cache call."""

    def on_existence_required(self, file: Generated) -> None:
        """Whoever made it, or forgot to, knows."""

    def on_content_required(self, file: Generated) -> None:
        """A file that is not there is the storage's ``FileNotFoundError``."""

    def on_set_required(self, renditions: Sequence[Rendition]) -> list[Outcome]:
        """Nothing is known of the set, and nothing made."""
        return []


class DictStrategy:
    """A strategy of callbacks: a dictionary of method names and functions of the file."""

    def __init__(self, callbacks: Mapping[str, Callable[..., Any]]) -> None:
        for name, callback in callbacks.items():
            setattr(self, name, callback)


def tell(strategy: Any, event: str, file: object) -> None:
    """Call a strategy's method for an event, if it has one."""
    callback = getattr(strategy, event, None)
    if callback is not None:
        callback(file)


JUST_IN_TIME = JustInTime()
MANUAL = Manual()


def of(create_on_demand: bool) -> JustInTime | Manual:
    """The strategy of a file by its switch."""
    return JUST_IN_TIME if create_on_demand else MANUAL


def load_strategy(strategy: Any) -> Any:
    """The strategy that a setting names: a dotted path, a class, callbacks, or the thing itself.

    Raises ``ConfigurationError`` for a path that leads nowhere.
    """
    if isinstance(strategy, str):
        strategy = imported(strategy, "strategy")
    if isinstance(strategy, Mapping):
        return DictStrategy(strategy)
    return strategy() if isinstance(strategy, type) else strategy
