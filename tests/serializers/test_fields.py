"""The field for Django REST framework: URLs of a set, in order, and one cache read for a list."""

import importlib
import json
import logging
import sys
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from tests.drawing import photo_bytes
from tests.stored import counted_cache_calls, counted_decodes, put, store, upload
from tests.testapp.models import Album, Person, Photo, Plain
from versatile.exceptions import InvalidSizeKey, InvalidSizeKeySet, UnknownRenditionKeySet
from versatile.placeholder import OnDiscPlaceholderImage
from versatile.serializers import VersatileImageFieldSerializer
from versatile.testing import assert_storage_calls

pytestmark = pytest.mark.django_db

KEYS = [
    ("full", "url"),
    ("large", "crop__40x20"),
    ("small", "thumbnail__16x16"),
    ("negative", "filters__invert"),
    ("grey", "filters__grayscale__crop__20x20"),
]
URLS = {
    "full": "/media/photos/0.jpg",
    "large": "/media/__sized__/photos/0-crop-c0-5__0-5-40x20-70.jpg",
    "small": "/media/__sized__/photos/0-thumbnail-16x16-70.jpg",
    "negative": "/media/photos/__filtered__/0__invert__.jpg",
    "grey": "/media/__sized__/photos/__filtered__/0__grayscale__-crop-c0-5__0-5-20x20-70.jpg",
}


class PhotoSerializer(serializers.ModelSerializer[Photo]):
    image = VersatileImageFieldSerializer(sizes=KEYS)

    class Meta:
        model = Photo
        fields = ("image",)


class PersonSerializer(serializers.ModelSerializer[Person]):
    headshot = VersatileImageFieldSerializer(sizes=KEYS[:2])
    photos = PhotoSerializer(many=True)

    class Meta:
        model = Person
        fields = ("headshot", "photos")


class PortraitOfSerializer(serializers.ModelSerializer[Photo]):
    person = PersonSerializer()
    headshot = VersatileImageFieldSerializer(sizes=KEYS, source="person.headshot", allow_null=True)

    class Meta:
        model = Photo
        fields = ("person", "headshot")


def data_of(serializer: Any, page: Any, **options: Any) -> Any:
    """What a serializer makes of a page."""
    return serializer(page, **options).data


def photos(number: int = 3, **fields: Any) -> None:
    for count in range(number):
        Photo.objects.create(image=store(f"photos/{count}.jpg"), **fields)


def test_the_urls_by_name_in_order() -> None:
    photos(1)
    data = data_of(PhotoSerializer, Photo.objects.get())["image"]
    assert list(data.items()) == list(URLS.items())
    assert JSONRenderer().render(data).startswith(b'{"full":"/media/photos/0.jpg","large":')


def test_urls_are_absolute_where_there_is_a_request() -> None:
    photos(1)
    context = {"request": RequestFactory().get("/api/photos/")}
    [data] = data_of(PhotoSerializer, Photo.objects.all(), many=True, context=context)
    assert data["image"] == {name: f"http://testserver{url}" for name, url in URLS.items()}


def test_the_old_name_of_the_method_is_the_same() -> None:
    photos(1)
    field = VersatileImageFieldSerializer(KEYS)
    file = Photo.objects.get().image
    assert field.to_native(file) == field.to_representation(file) == URLS


def test_a_set_by_its_name(settings: Settings) -> None:
    settings.VERSATILEIMAGEFIELD_RENDITION_KEY_SETS = {"photo": KEYS[:1]}
    photos(1)
    field = VersatileImageFieldSerializer("photo")
    assert field.to_representation(Photo.objects.get().image) == {"full": "/media/photos/0.jpg"}


