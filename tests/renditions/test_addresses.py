"""Addresses: URLs and existence keys."""

from hashlib import md5
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.storage import (
    FileSystemStorage,
    InMemoryStorage,
    Storage,
    default_storage,
    storages,
)
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tests.renditions.faults import Bucket
from versatile.renditions.addresses import key_of, shorten, storages_by_alias, url_of

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


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("base_url", ["/media/", "https://cdn.example/m"])
def test_a_url_is_what_the_storage_says(name, base_url, media_root):
    storage = FileSystemStorage(media_root, base_url)
    for _ in range(2):
        assert url_of(storage, name) == storage.url(name)
        assert type(url_of(storage, name)) is str


def test_the_url_of_the_default_storage_follows_the_settings(settings: Settings):
    assert url_of(default_storage, "x.jpg") == "/media/x.jpg"
    assert key_of(default_storage, "x.jpg") == "/media/x.jpg"
    settings.MEDIA_URL = "/elsewhere/"
    assert url_of(default_storage, "x.jpg") == "/elsewhere/x.jpg"
    assert key_of(default_storage, "x.jpg") == "/elsewhere/x.jpg"


def test_a_plain_storage_is_asked_once_for_a_url(media_root, monkeypatch):
    storage = FileSystemStorage(media_root, "/media/")
    url_of(storage, "once.jpg")
    monkeypatch.setattr("versatile.renditions.addresses.filepath_to_uri", None)
    assert url_of(storage, "once.jpg") == "/media/once.jpg"


def test_a_storage_that_signs_is_asked_each_time(media_root):
    signing = Signing(media_root, "/media/")
    assert url_of(signing, "x.jpg") != url_of(signing, "x.jpg")
    assert url_of(Bucket(), "x.jpg").endswith("?signature=0")


def test_a_storage_whose_url_was_replaced_is_asked_each_time(media_root, monkeypatch):
    storage = FileSystemStorage(media_root, "/media/")
    assert url_of(storage, "x.jpg") == "/media/x.jpg"
    signed: Any = iter(["/first", "/second"])
    monkeypatch.setattr(storage, "url", lambda name: next(signed))
    assert [url_of(storage, "x.jpg") for _ in range(2)] == ["/first", "/second"]


def test_a_plain_storage_without_urls_says_so(media_root):
    class Private(FileSystemStorage):
        base_url = None  # type: ignore[assignment]

    with pytest.raises(ValueError, match="not accessible via a URL"):
        url_of(Private(media_root), "x.jpg")


def test_a_storage_that_cannot_be_made_is_told_of_and_hides_no_other(
    settings: Settings, caplog: pytest.LogCaptureFixture
):
    settings.STORAGES = {"broken": {"BACKEND": "no.Such"}, **settings.STORAGES}
    with caplog.at_level("DEBUG", "versatile.renditions.addresses"):
        found = dict(storages_by_alias())
    assert found == {alias: storages[alias] for alias in settings.STORAGES if alias != "broken"}
    assert next(iter(found)) == "default"
    [record] = caplog.records
    assert "'broken'" in record.message
    assert "no.Such" in record.message or "'no'" in record.message
