"""Deletion: removing exactly what was made of one source.

Everything is removed by its exact name. What is recorded has one; where the record may be
incomplete, the names of declared renditions are computed, and one listing of the source's own
folders finds the rest, each name of which a namer has to recognise.
"""

import logging
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator

from django.core.files.storage import Storage

from versatile.conf import conf
from versatile.exceptions import InvalidSizeKey
from versatile.renditions import announcements, existence, manifest, namers, saving
from versatile.renditions.addresses import key_of
from versatile.renditions.keys import parse_key
from versatile.renditions.manifest import Made, Manifest
from versatile.renditions.namers import Kind
from versatile.renditions.recogniser import Recogniser
from versatile.renditions.source import Source

logger = logging.getLogger(__name__)

Lister = Callable[[Storage, str], tuple[list[str], list[str]]]
"""What tells the folders and the files in a folder."""

ASKED = "asked"
"""Why a file is deleted: somebody called a method of the file."""


def delete_made(
    source: Source,
    kinds: Collection[Kind],
    recogniser: Recogniser,
    declared: Callable[[], Iterable[Made]],
    *,
    list_folders: bool = True,
    cause: str = ASKED,
) -> list[str]:
    """Delete the source's renditions of some kinds, forget them, and return their names.

    Raises what the storage raises; what was deleted before is forgotten.
    """
    made = find_made(source, recogniser, declared, list_folders=list_folders)
    return delete(source, [item for item in made if kind_of(source, item) in kinds], cause=cause)


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
    alias = manifest.alias_beside(source, storage)
    for kind in Kind:
        depth = 0 if kind is Kind.SIZED else 1
        folder: str | None = namers.folder(source.name, kind)
        while folder is not None:
            folders, files = lister(storage, folder)
            for name in files:
                key = recogniser.read(kind, depth, name)
                if key is not None:
                    yield Made(posixpath.join(folder, name), key, alias)
                else:
                    logger.debug("Left %s in %s: not made of %s", name, folder, source.name)
            deeper = depth > 0 and conf.FILTERED_DIRNAME in folders
            folder = posixpath.join(folder, conf.FILTERED_DIRNAME) if deeper else None
            depth += 1


def keep_listings() -> Lister:
    """A lister that asks a storage once for each folder, for as long as it is held."""
    kept: dict[str, tuple[list[str], list[str]]] = {}

    def lister(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
        place = key_of(storage, folder)
        if place not in kept:
            kept[place] = list_folder(storage, folder)
        return kept[place]

    return lister


def list_folder(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    """The folders and the files in a folder; nothing, and a log record, where it fails."""
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        logger.warning("The storage cannot list %s, files may be left there: %r", folder, error)
        return [], []
