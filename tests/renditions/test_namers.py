"""Namers: what renditions are called. The contract itself is in ``tests/test_stable_names.py``."""

import hashlib

import pytest
from hypothesis import assume, given
from pytest_django import Settings

from tests.renditions.making import source_names
from versatile.exceptions import ConfigurationError
from versatile.renditions import namers
from versatile.renditions.namers import Kind, Parts, Wording
from versatile.renditions.recogniser import Recogniser


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("d/x.jpg", ("d", "x", "jpg")),
        ("x.jpg", ("", "x", "jpg")),
        ("a/b/c.d.e.PNG", ("a/b", "c.d.e", "PNG")),
        ("d.e/noext", ("d.e", "noext", "jpg")),
        ("d/.jpg", ("d", "", "jpg")),
        ("d/x.", ("d", "x", "")),
        ("", ("", "", "jpg")),
    ],
)
def test_a_name_is_taken_apart_at_its_last_slash_and_last_dot(name, parts):
    assert namers.split(name) == Parts(*parts)


@pytest.mark.parametrize(
    ("extension", "quality"),
    [
        *((extension, 71) for extension in ("jpg", "jpeg", "JPG", "Jpeg")),
        *((extension, 82) for extension in ("webp", "WEBP")),
        *((extension, None) for extension in ("jpe", "png", "gif", "tif", "bmp", "avif", "")),
    ],
)
def test_jpg_jpeg_and_webp_carry_their_quality(extension, quality, settings: Settings):
    settings.VERSATILE = {"JPEG_QUALITY": 71, "WEBP_QUALITY": 82}
    assert namers.quality_of(extension) == quality
    tail = "" if quality is None else f"-{quality}"
    assert namers.image_key("k", 1, 2, extension) == f"k-1x2{tail}"


def test_the_last_parts_of_names_are_those_of_the_old_library():
    assert namers.sized_filename("", 1, 2, "k") == "-k-1x2-70.jpg"
    assert namers.sized_filename("a b.png", 1, None, "k") == "a b-k-1x.png"
    assert namers.filtered_filename("a b", "invert") == "a b__invert__.jpg"


def test_the_storage_has_no_say_in_a_name():
    assert namers.sized_name("d/x.jpg", 1, 2, "k", object()) == "__sized__/d/x-k-1x2-70.jpg"
    assert namers.filtered_name("d/x.jpg", "f", object()) == "d/__filtered__/x__f__.jpg"


@pytest.mark.parametrize("name", ["d/x.jpg", "d/x~1234567.jpg", "d/x~.jpg", "é.b.png", "d/.jpg"])
def test_a_name_with_an_extension_and_no_space_is_distinct_as_it_is(name):
    assert namers.distinct(name) == name.rpartition("/")[2]


@pytest.mark.parametrize(
    ("name", "base", "extension"),
    [
        ("d/my cat.jpg", "my cat", "jpg"),
        ("my dir/cat.png", "cat", "png"),
        ("d/noext", "noext", "jpg"),
        ("d.e/noext", "noext", "jpg"),
        ("d/ é.a.GIF", " é.a", "GIF"),
        ("d/x.tif", "x", "png"),
        ("d/x.php", "x", "png"),
        ("d/x.", "x", "png"),
        ("d/x.HEIC", "x", "jpg"),
        ("d/x~12345678.jpg", "x~12345678", "jpg"),
        ("d/x~0123456789abcdef.jpg", "x~0123456789abcdef", "jpg"),
    ],
)
def test_elsewhere_the_digest_of_the_whole_name_tells_it_apart(name, base, extension):
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    assert namers.distinct(name) == f"{base}~{digest}.{extension}"


def test_what_a_name_has_no_words_for_stands_in_it_as_a_digest():
    worded = Wording(85, "1a2b3c4d")
    sized = namers.sized_name("d/x.jpg", 4, 3, "k", wording=worded)
    assert sized == "__sized__/d/x-k-4x3-85-1a2b3c4d.jpg"
    sized = namers.sized_name("d/x.png", 4, 3, "k", wording=worded)
    assert sized == "__sized__/d/x-k-4x3-1a2b3c4d.png"
    filtered = namers.filtered_name("d/x.jpg", "f", wording=worded)
    assert filtered == "d/__filtered__/x__f__-1a2b3c4d.jpg"
    known = Recogniser("d/x.jpg", {"k": "k"}, ["f"])
    assert known.recognises(Kind.SIZED, 0, "x-k-4x3-85-1a2b3c4d.jpg")
    assert known.recognises(Kind.FILTERED, 1, "x__f__-1a2b3c4d.jpg")
    assert not known.recognises(Kind.FILTERED, 1, "x__f__-1a2b3c4.jpg")


def test_a_name_that_would_be_too_long_keeps_the_beginning_and_is_recognised():
    source = f"d/{'é' * 120}.jpg"
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    name = f"{'é' * 50}~{digest}-thumbnail-50x50-70.jpg"
    assert namers.sized_name(source, 50, 50, "thumbnail") == f"__sized__/d/{name}"
    assert Recogniser(source, {"thumbnail": "thumbnail"}, []).recognises(Kind.SIZED, 0, name)
    fits = f"d/{'é' * 115}.jpg"
    assert namers.sized_name(fits, 50, 50, "thumbnail").startswith(f"__sized__/{fits[:-4]}-thumb")


