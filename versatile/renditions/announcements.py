"""Announcements: what is told of each rendition that was made, failed, or was deleted.

Each is a signal, and a record of the logger ``versatile`` at level INFO with the same facts as
attributes: ``event``, ``rendition`` and ``source`` (names), ``seconds``, ``bytes``, ``pixels``
and ``cause``.
"""

import logging
from typing import Any, Protocol

from django.core.files.storage import Storage

from versatile.exceptions import PictureError
from versatile.renditions.source import Source
from versatile.signals import rendition_created, rendition_deleted, rendition_failed

events = logging.getLogger("versatile")


class Told(Protocol):
    """What is told of: a rendition."""

    source: Source
    name: str


def are_heard(rendition: Told) -> bool:
    """Whether anybody listens to what was made, so that its pixels are worth counting."""
    listened = rendition_created.has_listeners(type(rendition))
    return listened or events.isEnabledFor(logging.INFO)


def created(rendition: Told, *, seconds: float, bytes: int, pixels: int | None, cause: str) -> None:
    """The file of a rendition was made."""
    facts: dict[str, Any] = {"seconds": seconds, "bytes": bytes, "pixels": pixels, "cause": cause}
    _record("created", rendition.name, rendition.source.name, **facts)
    rendition_created.send_robust(type(rendition), rendition=rendition, **facts)


def failed(rendition: Told, *, error: PictureError | None, seconds: float) -> None:
    """A rendition could not be made."""
    cause = type(error).__name__
    _record("failed", rendition.name, rendition.source.name, seconds=seconds, cause=cause)
    rendition_failed.send_robust(type(rendition), rendition=rendition, error=error, seconds=seconds)


def deleted(name: str, storage: Storage, *, source: str, cause: str) -> None:
    """The file of a rendition was deleted."""
    _record("deleted", name, source, cause=cause)
    rendition_deleted.send_robust(
        type(storage), name=name, storage=storage, source=source, cause=cause
    )


def _record(event: str, name: str, source: str, **facts: Any) -> None:
    if not events.isEnabledFor(logging.INFO):
        return
    known = {"seconds": None, "bytes": None, "pixels": None, **facts}
    extra = {"event": event, "rendition": name, "source": source, **known}
    events.info("%s %s (of %s)", event.capitalize(), name, source, extra=extra)
