"""Generation: making renditions. Each source is opened and decoded once for all of them."""

import enum
import io
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from versatile import signals
from versatile.conf import conf
from versatile.exceptions import (
    PictureError,
    RenditionError,
    SourceError,
    SourceUnreadable,
    StorageError,
    VersatileError,
)
from versatile.imaging import decoding
from versatile.imaging.exceptions import ImageError
from versatile.imaging.recipe import Recipe, render_each
from versatile.renditions import existence, failures, manifest, saving
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source

WAIT = 10.0
"""Seconds to wait for another maker before making the rendition here."""
_PAUSE = 0.02

Wanted = dict[str, Rendition]
"""Renditions of one source, by their existence keys."""


class State(enum.StrEnum):
    """What became of one rendition."""

    CREATED = "created"
    EXISTING = "existing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one rendition, and what it cost."""

    rendition: Rendition
    state: State
    error: PictureError | None = None
    seconds: float = 0.0
    bytes: int = 0


def generate(renditions: Iterable[Rendition]) -> list[Outcome]:
    """Make those of the renditions that are not there; one cache read to find them.

    The outcomes stand in the order of the renditions, errors among them.
    """
    wanted = list(renditions)
    ready = existence.read(rendition.existence_key for rendition in wanted)
    missing = [rendition for rendition in wanted if not ready[rendition.existence_key]]
    made = {outcome.rendition.existence_key: outcome for outcome in make(missing)}
    return [
        replace(made[item.existence_key], rendition=item)
        if item.existence_key in made
        else Outcome(item, State.EXISTING)
        for item in wanted
    ]


def make(renditions: Iterable[Rendition], *, force: bool = False) -> Iterator[Outcome]:
    """Make renditions that existence does not know, source by source.

    ``force`` makes those too that the storage has, and tries a source again that failed.
    """
    sources: dict[tuple[object, ...], Wanted] = {}
    for rendition in renditions:
        sources.setdefault(rendition.source.address, {})[rendition.existence_key] = rendition
    for wanted in sources.values():
        source = next(iter(wanted.values())).source
        if force:
            failures.forget_failure(source)
        yield from _make_of_source(source, wanted, force=force)


def _make_of_source(source: Source, wanted: Wanted, *, force: bool) -> Iterator[Outcome]:
    """Make what nobody else is making, and wait for the others."""
    until = time.monotonic() + WAIT
    while wanted:
        claims = existence.claim(wanted)
        try:
            claimed = [wanted.pop(key) for key in claims.keys]
            outcomes = _make_claimed(source, claimed, force=force)
        finally:
            existence.release(claims)
        yield from outcomes  # whoever takes them may be slow, or stop here
        yield from _wait(wanted, until)
        if time.monotonic() > until:
            yield from _make_claimed(source, list(wanted.values()), force=force)
            return


def _wait(wanted: Wanted, until: float) -> Iterator[Outcome]:
    """Wait while others hold their claims, and take what they have made."""
    while wanted and time.monotonic() < until:
        ready = existence.read(wanted)
        for key in [key for key in wanted if ready[key]]:
            yield Outcome(wanted.pop(key), State.EXISTING)
        if not wanted or not all(map(existence.is_pending, wanted)):
            return
        time.sleep(_PAUSE)


def _make_claimed(source: Source, claimed: Sequence[Rendition], *, force: bool) -> list[Outcome]:
    """Make renditions whose claims are ours, and tell existence before they are given up."""
    outcomes = [None if force else _look(rendition) for rendition in claimed]
    missing = [item for item, outcome in zip(claimed, outcomes, strict=True) if outcome is None]
    known = [outcome for outcome in outcomes if outcome is not None]
    made = list(_render(source, missing)) if missing else []
    _tell(source, known + made)
    return known + made


def _look(rendition: Rendition) -> Outcome | None:
    """Whether the storage has it though existence has forgotten; None where it is missing."""
    try:
        found = rendition.storage.exists(rendition.name)
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        problem = StorageError(rendition.name, f"the storage cannot look for it: {error!r}")
        problem.__cause__ = error
        return Outcome(rendition, State.FAILED, problem)
    return Outcome(rendition, State.EXISTING) if found else None


def _render(source: Source, missing: Sequence[Rendition]) -> Iterator[Outcome]:
    """Make them, and remember what is the fault of the source."""
    problem: PictureError | None = failures.failure(source)
    known = failures.failures_of_renditions(source) if problem is None else {}
    for rendition in missing:
        if rendition.name in known:
            yield Outcome(rendition, State.FAILED, known[rendition.name])
    left = [rendition for rendition in missing if rendition.name not in known]
    if problem is None and left:
        try:
            for outcome in _render_each(source, tuple(left)):
                left.remove(outcome.rendition)
                yield outcome
        except SourceError as error:
            failures.remember_failure(source, error)
            problem = error
        except StorageError as error:
            problem = error
    for rendition in left:
        yield Outcome(rendition, State.FAILED, problem)


