"""Check: what is remembered is compared with what the storage has, and corrected."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models.fields.files import FieldFile

from versatile.exceptions import PictureError
from versatile.files.usage import is_ours
from versatile.management.upkeep.report import Report
from versatile.management.upkeep.runs import Run
from versatile.management.upkeep.scope import Scope, chunks
from versatile.management.upkeep.workers import each
from versatile.renditions import deletion, existence, manifest, versions
from versatile.renditions.manifest import Made
from versatile.renditions.source import Source
from versatile.specs.source import source_of


@dataclass(frozen=True, slots=True)
class _Case:
    """One source, and what is known of it."""

    file: FieldFile
    source: Source
    made: list[Made]
    """What is recorded, and what is declared."""
    recorded: frozenset[str]
    ready: dict[str, bool]
    stored: tuple[int, int] | None = None
    """The dimensions that the row has."""


@dataclass(slots=True)
class _Finding:
    """What looking at one source has shown."""

    present: dict[str, bool]
    error: str = ""
    size: tuple[int, int] | None = None


def run(scope: Scope, run: Run) -> Report:
    """Compare memory and storage for all sources, and correct the memory.

    ``kept``: remembered, and there. ``found``: there, and not remembered. ``forgotten``:
    remembered, and not there. ``missing``: declared, and not there. With ``dimensions``:
    ``corrected``, a row whose stored size was not that of its file.
    """
    counted = ["kept", "found", "forgotten", "missing", *(["corrected"] if run.dimensions else [])]
    report = Report.of("check", *counted, dry_run=run.dry_run)

    def look(case: _Case) -> _Finding:
        return _look(case, measure=run.dimensions)

    for case, finding in each(look, _cases(scope, run), workers=run.workers):
        if finding.error:
            report.fail(case.source.name, finding.error)
        _correct(case, finding, report, dry_run=run.dry_run)
        if finding.size is not None and case.stored is not None:
            _correct_size(scope, case, finding.size, report, dry_run=run.dry_run)
        run.advance()
    return report


def _cases(scope: Scope, run: Run) -> Iterator[_Case]:
    for image in scope.fields:
        for chunk in chunks(scope.files(image)):
            found = [_made_of(scope, file) for file in chunk if file]
            keys = (item.existence_key(source) for _, source, made, _ in found for item in made)
            ready = existence.read(keys)
            sizes = _stored_sizes(scope, image, chunk) if run.dimensions else {}
            for file, source, made, recorded in found:
                size = sizes.get(file.instance.pk)
                yield _Case(file, source, made, recorded, ready, size)
            for _ in range(len(chunk) - len(found)):
                run.advance()


def _made_of(scope: Scope, file: FieldFile) -> tuple[FieldFile, Source, list[Made], frozenset[str]]:
    source = source_of(file)
    recorded = manifest.read(source).made
    declared = {item.name: item for item in scope.declared(file)}
    known = {} if scope.set else recorded
    return file, source, list((declared | known).values()), frozenset(recorded)


def _stored_sizes(
    scope: Scope, image: Any, chunk: list[FieldFile]
) -> dict[Any, tuple[int, int] | None]:
    if not image.width_field or not image.height_field:
        return {}
    rows = scope.rows(image).filter(pk__in=[file.instance.pk for file in chunk])
    values = rows.values_list("pk", image.width_field, image.height_field)
    return {pk: (width or 0, height or 0) for pk, width, height in values}


def _look(case: _Case, *, measure: bool) -> _Finding:
    """Ask the storages; nothing is changed here."""
    finding = _Finding({})
    try:
        if not case.source.storage.exists(case.source.name):
            finding.error = "the storage has no such file"
        for item in case.made:
            storage, known = item.storage(case.source), case.ready[item.existence_key(case.source)]
            there = versions.is_there(case.source, storage, item.name, known=known)
            finding.present[item.name] = there
        if measure and not finding.error and is_ours(case.file.field):
            finding.size = case.source.read_size()
    except PictureError as error:
        finding.error = str(error)
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        finding.error = f"the storage cannot look: {error!r}"
    return finding


def _correct(case: _Case, finding: _Finding, report: Report, *, dry_run: bool) -> None:
    found, gone = [], []
    for item in case.made:
        present = finding.present.get(item.name)
        if present is None:  # the storage has failed, and nothing is known
            continue
        ready = case.ready[item.existence_key(case.source)]
        if present and ready and item.name in case.recorded:
            report.count("kept")
        elif present:
            report.change("found", item.name)
            found.append(item)
        elif ready or item.name in case.recorded:
            report.change("forgotten", item.name)
            gone.append(item)
        else:
            report.count("missing")
    if not dry_run:
        remember(case.source, found)
        deletion.forget(case.source, gone)


def remember(source: Source, found: list[Made]) -> None:
    """These files were made of a source, whoever made them."""
    if found:
        existence.remember(item.existence_key(source) for item in found)
        manifest.add(source, found)


def _correct_size(
    scope: Scope, case: _Case, size: tuple[int, int], report: Report, *, dry_run: bool
) -> None:
    if tuple(size) == case.stored:
        return
    image: Any = case.file.field
    report.change("corrected", case.source.name)
    if not dry_run:
        # Only where the row still has this file: somebody may be replacing it.
        rows = scope.rows(image).filter(pk=case.file.instance.pk, **{image.attname: case.file.name})
        rows.update(**{image.width_field: size[0], image.height_field: size[1]})
