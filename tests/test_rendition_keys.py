"""Rendition keys at work: their grammar, sets of them, and pages that look them up at once."""

import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.stored import counted_cache_calls, counted_decodes, put, store
from tests.testapp.models import Album, Person, Photo, Place, Restaurant
from versatile import prefetch_renditions
from versatile.exceptions import (
    ConfigurationError,
    InvalidFilter,
    InvalidSizeKey,
    InvalidSizeKeySet,
    MalformedSizedImageKey,
    SourceNotFound,
    UnknownRenditionKeySet,
)
from versatile.files import VersatileImageFieldFile
from versatile.placeholder import OnDiscPlaceholderImage
from versatile.rendition_keys import (
    Missing,
    check_key,
    follow,
    get_url,
    get_urls,
    resolve,
)
from versatile.renditions.keys import get_key_set, validate_key_set
from versatile.renditions.original import Original
from versatile.renditions.rendition import Rendition
from versatile.testing import assert_storage_calls

PAIRS = [
    ("full", "url"),
    ("large", "crop__40x20"),
    ("small", "thumbnail__16x16"),
    ("negative", "filters__invert"),
    ("grey", "filters__grayscale__filters__blur__crop__20x20"),
]


def photo(name: str = "d/x.jpg", **drawing: Any) -> VersatileImageFieldFile:
    return Photo(image=store(name, **drawing)).image


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("url", "/media/d/x.jpg"),
        ("crop__40x20", "/media/__sized__/d/x-crop-c0-5__0-5-40x20-70.jpg"),
        ("crop__40x20__url", "/media/__sized__/d/x-crop-c0-5__0-5-40x20-70.jpg"),
        ("thumbnail__16x", "/media/__sized__/d/x-thumbnail-16x-70.jpg"),
        ("filters__invert", "/media/d/__filtered__/x__invert__.jpg"),
        ("filters__invert__url", "/media/d/__filtered__/x__invert__.jpg"),
        (
            "filters__invert__thumbnail__16x16",
            "/media/__sized__/d/__filtered__/x__invert__-thumbnail-16x16-70.jpg",
        ),
        (
            "filters__invert__filters__sepia",
            "/media/d/__filtered__/__filtered__/x__invert____sepia__.jpg",
        ),
        (
            "filters__invert__filters__sepia__crop__9x9",
            (
                "/media/__sized__/d/__filtered__/__filtered__/"
                "x__invert____sepia__-crop-c0-5__0-5-9x9-70.jpg"
            ),
        ),
    ],
)
def test_the_grammar_of_keys(key: str, url: str, media_root: Path) -> None:
    check_key(key)
    file = photo()
    assert get_url(file, key) == url
    assert (media_root / url.removeprefix("/media/")).is_file()
    assert validate_key_set([("a", key)]) == [("a", key)]


BAD_KEYS = ["", "crop", "crop__", "crop__400", "400x400", "filters", "invert", "url__crop__9x9"]
BAD_KEYS += ["filters__crop__9x9__more", "crop__9x9__thumbnail__9x9", "filters__crop__9x9__url__x"]


@pytest.mark.parametrize("key", BAD_KEYS)
def test_what_follows_no_form_is_no_key(key: str) -> None:
    for ask in (
        lambda: check_key(key),
        lambda: resolve(photo(), key),
        lambda: validate_key_set([("a", key)]),
    ):
        with pytest.raises(InvalidSizeKey, match="is no rendition key") as caught:
            ask()
        assert repr(key) in str(caught.value)


