"""Clear: all renditions of the sources are deleted, or those of one set. Originals stay."""

from collections.abc import Iterator

from django.db.models.fields.files import FieldFile

from versatile.files.recognition import recogniser_of
from versatile.files.usage import is_ours
from versatile.management.upkeep.report import Report
from versatile.management.upkeep.runs import Run
from versatile.management.upkeep.scope import Scope
from versatile.management.upkeep.workers import each
from versatile.renditions import causes, deletion, failures, manifest
from versatile.renditions.addresses import key_of
from versatile.renditions.deletion import Lister
from versatile.renditions.manifest import Made
from versatile.specs.source import source_of


def run(scope: Scope, run: Run) -> Report:
    """Delete what was made: what is recorded, and where that may not be all, what is found."""
    report = Report.of("clear", "deleted", dry_run=run.dry_run)
    lister = deletion.keep_listings()

    def clear(file: FieldFile) -> list[str]:
        return _clear(scope, file, report, lister, dry_run=run.dry_run)

    for _, names in each(clear, _originals(scope, run), workers=run.workers):
        for name in names:
            report.change("deleted", name)
        run.advance()
    return report


def _originals(scope: Scope, run: Run) -> Iterator[FieldFile]:
    """The files of all rows; one that several rows share comes once, unless they differ in a set.

    What is found of it is of all the points that it has.
    """
    seen: set[str] = set()
    for file in scope.originals(run.advance):
        address = key_of(file.storage, str(file.name))
        if scope.set or address not in seen:
            seen.add(address)
            yield file
        else:
            run.advance()


def _clear(
    scope: Scope, file: FieldFile, report: Report, lister: Lister, *, dry_run: bool
) -> list[str]:
    source = source_of(file)
    try:
        made = _made(scope, file, lister)
        if dry_run:
            return [item.name for item in made]
        names = deletion.delete(source, made, cause=causes.CLEARED)
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        report.fail(source.name, f"the storage cannot delete: {error!r}")
        return []
    if not scope.set:
        failures.forget_failure(source)
    return names


def _made(scope: Scope, file: FieldFile, lister: Lister) -> list[Made]:
    source = source_of(file)
    if not scope.set and is_ours(file.field):
        recogniser = recogniser_of(file)
        return deletion.find_made(source, recogniser, lambda: scope.declared(file), lister=lister)
    known = {} if scope.set else manifest.read(source).made
    declared = {item.name: item for item in scope.declared(file)}
    found = (declared | known).values()
    return [item for item in found if item.storage(source).exists(item.name)]