@pytest.mark.parametrize(
    ("sizes", "error"),
    [
        ("nope", UnknownRenditionKeySet),
        (["ab"], InvalidSizeKeySet),
        (5, InvalidSizeKeySet),
        ([("a", "nope")], InvalidSizeKey),
    ],
)
def test_a_wrong_set_is_an_error_at_construction(sizes: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        VersatileImageFieldSerializer(sizes=sizes)


def test_a_set_is_required() -> None:
    with pytest.raises(TypeError, match="sizes"):
        VersatileImageFieldSerializer()  # type: ignore[call-arg]


@pytest.mark.parametrize("many", [True, False])
def test_an_empty_or_null_field_is_an_empty_object(many: bool) -> None:
    for null in (False, True):
        Photo.objects.all().delete()
        Photo.objects.create()
        if null:
            Photo.objects.update(image=None)
        photo = Photo.objects.get()
        data = data_of(PhotoSerializer, [photo] if many else photo, many=many)
        assert (data[0] if many else data) == {"image": {}}


@pytest.mark.parametrize("many", [True, False])
def test_an_empty_field_with_a_placeholder_has_its_urls(
    many: bool, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "none.png").write_bytes(photo_bytes((60, 40), format="PNG"))
    image = OnDiscPlaceholderImage(tmp_path / "none.png")
    monkeypatch.setattr(Photo._meta.get_field("image"), "placeholder_image", image)
    photo = Photo.objects.create()
    data = data_of(PhotoSerializer, [photo] if many else photo, many=many)
    urls = (data[0] if many else data)["image"]
    assert urls == {
        "full": "/media/__placeholder__/none.png",
        "large": "/media/__sized__/__placeholder__/none-crop-c0-5__0-5-40x20.png",
        "small": "/media/__sized__/__placeholder__/none-thumbnail-16x16.png",
        "negative": "/media/__placeholder__/__filtered__/none__invert__.png",
        "grey": "/media/__sized__/__placeholder__/__filtered__/"
        "none__grayscale__-crop-c0-5__0-5-20x20.png",
    }


def test_pictures_may_be_drawn_for_empty_fields(settings: Settings) -> None:
    settings.VERSATILEIMAGEFIELD_USE_PLACEHOLDIT = True
    data = data_of(PhotoSerializer, [Photo()], many=True)[0]["image"]
    assert [name for name, url in data.items() if url is None] == ["full", "negative"]
    assert data["large"].startswith("data:image/svg+xml,")
    request = RequestFactory().get("/")
    again = data_of(PhotoSerializer, Photo(), context={"request": request})["image"]
    assert again == data


@pytest.mark.parametrize("many", [True, False])
def test_what_cannot_be_made_is_null_and_takes_no_other_along(
    many: bool, caplog: pytest.LogCaptureFixture
) -> None:
    bad = Photo.objects.create(image=put("photos/bad.jpg", b"no picture"))
    good = Photo.objects.create(image=store("photos/0.jpg"))
    if many:
        data = [item["image"] for item in data_of(PhotoSerializer, [bad, good], many=True)]
    else:
        data = [data_of(PhotoSerializer, item)["image"] for item in (bad, good)]
    assert data[0] == {**dict.fromkeys(URLS), "full": "/media/photos/bad.jpg"}
    assert data[1] == URLS
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1


def test_a_missing_original_is_null_with_a_request_too() -> None:
    photo = Photo.objects.create(image="photos/nowhere.jpg")
    context = {"request": RequestFactory().get("/")}
    data = data_of(PhotoSerializer, photo, context=context)["image"]
    assert data["large"] is None
    assert data["full"] == "http://testserver/media/photos/nowhere.jpg"


def test_a_set_of_one_object_is_one_decode() -> None:
    photos(1)
    with counted_decodes() as decodes:
        data_of(PhotoSerializer, Photo.objects.get())
    assert len(decodes) == 1


def warmed(number: int) -> Any:
    """The data of so many photos, whose renditions are there and known."""
    photos(number)
    return data_of(PhotoSerializer, Photo.objects.all(), many=True)


@pytest.mark.parametrize("kind", [QuerySet.all, list, tuple])
def test_a_list_asks_the_cache_once(kind: Any) -> None:
    expected = warmed(5)
    page = kind(Photo.objects.all())
    with (
        counted_cache_calls() as calls,
        assert_storage_calls(0),
        CaptureQueriesContext(connection) as queries,
    ):
        assert data_of(PhotoSerializer, page, many=True) == expected
    assert calls == ["get_many"]
    assert len(queries) == (1 if isinstance(page, QuerySet) else 0)


@pytest.mark.slow
def test_a_list_of_five_hundred_objects_asks_the_cache_once(settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
    name = store("photos/first.jpg")
    Photo.objects.bulk_create(Photo(image=name) for _ in range(500))
    for count, photo in enumerate(Photo.objects.all()):
        content = upload(f"{count}.jpg", (32, 24), seed=1)
        photo.image.save(f"{count}.jpg", content)
    expected = data_of(PhotoSerializer, Photo.objects.all(), many=True)
    with (
        counted_cache_calls() as calls,
        assert_storage_calls(0),
        CaptureQueriesContext(connection) as queries,
    ):
        data = data_of(PhotoSerializer, Photo.objects.all(), many=True)
    assert calls == ["get_many"]
    assert len(queries) == 1
    assert data == expected
    assert len({url for item in data for url in item["image"].values()}) == 500 * len(KEYS)


def test_a_page_of_another_request_is_looked_up_again() -> None:
    expected = warmed(3)
    for _ in range(2):
        with counted_cache_calls() as calls:
            assert data_of(PhotoSerializer, Photo.objects.all(), many=True) == expected
        assert calls == ["get_many"]


def test_one_serializer_can_serve_two_pages() -> None:
    expected = warmed(3)
    serializer: Any = PhotoSerializer(many=True)
    for rows in (Photo.objects.all(), Photo.objects.all()[:1]):
        serializer.instance = rows
        with counted_cache_calls() as calls:
            assert serializer.to_representation(rows) == expected[: len(rows)]
        assert calls == ["get_many"]


def test_a_generator_is_served_too() -> None:
    expected = warmed(3)
    data = data_of(PhotoSerializer, (photo for photo in Photo.objects.all()), many=True)
    assert data == expected


def test_without_demand_nobody_is_asked(settings: Settings) -> None:
    expected = warmed(3)
    settings.VERSATILE = {"CREATE_ON_DEMAND": False}
    with counted_cache_calls() as calls, assert_storage_calls(0):
        assert data_of(PhotoSerializer, Photo.objects.all(), many=True) == expected
    assert calls == []


def nested() -> None:
    for count in range(2):
        person = Person.objects.create(headshot=store(f"headshots/{count}.jpg"))
        for number in range(2):
            Photo.objects.create(person=person, image=store(f"photos/{count}{number}.jpg"))


def test_nested_and_to_many_serializers_work() -> None:
    nested()
    rows = Person.objects.order_by("pk")
    first = data_of(PersonSerializer, rows, many=True)
    assert [item["headshot"]["full"] for item in first] == [
        "/media/headshots/0.jpg",
        "/media/headshots/1.jpg",
    ]
    urls = [photo["image"]["full"] for item in first for photo in item["photos"]]
    assert urls == [f"/media/photos/{name}.jpg" for name in ("00", "01", "10", "11")]
    assert data_of(PersonSerializer, rows[0]) == first[0]


def test_nested_lists_ask_the_cache_once_for_each_field() -> None:
    nested()
    rows = Person.objects.prefetch_related("photos").order_by("pk")
    expected = data_of(PersonSerializer, rows, many=True)
    with counted_cache_calls() as calls, assert_storage_calls(0):
        assert data_of(PersonSerializer, rows.all(), many=True) == expected
    assert calls == ["get_many"] * 2  # the headshots, and all photos of all people
    with counted_cache_calls() as calls, assert_storage_calls(0):
        assert data_of(PersonSerializer, rows.all()[0]) == expected[0]
    assert calls == ["get_many"] * 2


def test_relations_that_are_not_loaded_are_not_looked_up_for_the_page() -> None:
    nested()
    rows = Person.objects.order_by("pk")
    expected = data_of(PersonSerializer, rows, many=True)
    with CaptureQueriesContext(connection) as queries:
        assert data_of(PersonSerializer, rows.all(), many=True) == expected
    assert len(queries) == 1 + 2  # the people, and the photos of each, as without us


def test_a_source_over_a_relation_asks_the_cache_once() -> None:
    nested()
    Photo.objects.create(image=store("photos/alone.jpg"))
    rows = Photo.objects.select_related("person").order_by("pk")
    expected = data_of(PortraitOfSerializer, rows, many=True)
    assert [bool(item["headshot"]) for item in expected] == [True] * 4 + [False]
    assert expected[0]["headshot"]["full"] == "/media/headshots/0.jpg"
    assert expected[-1] == {"person": None, "headshot": None}
    prefetched = rows.prefetch_related("person__photos")
    with counted_cache_calls() as calls, assert_storage_calls(0):
        assert data_of(PortraitOfSerializer, prefetched, many=True) == expected
    assert calls == ["get_many"] * 3  # one for each of the three fields


def test_many_to_many_relations_are_served() -> None:
    photos(2)
    album = Album.objects.create()
    album.photos.set(Photo.objects.all())

    class AlbumSerializer(serializers.ModelSerializer[Album]):
        photos = PhotoSerializer(many=True)

        class Meta:
            model = Album
            fields = ("photos",)

    data = data_of(AlbumSerializer, [album], many=True)
    assert [photo["image"]["full"] for photo in data[0]["photos"]] == [
        "/media/photos/0.jpg",
        "/media/photos/1.jpg",
    ]


def test_a_wrong_source_is_djangos_error_in_its_own_words() -> None:
    class WrongSerializer(serializers.ModelSerializer[Photo]):
        picture = VersatileImageFieldSerializer(sizes=KEYS)

        class Meta:
            model = Photo
            fields = ("picture",)

    photos(1)
    with pytest.raises(AttributeError, match="picture"):
        WrongSerializer(Photo.objects.all(), many=True).data  # noqa: B018


def test_a_field_that_is_not_ours_is_left_alone() -> None:
    class PlainSerializer(serializers.ModelSerializer[Plain]):
        name = VersatileImageFieldSerializer(sizes=KEYS)

        class Meta:
            model = Plain
            fields = ("name",)

    with pytest.raises(AttributeError):
        PlainSerializer([Plain(name="Ada")], many=True).data  # noqa: B018


def test_the_field_takes_uploads() -> None:
    serializer = PhotoSerializer(data={"image": upload("new.jpg")})
    assert serializer.is_valid(), serializer.errors
    photo = serializer.save()
    assert photo.image.name == "photos/new.jpg"
    assert list(serializer.data["image"]) == list(URLS)
    wrong = PhotoSerializer(data={"image": upload("no.jpg", content=b"no picture")})
    assert not wrong.is_valid()
    assert list(wrong.errors) == ["image"]


def test_the_field_may_be_read_only() -> None:
    assert VersatileImageFieldSerializer(KEYS, read_only=True).read_only is True
    assert VersatileImageFieldSerializer(KEYS).read_only is False


@pytest.mark.parametrize("policy", ["placeholder", "original", "empty"])
def test_what_is_shown_instead_is_serialized(
    policy: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VERSATILE = {"ON_ERROR": policy}
    photo = Photo(image=put("photos/bad.jpg", b"no picture"))
    context = {"request": RequestFactory().get("/photos/")}
    data = JSONRenderer().render(PhotoSerializer([photo, photo], many=True, context=context).data)
    first, second = json.loads(data)
    original = "http://testserver/media/photos/bad.jpg"
    assert first == second
    assert first["image"].pop("full") == original
    for url in first["image"].values():
        if policy == "placeholder":
            assert url.startswith("data:image/svg+xml,%3Csvg")
        else:
            assert url == {"original": original, "empty": ""}[policy]


def test_without_the_framework_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rest_framework", None)
    monkeypatch.delitem(sys.modules, "versatile.serializers")
    with pytest.raises(ImportError, match=r"pip install 'django-versatile\[drf\]'"):
        importlib.import_module("versatile.serializers")
