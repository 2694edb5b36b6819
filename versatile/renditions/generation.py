"""Generation: making renditions. Each source is opened and decoded once for all of them."""

import io
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

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
from versatile.imaging.limits import UNLIMITED
from versatile.imaging.recipe import Recipe, pixels_held, render_each
from versatile.renditions import announcements, existence, failures, saving, versions
from versatile.renditions.existence import Claims
from versatile.renditions.memory import room_for
from versatile.renditions.outcomes import Cause, Outcome, State, announce, record, show, take_back
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source

WAIT = 10.0
"""Seconds to wait for another maker before making the rendition here."""
ATTEMPTS = 3
"""How often renditions are made whose source is replaced again and again meanwhile."""
_PAUSE = 0.02
_SILENCE = 1.0
"""Seconds after which those that wait hear of what is there already."""

Wanted = dict[str, Rendition]
"""Renditions of one source, by their existence keys."""
Results = Iterator[tuple[int, bytes | VersatileError]]
"""Files, or what went wrong, with the index of their recipe."""


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
            outcomes = _make_claimed(source, claimed, claims, force=force)
        finally:
            existence.release(claims)
        yield from outcomes  # whoever takes them may be slow, or stop here
        yield from _wait(wanted, until)
        if time.monotonic() > until:
            yield from _make_claimed(source, list(wanted.values()), None, force=force)
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


def _make_claimed(
    source: Source, claimed: Sequence[Rendition], claims: Claims | None, *, force: bool
) -> list[Outcome]:
    """Make renditions that are ours to make, and tell existence before they are given up."""
    looked = [_look(rendition, force=force) for rendition in claimed]
    missing = [item for item, outcome in zip(claimed, looked, strict=True) if outcome is None]
    known = [outcome for outcome in looked if outcome is not None]
    record(source, known)
    show(known)
    made, cause = _make_fresh(source, missing, claims) if missing else ([], Cause.MISSING)
    announce(known + made, Cause.FORCED if force and cause is Cause.MISSING else cause)
    return known + made


def _look(rendition: Rendition, *, force: bool) -> Outcome | None:
    """Whether the storage has it though existence has forgotten; None where it is to be made."""
    try:
        if force or not versions.is_there(rendition.source, rendition.storage, rendition.name):
            return None
    except StorageError as error:
        return Outcome(rendition, State.FAILED, error)
    return Outcome(rendition, State.EXISTING)


def _make_fresh(
    source: Source, missing: Sequence[Rendition], claims: Claims | None
) -> tuple[list[Outcome], Cause]:
    """Make renditions, again where their source was replaced meanwhile."""
    cause = Cause.MISSING
    for _ in range(ATTEMPTS):
        before = versions.identity(source)
        made = _make_known(source, missing, claims, before)
        if versions.identity(source) == before:
            return made, cause
        take_back(source, made)
        cause = Cause.REPLACED
    problem = StorageError(source.name, "it is replaced again and again while it is read")
    return [Outcome(rendition, State.FAILED, problem) for rendition in missing], cause


def _make_known(
    source: Source, missing: Sequence[Rendition], claims: Claims | None, before: object
) -> list[Outcome]:
    """Make renditions, and let those that wait know now and then, and at the end.

    Nobody hears of what was made of a source that is no longer what it was before.
    """
    made: list[Outcome] = []
    told, since = 0, time.monotonic()
    try:
        for outcome in _render(source, missing):
            made.append(outcome)
            if time.monotonic() - since > _SILENCE:
                _tell(source, made[told:], before)
                told, since = len(made), time.monotonic()
                claims = claims and existence.extend(claims)
    finally:
        _tell(source, made[told:], before)
    return made


def _tell(source: Source, made: Sequence[Outcome], before: object) -> None:
    """Record them first: whoever replaces the source then finds them, or is seen here."""
    record(source, made)
    if versions.identity(source) == before:
        show(made)


def _render(source: Source, missing: Sequence[Rendition]) -> Iterator[Outcome]:
    """Make them, and remember what is the fault of the source."""
    start = time.perf_counter()
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
        yield Outcome(rendition, State.FAILED, problem, time.perf_counter() - start)


