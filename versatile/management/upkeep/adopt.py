"""Adopt: files that are there are taken over, whoever made them, and not made again.

Such are what django-versatileimagefield and django-imagekit left, and what lies where renditions
had their place before. A file that has another name or place by now is copied to it.
"""

from dataclasses import dataclass

from django.db.models.fields.files import FieldFile

from versatile.management.upkeep.check import remember
from versatile.management.upkeep.leftovers import Leftover, Namesakes, of_sizers
from versatile.management.upkeep.report import Report
from versatile.management.upkeep.runs import Run
from versatile.management.upkeep.scope import Scope
from versatile.management.upkeep.spec_leftovers import of_specs
from versatile.management.upkeep.workers import each
from versatile.renditions import manifest, saving
from versatile.renditions.deletion import Lister, keep_listings
from versatile.renditions.source import Source
from versatile.specs.source import source_of


@dataclass(frozen=True, slots=True)
class _Finds:
    """What was found of one original."""

    source: Source
    items: tuple[Leftover, ...] = ()
    unclear: tuple[str, ...] = ()
    error: str = ""


def run(scope: Scope, run: Run) -> Report:
    """Register what is there, so that nothing of it is made again.

    ``adopted`` files have the right name already, ``copied`` ones had another, and ``unclear``
    ones may be of several specs, so that they are left.
    """
    report = Report.of("adopt", "adopted", "copied", "unclear", dry_run=run.dry_run)
    namesakes, lister = Namesakes(), keep_listings()

    def adopt(file: FieldFile) -> _Finds:
        source = source_of(file)
        try:
            return _adopt(source, _found(scope, file, namesakes, lister), run)
        except Exception as error:  # noqa: BLE001 - storages raise what they like
            return _Finds(source, error=str(error) or repr(error))

    for _, finds in each(adopt, scope.originals(run.advance), workers=run.workers):
        for item in finds.items:
            report.change("adopted" if item.is_in_place else "copied", item.made.name)
        report.count("unclear", len(finds.unclear))
        if finds.error:
            report.fail(finds.source.name, finds.error)
        run.advance()
    return report


def _found(
    scope: Scope, file: FieldFile, namesakes: Namesakes, lister: Lister
) -> tuple[list[Leftover], list[str]]:
    found = list(of_sizers(scope, file, namesakes, lister))
    of_spec, unclear = of_specs(file, source_of(file), lister) if not scope.set else ([], [])
    return found + of_spec, unclear


def _adopt(source: Source, found: tuple[list[Leftover], list[str]], run: Run) -> _Finds:
    items, unclear = found
    known = manifest.read(source).names
    new = [item for item in items if item.made.name not in known]
    if not run.dry_run:
        for item in new:
            _take(source, item, move=run.move)
        remember(source, [item.made for item in new])
    return _Finds(source, tuple(new), tuple(unclear))


def _take(source: Source, item: Leftover, *, move: bool) -> None:
    """Copy a file to where it is looked for by now, if it is not there."""
    if item.is_in_place:
        return
    with item.storage.open(item.name, "rb") as file:
        content = file.read()
    kept_for = source.policy.cache_control
    saving.save(item.home, item.made.name, content, cache_control=kept_for)
    if move:
        item.storage.delete(item.name)
