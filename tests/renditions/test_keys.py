"""Rendition keys, and named sets of them."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from versatile.exceptions import InvalidSizeKey, InvalidSizeKeySet, UnknownRenditionKeySet
from versatile.renditions.keys import (
    RenditionKey,
    get_key_set,
    parse_key,
    parse_options,
    validate_key_set,
    write_options,
)

PAIRS = [("full", "url"), ("small", "crop__40x40"), ("a", "thumbnail__9x9")]


@pytest.mark.parametrize(
    ("key", "parsed"),
    [
        ("url", RenditionKey()),
        ("crop__400x400", RenditionKey((), "crop", "400x400")),
        ("crop__400x400__url", RenditionKey((), "crop", "400x400")),
        ("thumbnail__400x", RenditionKey((), "thumbnail", "400x")),
        ("thumbnail__x400", RenditionKey((), "thumbnail", "x400")),
        ("filters__invert", RenditionKey(("invert",))),
        ("filters__invert__url", RenditionKey(("invert",))),
        ("filters__invert__crop__1x2", RenditionKey(("invert",), "crop", "1x2")),
        (
            "filters__grayscale__filters__blur__crop__1x2",
            RenditionKey(("grayscale", "blur"), "crop", "1x2"),
        ),
        ("filters__a__filters__b", RenditionKey(("a", "b"))),
        ("crop__1x2?quality=85", RenditionKey((), "crop", "1x2", "quality=85")),
        ("filters__a?x=__&y=1", RenditionKey(("a",), options="x=__&y=1")),
        ("filters__filters__crop__1x2", RenditionKey(("filters",), "crop", "1x2")),
    ],
)
def test_a_key_is_taken_apart(key, parsed):
    assert parse_key(key) == parsed


@pytest.mark.parametrize(
    "key",
    [
        "",
        "crop",
        "crop__",
        "crop__400",
        "400x400",
        "url__url",
        "filters",
        "crop__400x400__400x400",
        "crop__400x400__path",
        "invert__crop__400x400",
        "crop__400x400__filters__invert",
        "__",
        "URL",
        "filters__invert__url__url",
        "url?quality=85",
        "?quality=85",
        "crop?size=1x1",
    ],
)
def test_what_follows_no_form_is_an_error_that_names_it(key):
    with pytest.raises(InvalidSizeKey, match="is no rendition key") as caught:
        parse_key(key)
    assert repr(key) in str(caught.value)


@given(st.lists(st.sampled_from(["filters", "invert", "crop", "url", "1x1", "x", ""]), max_size=6))
def test_whatever_is_written_is_a_key_or_an_error(parts):
    key = "__".join(parts)
    try:
        parsed = parse_key(key)
    except InvalidSizeKey:
        return
    again = [part for name in parsed.filters for part in ("filters", name)]
    again += [parsed.sizer, parsed.size] if parsed.sizer is not None else []
    assert key in ("__".join(again), "__".join([*again, "url"]))


def test_a_set_keeps_its_order_and_loses_its_duplicates():
    assert validate_key_set([*PAIRS, PAIRS[1], PAIRS[0]]) == PAIRS
    assert validate_key_set(tuple(map(list, PAIRS))) == PAIRS
    assert validate_key_set(iter(PAIRS)) == PAIRS
    assert validate_key_set([]) == []


@pytest.mark.parametrize(
    "pairs",
    [
        None,
        5,
        "ab",
        b"ab",
        ["url"],
        ["ab"],
        [("a",)],
        [("a", "url", "url")],
        [("a", 5)],
        [(5, "url")],
        [("a", None)],
        [None],
        [("a", "url"), 5],
        [("a", "crop__1x1", ["quality"])],
        [("a", "crop__1x1", {"quality": 1}, {})],
    ],
    ids=repr,
)
def test_anything_but_pairs_of_strings_is_no_set(pairs):
    with pytest.raises(InvalidSizeKeySet, match=r"no (list of pairs|pair of two strings)"):
        validate_key_set(pairs)


def test_the_options_of_a_triple_become_part_of_its_key():
    options = {"quality": 85, "progressive": True, "subsampling": "4:2:0", "note": "é __?&="}
    ((name, key),) = validate_key_set([("a", "crop__1x1", options)])
    parsed = parse_key(key)
    assert (name, parsed.sizer, parsed.size) == ("a", "crop", "1x1")
    assert parse_options(parsed.options) == options
    assert write_options(dict(reversed(options.items()))) == parsed.options
    assert validate_key_set([(name, key)]) == [(name, key)]
    assert validate_key_set([("a", "crop__1x1", {})]) == [("a", "crop__1x1")]
    assert parse_options("quality=85&subsampling=4:2:0&progressive=true") == {
        "quality": 85,
        "subsampling": "4:2:0",
        "progressive": True,
    }


def test_options_that_no_key_can_hold_are_an_error():
    with pytest.raises(InvalidSizeKeySet, match="are no save options"):
        validate_key_set([("a", "crop__1x1", {"exif": b"bytes"})])


def test_a_wrong_key_makes_a_wrong_set():
    with pytest.raises(InvalidSizeKey, match="crop__400"):
        validate_key_set([("a", "url"), ("b", "crop__400")])


def test_two_keys_under_one_name_both_stay_for_the_system_check_to_find():
    pairs = [("a", "url"), ("b", "url"), ("a", "crop__1x1")]
    assert validate_key_set(pairs) == pairs


@pytest.mark.parametrize(
    "name", ["VERSATILEIMAGEFIELD_RENDITION_KEY_SETS", "VERSATILE"], ids=["old", "native"]
)
def test_a_set_is_found_by_its_configured_name(name, settings: Settings):
    sets = {"faces": PAIRS}
    setattr(settings, name, {"RENDITION_KEY_SETS": sets} if name == "VERSATILE" else sets)
    assert get_key_set("faces") == PAIRS


def test_a_set_that_is_given_needs_no_settings():
    assert get_key_set(PAIRS) == PAIRS


def test_an_unknown_name_is_an_error_that_names_it_and_what_there_is(settings: Settings):
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"b": [], "a": []}}
    with pytest.raises(UnknownRenditionKeySet, match=r"'faces'.*'a', 'b'") as caught:
        get_key_set("faces")
    assert isinstance(caught.value, ImproperlyConfigured)
    settings.VERSATILE = {}
    with pytest.raises(UnknownRenditionKeySet, match=r"'faces'.*none"):
        get_key_set("faces")


def test_a_wrong_set_is_an_error_when_it_is_asked_for(settings: Settings):
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"faces": ["url"]}}
    with pytest.raises(InvalidSizeKeySet, match="'url'"):
        get_key_set("faces")
