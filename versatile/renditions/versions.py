"""Versions: which bytes a source has now, so that nobody keeps what was made of others.

Whoever replaces a source first stores it, then says so here, then begins a new record, and deletes
what the old one held. Whoever makes a rendition first notes what was said, makes and records it,
and looks again before anybody hears of it, and after. So at least one of the two sees the other.
"""

import hashlib
import logging
import os
import time
import uuid
from typing import Any, Protocol

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, Storage

from versatile.conf import conf
from versatile.renditions import saving
from versatile.renditions.addresses import key_of
from versatile.renditions.cache import ask
from versatile.renditions.source import Source

logger = logging.getLogger(__name__)

DIGITS = 16
"""Hexadecimal digits of the SHA-256 that tell two originals of one name apart."""
COARSE = 0.1
"""Seconds by which the clock of a file system may be behind."""

_CHUNK = 1024 * 1024


class Readable(Protocol):
    """A file that can be read from its start, and again."""

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes."""

    def seek(self, offset: int, /) -> object:
        """Go to a place."""


def digest(content: Readable) -> str:
    """The version of an original: the first digits of the SHA-256 of its bytes.

    The file is read from its start, and is there again afterwards.
    """
    content.seek(0)
    sha256 = hashlib.sha256()
    while chunk := content.read(_CHUNK):
        sha256.update(chunk)
    content.seek(0)
    return sha256.hexdigest()[:DIGITS]


def renew(source: Source) -> None:
    """A file was saved under the source's name just now."""
    value = {"token": uuid.uuid4().hex, "at": time.time()}
    ask("set", _key(source), value, conf.CACHE_TIMEOUT)


def identity(source: Source) -> tuple[object, ...]:
    """What is another as soon as the source's bytes are others, as far as that costs little."""
    match ask("get", _key(source)):
        case {"token": str(token)}:
            return token, place_of(source)
    return "", place_of(source)


def is_there(source: Source, storage: Storage, name: str, *, known: bool = False) -> bool:
    """Whether a storage has a file now, and one made of the bytes that its source has now.

    Of a ``known`` one existence says so already. Raises ``StorageError``.
    """
    return saving.is_there(storage, name) and (known or not is_outdated(source, storage, name))


def is_outdated(source: Source, storage: Storage, name: str) -> bool:
    """Whether a file is older than its source that was saved here since.

    Of a store the clock may be wrong, so that its times are compared with each other.
    """
    saved_at = _saved_at(source)
    if saved_at is None:
        return False
    made_at, since = _modified_at(storage, name), saved_at - COARSE
    if not isinstance(storage, FileSystemStorage):
        since = _modified_at(source.storage, source.name) or since
    return made_at is None or made_at < since  # making it again is safe


def _modified_at(storage: Storage, name: str) -> float | None:
    try:
        return storage.get_modified_time(name).timestamp()
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        logger.debug("Nobody knows how old %r is: %r", name, error)
        return None


def _saved_at(source: Source) -> float | None:
    match ask("get", _key(source)):
        case {"at": float(at)}:
            return at
    return None


def place_of(source: Source) -> Any:
    """Where a file system has the bytes, how many there are, and since when."""
    if not isinstance(source.storage, FileSystemStorage):
        return None
    try:
        found = os.stat(source.storage.path(source.name))
    except (OSError, ValueError, SuspiciousFileOperation):
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _key(source: Source) -> str:
    return key_of(source.storage, source.name, "-saved")
