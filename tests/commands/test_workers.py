"""The workers of the commands: a few threads, a few items ahead, and nothing after an error."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from versatile.management.upkeep.workers import AHEAD, each


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_every_item_is_worked_on_once(workers: int):
    done = list(each(lambda item: item * 2, range(50), workers=workers))
    assert sorted(done) == [(item, item * 2) for item in range(50)]


def test_one_worker_keeps_the_order_and_is_this_thread():
    done = list(each(lambda item: threading.current_thread(), range(3)))
    assert done == [(item, threading.current_thread()) for item in range(3)]


def test_several_work_at_the_same_time():
    together = threading.Barrier(4, timeout=10)
    assert len(list(each(lambda item: together.wait(), range(8), workers=4))) == 8


def test_no_more_is_read_than_they_can_take():
    taken, done = [], []

    def items() -> Iterator[int]:
        for item in range(100):
            taken.append(item)
            yield item

    for item, _ in each(lambda item: None, items(), workers=2):
        done.append(item)
        assert len(taken) <= len(done) + 2 * AHEAD


def test_an_error_ends_it_and_what_was_not_begun_is_dropped():
    begun = []

    def work(item: int) -> None:
        begun.append(item)
        if item == 3:
            raise ZeroDivisionError
        time.sleep(0.01)

    with pytest.raises(ZeroDivisionError):
        list(each(work, range(1000), workers=2))
    assert len(begun) < 20
    assert not [item for item in threading.enumerate() if item.name.startswith("renditions")]


def test_whoever_stops_listening_stops_the_work():
    begun: list[int] = []
    for item, _ in each(begun.append, range(1000), workers=2):
        if item > 5:
            break
    assert len(begun) < 1000


@pytest.mark.django_db(transaction=True)
def test_a_worker_leaves_no_connection_open():
    left: list[Any] = []

    def work(item: int) -> None:
        connection = connections["default"]
        connection.ensure_connection()
        left.append(connection)

    list(each(work, range(3), workers=2))
    assert len(left) == 3
    assert all(item.connection is None or item.is_in_memory_db() for item in left)
    for item in left:
        if item.connection is not None:  # Django keeps what lies in memory
            item.connection.close()
