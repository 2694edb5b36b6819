"""Memory: how many pixels one process decodes at a time."""

import ctypes
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from versatile.conf import conf
from versatile.imaging.geometry import Size

BYTES_PER_PIXEL = 8
"""Four for the decoded picture, as Pillow keeps it, and as many for what is made of it first."""

LARGE_PART = 8
"""The part of the limit, as one over this, from which on memory is worth giving back at once."""


class _Mine(threading.local):
    """What a thread has."""

    has_room = False


class Room:
    """Bytes that several threads share: who needs more than are free waits.

    Who needs more than there are waits until nobody needs any. A thread that has room gets more
    at once, because it would wait for itself.
    """

    def __init__(self) -> None:
        self.taken = 0
        self._changed = threading.Condition()
        self._mine = _Mine()

    @contextmanager
    def take(self, wanted: int, limit: int | None) -> Iterator[None]:
        """Room for so many bytes until the block ends."""
        if limit is None or self._mine.has_room:
            yield
            return
        with self._changed:
            self._changed.wait_for(lambda: not self.taken or self.taken + wanted <= limit)
            self.taken += wanted
        self._mine.has_room = True
        try:
            yield
        finally:
            self._mine.has_room = False
            if wanted > limit // LARGE_PART and _is_beside_the_main_thread():
                _give_back()
            with self._changed:
                self.taken -= wanted
                self._changed.notify_all()


ROOM = Room()


@contextmanager
def room_for(size: Size) -> Iterator[None]:
    """Room to decode a picture of a size, within ``MAX_DECODING_MEMORY``."""
    with ROOM.take(size.width * size.height * BYTES_PER_PIXEL, conf.MAX_DECODING_MEMORY):
        yield


def _is_beside_the_main_thread() -> bool:
    return threading.current_thread() is not threading.main_thread()


def _give_back() -> None:
    """Give freed memory back to the system.

    The C library of Linux keeps what a thread freed for that thread, even after its end, and so
    as much for each thread as its largest picture took.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@lru_cache
def _trim() -> Callable[[int], object] | None:
    """What gives memory back, where the C library has such a thing."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
