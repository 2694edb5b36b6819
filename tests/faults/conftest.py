"""Processes of a site, and a Redis server that can be stopped in the middle."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches

from tests.queues.conftest import free_port, is_listening, wait_for
from tests.renditions.making import PHOTO
from versatile.renditions import cache, locks

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    caches["default"].clear()
    cache._resting.clear()
    yield
    for token, key in list(locks._held):
        locks.let_go([key], token)


@dataclass
class Redis:
    """A Redis server of its own, on the loopback and a free port, that keeps nothing."""

    folder: Path
    program: str
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None

    @property
    def caches(self) -> dict[str, dict[str, Any]]:
        """The setting that uses it."""
        backend = "django.core.cache.backends.redis.RedisCache"
        return {"default": {"BACKEND": backend, "LOCATION": f"redis://127.0.0.1:{self.port}"}}

    def start(self) -> None:
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]
        self.server = subprocess.Popen(
            [self.program, *options, "--appendonly", "no", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: is_listening(self.port), "the Redis server")

    def stop(self) -> None:
        if self.server is not None:
            self.server.kill()
            self.server.wait()
            self.server = None


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    program = shutil.which("redis-server")
    if program is None:
        reason = "redis-server is missing: apt-get install redis-server"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    made = Redis(tmp_path, program)
    made.start()
    try:
        yield made
    finally:
        made.stop()


@dataclass
class Site:
    """A folder with a photo, and the processes that share it."""

    root: Path
    caches: dict[str, Any] | None = None
    versatile: dict[str, Any] = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    @property
    def media(self) -> Path:
        return self.root / "media"

    def start(self, task: str, *arguments: object) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SITE_VERSATILE": json.dumps(self.versatile),
        }
        if self.caches is not None:
            environment["SITE_CACHES"] = json.dumps(self.caches)
        command = [sys.executable, *self.flags, "-m", "tests.faults.site", str(self.root), task]
        return subprocess.Popen(
            [*command, *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, task: str, *arguments: object) -> Any:
        """What a task gives; it has to end well."""
        process = self.start(task, *arguments)
        try:
            printed, errors = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()  # where it has not ended by itself
        assert process.returncode == 0, errors
        assert "ResourceWarning" not in errors
        return json.loads(printed)


@pytest.fixture
def site(tmp_path: Path, media_root: Path) -> Site:
    (media_root / "d").mkdir()
    (media_root / "d" / "x.jpg").write_bytes(PHOTO)
    return Site(tmp_path)
