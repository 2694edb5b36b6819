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


def test_only_spaces_and_missing_extensions_are_told_apart():
    for group, table in ROWS.items():
        for source, _, _, name in table["names"]:
            odd = " " in source or "." not in source.rpartition("/")[2]
            assert odd == (group == "told apart")
            digest = hashlib.sha256(source.encode()).hexdigest()[:8]
            assert odd == (f"~{digest}" in name)
            assert " " not in name


def test_names_do_not_depend_on_the_storage_the_database_or_the_files(media_root: Path):
    name_of("d/gone.jpg", CENTRE, "crop__40x40")
    assert list(media_root.iterdir()) == []


def all_names(source: str) -> Iterator[str]:
    """The names of renditions of every kind."""
    inverted = namers.filtered_name(source, "invert")
    for name in (source, inverted, namers.filtered_name(inverted, "grayscale")):
        if name != source:
            yield name
        for key in ("thumbnail", "crop-c0-5__0-5", "crop-c0-25__1-0"):
            yield namers.sized_name(name, 5, 5, key)


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
def test_a_name_without_space_and_with_an_extension_is_the_old_rule(source: str):
    assume(" " not in source and "." in source.rpartition("/")[2])
    folder, _, filename = source.rpartition("/")
    base, _, extension = filename.rpartition(".")
    tail = "-70" if extension.lower() in ("jpg", "jpeg", "webp") else ""
    below = f"{folder}/" if folder else ""
    sized = f"__sized__/{below}{base}-thumbnail-5x5{tail}.{extension}"
    assert namers.sized_name(source, 5, 5, "thumbnail") == sized
    filtered = f"{below}__filtered__/{base}__invert__.{extension}"
    assert namers.filtered_name(source, "invert") == filtered
