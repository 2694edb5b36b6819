"""Adopt: files that django-versatileimagefield or django-imagekit left are taken over.

Names of the first are our own, but where two originals could share one; such a file is copied
to the name that only its original has. Names of the second are digests that nobody can compute
again; a file is taken for that of a spec where its place, its format and its size leave no
other choice.
"""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile

from versatile.conf import conf
from versatile.exceptions import VersatileError
from versatile.files.recognition import ids_of, listed
from versatile.files.usage import is_ours
from versatile.imaging import decoding
from versatile.imaging.geometry import Size
from versatile.management.upkeep.check import remember
from versatile.management.upkeep.report import Report
from versatile.management.upkeep.runs import Run
from versatile.management.upkeep.scope import Scope
from versatile.management.upkeep.workers import each
from versatile.renditions import manifest, namers, saving
from versatile.renditions.deletion import Lister, list_folder
from versatile.renditions.manifest import Made
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source
from versatile.specs import targets
from versatile.specs.source import source_of

Header = tuple[str, Size]
"""The format and the size of a picture."""


@dataclass(frozen=True, slots=True)
class Find:
    """A file that is there, and what it is by now."""

    made: Made
    copy_of: str = ""
    """The name under which it is found, where that or the storage is another."""
    is_beside: bool = False
    """Whether it lies beside its original, though renditions have another storage by now."""


@dataclass(frozen=True, slots=True)
class _Finds:
    """What was found of one original."""

    source: Source
    items: tuple[Find, ...] = ()
    unclear: tuple[str, ...] = ()
    error: str = ""


def run(scope: Scope, run: Run) -> Report:
    """Register what is there, so that nothing of it is made again.

    ``adopted`` files have the right name already, ``copied`` ones had another, and ``unclear``
    ones may be of several specs, so that they are left.
    """
    report = Report("adopt", run.dry_run)
    for what in ("adopted", "copied", "unclear"):
        report.count(what, 0)
    flat = Namesakes(scope)

    def adopt(file: FieldFile) -> _Finds:
        return _adopt(scope, file, flat, run)

    for _, finds in each(adopt, scope.originals(run.advance), workers=run.workers):
        for item in finds.items:
            report.change("copied" if item.copy_of else "adopted", item.made.name)
        report.count("unclear", len(finds.unclear))
        if finds.error:
            report.fail(finds.source.name, finds.error)
        run.advance()
    return report


class Namesakes:
    """Originals whose renditions had one name in django-versatileimagefield: by that name."""

    def __init__(self, scope: Scope) -> None:
        self.counts: dict[str, set[str]] = {}
        for image in scope.fields:
            names = scope.rows(image).values_list(image.attname, flat=True)
            for name in filter(None, names.iterator()):
                self.counts.setdefault(flat_name(name), set()).add(name)

    def are_none(self, name: str) -> bool:
        """Whether no other original could have had the files of this one."""
        return len(self.counts.get(flat_name(name), ())) < 2


def flat_name(name: str) -> str:
    """A name as django-versatileimagefield wrote it into those of renditions."""
    parts = namers.split(name)
    return posixpath.join(parts.folder, f"{parts.base}.{parts.extension}").replace(" ", "")


def _adopt(scope: Scope, file: FieldFile, flat: Namesakes, run: Run) -> _Finds:
    source = source_of(file)
    try:
        found = list(_found(scope, file, flat))
        unclear: list[str] = []
        if not scope.set:
            found += _found_specs(file, source, unclear)
        known = manifest.read(source).names
        new = [item for item in found if item.made.name not in known]
        if not run.dry_run:
            for item in new:
                _take(source, item, move=run.move)
            remember(source, [item.made for item in new])
        return _Finds(source, tuple(new), tuple(unclear))
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        return _Finds(source, error=str(error) or repr(error))


def _found(scope: Scope, file: Any, flat: Namesakes) -> Iterator[Find]:
    """The files of sizers and filters: declared ones, and those that a listing shows."""
    if not is_ours(file.field):
        return
    wanted = {item.name: item for item in scope.declared(file) if not item.of_spec}
    if not scope.set:
        for lister in _listers(file.source):
            wanted |= {item.name: item for item in listed(file, lister)}
    old = file.name != flat_name(file.name) and flat.are_none(file.name)
    for item in wanted.values():
        names = [item.name, *([_old_name(file, item.name)] if old else [])]
        yield from islice(_at(file.source, item, names), 1)


