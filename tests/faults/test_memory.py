"""Memory: eight makers of large sources at once need no more than the setting allows."""

import threading
import time

import pytest
from PIL import Image
from pytest_django import Settings

from tests.faults.conftest import Site
from versatile.imaging.geometry import Size
from versatile.renditions.memory import BYTES_PER_PIXEL, ROOM, Room, room_for

MAKERS = 8
LARGE = Size(8660, 5773)  # 50 megapixels, and no pixel more


@pytest.mark.slow
@pytest.mark.service
def test_eight_makers_of_50_megapixels_stay_within_the_setting(site: Site):
    large = Image.new("RGB", LARGE, "#336699")
    large.save(site.media / "d" / "0.png", compress_level=1)
    for number in range(1, MAKERS):
        (site.media / "d" / f"{number}.png").hardlink_to(site.media / "d" / "0.png")
    site.versatile = {"MAX_DECODING_MEMORY": 512 * 1024 * 1024}
    bounded = site.run("make_large_ones", MAKERS)
    assert bounded["made"] == MAKERS
    assert bounded["megabytes"] < 640
    site.versatile = {"MAX_DECODING_MEMORY": None}
    for path in (site.media / "out").iterdir():
        path.unlink()
    free = site.run("make_large_ones", MAKERS)
    assert free["made"] == MAKERS
    assert free["megabytes"] > 2 * bounded["megabytes"]


def work(room: Room, wanted: int, limit: int | None, seen: list[int]) -> threading.Thread:
    def take() -> None:
        with room.take(wanted, limit):
            seen.append(room.taken)
            time.sleep(0.01)

    thread = threading.Thread(target=take)
    thread.start()
    return thread


def test_who_needs_more_than_is_free_waits():
    room, seen = Room(), list[int]()
    for thread in [work(room, 4, 10, seen) for _ in range(9)]:
        thread.join()
    assert len(seen) == 9
    assert max(seen) <= 8
    assert room.taken == 0


def test_who_needs_more_than_there_is_works_alone():
    room, seen = Room(), list[int]()
    threads = [work(room, wanted, 10, seen) for wanted in (4, 50, 4, 50, 4)]
    for thread in threads:
        thread.join()
    assert sorted(seen)[-2:] == [50, 50]
    assert room.taken == 0


def test_without_a_limit_nobody_waits():
    room, seen = Room(), list[int]()
    work(room, 50, None, seen).join()
    assert seen == [0]


def test_a_thread_does_not_wait_for_itself():
    room = Room()
    with room.take(9, 10), room.take(9, 10):
        assert room.taken == 9
    assert room.taken == 0


def test_room_is_given_back_after_an_error(settings: Settings):
    settings.VERSATILE = {"MAX_DECODING_MEMORY": 100}

    def fail() -> None:
        with room_for(6):
            assert ROOM.taken == 6 * BYTES_PER_PIXEL
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert ROOM.taken == 0


def test_a_large_one_is_not_passed_for_ever_by_small_ones():
    room, stop, seen = Room(), threading.Event(), list[int]()

    def take_small_ones() -> None:
        while not stop.is_set():
            with room.take(4, 10):
                time.sleep(0.002)

    small = [threading.Thread(target=take_small_ones) for _ in range(4)]
    for thread in small:
        thread.start()
    large = work(room, 50, 10, seen)
    large.join(timeout=5)
    stop.set()
    for thread in [*small, large]:
        thread.join()
    assert seen == [50]
    assert room.taken == 0
