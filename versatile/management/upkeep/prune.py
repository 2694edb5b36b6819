"""Prune: files are deleted that no row needs any more: what cleanup did not see.

An *orphan* was made of an original that no row has. An *outdated* file was made of one that is
there, at another point or by other settings. A *stray* was never finished. What is not
recognised is left.
"""

import logging
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.files.storage import Storage
from django.utils import timezone

from versatile.conf import conf
from versatile.files.recognition import declared_specs
from versatile.files.usage import is_ours
from versatile.management.upkeep import living
from versatile.management.upkeep.folders import (
    Place,
    all_storages,
    each_once,
    is_link,
    place_of,
    walk,
)
from versatile.management.upkeep.living import Living
from versatile.management.upkeep.report import Report
from versatile.management.upkeep.runs import Run
from versatile.management.upkeep.scope import Scope
from versatile.management.upkeep.workers import each
from versatile.registry import versatileimagefield_registry
from versatile.renditions import announcements, causes, existence, manifest, saving, strays
from versatile.renditions.addresses import home_of
from versatile.renditions.ledgers import LEDGER, SPEC_LEDGER
from versatile.renditions.recogniser import Recogniser
from versatile.renditions.source import Source
from versatile.renditions.stores import store_of
from versatile.sizers import filename_key_patterns
from versatile.specs.choices import storages_of_specs
from versatile.specs.source import source_of

logger = logging.getLogger(__name__)

ORPHANS = "orphans"
"""Made of an original that no row has."""
OUTDATED = "outdated"
"""Made of an original that is there, and not what would be made of it now."""
STRAYS = "strays"
"""Never finished."""
LEFT = "left"
"""Not recognised."""

_AS_PATH = re.compile(r"(?P<stem>.+)/[0-9a-f]{32}(?:\.\w+)?")
_DOT_HASH = re.compile(r"(?P<stem>.+)\.[0-9a-f]{12}(?:\.\w+)?")


class Doomed(NamedTuple):
    """A file that nobody needs, and the original that it was made of, if there is one."""

    storage: Storage
    name: str
    why: str
    source: Source | None = None


def run(scope: Scope, run: Run) -> Report:
    """Walk through the storages of the fields, and delete what is recognised as not needed."""
    report = Report.of("prune", ORPHANS, OUTDATED, STRAYS, LEFT, dry_run=run.dry_run)

    def remove(item: Doomed) -> Exception | None:
        return None if run.dry_run else _remove(item)

    for item, error in each(remove, _doomed(scope, run, report), workers=run.workers):
        if error is None:
            report.change(item.why, item.name)
        else:
            report.fail(item.name, f"the storage cannot delete it: {error!r}")
    return report


def _doomed(scope: Scope, run: Run, report: Report) -> Iterator[Doomed]:
    storages = {home_of(item): item for item in _storages(scope)}
    for storage in storages.values():
        judge = Judge(scope, storage, living.read(scope.using, storage))
        for folder, files in walk(storage, report):
            yield from _doomed_in(folder, files, judge, report)
            run.advance()


def _doomed_in(folder: str, files: list[str], judge: "Judge", report: Report) -> Iterator[Doomed]:
    for filename in files:
        verdict = judge.of(folder, filename)
        if isinstance(verdict, Doomed):
            yield verdict
        elif verdict == LEFT:
            report.count(LEFT)


def _storages(scope: Scope) -> Iterator[Storage]:
    for image in scope.fields:
        yield image.storage
        if is_ours(image):
            yield store_of(image.storage, image.policy.renditions_storage)
    if not scope.is_narrow:
        yield from storages_of_specs()


