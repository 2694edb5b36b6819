"""A real broker, and a site whose processes share it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis
from django.core.files.base import ContentFile

from tests.drawing import photo_bytes
from tests.servers import PATIENCE, running_redis, wait_for
from tests.testapp.models import Person
from versatile import ImageSpec, register, unregister
from versatile.processors import ResizeToFit
from versatile.queues.backends import JobQueue
from versatile.queues.job import Job
from versatile.registry import generator_registry
from versatile.specs.cachefile import ImageCacheFile

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@dataclass
class Site:
    """The processes of a site, and what they share."""

    root: Path
    redis: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def media(self) -> Path:
        return self.root / "media"

    @property
    def log(self) -> str:
        path = self.root / "worker.log"
        return path.read_text() if path.exists() else ""

    def journal(self, word: str) -> list[str]:
        """What slow processors noted: ``start`` or ``done``."""
        path = self.root / "journal"
        lines = path.read_text().splitlines() if path.exists() else []
        return [line for line in lines if line.startswith(word)]

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "tests.queues.site.settings",
            "SITE_ROOT": str(self.root),
            "SITE_REDIS": self.redis,
        }

    def run(self, *command: str) -> Any:
        """Run a Python module in a process of the site; what it printed as JSON."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            env=self.environment(),
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    def start_worker(self, name: str) -> subprocess.Popen[bytes]:
        """A worker with one child process, in a process group of its own."""
        arguments = ["-A", "tests.queues.site.celery", "worker", "--pool", "prefork"]
        arguments += ["--concurrency", "1", "--loglevel", "INFO", "--hostname", f"{name}@site"]
        arguments += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        with (self.root / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "celery", *arguments],
                env=self.environment(),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers.append(worker)
        wait_for(lambda: f"{name}@site ready" in self.log, f"the worker {name}: {self.log}")
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """SIGKILL to the worker and its children."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.workers.remove(worker)

    def made(self) -> list[str]:
        """The names of all made files, hidden ones too."""
        folder = self.media / "CACHE"
        files = (path for path in folder.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self.media)) for path in files)


@pytest.fixture
def site(tmp_path: Path, redis_url: str) -> Iterator[Site]:
    """A site with an empty database, and no worker yet."""
    with redis.Redis.from_url(redis_url) as server:
        server.flushall()
    made = Site(tmp_path, redis_url)
    made.run("tests.queues.site", "migrate")
    try:
        yield made
    finally:
        for worker in list(made.workers):
            made.kill(worker)


class Half(ImageSpec):
    """A spec of the tests."""

    processors = [ResizeToFit(30, 30)]
    format = "JPEG"


class Sized(ImageSpec):
    """A generator that takes arguments."""

    format = "PNG"

    def __init__(self, width: int, *, source: Any) -> None:
        self.processors = [ResizeToFit(width, width)]
        super().__init__(source)


@pytest.fixture
def generators() -> Iterator[None]:
    """``tests:half``, and ``tests:sized`` with a width."""
    register.generator("tests:half", Half)
    register.generator("tests:sized", Sized)
    yield
    for id in ("tests:half", "tests:sized"):
        if id in generator_registry:
            unregister.generator(id)


@pytest.fixture
def person(db: None) -> Person:
    made = Person()
    made.headshot.save("ann.jpg", ContentFile(photo_bytes((60, 40))))
    return made


def file_of(id: str, source: Any, **arguments: Any) -> ImageCacheFile:
    return ImageCacheFile(generator_registry.get(id, source=source, **arguments))


class Recorded(JobQueue):
    """A queue that keeps its jobs, or takes none."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.forced: list[bool] = []
        self.down = False

    def send_job(self, job: Job, *, force: bool = False) -> None:
        if self.down:
            raise ConnectionRefusedError("nobody there")
        self.jobs.append(job)
        self.forced.append(force)


@pytest.fixture
def queue() -> Recorded:
    return Recorded()
