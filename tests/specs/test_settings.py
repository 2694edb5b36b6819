"""The settings of specs: ImageKit's names, live, and the memory that they speak of."""

import hashlib
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from tests.drawing import photo_bytes
from versatile.cachefiles import ImageCacheFile
from versatile.cachefiles.backends import CacheFileState, Simple
from versatile.conf import conf
from versatile.exceptions import ConfigurationError
from versatile.renditions.ledgers import LEDGER, SPEC_LEDGER
from versatile.specs import create_spec_class

DEFAULTS = {
    "SPEC_DIRNAME": "CACHE/images",
    "GENERATOR_NAMER": "versatile.cachefiles.namers.hash",
    "SPEC_NAMER": "versatile.cachefiles.namers.source_name_as_path",
    "BACKEND": "versatile.cachefiles.backends.Simple",
    "STRATEGY": "versatile.cachefiles.strategies.JustInTime",
    "SPEC_STORAGE": None,
    "SPEC_CACHE_ALIAS": None,
    "SPEC_CACHE_PREFIX": "imagekit:",
    "SPEC_CACHE_TIMEOUT": None,
    "SPEC_SAFE_CACHE_KEYS": True,
}
LOCAL = "django.core.cache.backends.locmem.LocMemCache"


def cachefile(**options: Any) -> Any:
    spec = create_spec_class({"format": "JPEG"})
    return ImageCacheFile(spec(ContentFile(photo_bytes((9, 9)), "ph/c.jpg")), **options)


def named(name: str) -> Any:
    return cachefile(name=name)


@pytest.mark.parametrize(("key", "value"), DEFAULTS.items())
def test_defaults(key, value):
    assert getattr(conf, key) == value


def test_old_paths_mean_the_new_ones(settings):
    settings.IMAGEKIT_DEFAULT_CACHEFILE_BACKEND = "imagekit.cachefiles.backends.Simple"
    assert DEFAULTS["BACKEND"] == conf.BACKEND


def timeout() -> int | None:
    return SPEC_LEDGER.timeout


def test_the_timeout_is_300_under_debug_unless_it_is_set(settings):
    settings.DEBUG = True
    assert timeout() == 300
    settings.IMAGEKIT_CACHE_TIMEOUT = None
    assert timeout() is None
    settings.IMAGEKIT_CACHE_TIMEOUT = 7
    assert timeout() == 7
    assert LEDGER.timeout == 2592000, "the other face has its own"


def test_the_key_is_the_prefix_the_name_and_state(settings):
    file = cachefile()
    assert Simple().get_key(file) == f"imagekit:{file.name}-state"
    settings.IMAGEKIT_CACHE_PREFIX = "mine:"
    assert Simple().get_key(cachefile()) == f"mine:{file.name}-state"


@pytest.mark.parametrize(("length", "kept"), [(199, True), (200, False), (300, False)])
def test_long_keys_end_in_a_digest(length, kept):
    bare = len("imagekit:-state")
    name = "n" * (length - bare)
    key = Simple().get_key(named(name))
    full = f"imagekit:{name}-state"
    digest = hashlib.md5(full.encode()).hexdigest()
    assert key == (full if kept else f"{full[:167]}:{digest}")
    assert len(key) <= 200


def test_keys_lose_spaces_and_control_characters(settings):
    name = "a b\tc\nd\x00e.jpg"
    assert Simple().get_key(named(name)) == "imagekit:abcde.jpg-state"
    long = " " + "x" * 300
    digest = hashlib.md5(f"imagekit:{long}-state".encode()).hexdigest()
    assert Simple().get_key(named(long)).endswith(f":{digest}"), "of the uncleaned key"
    settings.IMAGEKIT_USE_MEMCACHED_SAFE_CACHE_KEY = False
    assert Simple().get_key(named(name)) == f"imagekit:{name}-state"


def test_existence_lives_in_the_cache_of_the_setting(settings):
    settings.CACHES = {
        "default": {"BACKEND": LOCAL, "LOCATION": "one"},
        "spare": {"BACKEND": LOCAL, "LOCATION": "two"},
    }
    settings.IMAGEKIT_CACHE_BACKEND = "spare"
    file = cachefile()
    file.generate()
    key = Simple().get_key(file)
    assert caches["spare"].get(key) is not None
    assert caches["default"].get(key) is None


def test_an_alias_that_is_none_is_a_typed_error(settings):
    settings.IMAGEKIT_CACHE_BACKEND = "nosuch"
    with pytest.raises(ConfigurationError, match="'nosuch' is no alias"):
        SPEC_LEDGER.alias  # noqa: B018 - is looked up
    file = cachefile()
    assert file.url, "a page renders without a cache"


@pytest.mark.parametrize(
    "name",
    ["IMAGEKIT_DEFAULT_FILE_STORAGE", "IMAGEKIT_DEFAULT_CACHEFILE_BACKEND"],
)
def test_a_path_that_leads_nowhere_is_a_typed_error(settings, name):
    setattr(settings, name, "no.such.Thing")
    file = cachefile()
    with pytest.raises(ConfigurationError, match=r"no\.such\.Thing"):
        (file.storage, file.cachefile_backend)  # noqa: B018 - are looked up


def test_the_states_are_a_view_of_existence(monkeypatch):
    backend, file = Simple(), cachefile()
    assert backend.get_state(file) == CacheFileState.DOES_NOT_EXIST == "does_not_exist"
    assert backend.exists(file) is False
    file.generate()
    assert backend.get_state(file) == CacheFileState.EXISTS == "exists"
    assert backend.exists(file) is True
    asked: list[str] = []
    monkeypatch.setitem(vars(storages["default"]), "exists", asked.append)
    assert backend.exists(cachefile()) is True
    assert asked == [], "it is remembered"


def test_a_state_can_be_set():
    backend, file = Simple(), cachefile()
    backend.set_state(file, CacheFileState.EXISTS)
    assert backend.get_state(file) == CacheFileState.EXISTS
    backend.set_state(file, CacheFileState.DOES_NOT_EXIST)
    assert backend.get_state(file, check_if_unknown=False) == CacheFileState.DOES_NOT_EXIST
    assert backend.get_state(file) == CacheFileState.DOES_NOT_EXIST


def test_a_file_that_is_there_and_forgotten_is_found():
    backend, file = Simple(), cachefile()
    file.generate()
    caches["default"].clear()
    assert backend.get_state(file, check_if_unknown=False) == CacheFileState.DOES_NOT_EXIST
    assert backend.get_state(file) == CacheFileState.EXISTS
    assert backend.get_state(file, check_if_unknown=False) == CacheFileState.EXISTS