@dataclass
class Judge:
    """Says of each file on a storage whether anybody needs it."""

    scope: Scope
    storage: Storage
    living: Living

    def __post_init__(self) -> None:
        filters = versatileimagefield_registry.all_filters()
        self.anybody = Recogniser.of_anybody(filename_key_patterns(), filters)
        self.folders = set(_folders(self.scope)) if self.scope.is_narrow else None
        self.originals: dict[str, set[str]] = {}
        self.storages = each_once([self.storage, *all_storages()])

    def of(self, folder: str, filename: str) -> Doomed | str | None:
        """What becomes of a file: doomed, left because nobody knows it, or None to keep."""
        name = posixpath.join(folder, filename)
        verdict = self._of(folder, filename, name)
        if not isinstance(verdict, Doomed):
            return verdict
        if is_link(self.storage, name):
            return LEFT
        return None if self._is_new(name) else verdict

    def _of(self, folder: str, filename: str, name: str) -> Doomed | str | None:
        if name in self.living.names:
            return None
        place = place_of(folder)
        if place is None:
            return None if self.folders is not None else self._of_spec(name)
        if self.folders is not None and place.folder not in self.folders:
            return None
        if strays.is_temporary(filename):
            return Doomed(self.storage, name, STRAYS) if self._is_old(name) else None
        return self._of_sizer(place, name, filename)

    def _of_sizer(self, place: Place, name: str, filename: str) -> Doomed | str | None:
        """What becomes of what a sizer or a filter has made."""
        source = None
        for file, recogniser in self.living.owners(place.folder, filename):
            key = recogniser.read(place.kind, place.depth, filename)
            if key is None:
                continue
            if self._is_current(file, key, name):
                return None
            source = source_of(file)
        if source is not None:
            return Doomed(self.storage, name, OUTDATED, source)
        if self.anybody.recognises(place.kind, place.depth, filename):
            return Doomed(self.storage, name, ORPHANS)
        return LEFT

    def _is_current(self, file: Any, key: str, name: str) -> bool:
        """Whether a name is, or may be, one that the file has by now.

        The key that a name tells leaves its options out, and a digest tells none.
        """
        if key and self.living.is_current(file, key, name):
            return True
        recorded = manifest.read(source_of(file))
        made = recorded.made.get(name)
        if made is not None and made.key:
            if self.living.is_current(file, made.key, name):
                return True
        elif not key and (made is not None or not recorded.complete):
            return True  # nobody can tell
        return self.living.declares(file, name)

    def _of_spec(self, name: str) -> Doomed | str | None:
        """What becomes of what a spec has made: its name tells the original, and no more."""
        folder = f"{conf.SPEC_DIRNAME}/"
        if not name.startswith(folder):
            return None
        inner = name.removeprefix(folder)
        match = _AS_PATH.fullmatch(inner) or _DOT_HASH.fullmatch(inner)
        if match is None:
            return LEFT
        stem = match["stem"]
        if name in self.living.kept or self._is_original(stem):
            return None
        rows = self.living.by_stem.get(stem)
        if rows is None:
            return Doomed(self.storage, name, ORPHANS)
        files = [row.file(self.living.using) for row in rows if row is not None]
        if len(files) == len(rows) and all(_is_outdated_spec(file, name) for file in files):
            return Doomed(self.storage, name, OUTDATED, source_of(files[0]))
        return None

    def _is_original(self, stem: str) -> bool:
        """Whether a storage has an original that no row has: specs are made of any file."""
        if stem in self.living.by_stem:
            return False
        folder, base = posixpath.split(stem)
        if folder not in self.originals:
            files = (item for storage in self.storages for item in _files_in(storage, folder))
            self.originals[folder] = {posixpath.splitext(item)[0] for item in files}
        return base in self.originals[folder]

    def _is_old(self, name: str) -> bool:
        """Whether nobody can be writing it; not where nobody knows: it may be in use."""
        moment = self._modified(name)
        return moment is not None and timezone.now() - moment > timedelta(seconds=strays.DEAD)

    def _is_new(self, name: str) -> bool:
        """Whether it was made after the originals were read: somebody may have saved its own."""
        moment = self._modified(name)
        return moment is not None and moment > self.living.began

    def _modified(self, name: str) -> datetime | None:
        try:
            moment = self.storage.get_modified_time(name)
        except Exception as error:  # noqa: BLE001 - storages raise what they like
            logger.debug("Nobody knows how old %r is: %r", name, error)
            return None
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _files_in(storage: Storage, folder: str) -> list[str]:
    try:
        return storage.listdir(folder)[1]
    except Exception as error:  # noqa: BLE001 - storages raise what they like, also for no folder
        logger.debug("%r holds no originals: %r", folder, error)
        return []


def _is_outdated_spec(file: Any, name: str) -> bool:
    """Whether all that was made of an original is known, and this is not among it."""
    recorded = manifest.read(source_of(file))
    known = recorded.names | {item.name for item in declared_specs(file)}
    return recorded.complete and name not in known


def _folders(scope: Scope) -> Iterator[str]:
    """Where originals of the chosen fields lie, and may have lain, without spaces."""
    for image in scope.fields:
        names = scope.rows(image).values_list(image.attname, flat=True)
        yield from {posixpath.dirname(name or "").replace(" ", "") for name in names.iterator()}
        if is_ours(image) and isinstance(image.upload_to, str) and "%" not in image.upload_to:
            yield image.upload_to.strip("/").replace(" ", "")


def _remove(item: Doomed) -> Exception | None:
    try:
        saving.remove(item.storage, item.name)
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        return error
    if item.source is not None:
        manifest.remove(item.source, [item.name])
    existence.forget(ledger.key_of(item.storage, item.name) for ledger in (LEDGER, SPEC_LEDGER))
    if item.why != STRAYS:
        of = item.source.name if item.source is not None else ""
        announcements.deleted(item.name, item.storage, source=of, cause=causes.PRUNED)
    return None
