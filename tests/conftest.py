from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from tests.counts import count
from versatile.renditions import cache, failures, locks

# A failure on one machine is a failure on all, and a slow machine is not a failure.
hypothesis_settings.register_profile(
    "versatile", max_examples=count(1000, quick=100), deadline=None, derandomize=True
)
hypothesis_settings.load_profile("versatile")

LONGEST_ID = 16
"""How many bytes tell what they are by themselves."""


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Files are told apart by their places: in their bytes may stand the second they were made in.

    Each worker of pytest-xdist collects the tests, and none is run where two found others.
    """
    return argname if isinstance(val, bytes) and len(val) > LONGEST_ID else None


@pytest.fixture(autouse=True)
def media_root(tmp_path: Path, settings: Settings) -> Path:
    """The test's own media folder."""
    folder = tmp_path / "media"
    folder.mkdir()
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """Caches that remember nothing of other tests, nor of their threads; no lock is held."""
    caches["default"].clear()  # threads fill it, too, and a cache belongs to one of them
    cache._resting.clear()
    yield
    failures.forget_here()
    for token, key in list(locks._held):
        locks.let_go([key], token)
    for used in caches.all(initialized_only=True):
        used.clear()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that are opened on file systems while the test runs."""
    names: list[str] = []
    real = FileSystemStorage._open  # type: ignore[attr-defined]

    def noted(storage: FileSystemStorage, name: str, mode: str = "rb") -> object:
        names.append(name)
        return real(storage, name, mode)

    monkeypatch.setattr(FileSystemStorage, "_open", noted)
    return names
