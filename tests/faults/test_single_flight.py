"""Single flight: eight askers at once, in threads and in processes, and one generation."""

import threading
import time
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from tests.faults.conftest import Site
from tests.faults.tasks import look_at
from tests.renditions.making import PHOTO, Recording, files_below, put, rendition_of
from tests.servers import Redis, wait_for
from versatile.renditions.source import Source

ASKERS, ROUNDS = 8, 20
EXPECTED = {"d/x.jpg", *(f"out/{number}.jpg" for number in range(ROUNDS))}


class Reader(threading.Thread):
    """Somebody outside who looks at every file all the time, and remembers what is wrong."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.done = threading.Event()
        self.looks = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self.done.is_set():
            for path in self.folder.glob("[!.]*"):
                self.looks += 1
                state = look_at(path)
                if state != "whole":
                    self.wrong.append(f"{path.name} is {state}")
            time.sleep(0.001)

    def finish(self) -> None:
        self.done.set()
        self.join()
        assert self.looks
        assert self.wrong == []


@pytest.fixture
def reader(media_root: Path) -> Reader:
    made = Reader(media_root / "out")
    made.start()
    return made


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["locmem", "dummy", "filebased", "redis"])
def test_eight_threads_make_each_rendition_once(
    kind, settings: Settings, redis: Redis, reader: Reader, tmp_path: Path, media_root: Path
):
    settings.CACHES = caches_of(kind, tmp_path, redis)
    put(default_storage, "d/x.jpg", PHOTO)
    runs: list[Recording] = []
    for number in range(ROUNDS):
        recording = Recording(during=lambda: time.sleep(0.02))
        runs.append(recording)
        start = threading.Barrier(ASKERS)
        states: list[str] = []

        def ask(name=f"out/{number}.jpg", recording=recording, start=start, states=states) -> None:
            rendition = rendition_of(Source(default_storage, "d/x.jpg"), name, [recording])
            start.wait()
            rendition.require()
            states.append(look_at(media_root / name))

        threads = [threading.Thread(target=ask) for _ in range(ASKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert states == ["whole"] * ASKERS
    reader.finish()
    assert [len(recording.runs) for recording in runs] == [1] * ROUNDS
    assert files_below(media_root) == EXPECTED


@pytest.mark.slow
@pytest.mark.service
@pytest.mark.parametrize("kind", ["locmem", "filebased", "redis"])
def test_eight_processes_make_each_rendition_once(kind, site: Site, redis: Redis, reader: Reader):
    site.caches = caches_of(kind, site.root, redis)
    processes = [site.start("ask_in_rounds", ROUNDS) for _ in range(ASKERS)]
    wait_for(lambda: len(list(site.root.glob("ready-*"))) == ASKERS, "the askers")
    half_written = site.root / "going"
    half_written.write_text(str(time.time() + 0.5))
    half_written.rename(site.root / "go")
    answers = [process.communicate(timeout=120) for process in processes]
    reader.finish()
    whole = f'{{"whole": {ROUNDS}, "absent": 0, "partial": 0}}'
    assert answers == [(whole, "")] * ASKERS
    assert len((site.root / "runs").read_text().splitlines()) == ROUNDS
    assert files_below(site.media) == EXPECTED


def caches_of(kind: str, folder: Path, redis: Redis) -> dict[str, dict[str, str]]:
    classes = {
        "locmem": "locmem.LocMemCache",
        "dummy": "dummy.DummyCache",
        "filebased": "filebased.FileBasedCache",
    }
    if kind == "redis":
        return redis.caches
    backend = f"django.core.cache.backends.{classes[kind]}"
    return {"default": {"BACKEND": backend, "LOCATION": str(folder / "cache")}}
