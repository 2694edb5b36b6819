"""Outcomes: what became of renditions, and who is told of it."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from versatile.exceptions import (
    EncodingError,
    ImageError,
    PictureError,
    ProcessorError,
    RenditionError,
)
from versatile.renditions import announcements, existence, failures, manifest, saving
from versatile.renditions.manifest import Made
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source


class State(enum.StrEnum):
    """What became of one rendition."""

    CREATED = "created"
    EXISTING = "existing"
    FAILED = "failed"


class Cause(enum.StrEnum):
    """Why a rendition was made."""

    MISSING = "missing"
    FORCED = "forced"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one rendition, and what it cost."""

    rendition: Rendition
    state: State
    error: PictureError | None = None
    seconds: float = 0.0
    bytes: int = 0
    pixels: int | None = None
    """Width times height; None where nobody listens, or where it is no picture."""


def record(source: Source, outcomes: Sequence[Outcome]) -> None:
    """Note what was made of one source, and what failed. Nobody hears yet of what is there."""
    failed = [item.rendition.existence_key for item in outcomes if item.state is State.FAILED]
    existence.note_absence(failed)
    fresh = {
        item.rendition.name: item.error
        for item in outcomes
        if type(item.error) is RenditionError and not item.error.logged
        if not _is_of_elsewhere(item.error)
    }
    if fresh:
        failures.remember_rendition_failures(source, fresh)
    present = _present(outcomes)
    if present:
        manifest.add(source, map(Made.of, present))


def show(outcomes: Sequence[Outcome]) -> None:
    """Tell existence what is there. It is recorded by now, so that whoever replaces it finds it."""
    present = _present(outcomes)
    existence.remember(item.existence_key for item in present)
    for item in present:
        item.source.note(item.existence_key, ready=True)


def _present(outcomes: Sequence[Outcome]) -> list[Rendition]:
    return [item.rendition for item in outcomes if item.state is not State.FAILED]


def _is_of_elsewhere(error: RenditionError) -> bool:
    """Whether a disk, a storage or a network was at fault that a processor or generator asked."""
    cause = error.__cause__
    if isinstance(cause, ProcessorError):
        cause = cause.__cause__
    return isinstance(cause, OSError) and not isinstance(cause, ImageError | EncodingError)


def take_back(source: Source, outcomes: Iterable[Outcome]) -> None:
    """Throw away what was made of bytes that the source has no more."""
    made = [item.rendition for item in outcomes if item.state is State.CREATED]
    failures.forget_failure(source)
    existence.forget(item.existence_key for item in made)
    manifest.remove(source, [item.name for item in made])
    for item in made:
        item.source.note(item.existence_key, ready=False)
        saving.discard(item.storage, item.name)


def announce(outcomes: Iterable[Outcome], cause: Cause) -> None:
    """Send the signals of outcomes; Django logs a receiver that raises."""
    for item in outcomes:
        if item.error is not None and item.error.logged:  # what failed before was told of
            continue
        if item.state is State.FAILED:
            announcements.failed(item.rendition, error=item.error, seconds=item.seconds)
        elif item.state is State.CREATED:
            announcements.created(
                item.rendition,
                seconds=item.seconds,
                bytes=item.bytes,
                pixels=item.pixels,
                cause=cause.value,
            )