@pytest.mark.parametrize(
    ("key", "error", "reason"),
    [
        ("nope__9x9", InvalidSizeKey, "no sizer 'nope' is registered"),
        ("filters__nope", InvalidSizeKey, "no filter 'nope' is registered"),
        ("filters__invert__filters__nope__crop__9x9", InvalidSizeKey, "no filter 'nope'"),
        ("crop__0x9", MalformedSizedImageKey, "'0x9' is no size for CroppedImage"),
        ("crop__9x", MalformedSizedImageKey, "needs both sides"),
        ("thumbnail__9000x9000", MalformedSizedImageKey, "between 1 and 8000"),
    ],
)
def test_keys_that_no_file_can_have_are_found_without_a_file(
    key: str, error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        check_key(key)


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("nope__9x9", InvalidSizeKey),
        ("filters__nope", InvalidFilter),
        ("crop__0x9", MalformedSizedImageKey),
    ],
)
def test_a_wrong_key_of_a_file_is_a_typed_error(key: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        get_url(photo(), key)


@pytest.mark.parametrize("kind", [list, tuple, iter, dict])
def test_a_set_keeps_its_order_and_drops_duplicates(kind: Any) -> None:
    doubled = PAIRS if kind is dict else [*PAIRS, PAIRS[2], PAIRS[0]]
    pairs = kind(doubled)
    assert validate_key_set(pairs.items() if kind is dict else pairs) == PAIRS


@pytest.mark.parametrize(
    "pairs",
    [
        5,
        None,
        "ab",
        b"ab",
        ["ab"],
        [("a",)],
        [("a", "url", "c")],
        [("a", 5)],
        [(5, "url")],
        [None],
        {"a": "url"},
    ],
    ids=repr,
)
def test_what_is_no_list_of_pairs_is_no_set(pairs: Any) -> None:
    with pytest.raises(InvalidSizeKeySet, match="pair"):
        validate_key_set(pairs)


def test_a_set_is_found_by_its_name(settings: Settings) -> None:
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"a": PAIRS, "b": [("x", "url")]}}
    assert get_key_set("a") == PAIRS
    assert get_key_set(PAIRS) == PAIRS
    with pytest.raises(UnknownRenditionKeySet, match="'nope'") as caught:
        get_key_set("nope")
    assert "'a', 'b'" in str(caught.value)
    settings.VERSATILE = {}
    with pytest.raises(UnknownRenditionKeySet, match="configured: none"):
        get_key_set("a")
    assert issubclass(UnknownRenditionKeySet, ConfigurationError)


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (PAIRS, None),
        ([("a", "nope")], ["'nope' is no rendition key"]),
        ([("a", "nope__9x9")], ["'nope__9x9'", "no sizer 'nope'"]),
        ([("a", "filters__nope")], ["'filters__nope'", "no filter 'nope'"]),
        ([("a", "crop__9x")], ["'crop__9x'", "needs both sides"]),
        ([("a",)], ["('a',)", "no pair"]),
        (5, ["5 is no list of pairs"]),
    ],
)
def test_wrong_sets_are_errors_of_the_check(
    pairs: Any, words: list[str] | None, settings: Settings
) -> None:
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"good": PAIRS, "people": pairs}}
    found = [message for message in run_checks() if message.id == "versatile.E004"]
    assert len(found) == (0 if words is None else 1)
    for message in found:
        assert all(word in message.msg for word in ["'people'", *(words or [])])
        assert "filters__invert" in (message.hint or "")


def test_every_wrong_key_of_a_set_is_told(settings: Settings) -> None:
    pairs = [("a", "nope__9x9"), ("b", "url"), ("c", "filters__nope")]
    settings.VERSATILEIMAGEFIELD_RENDITION_KEY_SETS = {"people": pairs}
    found = [message.msg for message in run_checks() if message.id == "versatile.E004"]
    assert len(found) == 2
    assert "nope__9x9" in found[0]
    assert "filters__nope" in found[1]


def test_resolving_makes_nothing_and_asks_nobody() -> None:
    file = photo()
    with assert_storage_calls(0), counted_cache_calls() as calls:
        found = [resolve(file, key) for _, key in PAIRS]
    assert calls == []
    assert [type(item) for item in found] == [Original, *[Rendition] * 4]


def test_the_original_has_the_attributes_of_a_rendition(media_root: Path) -> None:
    original: Any = resolve(photo(size=(64, 48), orientation=6), "url")
    assert original.key == "url"
    assert original.name == "d/x.jpg"
    assert original.url == str(original) == "/media/d/x.jpg"
    assert original.path == str(media_root / "d/x.jpg")
    assert (original.width, original.height) == (64, 48)
    assert original.size == (media_root / "d/x.jpg").stat().st_size
    assert original.storage.exists(original.name)
    assert original.exists()
    with original.open() as file:
        assert file.read(2) == b"\xff\xd8"


