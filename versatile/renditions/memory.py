"""Memory: how many pixels one process decodes at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from versatile.conf import conf
from versatile.imaging.geometry import Size

BYTES_PER_PIXEL = 8
"""Four for the decoded picture, as Pillow keeps it, and as many for what is made of it first."""


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
            with self._changed:
                self.taken -= wanted
                self._changed.notify_all()


ROOM = Room()


@contextmanager
def room_for(size: Size) -> Iterator[None]:
    """Room to decode a picture of a size, within ``MAX_DECODING_MEMORY``."""
    with ROOM.take(size.width * size.height * BYTES_PER_PIXEL, conf.MAX_DECODING_MEMORY):
        yield
