"""Names are a contract: a site that migrates finds the files that it has.

``stable_names.json`` holds rows of source, point, rendition key and name. All but those that
are told apart were given by django-versatileimagefield itself; a row is never changed, because
somewhere a file has its name.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pytest_django import Settings

from tests.renditions.making import source_names
from tests.testapp.models import Photo
from versatile.imaging.formats import shown_extension
from versatile.rendition_keys import resolve
from versatile.renditions import namers
from versatile.renditions.rendition import Rendition

ROWS = json.loads(Path(__file__).with_name("stable_names.json").read_text(encoding="utf-8"))
CENTRE = [0.5, 0.5]

PUBLISHED = [
    ("d/x.jpg", CENTRE, "thumbnail__50x50", "__sized__/d/x-thumbnail-50x50-70.jpg"),
    ("d/x.jpg", CENTRE, "crop__40x40", "__sized__/d/x-crop-c0-5__0-5-40x40-70.jpg"),
    (
        "headshots/x.png",
        CENTRE,
        "crop__400x400",
        "__sized__/headshots/x-crop-c0-5__0-5-400x400.png",
    ),
    ("d/x.jpg", CENTRE, "filters__invert", "d/__filtered__/x__invert__.jpg"),
    (
        "d/x.jpg",
        CENTRE,
        "filters__invert__thumbnail__50x50",
        "__sized__/d/__filtered__/x__invert__-thumbnail-50x50-70.jpg",
    ),
    ("d/a.b.c.jpeg", CENTRE, "crop__40x40", "__sized__/d/a.b.c-crop-c0-5__0-5-40x40-70.jpeg"),
    ("d/w.webp", CENTRE, "thumbnail__50x50", "__sized__/d/w-thumbnail-50x50-70.webp"),
    ("d/x.jpg", [0, 0], "crop__40x40", "__sized__/d/x-crop-c0__0-40x40-70.jpg"),
    ("d/x.jpg", [1.0, 1.0], "crop__40x40", "__sized__/d/x-crop-c1-0__1-0-40x40-70.jpg"),
    ("d/x.jpg", "1x1", "crop__40x40", "__sized__/d/x-crop-c1-0__1-0-40x40-70.jpg"),
    (
        "d/x.jpg",
        "0.123456x0.9",
        "crop__40x40",
        "__sized__/d/x-crop-c0-123456__0-9-40x40-70.jpg",
    ),
    # The rows with a space or without an extension, told apart.
    ("d/X Y é.JPG", CENTRE, "thumbnail__50x50", "__sized__/d/XYé~DIGEST-thumbnail-50x50-70.JPG"),
    ("noext", CENTRE, "filters__invert", "__filtered__/noext~DIGEST__invert__.jpg"),
    (
        "sp ace/q p.png",
        CENTRE,
        "filters__invert",
        "space/__filtered__/qp~DIGEST__invert__.png",
    ),
]
"""The examples of the names that were described before there was any code."""

Row = tuple[str, Any, str, str]


def rows() -> Iterator[Any]:
    for group, table in ROWS.items():
        for row in table["names"]:
            yield pytest.param(table["settings"], row, id=f"{group}: {' '.join(map(str, row[:3]))}")


def name_of(source: str, point: Any, key: str) -> str:
    file = Photo(image=source).image
    file.create_on_demand = False
    file.ppoi = tuple(point) if isinstance(point, list) else point
    rendition = resolve(file, key)
    assert isinstance(rendition, Rendition)
    return rendition.name


@pytest.mark.parametrize(("old_settings", "row"), list(rows()))
def test_a_name_is_what_it_always_was(old_settings, row: Row, settings: Settings):
    settings.VERSATILEIMAGEFIELD_SETTINGS = old_settings
    *access, name = row
    assert name_of(*access) == name


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: " ".join(map(str, row[:3])))
def test_the_published_examples_hold(row: Row):
    source, point, key, name = row
    digest = hashlib.sha256(source.encode()).hexdigest()[:8]
    assert name_of(source, point, key) == name.replace("DIGEST", digest)


def test_the_post_processed_example_holds(settings: Settings):
    settings.VERSATILEIMAGEFIELD_SETTINGS = {
        "image_key_post_processor": "versatileimagefield.processors.md5_16"
    }
    assert name_of("d/x.jpg", CENTRE, "crop__40x40") == "__sized__/d/x-c58e413834d1d93f.jpg"


def test_the_table_has_everything_that_is_built_in():
    keys = " ".join(row[2] for table in ROWS.values() for row in table["names"])
    for name in ("crop", "thumbnail", "fit", "pad", "cover"):
        assert re.search(rf"\b{name}__\d+x\d+", keys)
    for name in ("invert", "grayscale", "blur", "sepia", "sharpen"):
        assert f"filters__{name} " in keys
        assert f"filters__{name}__crop__" in keys


def is_odd(source: str) -> bool:
    """Whether two such sources could share a name: by spaces, or by another extension."""
    base, dot, extension = source.rpartition("/")[2].rpartition(".")
    replaced = not dot or shown_extension(f".{extension}") != f".{extension}"
    looks_told_apart = re.search(r"~([0-9a-f]{8}){1,2}$", base)
    return bool(" " in source or replaced or looks_told_apart)


def test_only_spaces_and_other_extensions_are_told_apart():
    for group, table in ROWS.items():
        for source, _, _, name in table["names"]:
            odd = is_odd(source)
            assert odd == (group == "told apart")
            digest = hashlib.sha256(source.encode()).hexdigest()[:8]
            assert odd == (f"~{digest}" in name)
            assert " " not in name


def test_names_do_not_depend_on_the_storage_the_database_or_the_files(media_root: Path):
    name_of("d/gone.jpg", CENTRE, "crop__40x40")
    assert list(media_root.iterdir()) == []


KEYS = [
    *("thumbnail__5x5", "crop__5x5", "pad__5x5", "filters__invert", "thumbnail__5x5?quality=9"),
    *("filters__invert?quality=9", "filters__invert__thumbnail__5x5"),
    *("filters__invert__filters__grayscale", "filters__invert__filters__grayscale__crop__5x5"),
]


def all_names(source: str) -> Iterator[str]:
    """The names of renditions of every kind."""
    for key in KEYS:
        yield name_of(source, CENTRE, key)


@given(st.lists(source_names, min_size=2, max_size=5, unique=True))
def test_two_sources_never_share_a_name(sources: list[str]):
    owners: dict[str, str] = {}
    for source in sources:
        for name in all_names(source):
            assert owners.setdefault(name, source) == source


@given(source_names)
def test_the_renditions_of_one_source_never_share_a_name(source: str):
    names = list(all_names(source))
    assert len(set(names)) == len(names)


@given(source_names)
def test_a_name_that_no_other_source_can_have_is_the_old_rule(source: str):
    assume(not is_odd(source))
    folder, _, filename = source.rpartition("/")
    base, _, extension = filename.rpartition(".")
    tail = "-70" if extension.lower() in ("jpg", "jpeg", "webp") else ""
    below = f"{folder}/" if folder else ""
    sized = f"__sized__/{below}{base}-thumbnail-5x5{tail}.{extension}"
    assert namers.sized_name(source, 5, 5, "thumbnail") == sized
    filtered = f"{below}__filtered__/{base}__invert__.{extension}"
    assert namers.filtered_name(source, "invert") == filtered


def test_a_source_that_looks_told_apart_is_told_apart_again():
    spaced = name_of("d/my cat.jpg", CENTRE, "thumbnail__5x5")
    lookalike = "d/" + spaced.rpartition("/")[2].partition("-thumbnail")[0] + ".jpg"
    assert name_of(lookalike, CENTRE, "thumbnail__5x5") != spaced


def test_a_source_called_like_a_filters_file_shares_no_name_with_what_is_made_of_that():
    assert name_of("d/__filtered__/x__invert__.jpg", CENTRE, "crop__5x5") != name_of(
        "d/x.jpg", CENTRE, "filters__invert__crop__5x5"
    )


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_whatever_a_source_is_called_its_renditions_have_extensions_of_images(base: str):
    for name in all_names(f"d/{base}"):
        assert shown_extension(f".{name.rpartition('.')[2]}") == f".{name.rpartition('.')[2]}"


@given(
    st.text("aé漢\u202e.\U0001f600", min_size=1, max_size=255),
    st.sampled_from(["jpg", "tif", "php"]),
)
def test_no_name_is_longer_than_file_systems_take(base: str, extension: str):
    for name in all_names(f"d/{base}.{extension}"):
        assert max(len(part.encode()) for part in name.split("/")) <= 255


def test_long_names_that_begin_alike_are_told_apart():
    long = "漢" * 80
    sources = [f"d/{long}{end}.jpg" for end in "ab"]
    names = {name for source in sources for name in all_names(source)}
    assert len(names) == len(sources) * len(KEYS)
