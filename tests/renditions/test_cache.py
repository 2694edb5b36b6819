"""The cache that existence lives in."""

import logging
import threading
from hashlib import md5
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files.storage import (
    FileSystemStorage,
    InMemoryStorage,
    Storage,
    default_storage,
)
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tests.renditions.conftest import use_cache
from tests.renditions.faults import Bucket
from versatile.renditions import cache
from versatile.renditions.addresses import key_of, shorten
from versatile.renditions.cache import ask, hold, let_go

NAMES = [
    "d/x.jpg",
    "x.jpg",
    "__sized__/d/x-crop-c0-5__0-5-40x40-70.jpg",
    "d/X Y é.JPG",
    "d/a+b%20c'(d).png",
    "d/#?&=.webp",
    "日本/写真.jpeg",
    "/leading.jpg",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("base_url", ["/media/", "https://cdn.example/m", "//cdn.example/m/"])
def test_the_key_of_a_file_on_a_plain_storage_is_its_url(name, base_url, media_root):
    storage = FileSystemStorage(media_root, base_url)
    assert key_of(storage, name) == storage.url(name)


def test_the_default_storage_and_djangos_storage_in_memory_are_plain_too():
    assert key_of(default_storage, "d/x.jpg") == default_storage.url("d/x.jpg") == "/media/d/x.jpg"
    assert key_of(InMemoryStorage(), "d/x.jpg") == "/media/d/x.jpg"


class Signing(FileSystemStorage):
    """A storage that signs each URL anew."""

    signature = 0

    def url(self, name: str | None) -> str:
        self.signature += 1
        return f"{super().url(name)}?signature={self.signature}"


def test_a_changing_signature_is_no_part_of_the_key(media_root):
    storage = Signing(media_root, "/media/")
    assert storage.url("x.jpg") != storage.url("x.jpg")
    assert key_of(storage, "x.jpg") == key_of(storage, "x.jpg") == "/media/x.jpg"


def test_without_a_base_url_the_key_says_which_storage_it_is():
    class Other(Bucket):
        bucket_name = "videos"

    here, there = key_of(Bucket(), "d/x y.jpg"), key_of(Other(), "d/x y.jpg")
    assert here == "tests.renditions.faults.Bucket/photos/d/x%20y.jpg"
    assert here != there


def test_two_places_of_one_storage_class_have_different_keys():
    class Placed(Bucket):
        def __init__(self, bucket_name: str, location: str) -> None:
            super().__init__()
            self.bucket_name = bucket_name
            self.location = location

    places = [("a", ""), ("a", "in b"), ("b", ""), ("b", "é")]
    assert len({key_of(Placed(*place), "x.jpg") for place in places}) == len(places)


def test_a_storage_that_says_nothing_of_its_place_has_a_key():
    assert key_of(Storage(), "x.jpg").endswith(".Storage//x.jpg")


def test_199_characters_stay_as_they_are():
    key = "k" * 199
    assert shorten(key) == key


@pytest.mark.parametrize("length", [200, 201, 5000])
def test_from_200_characters_on_a_digest_stands_for_the_end(length):
    key = "k" * length
    assert shorten(key) == "k" * 167 + ":" + md5(key.encode()).hexdigest()
    assert len(shorten(key)) == 200


def test_the_digest_is_that_of_the_whole_key_before_it_was_cleaned():
    key = "a b\tc\x7f" + "é" * 300
    assert shorten(key) == "abc" + "é" * 164 + ":" + md5(key.encode()).hexdigest()


def test_long_names_that_differ_at_their_end_have_different_keys(media_root):
    storage = FileSystemStorage(media_root, "/media/")
    keys = {key_of(storage, f"{'long/' * 60}{number}.jpg") for number in range(50)}
    assert len(keys) == 50
    assert {len(key) for key in keys} == {200}


def test_a_suffix_never_meets_a_key(media_root):
    storage = FileSystemStorage(media_root, "/media/")
    for name in ("x.jpg", "long/" * 60 + "x.jpg"):
        suffixes = ("", "-made", "-failed", "-pending")
        assert len({key_of(storage, name, suffix) for suffix in suffixes}) == len(suffixes)


@given(st.text(max_size=240))
def test_every_cache_takes_every_key(text):
    # Warnings are errors here, and Django warns of what memcached would refuse.
    caches["default"].set(shorten(text) or "empty", 1)


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
