"""Announcements: what is told of each rendition that was made, failed, or was deleted.

Each is a signal, and a record of the logger ``versatile`` at level INFO with the same facts as
attributes, and the names of the rendition and its source. What a fact does not fit is None.
"""

import logging
from dataclasses import asdict, dataclass
from typing import Protocol

from django.core.files.storage import Storage

from versatile.exceptions import PictureError
from versatile.renditions.source import Source
from versatile.signals import rendition_created, rendition_deleted, rendition_failed

events = logging.getLogger("versatile")


class Told(Protocol):
    """What is told of: a rendition."""

    source: Source
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What every signal and every record tells."""

    cause: str
    """Why it was made or deleted; of what failed the class of its error."""
    seconds: float | None = None
    bytes: int | None = None
    pixels: int | None = None


def are_heard(rendition: Told) -> bool:
    """Whether anybody listens to what was made, so that its pixels are worth counting."""
    listened = rendition_created.has_listeners(type(rendition))
    return listened or events.isEnabledFor(logging.INFO)


def created(rendition: Told, *, seconds: float, bytes: int, pixels: int | None, cause: str) -> None:
    """The file of a rendition was made."""
    facts = _Facts(cause=cause, seconds=seconds, bytes=bytes, pixels=pixels)
    _record("created", rendition.name, rendition.source.name, facts)
    rendition_created.send_robust(type(rendition), rendition=rendition, **asdict(facts))


def failed(rendition: Told, *, error: PictureError | None, seconds: float) -> None:
    """A rendition could not be made."""
    facts = _Facts(cause=type(error).__name__, seconds=seconds)
    _record("failed", rendition.name, rendition.source.name, facts)
    rendition_failed.send_robust(type(rendition), rendition=rendition, error=error, **asdict(facts))


def deleted(name: str, storage: Storage, *, source: str, cause: str) -> None:
    """The file of a rendition was deleted."""
    facts = _Facts(cause=cause)
    _record("deleted", name, source, facts)
    rendition_deleted.send_robust(
        type(storage), name=name, storage=storage, source=source, **asdict(facts)
    )


def _record(event: str, name: str, source: str, facts: _Facts) -> None:
    if events.isEnabledFor(logging.INFO):
        extra = {"event": event, "rendition": name, "source": source, **asdict(facts)}
        events.info("%s %s (of %s)", event.capitalize(), name, source, extra=extra)
