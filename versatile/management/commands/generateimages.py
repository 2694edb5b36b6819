"""``manage.py generateimages [pattern …]``: the files of specs, and of key sets, ahead of time."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models.fields.files import FieldFile
from tqdm import tqdm

from versatile.exceptions import EmptyField
from versatile.queues.backends import SHORT_NAMES, load_backend
from versatile.registry import cachefile_registry
from versatile.renditions import existence, generation
from versatile.renditions.backends import Immediate
from versatile.renditions.outcomes import Outcome, State
from versatile.specs import targets
from versatile.specs.source import get_field_info
from versatile.specs.targets import Target


@dataclass(frozen=True, slots=True)
class Failure:
    """One file that could not be made."""

    generator: str
    file: str
    reason: str


@dataclass
class Report:
    """What a run of the command did."""

    generators: list[str] = field(default_factory=list)
    """The ids, of generators and of key sets, whose files were wanted."""
    created: int = 0
    existing: int = 0
    queued: int = 0
    """Files that were left to another backend, which makes them later."""
    empty: int = 0
    """Files without a source, because a field is empty."""
    failed: list[Failure] = field(default_factory=list)


class Command(BaseCommand):
    """Makes the files of generators for all their sources; each source is decoded once."""

    help = (
        "Make the files of generators, and of key sets that have a source group. Patterns: "
        "* stands for anything without a colon, ** for anything, and what is below a match "
        "matches too. Without a pattern: all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The patterns, and how to report."""
        parser.add_argument("generator_id", nargs="*", help="a pattern of ids")
        parser.add_argument(
            "--backend",
            help="who makes them, instead of each file's own backend: "
            f"{', '.join(SHORT_NAMES)}, or the dotted path of a class",
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make, report, and fail if anything failed."""
        self.say: Callable[[str], None] = _silent if options["json"] else self._write
        self.report = Report()
        self.backend = _chosen(options["backend"])
        ids = self._ids(options["generator_id"])
        with tqdm(unit=" sources", disable=not sys.stderr.isatty()) as bar:
            for source, wanted in self._wanted(ids):
                self._make(source, list(wanted))
                bar.update()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(self.report)))
        if self.report.failed:
            raise CommandError(f"{len(self.report.failed)} failed; the report says which and why")

    def _write(self, line: str) -> None:
        """One line, with the bar out of its way."""
        with tqdm.external_write_mode(file=sys.stderr):
            self.stdout.write(line)

    def _wanted(self, ids: list[str]) -> Iterator[tuple[Any, Iterator[tuple[str, Target]]]]:
        """What is to be made together: all files of one source, with the source."""
        for group, members in targets.by_source_group(ids):
            self._announce(members)
            for source in self._each(members, group.files):
                yield source, (item for id in members for item in self._of(id, source))
        for id in ids:
            self._announce([id])
            for file in self._each([id], partial(cachefile_registry.get, id)):
                source = getattr(file.generator, "source", None)
                yield source, self._known(id, [file], source)

    def _each(self, ids: list[str], listed: Callable[[], Iterable[Any]]) -> Iterator[Any]:
        """What a function of a site lists, until it fails."""
        try:
            yield from listed()
        except Exception as error:  # noqa: BLE001 - source groups raise what they like
            for id in ids:
                self._fail(id, "", error)

    def _ids(self, patterns: list[str]) -> list[str]:
        known = targets.all_ids()
        if not patterns:
            return known
        found = targets.matching(patterns, known)
        for pattern in (pattern for pattern, ids in found.items() if not ids):
            self._fail(pattern, "", "no generator and no key set with a source group matches")
        return list(dict.fromkeys(id for ids in found.values() for id in ids))

    def _announce(self, ids: Iterable[str]) -> None:
        for id in ids:
            if id not in self.report.generators:
                self.report.generators.append(id)
                self.say(f"Validating generator: {id}")

    def _of(self, id: str, source: Any) -> Iterator[tuple[str, Target]]:
        """The files of an id for a source, with the id; what hinders them is reported."""
        try:
            files = targets.files_of(id, source)
        except EmptyField:
            self._empty(id, source)
        except Exception as error:  # noqa: BLE001 - generators raise what they like
            self._fail(id, _label(source), error)
        else:
            yield from self._known(id, files, source)

    def _known(self, id: str, files: Iterable[Target], source: Any) -> Iterator[tuple[str, Target]]:
        """Those of the files that can be named, with the id."""
        for file in files:
            try:
                _backend(file)
                file.rendition  # noqa: B018 - its parts may be a generator's own code
            except EmptyField:
                self._empty(id, source)
            except Exception as error:  # noqa: BLE001 - generators raise what they like
                self._fail(id, _label(source), error)
            else:
                yield id, file

    def _make(self, source: Any, wanted: list[tuple[str, Target]]) -> None:
        """Make all files of one source: it is opened and decoded once."""
        by_backend: dict[Any, list[tuple[str, Target]]] = {}
        for id, file in wanted:
            by_backend.setdefault(self.backend or _backend(file), []).append((id, file))
        for backend, items in by_backend.items():
            if type(backend) is Immediate:
                outcomes = generation.generate(file.rendition for _, file in items)
                for (id, file), outcome in zip(items, outcomes, strict=True):
                    self._tell(id, file, outcome)
            else:
                self._send(backend, source, items)

    def _tell(self, id: str, file: Target, outcome: Outcome) -> None:
        self.say(f"  {file.name}")
        match outcome.state:
            case State.CREATED:
                self.report.created += 1
            case State.EXISTING:
                self.report.existing += 1
            case State.FAILED:
                self._fail(id, str(file.name), str(outcome.error))

    def _send(self, backend: Any, source: Any, items: list[tuple[str, Target]]) -> None:
        """Leave what is missing of one source to a backend: one job, where it takes many files."""
        ready = existence.read(file.rendition.existence_key for _, file in items)
        missing = [item for item in items if not ready[item[1].rendition.existence_key]]
        self.report.existing += len(items) - len(missing)
        for _, file in items:
            self.say(f"  {file.name}")
        many = hasattr(backend, "send") or hasattr(backend, "generate_together")
        batch = [missing] if many else [[item] for item in missing]
        for part in filter(None, batch):
            try:
                _have_made(backend, source, [file for _, file in part])
            except Exception as error:  # noqa: BLE001 - backends raise what they like
                for id, file in part:
                    self._fail(id, str(file.name), error)
            else:
                self.report.queued += len(part)

    def _empty(self, id: str, source: Any) -> None:
        self.report.empty += 1
        self.say(f"\tNo source associated with {id} of {_label(source)}")

    def _fail(self, id: str, file: str, reason: object) -> None:
        failure = Failure(id, file, str(reason) or repr(reason))
        self.report.failed.append(failure)
        self.say(f"\tFailed {file or id}: {failure.reason}")


def _chosen(name: str | None) -> Any:
    try:
        return load_backend(name) if name else None
    except ImproperlyConfigured as error:
        raise CommandError(str(error)) from error


def _have_made(backend: Any, source: Any, files: list[Target]) -> None:
    if hasattr(backend, "send"):  # a queue, which raises here what it only logs on a page
        backend.send(files, owner=source if isinstance(source, FieldFile) else None)
    elif hasattr(backend, "generate_together"):
        backend.generate_together(files)
    else:
        backend.generate(files[0])


def _backend(file: Target) -> Any:
    return getattr(file, "cachefile_backend", None) or getattr(file, "backend", None)


def _label(source: Any) -> str:
    """Whose source it is, or what it is called."""
    instance, attname = get_field_info(source)
    if instance is None:
        return str(getattr(source, "name", None) or source)
    return f"{instance._meta.label} {instance.pk}.{attname}"


def _silent(line: str) -> None:
    """Say nothing."""
