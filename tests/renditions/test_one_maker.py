"""One maker: any number of askers, in threads or in processes, and one generation."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.renditions.faults import WatchedStorage
from tests.renditions.making import (
    PHOTO,
    Failing,
    Recording,
    files_below,
    rendition_of,
)
from versatile.exceptions import RenditionError
from versatile.renditions import existence
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source

ASKERS = 8


def ask_together(renditions: list[Rendition]) -> list[str]:
    """What each of many threads is told that asks at the same time."""
    start = threading.Barrier(len(renditions))
    answers: list[str] = []

    def ask(rendition: Rendition) -> None:
        start.wait()
        try:
            answers.append(rendition.url)
        except RenditionError as error:
            answers.append(f"{error.name} failed")

    threads = [threading.Thread(target=ask, args=[rendition]) for rendition in renditions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_eight_threads_that_ask_for_one_rendition_are_one_generation(
    source: Source, storage: WatchedStorage, media_root: Path
):
    recording = Recording(during=lambda: time.sleep(0.1))
    renditions = [rendition_of(source, processors=[recording]) for _ in range(ASKERS)]
    assert ask_together(renditions) == ["/media/out/x.jpg"] * ASKERS
    assert len(recording.runs) == 1
    assert storage.named("open") == ["d/x.jpg"]
    assert len(storage.named("save")) == 1
    assert files_below(media_root) == {"d/x.jpg", "out/x.jpg"}
    assert not existence.is_pending("/media/out/x.jpg")


def test_threads_that_ask_for_different_renditions_do_not_wait_for_each_other(source: Source):
    together = threading.Barrier(3)
    recording = Recording(during=lambda: together.wait(timeout=10))
    renditions = [rendition_of(source, f"out/{number}.png", [recording]) for number in range(3)]
    assert sorted(ask_together(renditions)) == [f"/media/out/{number}.png" for number in range(3)]
    assert len(recording.runs) == 3


def test_when_the_maker_fails_each_asker_hears_of_it_and_nothing_stays_pending(
    source: Source, media_root: Path
):
    renditions = [rendition_of(source, processors=[Failing()]) for _ in range(ASKERS)]
    assert ask_together(renditions) == ["out/x.jpg failed"] * ASKERS
    assert files_below(media_root) == {"d/x.jpg"}
    assert not existence.is_pending("/media/out/x.jpg")


def test_when_the_maker_fails_another_asker_makes_it(source: Source, storage: WatchedStorage):
    def fail_once() -> None:
        if len(recording.runs) == 1:
            time.sleep(0.05)
            raise ZeroDivisionError

    recording = Recording(during=fail_once)
    renditions = [rendition_of(source, processors=[recording]) for _ in range(ASKERS)]
    answers = ask_together(renditions)
    assert sorted(answers) == ["/media/out/x.jpg"] * (ASKERS - 1) + ["out/x.jpg failed"]
    assert len(recording.runs) == 2


@pytest.fixture
def shop(tmp_path: Path, media_root: Path) -> Path:
    """A folder with a media folder, a photo in it, and whatever processes share."""
    (media_root / "d").mkdir()
    (media_root / "d" / "x.jpg").write_bytes(PHOTO)
    return tmp_path


def start(shop: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.renditions.asker", str(shop), *arguments]
    root = Path(__file__).parents[2]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)


def ask_from_processes(shop: Path, cache: str, number: int = 4) -> list[str]:
    """What each of some processes prints that ask at the same time."""
    processes = [start(shop, cache) for _ in range(number)]
    until = time.monotonic() + 60
    while len(list(shop.glob("ready-*"))) < number and time.monotonic() < until:
        time.sleep(0.01)
    (shop / "go").touch()
    return [process.communicate(timeout=60)[0] for process in processes]


@pytest.mark.slow
@pytest.mark.service
def test_four_processes_that_ask_for_one_rendition_are_one_generation(shop: Path, media_root: Path):
    start(shop, "db.DatabaseCache", "createcachetable").communicate()
    assert ask_from_processes(shop, "db.DatabaseCache") == ["/media/out/x.jpg"] * 4
    assert len((shop / "runs").read_text().splitlines()) == 1
    assert files_below(media_root) == {"d/x.jpg", "out/x.jpg"}


@pytest.mark.slow
@pytest.mark.service
def test_four_processes_with_a_cache_in_files_leave_one_whole_file(shop: Path, media_root: Path):
    # Its claims are settled by time, and a busy machine may let two of them pass.
    assert ask_from_processes(shop, "filebased.FileBasedCache") == ["/media/out/x.jpg"] * 4
    assert len((shop / "runs").read_text().splitlines()) <= 2
    assert files_below(media_root) == {"d/x.jpg", "out/x.jpg"}
    with Image.open(media_root / "out" / "x.jpg") as image:
        image.load()
