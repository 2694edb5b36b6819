"""The cache that existence lives in."""

import logging
import threading
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from pytest_django import Settings

from tests.renditions.conftest import use_cache
from versatile.renditions import cache
from versatile.renditions.cache import ask, hold, let_go


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


def test_a_cache_that_adds_in_two_steps_has_one_owner_all_the_same(
    settings: Settings, tmp_path: Path, monkeypatch
):
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": str(tmp_path / "cache")}}
    looked = threading.Barrier(4)
    held: list[str] = []

    def has_key(*args: object, **kwargs: object) -> bool:
        looked.wait()
        return False

    def write(token: str) -> None:
        if hold(["key"], token, 60):
            held.append(token)

    monkeypatch.setattr(FileBasedCache, "has_key", has_key)
    writers = [threading.Thread(target=write, args=[str(number)]) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert held == [caches["default"].get("key")]


def test_a_free_key_is_held_and_a_held_one_is_not():
    assert hold(["a", "b"], "mine", 60) == {"a", "b"}
    assert hold(["b", "c"], "theirs", 60) == {"c"}
    let_go(["a", "b", "c"], "mine")
    assert caches["default"].get_many(["a", "b", "c"]) == {"c": "theirs"}


def test_a_key_that_is_let_go_between_two_calls_is_ours(monkeypatch):
    caches["default"].add("key", "theirs", 60)
    get = type(caches["default"]).get

    def let_go_first(self, key):
        self.delete(key)
        return get(self, key)

    monkeypatch.setattr(type(caches["default"]), "get", let_go_first)
    assert hold(["key"], "mine", 60) == {"key"}
    monkeypatch.undo()
    assert caches["default"].get("key") == "mine"


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
