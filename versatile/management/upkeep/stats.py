"""Stats: how many originals and renditions there are, by field, as far as is remembered."""

from collections import deque
from collections.abc import Iterator

from django.db.models.fields.files import FieldFile

from versatile.management.upkeep.report import Report
from versatile.management.upkeep.runs import Run
from versatile.management.upkeep.scope import Scope, chunks, label_of
from versatile.management.upkeep.workers import each
from versatile.renditions import cache, existence, failures, manifest
from versatile.renditions.manifest import Made
from versatile.renditions.source import Source
from versatile.specs.source import source_of

COUNTS = ("originals", "empty", "renditions", "ready", "unreadable")
"""What is counted, in the order of the report."""

ALONE = (
    "The cache is one that processes do not share, or share without care: what others have made "
    "is not all counted. Let CACHE_ALIAS lead to one that all share."
)
"""What is said where the memory that is counted is not that of all processes."""


def run(scope: Scope, run: Run) -> Report:
    """Count; the storage is asked for nothing, unless the bytes are wanted.

    ``renditions`` are recorded as made, ``ready`` are those that existence knows, and
    ``unreadable`` are originals of which nothing could be made lately.
    """
    names = (*COUNTS, "bytes") if run.sizes else COUNTS
    report = Report.of("stats", *names)
    report.note = "" if cache.is_dependable() else ALONE
    for image in scope.fields:
        counts = report.fields[label_of(image)] = dict.fromkeys(names, 0)
        ready = _counted(scope.files(image), counts, run)
        if run.sizes:
            _weigh(ready, counts, report, workers=run.workers)
        else:
            deque(ready, maxlen=0)  # they are counted while they are read
        for name, number in counts.items():
            report.counts[name] += number
    return report


def _counted(
    files: Iterator[FieldFile], counts: dict[str, int], run: Run
) -> Iterator[tuple[Source, Made]]:
    """Count what is remembered of files, and give what is ready."""
    for chunk in chunks(files):
        sources = [source_of(file) for file in chunk if file]
        made = [
            (source, item) for source in sources for item in manifest.read(source).made.values()
        ]
        keys = {item.existence_key(source): (source, item) for source, item in made}
        ready = existence.read(keys)
        counts["originals"] += len(sources)
        counts["empty"] += len(chunk) - len(sources)
        counts["renditions"] += len(made)
        counts["ready"] += sum(ready.values())
        counts["unreadable"] += sum(failures.failure(source) is not None for source in sources)
        yield from (keys[key] for key, is_ready in ready.items() if is_ready)
        for _ in chunk:
            run.advance()


def _weigh(
    ready: Iterator[tuple[Source, Made]], counts: dict[str, int], report: Report, *, workers: int
) -> None:
    """Add up the bytes of files."""
    for (source, item), size in each(_size, ready, workers=workers):
        if isinstance(size, int):
            counts["bytes"] += size
        else:
            report.fail(item.name, f"its size is unknown: {size!r} (of {source.name})")


def _size(made: tuple[Source, Made]) -> int | Exception:
    source, item = made
    try:
        return item.storage(source).size(item.name)
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        return error
