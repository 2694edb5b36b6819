"""Locks: keys that one owner of a machine holds, as locked files in a private folder.

They stand in where no cache is shared by all processes, or where it is down. The system gives
the lock of a process up when the process ends, however it ends.
"""

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.files import locks as file_locks

logger = logging.getLogger(__name__)

_held: dict[tuple[str, str], int] = {}
"""The descriptors of the files that this process has locked, by token and key."""


def hold(keys: Iterable[str], token: str) -> frozenset[str]:
    """Lock the keys that nobody else has locked; gives those that are ours now.

    All are where no folder for locks can be had, which is logged.
    """
    wanted = frozenset(keys)
    try:
        return frozenset(key for key in wanted if _take(key, token))
    except OSError as error:
        logger.warning("There are no locks, and so two may make one rendition: %r", error)
        return wanted


def let_go(keys: Iterable[str], token: str) -> None:
    """Unlock the keys that were locked with this token."""
    for key in keys:
        descriptor = _held.pop((token, key), None)
        if descriptor is not None:
            with suppress(OSError):  # others wait for the lock, and not for the file
                os.unlink(_path(key))
            os.close(descriptor)


def is_held(key: str) -> bool:
    """Whether somebody on this machine, this process too, has locked the key."""
    try:
        descriptor = os.open(_path(key), os.O_RDONLY)
    except OSError:  # there is no such file
        return False
    try:
        return not file_locks.lock(descriptor, file_locks.LOCK_SH | file_locks.LOCK_NB)
    finally:
        os.close(descriptor)


def _take(key: str, token: str) -> bool:
    path = _path(key)
    while True:
        descriptor = _opened(path)
        if not file_locks.lock(descriptor, file_locks.LOCK_EX | file_locks.LOCK_NB):
            os.close(descriptor)
            return False
        if _is_at(descriptor, path):
            _held[token, key] = descriptor
            return True
        os.close(descriptor)  # its owner deleted it between our two steps


def _opened(path: str) -> int:
    flags = os.O_RDWR | os.O_CREAT
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:  # somebody tidied up the folder of temporary files
        _private.cache_clear()
        _folder()
        return os.open(path, flags, 0o600)


def _is_at(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _path(key: str) -> str:
    """The file of a key, apart from those of other sites; raises ``OSError``."""
    name = hashlib.sha256(f"{settings.MEDIA_ROOT}\0{key}".encode()).hexdigest()
    return f"{_folder()}{os.sep}{name}.lock"


def _folder() -> str:
    """The private folder of this user; raises ``OSError``, also where it is somebody else's."""
    return _private(tempfile.gettempdir(), os.getuid() if hasattr(os, "getuid") else 0)


@lru_cache
def _private(above: str, user: int) -> str:
    """Kept, because once it is ours nobody else can put another in its place."""
    folder = Path(above) / f"versatile-locks-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and folder.lstat().st_uid != user:
        raise PermissionError(f"{folder} belongs to somebody else")
    return str(folder)
