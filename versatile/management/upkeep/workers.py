"""Workers: threads that do one thing to many items, a few of them at a time.

Pillow, storages and caches let other threads run while they work. Rows are read by the thread
that asks, and no more of them than the workers can take.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

from django.db import connections

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

AHEAD = 2
"""How many items wait for each worker."""


def each(
    work: Callable[[_Item], _Result], items: Iterable[_Item], *, workers: int = 1
) -> Iterator[tuple[_Item, _Result]]:
    """Each item with its result, as they come; one worker keeps the order.

    What ``work`` raises is raised here, and an interruption drops what was not begun.
    """
    if workers < 2:
        for item in items:
            yield item, work(item)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="renditions")
    try:
        yield from _spread(pool, work, iter(items), workers * AHEAD)
    finally:
        pool.shutdown(cancel_futures=True)


def _spread(
    pool: ThreadPoolExecutor,
    work: Callable[[_Item], _Result],
    items: Iterator[_Item],
    room: int,
) -> Iterator[tuple[_Item, _Result]]:
    running: dict[Future[_Result], _Item] = {}
    while True:
        for item in islice(items, room - len(running)):
            running[pool.submit(_alone, work, item)] = item
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), future.result()


def _alone(work: Callable[[_Item], _Result], item: _Item) -> _Result:
    """Do one thing in a thread that has no connections to databases of its own."""
    try:
        return work(item)
    finally:
        connections.close_all()  # of this thread; a cache may live in a database
