from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from pytest_django import Settings

from tests.renditions.faults import WatchedCache, WatchedStorage
from tests.renditions.making import source_of
from tests.stored import noted_loads
from versatile.renditions import failures, generation
from versatile.renditions.source import Source


def use_cache(settings: Settings, kind: str) -> None:
    """Let everything be remembered, or not, by a cache of ``tests.renditions.faults``."""
    backend = f"tests.renditions.faults.{kind}"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": uuid4().hex}}


@pytest.fixture
def storage(media_root: Path) -> WatchedStorage:
    return WatchedStorage(media_root, base_url="/media/")


@pytest.fixture
def source(storage: WatchedStorage) -> Source:
    """A good photo, ``d/x.jpg``; nothing was asked of its storage yet."""
    made = source_of(storage)
    storage.calls.clear()
    return made


@pytest.fixture
def plain_storage(media_root: Path) -> FileSystemStorage:
    return FileSystemStorage(media_root, base_url="/media/")


@pytest.fixture
def watched_cache(settings: Settings) -> WatchedCache:
    use_cache(settings, "WatchedCache")
    return cast(WatchedCache, caches["default"])


@pytest.fixture
def leased(settings: Settings) -> None:
    """A cache in which claims are made, and end with their lease."""
    use_cache(settings, "SharedCache")


@pytest.fixture
def shared_cache(db: None, settings: Settings) -> None:
    """A cache that every process of a site sees."""
    backend = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "cache"}}
    call_command("createcachetable", verbosity=0)


@pytest.fixture
def decodes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formats of the pictures that Pillow decodes while the test runs."""
    return noted_loads(monkeypatch, "format")


class Clock:
    """A time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        return self.now

    monotonic = time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time by which sources are left alone."""
    stopped = Clock()
    monkeypatch.setattr(failures, "time", stopped)
    return stopped


@pytest.fixture
def short_wait(monkeypatch: pytest.MonkeyPatch) -> float:
    """Nobody waits long for another maker."""
    monkeypatch.setattr(generation, "WAIT", 0.2)
    return 0.2
