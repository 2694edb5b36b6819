"""Saving: a rendition's file is whole under its name, or absent."""

import logging
import os
import posixpath
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage

from versatile.exceptions import StorageError

logger = logging.getLogger(__name__)

TEMPORARY_SUFFIX = ".tmp"


def save(storage: Storage, name: str, content: bytes) -> None:
    """Put the whole content under the name; raises ``StorageError`` and then leaves nothing."""
    try:
        # Django's storage in memory has paths, too, and no files at them.
        if isinstance(storage, FileSystemStorage):
            _save_beside(storage, name, content)
        else:
            _save_at_once(storage, name, content)
    except StorageError:
        raise
    except Exception as error:  # storages raise what they like
        raise StorageError(name, f"the storage cannot save it: {error!r}") from error


def _save_beside(storage: FileSystemStorage, name: str, content: bytes) -> None:
    """Written under another name in the same folder, then renamed: no reader sees a half."""
    hidden = f".{uuid.uuid4().hex}{TEMPORARY_SUFFIX}"
    temporary = posixpath.join(posixpath.dirname(name), hidden)
    try:
        temporary = storage.save(temporary, ContentFile(content))
        os.replace(storage.path(temporary), storage.path(name))
    except BaseException:
        _discard(storage, temporary)
        raise


def _save_at_once(storage: Storage, name: str, content: bytes) -> None:
    """One upload, which an object store shows when it is complete."""
    try:
        saved = storage.save(name, ContentFile(content, name))
    except BaseException:  # not every object store is as atomic as it should be
        _discard(storage, name)
        raise
    if saved == name:
        return
    logger.warning("The storage saved %r as %r; the stray file is deleted", name, saved)
    storage.delete(saved)
    if not storage.exists(name):
        raise StorageError(name, f"the storage saves it as {saved!r} instead")


def _discard(storage: Storage, name: str) -> None:
    """Delete what a failed save may have left; the failure itself is the error to tell of."""
    try:
        storage.delete(name)
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        logger.warning("The storage may have kept a part of %r: %r", name, error)
