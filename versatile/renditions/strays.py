"""Strays: files of makers that died while they wrote. The next maker removes them.

A file that is being written is called ``.<digest of the name>.<token>.tmp``, in the folder of
its rendition. So nothing else is taken for one, and each says what it was to become.
"""

import logging
import os
import posixpath
import re
import time
import uuid
from collections import OrderedDict
from hashlib import sha256

from django.core.files.storage import FileSystemStorage

logger = logging.getLogger(__name__)

TEMPORARY_SUFFIX = ".tmp"
DEAD = 120.0
"""Seconds after which nobody can still be writing a file; twice the lease of a claim."""
FEW = 64
"""Entries up to which a folder is listed before every file that is written into it."""
PAUSE = 30.0
"""Seconds between two listings of a larger one; less than the lease of whoever died in it."""

_FOLDERS = 1024
_NAME = re.compile(r"\.([0-9a-f]{16})\.[0-9a-f]{32}\.tmp")
_listed: OrderedDict[str, float] = OrderedDict()
"""When a large folder was last listed, on the monotonic clock."""


def temporary_name(name: str) -> str:
    """A name in the same folder, of its own, for the file until it is whole."""
    hidden = f".{_digest(name)}.{uuid.uuid4().hex}{TEMPORARY_SUFFIX}"
    return posixpath.join(posixpath.dirname(name), hidden)


def is_temporary(name: str) -> bool:
    """Whether a name is that of a file that is still being written, or never will be whole."""
    return _NAME.fullmatch(posixpath.basename(name)) is not None


def sweep(storage: FileSystemStorage, name: str) -> None:
    """Remove what makers of this rendition left, and of any other what is too old to be alive.

    A maker that is only slow notices that its file is gone, and that another is there.
    """
    folder = os.path.dirname(storage.path(name))
    if not _is_due(folder):
        return
    try:
        found = os.listdir(folder)
    except OSError:  # there is none yet, or it may not be listed
        return
    _note(folder, len(found))
    digest = _digest(name)
    for filename in found:
        match = _NAME.fullmatch(filename) if filename[0] == "." else None
        if match:
            _remove(os.path.join(folder, filename), at_once=match[1] == digest)


def _remove(path: str, *, at_once: bool) -> None:
    try:
        if at_once or time.time() - os.stat(path).st_mtime > DEAD:
            os.unlink(path)
            logger.warning("Removed %s: its maker died before it was whole", path)
    except FileNotFoundError:
        return  # another was faster
    except OSError as error:
        logger.warning("The stray file %s cannot be removed: %r", path, error)


def _is_due(folder: str) -> bool:
    return time.monotonic() - _listed.get(folder, float("-inf")) > PAUSE


def _note(folder: str, entries: int) -> None:
    _listed.pop(folder, None)
    if entries > FEW:
        _listed[folder] = time.monotonic()
        if len(_listed) > _FOLDERS:
            _listed.popitem(last=False)


def _digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:16]
