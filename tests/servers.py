"""Servers of their own on the loopback: free ports, waiting for an answer, and Redis."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 60.0
"""Seconds within which a server answers on the slowest machine."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def is_listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> None:
    until = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < until, f"waited {patience:.0f} s for {what}"
        time.sleep(0.05)


def require(found: object, reason: str) -> None:
    """Skip a test for want of something; fail it where everything has to be there."""
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@dataclass
class Redis:
    """A Redis server that keeps nothing, and can be stopped in the middle."""

    folder: Path
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    @property
    def caches(self) -> dict[str, dict[str, Any]]:
        """The setting that uses it."""
        backend = "django.core.cache.backends.redis.RedisCache"
        return {"default": {"BACKEND": backend, "LOCATION": self.url}}

    def start(self) -> None:
        program = shutil.which("redis-server") or ""
        require(program, "redis-server is missing: apt-get install redis-server")
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]
        self.server = subprocess.Popen(
            [program, *options, "--appendonly", "no", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: is_listening(self.port), "the Redis server")

    def stop(self) -> None:
        if self.server is not None:
            self.server.kill()
            self.server.wait()
            self.server = None


@contextmanager
def running_redis(folder: Path) -> Iterator[Redis]:
    """A Redis server until the block ends."""
    server = Redis(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