def test_a_set_makes_what_is_missing_in_one_decode() -> None:
    file = photo()
    file.crop["40x20"].url  # noqa: B018
    with counted_decodes() as decodes, counted_cache_calls() as calls:
        found = file.renditions(PAIRS)
    assert len(decodes) == 1
    assert calls.count("get_many") >= 1
    assert [name for name, _ in PAIRS] == list(found)
    with assert_storage_calls(0), counted_cache_calls() as calls:
        assert [str(item) for item in found.values()] == [item.url for item in found.values()]
    assert calls == []


def test_a_set_that_is_there_costs_one_cache_read() -> None:
    photo().renditions(PAIRS)
    with assert_storage_calls(0), counted_cache_calls() as calls:
        found = Photo(image="d/x.jpg").image.renditions(PAIRS)
        assert all(found[name].url for name in found)
    assert calls == ["get_many"]


def test_what_cannot_be_made_raises_when_it_is_taken_and_is_false_in_a_loop(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    file = Photo(image="d/nowhere.jpg").image
    found = file.renditions([("full", "url"), ("a", "crop__9x9"), ("b", "filters__invert")])
    assert [bool(item) for item in found.values()] == [True, False, False]
    for name in ("a", "b"):
        with pytest.raises(SourceNotFound, match="nowhere"):
            found[name]
    missing = dict(found.items())["a"]
    assert isinstance(missing, Missing)
    assert str(missing) == ""
    assert not hasattr(missing, "_private")
    with pytest.raises(SourceNotFound):
        missing.url  # noqa: B018
    settings.DEBUG = True
    with pytest.raises(SourceNotFound):
        str(missing)
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) == 1


def test_one_that_fails_takes_no_other_along() -> None:
    found = photo().renditions([("bad", "crop__0x9"), ("worse", "filters__nope"), *PAIRS])
    assert [bool(item) for item in found.values()] == [False, False, *[True] * 5]
    assert found["grey"].exists()
    with pytest.raises(MalformedSizedImageKey):
        found["bad"]
    with pytest.raises(InvalidFilter):
        found["worse"]
    with pytest.raises(KeyError):
        found["nope"]


def test_urls_by_name_plain_and_absolute() -> None:
    file = photo()
    urls = get_urls(file, PAIRS)
    assert list(urls.items()) == [(name, get_url(file, key)) for name, key in PAIRS]
    request = RequestFactory().get("/people/")
    absolute = {name: f"http://testserver{url}" for name, url in urls.items()}
    assert get_urls(file, PAIRS, request) == absolute