@pytest.mark.parametrize(
    ("folder", "reserved"),
    [
        *((folder, True) for folder in ("__sized__", "__sized__/d", "d/__filtered__", "__SIZED__")),
        *((folder, True) for folder in ("a/__Filtered__/b", "__filtered__")),
        *((folder, False) for folder in ("", "d", "d/__sized__", "__sized", "filtered", "d/x__")),
    ],
)
def test_folders_of_renditions_are_reserved(folder, reserved):
    assert namers.is_reserved(folder) == reserved


def test_a_post_processor_gets_the_key_and_nothing_else(settings: Settings):
    settings.VERSATILE = {"KEY_POST_PROCESSOR": "tests.renditions.test_namers.shout"}
    assert namers.sized_name("d/x.jpg", 4, 3, "k") == "__sized__/d/x-K-4X3-70.jpg"
    assert namers.filtered_name("d/x.jpg", "f") == "d/__filtered__/x__f__.jpg"


def shout(key: str) -> str:
    return key.upper()


@pytest.mark.parametrize("path", ["tests.renditions.nowhere.shout", "nowhere", "tests.drawing.no"])
def test_a_post_processor_that_is_not_there_is_an_error_of_the_settings(path, settings: Settings):
    settings.VERSATILE = {"KEY_POST_PROCESSOR": path}
    with pytest.raises(ConfigurationError, match=f"{path}.*KEY_POST_PROCESSOR"):
        namers.post_process("key")


@pytest.mark.parametrize(
    ("kind", "folder", "above"),
    [
        (Kind.SIZED, "__sized__/a/b", "__sized__"),
        (Kind.FILTERED, "a/b/__filtered__", "__filtered__"),
        (Kind.FILTERED_SIZED, "__sized__/a/b/__filtered__", "__sized__/__filtered__"),
    ],
)
def test_each_kind_has_its_folder(kind, folder, above):
    assert namers.folder("a/b/x.jpg", kind) == folder
    assert namers.folder("a/b b/x.jpg", kind) == folder.replace("a/b", "a/bb")
    assert namers.folder("x.jpg", kind) == above


@pytest.mark.parametrize(
    "name",
    [
        "a/x-thumbnail-1x1-70.jpg",
        "__sized__/x-thumbnail-1x1-70.jpg",
        "__sized__/a/b/x-thumbnail-1x1-70.jpg",
        "__sized__/a/__filtered__other/x__invert__-thumbnail-1x1-70.jpg",
        "__filtered__/x__invert__.jpg",
        "CACHE/images/x.jpg",
        "",
    ],
)
def test_a_file_in_another_folder_is_of_no_kind(name):
    assert namers.kind_of("a/x.jpg", name) is None


def test_a_recogniser_without_sizers_and_filters_recognises_nothing():
    nobody = Recogniser("d/x.jpg", {}, [])
    for kind, depth in ((Kind.SIZED, 0), (Kind.FILTERED, 1), (Kind.FILTERED_SIZED, 1)):
        for name in ("x.jpg", "x__invert__.jpg", "x--1x1-70.jpg", "x____.jpg", "x-1x1.jpg"):
            assert not nobody.recognises(kind, depth, name)


def test_a_recogniser_takes_the_number_of_filters_that_the_folder_says():
    known = Recogniser("d/x.jpg", {"thumbnail": "thumbnail"}, ["invert", "a+b"])
    assert known.recognises(Kind.FILTERED, 1, "x__invert__.jpg")
    assert known.recognises(Kind.FILTERED, 1, "x__a+b__.jpg")
    assert not known.recognises(Kind.FILTERED, 1, "x__aab__.jpg")
    assert not known.recognises(Kind.FILTERED, 2, "x__invert__.jpg")
    assert known.recognises(Kind.FILTERED, 2, "x__invert____a+b__.jpg")
    assert known.recognises(Kind.FILTERED_SIZED, 1, "x__invert__-thumbnail-1x1-70.jpg")
    assert not known.recognises(Kind.SIZED, 0, "x__invert__-thumbnail-1x1-70.jpg")


@given(source_names, source_names)
def test_a_recogniser_takes_its_sources_names_and_never_anothers(mine: str, other: str):
    assume(mine != other)
    sizers = {"thumbnail": "thumbnail", "crop": r"crop-c[0-9e-]+__[0-9e-]+"}
    known = Recogniser(mine, sizers, ["invert", "grayscale"])
    for source in (mine, other):
        filtered = namers.filtered_name(source, "invert")
        chained = namers.filtered_name(filtered, "grayscale")
        places = {
            namers.sized_name(source, 5, 5, "thumbnail"): (Kind.SIZED, 0),
            namers.sized_name(source, 5, 5, "crop-c0-5__0-5"): (Kind.SIZED, 0),
            filtered: (Kind.FILTERED, 1),
            chained: (Kind.FILTERED, 2),
            namers.sized_name(filtered, 5, None, "thumbnail"): (Kind.FILTERED_SIZED, 1),
            namers.sized_name(chained, 5, 5, "thumbnail"): (Kind.FILTERED_SIZED, 2),
        }
        for name, (kind, depth) in places.items():
            here = namers.kind_of(mine, name) is kind
            found = here and known.recognises(kind, depth, name.rpartition("/")[2])
            assert found == (source == mine)
