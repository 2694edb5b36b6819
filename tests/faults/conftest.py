"""Processes of a site, and a Redis server that can be stopped in the middle."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.renditions.making import PHOTO
from tests.servers import Redis, running_redis

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with running_redis(tmp_path) as server:
        yield server


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
