"""Memory: how many pixels one process decodes at a time."""

import ctypes
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from versatile.conf import conf

BYTES_PER_PIXEL = 8
"""Four for the decoded picture, as Pillow keeps it, and as many for what is made of it first."""

LARGE_PART = 8
"""The part of the limit, as one over this, from which on memory is worth giving back at once."""


class _Mine(threading.local):
    """What a thread has."""

    has_room = False


class Room:
    """Bytes that several threads share: who needs more than are free waits, first come first.

    Who needs more than there are waits until nobody needs any, and no small picture that comes
    later passes it. A thread that has room gets more at once, because it would wait for itself.
    """

    def __init__(self) -> None:
        self.taken = 0
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()
        self._mine = _Mine()

    @contextmanager
    def take(self, wanted: int, limit: int | None) -> Iterator[None]:
        """Room for so many bytes until the block ends."""
        if limit is None or self._mine.has_room:
            yield
            return
        with self._changed:
            self._wait(wanted, limit)
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

    def _wait(self, wanted: int, limit: int) -> None:
        """Wait for our turn, and then until there is room."""
        ticket = object()
        self._waiting.append(ticket)
        try:
            self._changed.wait_for(lambda: self._waiting[0] is ticket and self._has(wanted, limit))
        finally:
            self._waiting.remove(ticket)
            self._changed.notify_all()  # the next one may fit beside us

    def _has(self, wanted: int, limit: int) -> bool:
        return not self.taken or self.taken + wanted <= limit


ROOM = Room()


@contextmanager
def room_for(pixels: int) -> Iterator[None]:
    """Room for so many decoded pixels, within ``MAX_DECODING_MEMORY``."""
    with ROOM.take(pixels * BYTES_PER_PIXEL, conf.MAX_DECODING_MEMORY):
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
