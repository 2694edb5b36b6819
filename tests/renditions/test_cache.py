"""The cache that existence lives in."""

import logging
import threading
from pathlib import Path

import pytest
from django.core.cache import caches
from pytest_django import Settings

from tests.renditions.conftest import use_cache
from tests.renditions.faults import BrokenCache, BrokenError
from versatile.renditions import cache
from versatile.renditions.cache import ask, hold, is_held, let_go


def test_without_the_alias_the_default_cache_remembers():
    assert cache.cache() is caches["default"]


def test_the_alias_of_the_settings_wins_over_the_default_cache(settings: Settings):
    backend = "django.core.cache.backends.locmem.LocMemCache"
    aliases = ("default", "versatileimagefield_cache", "mine")
    settings.CACHES = {alias: {"BACKEND": backend, "LOCATION": alias} for alias in aliases}
    assert cache.cache() is caches["versatileimagefield_cache"]
    settings.VERSATILE = {"CACHE_ALIAS": "mine"}
    assert cache.cache() is caches["mine"]
    settings.VERSATILE = {"CACHE_ALIAS": "nobody's"}
    assert cache.cache() is caches["default"]


@pytest.mark.parametrize(
    ("backend", "dependable"),
    [
        ("locmem.LocMemCache", False),
        ("dummy.DummyCache", False),
        ("filebased.FileBasedCache", False),
        ("db.DatabaseCache", True),
    ],
)
def test_only_a_shared_cache_that_adds_in_one_step_is_dependable(
    backend, dependable, settings: Settings, tmp_path: Path
):
    backend = f"django.core.cache.backends.{backend}"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": str(tmp_path / "cache")}}
    assert cache.is_dependable() is dependable


LOCKED = ["locmem.LocMemCache", "dummy.DummyCache", "filebased.FileBasedCache"]
MINE, THEIRS = "0" * 32, "f" * 32


@pytest.mark.parametrize("backend", LOCKED)
def test_beside_a_cache_that_is_not_dependable_a_key_has_one_owner_all_the_same(
    backend, settings: Settings, tmp_path: Path
):
    backend = f"django.core.cache.backends.{backend}"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": str(tmp_path / "cache")}}
    start = threading.Barrier(4)
    held: list[str] = []

    def write(token: str) -> None:
        start.wait()
        if hold(["key"], token, 60):
            held.append(token)

    writers = [threading.Thread(target=write, args=[str(number) * 32]) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    (owner,) = held
    assert is_held("key")
    let_go(["key"], owner)
    assert not is_held("key")


@pytest.mark.parametrize("kind", ["SharedCache", "LocMemCache"])
def test_a_free_key_is_held_and_a_held_one_is_not(kind, settings: Settings):
    if kind == "SharedCache":
        use_cache(settings, kind)
    assert hold(["a", "b"], MINE, 60) == {"a", "b"}
    assert hold(["b", "c"], THEIRS, 60) == {"c"}
    let_go(["a", "b", "c"], MINE)
    assert [key for key in "abc" if is_held(key)] == ["c"]


@pytest.mark.usefixtures("leased")
def test_a_key_that_is_let_go_between_two_calls_is_ours(monkeypatch):
    caches["default"].add("key", THEIRS, 60)
    get = type(caches["default"]).get

    def let_go_first(self, key):
        self.delete(key)
        return get(self, key)

    monkeypatch.setattr(type(caches["default"]), "get", let_go_first)
    assert hold(["key"], MINE, 60) == {"key"}
    monkeypatch.undo()
    assert caches["default"].get("key") == MINE


@pytest.mark.parametrize("kind", ["BrokenCache", "ForgetfulCache"])
def test_where_the_cache_is_down_a_key_has_one_owner_all_the_same(kind, settings: Settings):
    use_cache(settings, kind)
    assert hold(["key"], MINE, 60) == {"key"}
    assert hold(["key"], THEIRS, 60) == set()
    let_go(["key"], MINE)
    assert hold(["key"], THEIRS, 60) == {"key"}


def test_a_cache_that_fails_slowly_is_not_asked_for_a_while(settings: Settings, caplog, clock):
    use_cache(settings, "BrokenCache")
    calls = []

    def slow(self, *args):
        calls.append(args)
        clock.now += cache.SLOW * 2
        raise BrokenError("timed out")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BrokenCache, "get", slow)
        patch.setattr(cache, "time", clock)
        assert [ask("get", "key", otherwise=number) for number in range(3)] == [0, 1, 2]
        assert len(calls) == 1
        assert "not asked for 5 seconds" in caplog.text
        clock.now += cache.REST + 0.1
        ask("get", "key")
        assert len(calls) == 2


def test_a_cache_that_fails_at_once_is_asked_again(settings: Settings, watched_cache, monkeypatch):
    def fail(*args, **kwargs):
        raise BrokenError("no cache")

    monkeypatch.setattr(type(watched_cache), "get", fail)
    assert ask("get", "key", otherwise=1) == 1
    monkeypatch.undo()
    watched_cache.set("key", 2)
    assert ask("get", "key", otherwise=1) == 2


def test_what_the_cache_answers_is_the_answer():
    caches["default"].set("key", "value")
    assert ask("get", "key", otherwise="other") == "value"
    assert ask("get", "nothing", otherwise="other") is None


def test_a_cache_that_fails_answers_otherwise_and_is_logged(settings: Settings, caplog):
    use_cache(settings, "BrokenCache")
    assert ask("get", "key", otherwise="other") == "other"
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.name == "versatile.renditions.cache"
    assert "get" in record.getMessage()
    assert "no cache" in record.getMessage()


def test_a_cache_that_cannot_even_be_made_answers_otherwise(settings: Settings, caplog):
    settings.CACHES = {"default": {"BACKEND": "tests.no.such.Cache"}}
    assert ask("get", "key", otherwise="other") == "other"
    assert "tests.no.such" in caplog.text