def _render_each(source: Source, missing: Sequence[Rendition]) -> Iterator[Outcome]:
    """Open and decode once, and save each rendition before the next is made."""
    by_recipe: list[Rendition] = []
    for rendition in missing:
        try:
            if rendition.write_file is None:
                rendition.recipe  # noqa: B018 - so that one bad name stops no other rendition
                by_recipe.append(rendition)
            else:
                yield _written(rendition, rendition.write_file)
        except Exception as error:  # noqa: BLE001 - users' sizers raise what they like
            yield _failed(rendition, error)
    if not by_recipe:
        return
    start = time.perf_counter()
    data = io.BytesIO(source.read())
    try:
        with decoding.open_picture(data, source.limits) as picture:
            recipes = [rendition.recipe for rendition in by_recipe]
            for index, result in render_each(picture, recipes, **_limits(source)):
                yield _saved(by_recipe[index], result, start)
                start = time.perf_counter()
    except ImageError as error:
        raise SourceUnreadable(source.name, str(error)) from error


def _limits(source: Source) -> dict[str, Any]:
    return {"exact": conf.EXACT_RESAMPLING, "max_area": source.policy.max_area}


def render(source: Source, recipe: Recipe, name: str) -> bytes:
    """The file that a recipe makes of a source, not saved; ``name`` is what an error calls it.

    Raises ``SourceError``, ``StorageError`` or ``RenditionError``.
    """
    data = io.BytesIO(source.read())
    try:
        with decoding.open_picture(data, source.limits) as picture:
            _, result = next(render_each(picture, [recipe], **_limits(source)))
    except ImageError as error:
        raise SourceUnreadable(source.name, str(error)) from error
    if isinstance(result, VersatileError):
        raise RenditionError(name, str(result)) from result
    return result


def _written(rendition: Rendition, write_file: Callable[[], bytes]) -> Outcome:
    """Let a generator that is no recipe write its file."""
    start = time.perf_counter()
    try:
        return _saved(rendition, write_file(), start)
    except PictureError as error:
        return Outcome(rendition, State.FAILED, error)
    except Exception as error:  # noqa: BLE001 - generators raise what they like
        return _failed(rendition, error)


def _saved(rendition: Rendition, result: bytes | VersatileError, start: float) -> Outcome:
    if isinstance(result, VersatileError):
        return _failed(rendition, result)
    try:
        saving.save(rendition.storage, rendition.name, result)
    except StorageError as error:
        return Outcome(rendition, State.FAILED, error)
    seconds = time.perf_counter() - start
    return Outcome(rendition, State.CREATED, seconds=seconds, bytes=len(result))


def _failed(rendition: Rendition, error: Exception) -> Outcome:
    ours = isinstance(error, VersatileError)
    reason = str(error) if ours else f"its recipe cannot be written: {error!r}"
    problem = RenditionError(rendition.name, reason)
    problem.__cause__ = error
    return Outcome(rendition, State.FAILED, problem)


def _tell(source: Source, outcomes: Sequence[Outcome]) -> None:
    _remember(source, outcomes)
    for outcome in outcomes:
        if outcome.error is None or not outcome.error.logged:  # what failed before was told of
            _announce(outcome)


def _announce(outcome: Outcome) -> None:
    """Send the signal of an outcome; Django logs a receiver that raises."""
    rendition = outcome.rendition
    if outcome.state is State.FAILED:
        signals.rendition_failed.send_robust(
            type(rendition), rendition=rendition, error=outcome.error
        )
    elif outcome.state is State.CREATED:
        signals.rendition_created.send_robust(
            type(rendition), rendition=rendition, seconds=outcome.seconds, bytes=outcome.bytes
        )


def _remember(source: Source, outcomes: Sequence[Outcome]) -> None:
    present = [item.rendition for item in outcomes if item.state is not State.FAILED]
    failed = [item.rendition.existence_key for item in outcomes if item.state is State.FAILED]
    existence.note_absence(failed)
    fresh = {
        item.rendition.name: item.error
        for item in outcomes
        if type(item.error) is RenditionError and not item.error.logged
    }
    if fresh:
        failures.remember_rendition_failures(source, fresh)
    if not present:
        return
    existence.remember(item.existence_key for item in present)
    manifest.add(source, [item.name for item in present])
    for item in present:
        if item.source.known is not None:
            item.source.known[item.existence_key] = True
