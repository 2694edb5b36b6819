"""Deletion: removing exactly what was made of one source.

Everything is removed by its exact name. What is recorded has one; where the record may be
incomplete, the names of declared renditions are computed, and one listing of the source's own
folders finds the rest, each name of which a namer has to recognise.
"""

import logging
import posixpath
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from django.core.files.storage import Storage

from versatile.conf import conf
from versatile.exceptions import InvalidSizeKey
from versatile.renditions import announcements, causes, existence, manifest, namers, saving
from versatile.renditions.keys import parse_key
from versatile.renditions.manifest import Made, Manifest
from versatile.renditions.namers import Kind
from versatile.renditions.recogniser import Recogniser
from versatile.renditions.source import Source

logger = logging.getLogger(__name__)

Lister = Callable[[Storage, str, tuple[str, ...]], tuple[list[str], list[str]]]
"""What tells the folders in a folder, and the files whose names begin with one of some texts."""

FOLDERS = 64
"""Of how many folders listings are kept."""


def delete_made(
    source: Source,
    kinds: Collection[Kind],
    recogniser: Recogniser,
    declared: Callable[[], Iterable[Made]],
) -> list[str]:
    """Delete the source's renditions of some kinds, forget them, and return their names.

    Raises what the storage raises; what was deleted before is forgotten.
    """
    made = find_made(source, recogniser, declared)
    doomed = [item for item in made if kind_of(source, item) in kinds]
    return delete(source, doomed, cause=causes.ASKED)


def find_made(
    source: Source,
    recogniser: Recogniser,
    declared: Callable[[], Iterable[Made]],
    *,
    list_folders: bool = True,
    lister: Lister | None = None,
    recorded: Manifest | None = None,
) -> list[Made]:
    """All that was made of a source: what is recorded, and where that may not be all, the rest."""
    recorded = manifest.read(source) if recorded is None else recorded
    found = dict(recorded.made)
    if not recorded.complete:
        for item in declared():
            if item.name not in found and item.storage(source).exists(item.name):
                found[item.name] = item
        for item in listed(source, recogniser, lister) if list_folders else ():
            found.setdefault(item.name, item)
    return sorted(found.values())


def kind_of(source: Source, made: Made) -> Kind | None:
    """The kind of a file by its rendition key, or else by its folder; None for a spec's."""
    if made.of_spec:
        return None
    try:
        key = parse_key(made.key)
    except InvalidSizeKey:
        return namers.kind_of(source.name, made.name)
    if not key.filters:
        return Kind.SIZED
    return Kind.FILTERED if key.sizer is None else Kind.FILTERED_SIZED


def delete(source: Source, doomed: Iterable[Made], *, cause: str) -> list[str]:
    """Delete files that were made of a source, forget them, and return their names.

    Raises what the storage raises; what was deleted before is forgotten.
    """
    deleted: list[Made] = []
    try:
        for item in doomed:
            storage = item.storage(source)
            saving.remove(storage, item.name)
            deleted.append(item)
            announcements.deleted(item.name, storage, source=source.name, cause=cause)
    finally:  # a storage that fails on the way has lost what it deleted before
        forget(source, deleted)
    return [item.name for item in deleted]


def forget(source: Source, made: Collection[Made]) -> None:
    """These files of a source are gone: neither existence nor the record knows them any more.

    Existence comes last. Who hears of it makes them again, and what is recorded then stays so.
    """
    if not made:
        return
    manifest.remove(source, [item.name for item in made])
    keys = [item.existence_key(source) for item in made]
    existence.forget(keys)
    for key in keys:
        (source.known or {}).pop(key, None)


def listed(source: Source, recogniser: Recogniser, lister: Lister | None = None) -> Iterator[Made]:
    """What a listing of the source's own folders shows of it: a storage call for each folder."""
    lister, storage = lister or list_folder, source.renditions_storage
    place = manifest.word_beside(source, storage)
    for kind in Kind:
        depth = 0 if kind is Kind.SIZED else 1
        folder: str | None = namers.folder(source.name, kind)
        while folder is not None:
            folders, files = lister(storage, folder, recogniser.starts)
            for name in files:
                key = recogniser.read(kind, depth, name)
                if key is not None:
                    yield Made(posixpath.join(folder, name), key, place)
                else:
                    logger.debug("Left %s in %s: not made of %s", name, folder, source.name)
            deeper = depth > 0 and conf.FILTERED_DIRNAME in folders
            folder = posixpath.join(folder, conf.FILTERED_DIRNAME) if deeper else None
            depth += 1


def keep_listings() -> Lister:
    """A lister that asks a storage once for each of the latest folders, for as long as it is held.

    Of a folder with the files of many originals, those of one are found without looking at all.
    """

    @lru_cache(maxsize=FOLDERS)
    def kept(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
        folders, files = list_folder(storage, folder)
        return folders, sorted(files)

    def lister(
        storage: Storage, folder: str, starts: tuple[str, ...]
    ) -> tuple[list[str], list[str]]:
        folders, files = kept(storage, folder)
        return folders, [name for start in sorted(set(starts)) for name in _from(files, start)]

    return lister


def _from(names: Sequence[str], start: str) -> Iterator[str]:
    """Those of some names, which are in order, that begin with a text."""
    for index in range(bisect_left(names, start), len(names)):
        if not names[index].startswith(start):
            return
        yield names[index]


def list_folder(
    storage: Storage, folder: str, starts: tuple[str, ...] = ("",)
) -> tuple[list[str], list[str]]:
    """The folders and the files in a folder; nothing, and a log record, where it fails."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        logger.warning("The storage cannot list %s, files may be left there: %r", folder, error)
        return [], []
    return folders, [name for name in files if name.startswith(starts)]