def _render_each(source: Source, missing: Sequence[Rendition]) -> Iterator[Outcome]:
    """Open and decode once, and save each rendition before the next is made."""
    by_recipe: list[Rendition] = []
    start = time.perf_counter()
    for rendition in missing:
        try:
            if rendition.write_file is None:
                rendition.recipe  # noqa: B018 - so that one bad name stops no other rendition
                by_recipe.append(rendition)
            else:
                yield _written(rendition, rendition.write_file)
        except Exception as error:  # noqa: BLE001 - users' sizers raise what they like
            yield _failed(rendition, error, start)
    if not by_recipe:
        return
    start = time.perf_counter()
    for index, result in _decoded(source, [rendition.recipe for rendition in by_recipe]):
        yield _saved(by_recipe[index], result, start)
        start = time.perf_counter()


def _decoded(source: Source, recipes: Sequence[Recipe]) -> Results:
    """The files of recipes, in room that is given back when no pixel is left."""
    data = io.BytesIO(source.read())
    try:
        with ExitStack() as room:
            yield from _in_room(source, data, recipes, room)
    except ImageError as error:
        raise SourceUnreadable(source.name, str(error)) from error


def _in_room(
    source: Source, data: io.BytesIO, recipes: Sequence[Recipe], room: ExitStack
) -> Results:
    exact = bool(conf.EXACT_RESAMPLING)
    with decoding.open_picture(data, source.limits) as picture:
        room.enter_context(room_for(pixels_held(picture, recipes, exact=exact)))
        try:
            yield from render_each(picture, recipes, exact=exact, max_area=source.policy.max_area)
        except ImageError as error:
            problem = SourceUnreadable(source.name, str(error))
            problem.size = picture.size  # of which what is shown instead is made
            raise problem from error


def render(source: Source, recipe: Recipe, name: str) -> bytes:
    """The file that a recipe makes of a source, not saved; ``name`` is what an error calls it.

    Raises ``SourceError``, ``StorageError`` or ``RenditionError``.
    """
    ((_, result),) = _decoded(source, [recipe])
    if isinstance(result, VersatileError):
        raise RenditionError(name, str(result)) from result
    return result


def _written(rendition: Rendition, write_file: Callable[[], bytes]) -> Outcome:
    """Let a generator that is no recipe write its file."""
    start = time.perf_counter()
    try:
        return _saved(rendition, write_file(), start)
    except PictureError as error:
        if isinstance(error, SourceError) and error.source == rendition.source.name:
            failures.remember_failure(rendition.source, error)
        return Outcome(rendition, State.FAILED, error, time.perf_counter() - start)
    except Exception as error:  # noqa: BLE001 - generators raise what they like
        return _failed(rendition, error, start)


def _saved(rendition: Rendition, result: bytes | VersatileError, start: float) -> Outcome:
    if isinstance(result, VersatileError):
        return _failed(rendition, result, start)
    try:
        kept_for = rendition.source.policy.cache_control
        saving.save(rendition.storage, rendition.name, result, cache_control=kept_for)
    except StorageError as error:
        existence.forget([rendition.existence_key])  # what was there may be gone
        return Outcome(rendition, State.FAILED, error, time.perf_counter() - start)
    seconds = time.perf_counter() - start
    pixels = _pixels(result) if announcements.are_heard(rendition) else None
    return Outcome(rendition, State.CREATED, None, seconds, len(result), pixels)


def _pixels(content: bytes) -> int | None:
    try:
        width, height = decoding.read_header(io.BytesIO(content), UNLIMITED).size
    except ImageError:  # what a generator makes may be anything
        return None
    return width * height


def _failed(rendition: Rendition, error: Exception, start: float) -> Outcome:
    ours = isinstance(error, VersatileError)
    reason = str(error) if ours else f"its recipe cannot be written: {error!r}"
    problem = RenditionError(rendition.name, reason)
    problem.__cause__ = error
    return Outcome(rendition, State.FAILED, problem, time.perf_counter() - start)
