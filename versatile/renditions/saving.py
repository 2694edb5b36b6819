"""Saving: a rendition's file is whole under its name, or absent."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage

from versatile.conf import conf
from versatile.exceptions import StorageError
from versatile.renditions import stores, strays

logger = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a file is written that another maker takes for a stray of a dead one."""


def save(storage: Storage, name: str, content: bytes, *, cache_control: str | None = None) -> None:
    """Put the whole content under the name; raises ``StorageError`` and then leaves nothing.

    An object store is told its MIME type, and how long browsers may keep it.
    """
    with _storage_errors(name, "save"):
        # Django's storage in memory has paths, too, and no files at them.
        if isinstance(storage, FileSystemStorage):
            _save_to_disk(storage, name, content)
        else:
            _save_at_once(storage, name, content, cache_control)


def is_there(storage: Storage, name: str) -> bool:
    """Whether the storage has the file now; raises ``StorageError``."""
    with _storage_errors(name, "look for"):
        return storage.exists(name)


@contextmanager
def _storage_errors(name: str, doing: str) -> Iterator[None]:
    try:
        yield
    except StorageError:
        raise
    except Exception as error:  # storages raise what they like
        raise StorageError(name, f"the storage cannot {doing} it: {error!r}") from error


def _save_to_disk(storage: FileSystemStorage, name: str, content: bytes) -> None:
    strays.sweep(storage, name)
    for _ in range(ATTEMPTS):
        try:
            return _save_beside(storage, name, content)
        except FileNotFoundError:  # another maker was here, and took ours for a stray
            if storage.exists(name):
                return None
    return _save_beside(storage, name, content)


def _save_beside(storage: FileSystemStorage, name: str, content: bytes) -> None:
    """Written under another name in the same folder, then renamed: no reader sees a half."""
    temporary = strays.temporary_name(name)
    try:
        temporary = storage.save(temporary, ContentFile(content))
        if conf.FSYNC:
            _flush(storage.path(temporary), os.O_RDWR)
        os.replace(storage.path(temporary), storage.path(name))
    except BaseException:
        discard(storage, temporary)
        raise
    if conf.FSYNC:  # so that the new name is on the disk, too
        with suppress(PermissionError):  # where folders cannot be opened, it is there
            _flush(os.path.dirname(storage.path(name)), os.O_RDONLY)


def _flush(path: str, flags: int) -> None:
    """Wait until the disk has it."""
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _save_at_once(storage: Storage, name: str, content: bytes, cache_control: str | None) -> None:
    """One upload, which an object store shows when it is complete."""
    saved = _upload(storage, name, content, cache_control)
    if saved == name:
        return
    logger.warning("The storage saved %r as %r; the stray file is deleted", name, saved)
    try:  # one that never overwrites: what was there goes only now that its successor is whole
        remove(storage, name)
        again = _upload(storage, name, content, cache_control)
    finally:
        discard(storage, saved)
    if again != name:
        discard(storage, again)
        raise StorageError(name, f"the storage saves it as {again!r} instead")


def _upload(storage: Storage, name: str, content: bytes, cache_control: str | None) -> str:
    """What the storage calls the file."""
    file = stores.Content(content, name, cache_control)
    try:
        saved: str = stores.uploader(storage, file).save(name, file)
    except BaseException:  # not every object store is as atomic as it should be
        discard(storage, name)
        raise
    return saved


def remove(storage: Storage, name: str) -> None:
    """Delete a file; one that was gone already is no error, whatever the storage says of it.

    Raises what the storage raises.
    """
    try:
        storage.delete(name)
    except Exception:
        if storage.exists(name):
            raise


def discard(storage: Storage, name: str) -> None:
    """Delete what should not be there; a storage that cannot is logged."""
    try:
        storage.delete(name)
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        logger.warning("The storage may have kept a part of %r: %r", name, error)
