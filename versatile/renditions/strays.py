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
SHARE = 0.02
"""The part of the time of its makers that listing a folder may take, however large it is."""

_FOLDERS = 1024
_NAME = re.compile(r"\.([0-9a-f]{16})\.[0-9a-f]{32}\.tmp")
_rests: OrderedDict[str, float] = OrderedDict()
"""Until when a folder is not listed again, on the monotonic clock."""


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
    start = time.monotonic()
    if _rests.get(folder, start) > start:
        return
    try:
        found = os.listdir(folder)
    except OSError:  # there is none yet, or it may not be listed
        return
    _let_rest(folder, time.monotonic() - start)
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


def _let_rest(folder: str, seconds: float) -> None:
    """List a folder again when that costs a small part of the time, having cost so many seconds."""
    _rests[folder] = time.monotonic() + seconds / SHARE
    _rests.move_to_end(folder)
    if len(_rests) > _FOLDERS:
        _rests.popitem(last=False)


def _digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:16]
