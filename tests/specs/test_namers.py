"""What the files of generators are called."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile

from versatile import ImageSpec
from versatile.cachefiles import ImageCacheFile, namers
from versatile.exceptions import ConfigurationError
from versatile.specs import create_spec_class

HASH = "0123456789abcdef0123456789abcdef"


def generator(name: str | None = None, format: str | None = "JPEG") -> Any:
    source = SimpleNamespace(name=name)
    return SimpleNamespace(source=source, format=format, get_hash=lambda: HASH)


@pytest.mark.parametrize(
    ("source", "format", "name"),
    [
        ("photos/x.jpg", "JPEG", f"CACHE/images/photos/x/{HASH}.jpg"),
        ("photos/x.jpeg", "JPEG", f"CACHE/images/photos/x/{HASH}.jpeg"),
        ("photos/x.JPG", "JPEG", f"CACHE/images/photos/x/{HASH}.JPG"),
        ("photos/x.jpg", "jpeg", f"CACHE/images/photos/x/{HASH}.jpg"),
        ("photos/x.png", "JPEG", f"CACHE/images/photos/x/{HASH}.jpg"),
        ("photos/x.png", "TIFF", f"CACHE/images/photos/x/{HASH}.tif"),
        ("photos/x.png", None, f"CACHE/images/photos/x/{HASH}.png"),
        ("photos/x.y.png", None, f"CACHE/images/photos/x.y/{HASH}.png"),
        ("photos/x.php", None, f"CACHE/images/photos/x/{HASH}.png"),
        ("photos/x.php", "ODD", f"CACHE/images/photos/x/{HASH}.png"),
        ("photos/x.heic", None, f"CACHE/images/photos/x/{HASH}.jpg"),
        ("photos/x.tif", None, f"CACHE/images/photos/x/{HASH}.png"),
        ("photos/x.tif", "TIFF", f"CACHE/images/photos/x/{HASH}.tif"),
        ("photos/x", "PNG", f"CACHE/images/photos/x/{HASH}.png"),
        ("photos/x", None, f"CACHE/images/photos/x/{HASH}"),
        ("x.gif", "GIF", f"CACHE/images/x/{HASH}.gif"),
        ("/var/photos/x.png", "JPEG", f"CACHE/images/{HASH}.jpg"),
        (None, "JPEG", f"CACHE/images/{HASH}.jpg"),
        ("", "JPEG", f"CACHE/images/{HASH}.jpg"),
    ],
)
def test_source_name_as_path(source, format, name):
    assert namers.source_name_as_path(generator(source, format)) == name


@pytest.mark.parametrize(
    ("source", "format", "name"),
    [
        ("photos/x.jpg", "JPEG", "CACHE/images/photos/x.0123456789ab.jpg"),
        ("photos/x.jpeg", "JPEG", "CACHE/images/photos/x.0123456789ab.jpeg"),
        ("photos/x.JPG", "PNG", "CACHE/images/photos/x.0123456789ab.png"),
        ("/var/photos/x.png", "JPEG", "CACHE/images/x.0123456789ab.jpg"),
    ],
)
def test_source_name_dot_hash(source, format, name):
    assert namers.source_name_dot_hash(generator(source, format)) == name


def test_source_name_dot_hash_without_a_name():
    made = namers.source_name_dot_hash(generator(None))
    assert re.fullmatch(r"CACHE/images/\.?0123456789ab\.jpg", made)


@pytest.mark.parametrize(
    ("format", "name"),
    [
        ("JPEG", f"CACHE/images/{HASH}.jpg"),
        ("ICO", f"CACHE/images/{HASH}.ico"),
        (None, f"CACHE/images/{HASH}"),
    ],
)
def test_hash(format, name):
    assert namers.hash(generator("photos/x.png", format)) == name


def test_a_generator_needs_neither_source_nor_format():
    plain = SimpleNamespace(get_hash=lambda: HASH)
    assert namers.hash(plain) == f"CACHE/images/{HASH}"
    assert namers.source_name_as_path(plain) == f"CACHE/images/{HASH}"


def spec(name: str = "photos/x.jpg") -> ImageSpec:
    return create_spec_class({"format": "JPEG"})(ContentFile(b"", name))


def own_namer(generator: Any) -> str:
    return f"own/{generator.source.name}"


def test_specs_are_named_by_the_setting(settings):
    digest = spec().get_hash()
    assert spec().cachefile_name == f"CACHE/images/photos/x/{digest}.jpg"
    settings.IMAGEKIT_SPEC_CACHEFILE_NAMER = "imagekit.cachefiles.namers.source_name_dot_hash"
    assert spec().cachefile_name == f"CACHE/images/photos/x.{digest[:12]}.jpg"
    settings.IMAGEKIT_SPEC_CACHEFILE_NAMER = "tests.specs.test_namers.own_namer"
    assert spec().cachefile_name == "own/photos/x.jpg"
    settings.VERSATILE = {"SPEC_NAMER": "versatile.cachefiles.namers.hash"}
    assert spec().cachefile_name == f"CACHE/images/{digest}.jpg"


def test_generators_without_a_name_of_their_own_are_named_by_the_other_setting(settings):
    plain = SimpleNamespace(get_hash=lambda: HASH, generate=lambda: None)
    assert ImageCacheFile(plain).name == f"CACHE/images/{HASH}"
    settings.IMAGEKIT_CACHEFILE_NAMER = "tests.specs.test_namers.own_namer"
    plain.source = SimpleNamespace(name="x.jpg")
    assert ImageCacheFile(plain).name == "own/x.jpg"


def test_the_folder_is_a_setting(settings):
    settings.IMAGEKIT_CACHEFILE_DIR = "made/here/"
    assert namers.hash(generator()) == f"made/here/{HASH}.jpg"
    settings.IMAGEKIT_CACHEFILE_DIR = ""
    assert namers.hash(generator()) == f"{HASH}.jpg"


@pytest.mark.parametrize("path", ["no.such.module.namer", "tests.specs.test_namers.nobody"])
def test_a_namer_that_cannot_be_imported_is_a_typed_error(settings, path):
    settings.IMAGEKIT_SPEC_CACHEFILE_NAMER = path
    with pytest.raises(ConfigurationError, match=path):
        spec().cachefile_name  # noqa: B018 - is computed
