"""Generate: what is registered for the fields, or one set, is made where it is missing."""

from collections.abc import Iterator

from django.db.models.fields.files import FieldFile

from versatile.exceptions import ConfigurationError
from versatile.files.recognition import ids_of
from versatile.management.upkeep.report import Report
from versatile.management.upkeep.runs import Run
from versatile.management.upkeep.scope import Scope, chunks, label_of
from versatile.management.upkeep.workers import each
from versatile.renditions import existence, generation
from versatile.renditions.outcomes import Outcome, State
from versatile.renditions.rendition import Rendition


def run(scope: Scope, run: Run) -> Report:
    """Make what is missing; each source is opened and decoded once for all of it.

    Raises ``ConfigurationError`` where nothing is registered and no set is named.
    """
    if not scope.set and not any(ids_of(image) for image in scope.fields):
        named = ", ".join(map(label_of, scope.fields))
        raise ConfigurationError(
            f"Nothing is registered for {named}; name a key set with --set, or register one"
        )
    counted = ("missing", "existing") if run.dry_run else ("created", "existing", "empty")
    report = Report.of("generate", *counted, dry_run=run.dry_run)
    for _, outcomes in each(_make, _missing(scope, run, report), workers=run.workers):
        for outcome in outcomes:
            _tell(report, outcome)
    return report


def _missing(scope: Scope, run: Run, report: Report) -> Iterator[list[Rendition]]:
    """What is missing of each source; what is there is counted."""
    for image in scope.fields:
        for chunk in chunks(scope.files(image)):
            wanted = [_wanted(scope, file, report) for file in chunk]
            ready = existence.read(item.existence_key for items in wanted for item in items)
            for items in wanted:
                missing = [item for item in items if not ready[item.existence_key]]
                report.count("existing", len(items) - len(missing))
                if run.dry_run:
                    _list(report, missing)
                elif missing:
                    yield missing
                run.advance()


def _wanted(scope: Scope, file: FieldFile, report: Report) -> list[Rendition]:
    if not file and not getattr(file, "placeholder", None):
        report.count("empty")
        return []
    items = {item.existence_key: item for item in scope.wanted(file)}  # sets may overlap
    while scope.problems:
        report.fail(*scope.problems.pop())
    return list(items.values())


def _list(report: Report, missing: list[Rendition]) -> None:
    """Look which of them the storage has all the same."""
    for item in missing:
        try:
            found = item.storage.exists(item.name)
        except Exception as error:  # noqa: BLE001 - storages raise what they like
            report.fail(item.name, error)
            continue
        if found:
            report.count("existing")
        else:
            report.change("missing", item.name)


def _make(missing: list[Rendition]) -> list[Outcome]:
    return list(generation.make(missing))


def _tell(report: Report, outcome: Outcome) -> None:
    match outcome.state:
        case State.CREATED:
            report.change("created", outcome.rendition.name)
        case State.EXISTING:
            report.count("existing")
        case State.FAILED:
            report.fail(outcome.rendition.source.name, outcome.error)
