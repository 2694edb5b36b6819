"""Finished images as files, and what else ImageKit's users look up."""

import logging

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage
from pytest_django import Settings

from tests.specs.conftest import PHOTO
from tests.testapp.models import Article, Pictured, Place, ProxyPlace, Restaurant
from versatile import ImageSpec, conf
from versatile.exceptions import ConfigurationError
from versatile.files import BaseIKFile, IKContentFile
from versatile.registry import generator_registry
from versatile.utils import (
    autodiscover,
    call_strategy_method,
    generate,
    get_by_qname,
    get_cache,
    get_field_info,
    get_logger,
    get_nonabstract_descendants,
    get_singleton,
    get_storage,
    sanitize_cache_key,
)


@pytest.mark.parametrize(
    ("name", "format", "expected"),
    [
        ("x.png", None, "image/png"),
        ("x.png", "JPEG", "image/jpeg"),
        (None, "webp", "image/webp"),
        ("x", None, None),
    ],
)
def test_bytes_have_a_name_and_the_type_of_their_format_or_name(
    name: str | None, format: str | None, expected: str | None
):
    file = IKContentFile(name, b"abc", format)
    assert (file.name, file.content_type, file.read(), file.size) == (name, expected, b"abc", 3)


class Named(BaseIKFile):
    def __init__(self, name: str) -> None:
        self.name = name
        self.storage = default_storage


def test_a_file_is_opened_by_its_name_when_it_is_read(opened: list[str]):
    name = default_storage.save("x.txt", ContentFile(b"abc"))
    file = Named(name)
    assert (file.size, file.url, file.closed) == (3, "/media/x.txt", True)
    assert file.path == default_storage.path(name)
    assert opened == []
    assert file.read() == b"abc"
    assert file.open().read() == b"abc"
    assert opened == [name]
    file.close()
    assert file.closed
    assert file.open().read() == b"abc"
    file.close()


def test_a_file_without_a_name_is_an_error():
    with pytest.raises(ValueError, match="has no name"):
        Named("").url  # noqa: B018


def test_the_image_of_a_generator_is_a_file_that_can_be_saved():
    spec = ImageSpec(ContentFile(PHOTO, "d/x.jpg"))
    file = generate(spec)
    assert file.name == spec.cachefile_name
    assert default_storage.save("saved.jpg", file) == "saved.jpg"
    assert default_storage.size("saved.jpg") == file.size > 0


def test_what_a_generator_gives_as_a_file_stays_as_it_is():
    file = ContentFile(b"abc", "own.txt")

    class Own:
        def generate(self) -> "File[bytes]":
            return file

    assert generate(Own()) is file


def test_the_row_and_the_field_of_a_file_are_known(article: Article):
    assert get_field_info(article.photo) == (article, "photo")
    assert get_field_info(ContentFile(b"")) == (None, None)


def test_the_models_below_a_model_are_its_concrete_ones():
    assert list(get_nonabstract_descendants(Pictured)) == [Place, Restaurant, ProxyPlace]
    assert list(get_nonabstract_descendants(Restaurant)) == [Restaurant]


def test_a_class_is_found_by_its_path_under_the_old_name_too_and_made_once():
    path = "imagekit.cachefiles.strategies.JustInTime"
    found = get_by_qname(path, "strategy")
    assert found.__name__ == "JustInTime"
    assert isinstance(get_singleton(path, "strategy"), found)
    assert get_singleton(path, "strategy") is get_singleton(path, "strategy")


def test_a_path_that_leads_nowhere_is_named_with_what_was_wanted():
    with pytest.raises(ConfigurationError, match=r"The backend 'no\.Where' cannot be imported"):
        get_by_qname("no.Where", "backend")


def test_the_storage_and_the_cache_are_those_of_the_settings(settings: Settings):
    assert get_storage() is default_storage
    assert get_cache() is caches["default"]
    settings.STORAGES = {
        **django_settings.STORAGES,
        "thumbs": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    locmem = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {**settings.CACHES, "thumbs": {"BACKEND": locmem, "LOCATION": "thumbs"}}
    settings.IMAGEKIT_DEFAULT_FILE_STORAGE = "thumbs"
    settings.IMAGEKIT_CACHE_BACKEND = "thumbs"
    assert isinstance(get_storage(), FileSystemStorage)
    assert get_cache() is caches["thumbs"]


@pytest.mark.parametrize(("length", "kept"), [(199, True), (200, False)])
def test_a_long_key_is_shortened_unless_the_setting_is_off(
    settings: Settings, length: int, kept: bool
):
    key = "k" * length
    assert (sanitize_cache_key(key) == key) is kept
    assert len(sanitize_cache_key(key)) <= 200
    assert sanitize_cache_key("a b\n") == "ab"
    settings.IMAGEKIT_USE_MEMCACHED_SAFE_CACHE_KEY = False
    assert sanitize_cache_key(key) == key


def test_a_method_of_a_strategy_is_called_if_it_is_there():
    told: list[object] = []

    class Telling:
        def on_source_saved(self, file: object) -> None:
            told.append(file)

    class Made:
        cachefile_strategy: object = None

    file = Made()
    call_strategy_method(file, "on_source_saved")
    file.cachefile_strategy = Telling()
    call_strategy_method(file, "on_content_required")
    call_strategy_method(file, "on_source_saved")
    assert told == [file]


def test_the_logger_is_imagekits_unless_it_is_named():
    assert get_logger() is logging.getLogger("imagekit")
    assert get_logger("other", add_null_handler=False).handlers == []


def test_the_librarys_own_generators_are_found():
    autodiscover()
    assert generator_registry.get("imagekit:thumbnail", width=9, source=None).source is None


@pytest.mark.parametrize(("value", "expected"), [(None, "default"), ("thumbs", "thumbs")])
def test_a_storage_has_a_default_name(value: str | None, expected: str):
    assert conf.ImageKitConf().configure_default_file_storage(value) == expected
