"""Deletion: removing exactly what was made of one source."""

import logging
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator

from django.core.files.storage import Storage

from versatile.conf import conf
from versatile.renditions import existence, manifest, namers
from versatile.renditions.addresses import key_of
from versatile.renditions.namers import Kind, Recogniser
from versatile.renditions.source import Source

logger = logging.getLogger(__name__)


def delete_made(
    source: Source,
    kinds: Collection[Kind],
    recogniser: Recogniser,
    declared: Callable[[], Iterable[str]],
    *,
    list_folders: bool = True,
) -> list[str]:
    """Delete the source's renditions of some kinds, forget them, and return their names.

    What is recorded is deleted by its name. Where the record may be incomplete, the names of
    ``declared`` renditions are deleted too and, unless ``list_folders`` is off, what a listing
    of the folders recognises.
    """
    recorded = manifest.read(source)
    names = set(recorded.names)
    if not recorded.complete:
        names.update(name for name in declared() if source.storage.exists(name))
        names.update(_listed(source, kinds, recogniser) if list_folders else ())
    doomed = sorted(name for name in names if namers.kind_of(source.name, name) in kinds)
    deleted: list[str] = []
    try:
        for name in doomed:
            source.storage.delete(name)
            deleted.append(name)
            logger.info("Deleted %s (created from: %s)", name, source.name)
    finally:  # a storage that fails on the way has lost what it deleted before
        _forget(source, deleted)
    return deleted


def _forget(source: Source, names: list[str]) -> None:
    if not names:
        return
    keys = [key_of(source.storage, name) for name in names]
    existence.forget(keys)
    for key in keys:
        (source.known or {}).pop(key, None)
    manifest.remove(source, names)


def _listed(source: Source, kinds: Collection[Kind], recogniser: Recogniser) -> Iterator[str]:
    for kind in kinds:
        depth = 0 if kind is Kind.SIZED else 1
        folder: str | None = namers.folder(source.name, kind)
        while folder is not None:
            folders, files = _list(source.storage, folder)
            for name in files:
                if recogniser.recognises(kind, depth, name):
                    yield posixpath.join(folder, name)
                else:
                    logger.debug("Left %s in %s: not made of %s", name, folder, source.name)
            deeper = depth > 0 and conf.FILTERED_DIRNAME in folders
            folder = posixpath.join(folder, conf.FILTERED_DIRNAME) if deeper else None
            depth += 1


def _list(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        logger.warning("The storage cannot list %s, files may be left there: %r", folder, error)
        return [], []