def test_urls_of_an_empty_field(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    assert get_urls(Photo().image, PAIRS) == {}
    settings.VERSATILE = {"DRAW_PLACEHOLDERS": True}
    urls = get_urls(Photo().image, PAIRS)
    assert [name for name, url in urls.items() if url is None] == ["full", "negative"]
    assert str(urls["small"]).startswith("data:image/svg+xml,")
    assert caplog.records == []


def test_urls_of_what_cannot_be_made_are_none_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    urls = get_urls(Photo(image=put("d/bad.jpg", b"no picture")).image, PAIRS)
    assert urls == {name: "/media/d/bad.jpg" if name == "full" else None for name, _ in PAIRS}
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert "d/bad.jpg" in record.getMessage()


def test_urls_of_a_placeholder_that_is_missing_are_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    field = Photo._meta.get_field("image")
    monkeypatch.setattr(field, "placeholder_image", OnDiscPlaceholderImage("/nowhere/none.jpg"))
    assert get_urls(Photo().image, PAIRS) == dict.fromkeys(dict(PAIRS))
    messages = [record.getMessage() for record in caplog.records]
    assert messages
    assert all("/nowhere/none.jpg" in message for message in messages)


def test_a_wrong_size_has_no_url_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    pairs = [("bad", "crop__0x9"), ("good", "crop__9x9")]
    urls = get_urls(photo(), pairs)
    assert urls["bad"] is None
    assert urls["good"]
    assert any("'0x9' is no size" in record.getMessage() for record in caplog.records)


def page(number: int = 20) -> list[Photo]:
    return [Photo(image=store(f"photos/{count}.jpg")) for count in range(number)]


def test_a_page_is_looked_up_in_one_cache_read() -> None:
    photos = page()
    for item in photos:
        item.image.renditions(PAIRS)
    again = [Photo(image=item.image.name) for item in photos]
    with assert_storage_calls(0), counted_cache_calls() as calls:
        found = prefetch_renditions(again, "image", PAIRS)
        for item in found:
            assert all(item.image.renditions(PAIRS)[name].url for name, _ in PAIRS)
            assert item.image.crop["40x20"].url
            assert item.image.filters.invert.url
    assert calls == ["get_many"]
    assert found == again
    assert found is not again


def test_what_is_missing_on_a_page_is_made_when_it_is_rendered() -> None:
    photos = prefetch_renditions(page(3), "image", PAIRS)
    for item in photos:
        assert item.image.renditions(PAIRS)["small"].exists()
    with counted_cache_calls() as calls:
        assert [item.image.crop["40x20"].url for item in photos]
    assert calls == []


def test_without_demand_a_page_asks_nobody() -> None:
    photos = page(3)
    for item in photos:
        item.image.create_on_demand = False
    with assert_storage_calls(0), counted_cache_calls() as calls:
        prefetch_renditions(photos, "image", PAIRS)
        assert all(item.image.crop["40x20"].url for item in photos)
    assert calls == []


def test_a_switch_that_is_turned_after_the_look_up_is_obeyed() -> None:
    [item] = prefetch_renditions(page(1), "image", PAIRS)
    item.image.create_on_demand = False
    with assert_storage_calls(0), counted_cache_calls() as calls:
        assert item.image.renditions(PAIRS)["small"].url
    assert calls == []
    item.image.create_on_demand = True
    assert item.image.renditions(PAIRS)["small"].exists()


def test_a_point_that_is_moved_after_the_look_up_is_obeyed() -> None:
    [item] = prefetch_renditions(page(1), "image", PAIRS)
    item.image.ppoi = (0.1, 0.2)
    large = item.image.renditions(PAIRS)["large"]
    assert large.name == "__sized__/photos/0-crop-c0-1__0-2-40x20-70.jpg"
    assert large.exists()


def test_what_is_deleted_after_the_look_up_is_made_again() -> None:
    [item] = prefetch_renditions(page(1), "image", PAIRS)
    assert item.image.renditions(PAIRS)["small"].exists()
    item.image.delete_all_created_images()
    assert item.image.renditions(PAIRS)["small"].exists()


def test_another_set_than_the_one_looked_up_can_be_had() -> None:
    [item] = prefetch_renditions(page(1), "image", PAIRS[:2])
    assert list(item.image.renditions(PAIRS)) == [name for name, _ in PAIRS]
    assert list(item.image.renditions(PAIRS[:1])) == ["full"]


def test_a_page_of_nothing_asks_nobody() -> None:
    with counted_cache_calls() as calls:
        assert prefetch_renditions([], "image", PAIRS) == []
        assert prefetch_renditions(iter([Photo()]), "image", PAIRS)[0].image.known == {}
    assert calls == []


def test_several_sets_of_a_page_add_up() -> None:
    photos = page(2)
    for item in photos:
        item.image.renditions(PAIRS)
        item.image.known = None
    prefetch_renditions(photos, "image", PAIRS[:2])
    prefetch_renditions(photos, "image", PAIRS[2:])
    with counted_cache_calls() as calls:
        assert all(get_urls(item.image, PAIRS) for item in photos)
    assert calls == []


def test_a_wrong_size_is_no_reason_to_look_nothing_up() -> None:
    photos = page(2)
    for item in photos:
        item.image.crop["9x9"].url  # noqa: B018
    prefetch_renditions(photos, "image", [("bad", "crop__0x9"), ("good", "crop__9x9")])
    with counted_cache_calls() as calls:
        assert all(item.image.crop["9x9"].url for item in photos)
    assert calls == []


def test_a_page_without_a_cache_works(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    photos = prefetch_renditions(page(2), "image", PAIRS)
    assert all(item.image.renditions(PAIRS)["grey"].exists() for item in photos)


@pytest.mark.django_db
def test_a_page_over_relations() -> None:
    people = [Person.objects.create(headshot=store(f"headshots/{n}.jpg")) for n in range(3)]
    photos = [Photo.objects.create(image=store(f"photos/{n}.jpg")) for n in range(3)]
    for item, person in zip(photos, people, strict=True):
        item.person = person
        item.save()
        person.headshot.renditions(PAIRS)
        item.image.renditions(PAIRS)
    Photo.objects.create()
    with CaptureQueriesContext(connection) as queries, counted_cache_calls() as calls:
        rows = prefetch_renditions(Photo.objects.select_related("person"), "person.headshot", PAIRS)
        urls = [get_urls(item.person.headshot, PAIRS) for item in rows if item.person]
    assert (len(queries), calls) == (1, ["get_many"])
    assert [url["large"] for url in urls] == [
        person.headshot.crop["40x20"].url for person in people
    ]
    with CaptureQueriesContext(connection) as queries, counted_cache_calls() as calls:
        rows = prefetch_renditions(Person.objects.prefetch_related("photos"), "photos.image", PAIRS)
        urls = [get_urls(item.image, PAIRS) for row in rows for item in row.photos.all()]
    assert (len(queries), calls) == (2, ["get_many"])
    assert [url["full"] for url in urls] == [f"/media/photos/{n}.jpg" for n in range(3)]


@pytest.mark.django_db
def test_following_a_path() -> None:
    person = Person.objects.create(headshot=store("headshots/p.jpg"))
    one = Photo.objects.create(person=person, image=store("photos/1.jpg"))
    two = Photo.objects.create(image=store("photos/2.jpg"))
    album = Album.objects.create()
    album.photos.set([one, two])
    restaurant = Restaurant.objects.create(picture=store("pictured/r.jpg"))
    place = Place.objects.create(picture=store("pictured/p.jpg"))

    def names(item: Any, path: str, **options: Any) -> list[str]:
        return sorted(str(file.name) for file in follow(item, path, **options))

    assert names(one, "image") == ["photos/1.jpg"]
    assert names(one, "person.headshot") == ["headshots/p.jpg"]
    assert names(two, "person.headshot") == []
    assert names(person, "photos.image") == ["photos/1.jpg"]
    assert names(album, "photos.image") == ["photos/1.jpg", "photos/2.jpg"]
    assert names(album, "photos.person.headshot") == ["headshots/p.jpg"]
    assert names(one, "albums.photos.image") == ["photos/1.jpg", "photos/2.jpg"]
    assert names(restaurant, "place_ptr.picture") == ["pictured/r.jpg"]
    assert names(place, "restaurant.picture") == []
    assert names(Place.objects.get(pk=restaurant.pk), "restaurant.picture") == ["pictured/r.jpg"]
    assert names(album, "photos.image", loaded_only=True) == []
    loaded = Album.objects.prefetch_related("photos").get()
    assert names(loaded, "photos.image", loaded_only=True) == ["photos/1.jpg", "photos/2.jpg"]
    for wrong in ("nope", "person.nope", "nope.image"):
        with pytest.raises(AttributeError):
            names(one, wrong)


def test_the_package_gives_the_function_when_it_is_asked_for() -> None:
    import versatile
    from versatile import rendition_keys

    assert versatile.prefetch_renditions is rendition_keys.prefetch_renditions
    assert not hasattr(versatile, "nope")


def test_forgotten_existence_is_found_on_the_storage() -> None:
    found = photo().renditions(PAIRS)
    cache.clear()
    with counted_decodes() as decodes:
        again = Photo(image="d/x.jpg").image.renditions(PAIRS)
        assert [item.url for item in again.values()] == [item.url for item in found.values()]
    assert decodes == []