def _listers(source: Source) -> Iterator[Lister]:
    """What lists where renditions lie, and beside their original, where that is another place."""
    yield list_folder
    if source.renditions_storage is not source.storage:
        yield lambda _, folder: list_folder(source.storage, folder)


def _at(source: Source, item: Made, names: Iterable[str]) -> Iterator[Find]:
    """Where a file is found, by some names: first where it belongs, then beside its original."""
    storage = item.storage(source)
    for name in dict.fromkeys(names):
        if storage.exists(name):
            yield Find(item, "" if name == item.name else name)
    for name in dict.fromkeys(names) if storage is not source.storage else ():
        if source.storage.exists(name):
            yield Find(item, name, is_beside=True)


def _old_name(file: Any, name: str) -> str:
    """What django-versatileimagefield called the file that has this name here."""
    mine = namers.split(namers.distinct(file.upstream.name).replace(" ", "")).base
    old = namers.split(flat_name(file.name)).base
    folder, filename = posixpath.split(name)
    return posixpath.join(folder, old + filename.removeprefix(mine))


def _take(source: Source, item: Find, *, move: bool) -> None:
    """Copy a file to its name by now, if it has another."""
    if not item.copy_of:
        return
    storage = item.made.storage(source)
    origin = source.storage if item.is_beside else storage
    with origin.open(item.copy_of, "rb") as file:
        kept_for = source.policy.cache_control
        saving.save(storage, item.made.name, file.read(), cache_control=kept_for)
    if move:
        origin.delete(item.copy_of)


def _found_specs(file: FieldFile, source: Source, unclear: list[str]) -> Iterator[Find]:
    """The files of specs: those of our own names, and those that can only be one spec's."""
    missing: list[Rendition] = []
    for rendition in _specs(file):
        if rendition.storage.exists(rendition.name):
            yield Find(Made.of(rendition))
        else:
            missing.append(rendition)
    if not missing:
        return
    headers = _headers(missing[0].storage, source.name)
    expected = {item.name: _expected(item) for item in missing}
    for rendition in missing:
        header = expected[rendition.name]
        alike = [name for name, known in headers.items() if known == header]
        rivals = [name for name, other in expected.items() if other == header]
        if len(alike) == 1 and len(rivals) == 1:
            yield Find(Made.of(rendition), alike[0])
        elif alike:
            unclear.append(rendition.name)


def _specs(file: FieldFile) -> Iterator[Rendition]:
    for id in ids_of(file.field):
        if not targets.is_key_set(id):
            for item in targets.files_of(id, file):
                if item.rendition.write_file is None:
                    yield item.rendition


def _expected(rendition: Rendition) -> Header | None:
    """The format and the size of what a spec makes, without making it."""
    try:
        recipe = rendition.recipe
        size = recipe.output_size(rendition.source.read_size())
    except (VersatileError, OSError):
        return None
    return None if size is None else (recipe.format, size)


def _headers(storage: Storage, name: str) -> dict[str, Header]:
    """What lies in the folder that django-imagekit kept for an original, and what it shows."""
    stem = posixpath.splitext(name)[0]
    folder = posixpath.join(conf.SPEC_DIRNAME, stem)
    found = [posixpath.join(folder, item) for item in list_folder(storage, folder)[1]]
    beside, base = posixpath.split(stem)
    folder = posixpath.join(conf.SPEC_DIRNAME, beside)
    dotted = (item for item in list_folder(storage, folder)[1] if item.startswith(f"{base}."))
    found += [posixpath.join(folder, item) for item in dotted]
    return {item: header for item in found if (header := _header(storage, item)) is not None}


def _header(storage: Storage, name: str) -> Header | None:
    try:
        with storage.open(name, "rb") as file:
            header = decoding.read_header(file)
    except (VersatileError, OSError):
        return None
    return header.format, header.size
