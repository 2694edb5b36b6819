"""The image warmer: makes the renditions of many images ahead of time."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Self

from django.db.models import Model, QuerySet
from tqdm import tqdm

from versatile.exceptions import PictureError, QueueError
from versatile.fields import VersatileImageField
from versatile.files import VersatileImageFieldFile
from versatile.queues.backends import BaseAsync, load_backend
from versatile.rendition_keys import follow, resolve
from versatile.renditions import existence, generation
from versatile.renditions.keys import get_key_set
from versatile.renditions.outcomes import Outcome, State
from versatile.renditions.rendition import Rendition

logger = logging.getLogger(__name__)

CHUNK = 100
"""How many rows are read at a time, and looked up in one cache read."""

BAR_FORMAT = "[{bar:50}] {n_fmt}/{total_fmt} ({percentage:.0f}%)"
BAR_CELLS = "-#"


@dataclass
class WarmReport:
    """What a warming did."""

    created: int = 0
    """Renditions that were made."""
    existing: int = 0
    """Renditions, and originals in the set, that were there already."""
    queued: int = 0
    """Renditions that were left to a queue."""
    empty: int = 0
    """Image fields without a file and without a placeholder, which are skipped."""
    failed: dict[str, str] = field(default_factory=dict)
    """Why, by the storage name of each original of which something could not be made."""

    def add(self, outcome: Outcome) -> None:
        """Count what became of one rendition."""
        if outcome.state is State.FAILED:
            self.fail(outcome.rendition.source.name, str(outcome.error))
        elif outcome.state is State.CREATED:
            self.created += 1
        else:
            self.existing += 1

    def fail(self, path: str, reason: str) -> None:
        """Name an original that failed; one reason of each kind."""
        reasons = self.failed.get(path, "")
        if reason not in reasons:
            self.failed[path] = f"{reasons}; {reason}" if reasons else reason


class VersatileImageFieldWarmer:
    """Makes the renditions of a key set for an instance or for each row of a queryset.

    ``image_attr`` is the name of the image field or a dotted path to one, over relations.
    Raises ``ValueError`` for anything but an instance or a queryset, and
    ``UnknownRenditionKeySet``, ``InvalidSizeKeySet`` or ``InvalidSizeKey`` for a wrong set.
    ``on_outcome`` is called with what became of each rendition.
    """

    def __init__(
        self,
        instance_or_queryset: Model | QuerySet[Any],
        rendition_key_set: str | Iterable[tuple[str, str]],
        image_attr: str,
        verbose: bool = False,
        *,
        fail_fast: bool = False,
        on_outcome: Callable[[Outcome], None] | None = None,
    ) -> None:
        self.target = _target(instance_or_queryset)
        self.pairs = get_key_set(rendition_key_set)
        self.image_attr = image_attr
        self.verbose = verbose
        self.fail_fast = fail_fast
        self.on_outcome = on_outcome
        self.report = WarmReport()
        self.backend: Any = None

    def warm(self, backend: Any = None) -> tuple[int, list[str]]:
        """How many renditions are there now, and the name of each original that failed.

        Another ``backend`` makes them later: ``"celery"`` is sent one job for each original.
        Raises ``ConfigurationError`` for a backend that is not there.
        """
        self.backend = load_backend(backend) if backend is not None else None
        self.report = WarmReport()
        with _Progress(self._count() * len(self.pairs), verbose=self.verbose) as progress:
            for chunk in self._chunks():
                self._warm_chunk(chunk, progress)
                if self.fail_fast and self.report.failed:
                    break
        return self.report.created + self.report.existing, list(self.report.failed)

    def _count(self) -> int:
        return self.target.count() if isinstance(self.target, QuerySet) else 1

    def _chunks(self) -> Iterator[list[Model]]:
        if isinstance(self.target, Model):
            yield [self.target]
            return
        rows = _without_dimensions(self.target, self.image_attr).iterator(chunk_size=CHUNK)
        while chunk := list(islice(rows, CHUNK)):
            yield chunk

    def _warm_chunk(self, chunk: list[Model], progress: "_Progress") -> None:
        files = [file for row in chunk for file in self._files(row)]
        progress.expect((len(files) - len(chunk)) * len(self.pairs))
        wanted = [self._renditions(file) for file in files]
        ready = existence.read(item.existence_key for items in wanted for item in items)
        for file, items in zip(files, wanted, strict=True):
            self._warm_file(file, items, ready)
            progress.advance(len(self.pairs))
            if self.fail_fast and self.report.failed:
                return

    def _files(self, row: Model) -> Iterator[VersatileImageFieldFile]:
        for file in self._follow(row):
            if not isinstance(file, VersatileImageFieldFile):
                raise ValueError(f"{self.image_attr!r} leads to {file!r}, which is no image field")
            if file or file.placeholder:
                yield file
            else:
                self.report.empty += 1

    def _follow(self, row: Model) -> Iterator[Any]:
        try:
            yield from follow(row, self.image_attr)
        except AttributeError as error:
            raise ValueError(f"{self.image_attr!r} leads nowhere from {row!r}: {error}") from error
        except OSError as error:  # a related row reads its dimensions from a file that is missing
            logger.error("Thumbnail generation failed: %s", error, exc_info=error)
            self.report.fail(repr(row), str(error))

    def _renditions(self, file: VersatileImageFieldFile) -> list[Rendition]:
        renditions = []
        file.create_on_demand = True
        for _, key in self.pairs:
            try:
                item = resolve(file, key)
                if isinstance(item, Rendition):
                    renditions.append(item)
                    continue
                if file.placeholder is not None:
                    file.placeholder.ensure(file.storage)
                self.report.existing += 1
            except PictureError as error:
                self.report.fail(file.source.name, str(error))
        return renditions

    def _warm_file(
        self, file: VersatileImageFieldFile, renditions: list[Rendition], ready: dict[str, bool]
    ) -> None:
        """Make what is missing of one image: it is opened and decoded once."""
        if isinstance(self.backend, BaseAsync):
            self._send(
                self.backend, file, [item for item in renditions if not ready[item.existence_key]]
            )
            renditions = [item for item in renditions if ready[item.existence_key]]
        errors: dict[int, PictureError] = {}
        for outcome in _outcomes(renditions, ready):
            self.report.add(outcome)
            if outcome.error is not None:
                errors[id(outcome.error)] = outcome.error
            if self.on_outcome is not None:
                self.on_outcome(outcome)
        for error in errors.values():  # one that all of them share is one record
            logger.error("Thumbnail generation failed: %s", error, exc_info=error)

    def _send(
        self, backend: BaseAsync, file: VersatileImageFieldFile, missing: list[Rendition]
    ) -> None:
        """Leave what is missing of one image to a queue: one job."""
        try:
            if missing:
                backend.send(missing, owner=file)
                self.report.queued += len(missing)
        except QueueError as error:
            logger.exception("%r is not queued", file.source.name)
            self.report.fail(file.source.name, str(error))


def _outcomes(renditions: list[Rendition], ready: dict[str, bool]) -> Iterator[Outcome]:
    """One for each key: where several name the same file, the first makes it for all."""
    missing = [item for item in renditions if not ready[item.existence_key]]
    made = {outcome.rendition.existence_key: outcome for outcome in generation.make(missing)}
    for item in renditions:
        outcome = made.get(item.existence_key)
        if outcome is None or (outcome.error is None and outcome.rendition is not item):
            outcome = Outcome(item, State.EXISTING)
        yield outcome


def _without_dimensions(rows: QuerySet[Any], image_attr: str) -> QuerySet[Any]:
    """The rows, whose dimensions stay unread: looking for them in a missing file ends the query."""
    if rows.query.combinator:  # such a query cannot be narrowed
        return rows
    for image in rows.model._meta.concrete_fields:
        if isinstance(image, VersatileImageField) and image.name == image_attr:
            return rows.defer(*filter(None, (image.width_field, image.height_field)))
    return rows


def _target(value: object) -> Model | QuerySet[Any]:
    if isinstance(value, Model | QuerySet):
        return value
    kind = type(value).__name__
    raise ValueError(f"Only a model instance or a QuerySet can be warmed, not a {kind}")


class _Progress:
    """A bar on a terminal; elsewhere one plain line at the end, or nothing if not verbose."""

    def __init__(self, total: int, *, verbose: bool) -> None:
        self.total = total
        self.done = 0
        self.terminal = verbose and sys.stdout.isatty()
        self.plain = verbose and not self.terminal

    def __enter__(self) -> Self:
        self.bar: tqdm[Any] = tqdm(
            total=self.total,
            file=sys.stdout,
            disable=not self.terminal,
            bar_format=BAR_FORMAT,
            ascii=BAR_CELLS,
        )
        return self

    def expect(self, more: int) -> None:
        """The total was ``more`` too low."""
        self.total += more
        self.bar.total = self.total

    def advance(self, steps: int) -> None:
        """So many steps were done."""
        self.done += steps
        self.bar.update(steps)

    def __exit__(self, *error: object) -> None:
        self.bar.close()
        if self.plain:
            sys.stdout.write(_drawn(self.done, self.total, BAR_FORMAT) + "\n")


def _drawn(done: int, total: int, format: str) -> str:
    return tqdm.format_meter(done, total, 0, bar_format=format, ascii=BAR_CELLS).strip()


def cli_progress_bar(start: int, end: int, bar_length: int = 50) -> None:
    """Draw a bar of ``start`` of ``end`` over the current line of the terminal."""
    format = BAR_FORMAT.replace("50", str(bar_length))
    sys.stdout.write(f"\r{_drawn(start, end, format)}" + ("\n" if start == end else ""))
    sys.stdout.flush()
