"""Writing by an API: a file, a data URI, a point, or both, validated like a form."""

import base64
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import clear_url_caches, include, path
from pytest_django import Settings
from rest_framework import serializers
from rest_framework.routers import SimpleRouter
from rest_framework.test import APIClient
from rest_framework.viewsets import ModelViewSet

from tests import urls
from tests.drawing import draw_photo, photo_bytes
from tests.stored import upload
from tests.testapp.models import Person, Photo, Portrait, Spot
from versatile.conf import Policy
from versatile.serializers import VersatileImageFieldSerializer

pytestmark = pytest.mark.django_db

KEYS = [("full", "url"), ("small", "crop__20x20")]
BAD_POINTS = ["left", "2x0.5", [0.1], [0.1, 7], 5, {"x": 1}, "0.1x0.2x0.3", True]


class PersonSerializer(serializers.ModelSerializer[Person]):
    headshot = VersatileImageFieldSerializer(sizes=KEYS, required=False, allow_null=True)

    class Meta:
        model = Person
        fields = ("id", "name", "headshot")


class PortraitSerializer(serializers.ModelSerializer[Portrait]):
    image = VersatileImageFieldSerializer(sizes=KEYS)

    class Meta:
        model = Portrait
        fields = ("person", "image")


class SpotSerializer(serializers.ModelSerializer[Spot]):
    picture = VersatileImageFieldSerializer(sizes=KEYS)

    class Meta:
        model = Spot
        fields = ("picture",)


class PhotoSerializer(serializers.ModelSerializer[Photo]):
    image = VersatileImageFieldSerializer(sizes=KEYS)

    class Meta:
        model = Photo
        fields = ("image",)


class PlainSerializer(serializers.Serializer[Any]):
    picture = VersatileImageFieldSerializer(sizes=KEYS)


class PersonViewSet(ModelViewSet[Person]):
    queryset = Person.objects.order_by("pk")
    serializer_class = PersonSerializer


def data_uri(size: tuple[int, int] = (64, 48), mimetype: str = "image/png", **drawing: Any) -> str:
    content = photo_bytes(size, format="PNG", **drawing)
    return f"data:{mimetype};base64,{base64.b64encode(content).decode()}"


@pytest.fixture
def api() -> Iterator[APIClient]:
    """A client of a real view set of people, at ``/api/people/``."""
    router = SimpleRouter()
    router.register("people", PersonViewSet)
    urls.urlpatterns.append(path("api/", include(router.urls)))
    clear_url_caches()
    yield APIClient()
    urls.urlpatterns.pop()
    clear_url_caches()


@pytest.fixture
def ada() -> Person:
    """A person with a picture and a point."""
    point: Any = (0.2, 0.3)
    return Person.objects.create(name="Ada", headshot=upload("ada.jpg"), headshot_ppoi=point)


def at(person: Person) -> str:
    return f"/api/people/{person.pk}/"


def test_a_form_sends_a_file_and_its_point(api: APIClient) -> None:
    form = {"name": "Ada", "headshot": upload("ada.jpg"), "headshot.ppoi": "0.2x0.7"}
    response = api.post("/api/people/", form)
    assert response.status_code == 201, response.content
    person = Person.objects.get()
    assert (person.headshot.name, person.headshot_ppoi) == ("headshots/ada.jpg", (0.2, 0.7))
    assert response.data["headshot"] == {
        "full": "http://testserver/media/headshots/ada.jpg",
        "small": "http://testserver/media/__sized__/headshots/ada-crop-c0-2__0-7-20x20-70.jpg",
    }


def test_a_form_may_name_both_parts(api: APIClient) -> None:
    form = {"headshot.image": upload("ada.jpg"), "headshot.ppoi": "0.2x0.7"}
    assert api.post("/api/people/", form).status_code == 201
    person = Person.objects.get()
    assert (person.headshot.name, person.headshot_ppoi) == ("headshots/ada.jpg", (0.2, 0.7))


@pytest.mark.parametrize("point", ["0.2x0.7", [0.2, 0.7]])
def test_json_sends_a_data_uri_and_its_point(api: APIClient, point: Any) -> None:
    body = {"name": "Ada", "headshot": {"image": data_uri(), "ppoi": point}}
    response = api.post("/api/people/", body, format="json")
    assert response.status_code == 201, response.content
    person = Person.objects.get()
    assert (person.headshot.name, person.headshot_ppoi) == ("headshots/headshot.png", (0.2, 0.7))
    assert (person.headshot.width, person.headshot.height) == (64, 48)


def test_the_extension_is_that_of_the_content(api: APIClient) -> None:
    body = {"headshot": data_uri(mimetype="image/jpeg;charset=utf-8")}
    assert api.post("/api/people/", body, format="json").status_code == 201
    assert Person.objects.get().headshot.name == "headshots/headshot.png"


def test_a_point_that_stands_before_its_image_is_saved() -> None:
    serializer = SpotSerializer(data={"picture": {"image": upload(), "ppoi": "0.2x0.7"}})
    assert serializer.is_valid(), serializer.errors
    serializer.save()
    assert Spot.objects.get().ppoi == (0.2, 0.7)


@pytest.mark.parametrize("method", ["patch", "put"])
@pytest.mark.parametrize("format", ["json", "multipart"])
def test_a_point_alone_moves_the_point(
    api: APIClient, ada: Person, method: str, format: str
) -> None:
    body = {"headshot": {"ppoi": "0.6x0.7"}} if format == "json" else {"headshot.ppoi": "0.6x0.7"}
    response = getattr(api, method)(at(ada), body, format=format)
    assert response.status_code == 200, response.content
    assert "c0-6__0-7" in response.data["headshot"]["small"]
    person = Person.objects.get()
    assert (person.headshot.name, person.headshot_ppoi) == ("headshots/ada.jpg", (0.6, 0.7))
    assert (person.headshot_width, person.headshot_height) == (64, 48)


def test_a_point_of_a_missing_file_can_be_moved(api: APIClient, ada: Person) -> None:
    ada.headshot.storage.delete(str(ada.headshot.name))
    response = api.patch(at(ada), {"headshot": {"ppoi": "0.6x0.7"}}, format="json")
    assert response.status_code == 200
    assert response.data["headshot"]["small"] is None
    assert Person.objects.get().headshot_ppoi == (0.6, 0.7)


def test_a_new_file_without_a_point_keeps_the_point(api: APIClient, ada: Person) -> None:
    assert api.patch(at(ada), {"headshot": upload("new.jpg")}).status_code == 200
    person = Person.objects.get()
    assert (person.headshot.name, person.headshot_ppoi) == ("headshots/new.jpg", (0.2, 0.3))


def test_a_new_file_brings_its_point(api: APIClient, ada: Person) -> None:
    body = {"headshot": {"image": data_uri((80, 60)), "ppoi": "0.5x0.5"}}
    assert api.patch(at(ada), body, format="json").status_code == 200
    person = Person.objects.get()
    assert (person.headshot_ppoi, person.headshot_width) == ((0.5, 0.5), 80)


@pytest.mark.parametrize(
    ("body", "format"),
    [
        ({"headshot": None}, "json"),
        ({"headshot": {"image": None}}, "json"),
        ({"headshot": {"image": "", "ppoi": "0.1x0.1"}}, "json"),
        ({"headshot": ""}, "multipart"),
        ({"headshot.image": "", "headshot.ppoi": "0.1x0.1"}, "multipart"),
    ],
)
def test_null_empties_the_field(api: APIClient, ada: Person, body: Any, format: str) -> None:
    response = api.patch(at(ada), body, format=format)
    assert (response.status_code, response.data["headshot"]) == (200, {})
    person = Person.objects.get()
    assert (bool(person.headshot), person.headshot_ppoi) == (False, (0.5, 0.5))


@pytest.mark.parametrize(
    "body",
    [{}, {"headshot": {}}, {"headshot": {"ppoi": None}}, {"headshot": {"ppoi": ""}}],
)
def test_what_says_nothing_changes_nothing(api: APIClient, ada: Person, body: Any) -> None:
    response = api.patch(at(ada), body | {"name": "Bea"}, format="json")
    assert response.status_code == 200, response.content
    person = Person.objects.get()
    assert (person.name, person.headshot.name) == ("Bea", "headshots/ada.jpg")
    assert person.headshot_ppoi == (0.2, 0.3)


@pytest.mark.parametrize("point", BAD_POINTS, ids=str)
def test_a_bad_point_is_an_error_of_the_point(api: APIClient, ada: Person, point: Any) -> None:
    body = {"headshot": {"image": data_uri((80, 60)), "ppoi": point}}
    response = api.patch(at(ada), body, format="json")
    assert response.status_code == 400
    assert list(response.data["headshot"]) == ["ppoi"]
    assert "invalid ppoi" in response.data["headshot"]["ppoi"][0]
    alone = api.patch(at(ada), {"headshot": {"ppoi": point}}, format="json")
    assert list(alone.data["headshot"]) == ["ppoi"]
    person = Person.objects.get()
    assert (person.headshot.name, person.headshot_ppoi) == ("headshots/ada.jpg", (0.2, 0.3))


BASE64 = "data:image/png;base64,"
NO_IMAGE = base64.b64encode(b"no picture").decode()


@pytest.mark.parametrize(
    ("image", "code"),
    [
        ("http://testserver/media/ada.jpg", "not_base64"),
        ("data:image/png,raw", "not_base64"),
        (BASE64, "not_base64"),
        (f"{BASE64}a", "not_base64"),
        (f"{BASE64}***", "not_base64"),
        (BASE64 + NO_IMAGE, "invalid_image"),
        (5, "invalid"),
        ([1], "invalid"),
        ({"image": 1}, "invalid"),
    ],
)
def test_a_bad_image_is_an_error_of_the_image(
    api: APIClient, ada: Person, image: Any, code: str
) -> None:
    body = {"headshot": {"image": image, "ppoi": "0.1x0.1"}}
    response = api.patch(at(ada), body, format="json")
    assert response.status_code == 400
    assert [error.code for error in response.data["headshot"]["image"]] == [code]
    assert list(response.data["headshot"]) == ["image"]
    person = Person.objects.get()
    assert (person.headshot.name, person.headshot_ppoi) == ("headshots/ada.jpg", (0.2, 0.3))
    assert person.headshot.storage.exists(str(person.headshot.name))


def test_errors_of_both_parts_come_together(api: APIClient) -> None:
    body = {"headshot": {"image": BASE64 + NO_IMAGE, "ppoi": "left"}}
    response = api.post("/api/people/", body, format="json")
    assert sorted(response.data["headshot"]) == ["image", "ppoi"]


def test_a_bad_file_of_a_form_is_an_error_of_the_field(api: APIClient) -> None:
    response = api.post("/api/people/", {"headshot": upload(content=b"no picture")})
    assert [error.code for error in response.data["headshot"]] == ["invalid_image"]
    named = {"headshot.image": upload(content=b"no picture"), "headshot.ppoi": "left"}
    response = api.post("/api/people/", named)
    assert sorted(response.data["headshot"]) == ["image", "ppoi"]


def test_what_was_read_is_not_what_is_written(api: APIClient, ada: Person) -> None:
    read = api.get(at(ada)).json()
    response = api.put(at(ada), read, format="json")
    assert response.status_code == 400
    assert sorted(response.data["headshot"]) == ["full", "small"]


def test_a_required_image_is_required() -> None:
    nothing: list[dict[str, Any]] = [{}, {"picture": {}}, {"picture": {"ppoi": None}}]
    for data in nothing:
        serializer = SpotSerializer(data=data)
        assert not serializer.is_valid()
        assert [error.code for error in serializer.errors["picture"]] == ["required"]
    for image in ({"ppoi": "0.1x0.1"}, {"image": None, "ppoi": "0.1x0.1"}):
        serializer = SpotSerializer(data={"picture": image})
        assert not serializer.is_valid()
        [error] = serializer.errors["picture"]["image"]
        assert error.code in {"required", "null"}
    empty = SpotSerializer(Spot.objects.create(), data={"picture": {"ppoi": "0.1x0.1"}})
    assert not empty.is_valid()


def test_an_image_without_a_point_takes_none() -> None:
    serializer = PhotoSerializer(data={"image": {"image": upload(), "ppoi": "0.1x0.1"}})
    assert not serializer.is_valid()
    assert [error.code for error in serializer.errors["image"]["ppoi"]] == ["no_point"]
    assert PhotoSerializer(data={"image": {"image": upload()}}).is_valid()


def test_the_rules_of_the_models_field_are_those_of_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def refuse(file: Any) -> None:
        seen.append((file.name, file.size, file.width))
        raise ValidationError("Too %(how)s", code="dull", params={"how": "dull"})

    monkeypatch.setattr(Spot._meta.get_field("picture"), "validators", [refuse])
    serializer = SpotSerializer(data={"picture": upload("a.jpg")})
    assert not serializer.is_valid()
    assert [(error, error.code) for error in serializer.errors["picture"]] == [("Too dull", "dull")]
    assert seen == [("a.jpg", len(photo_bytes((64, 48))), 64)]
    long = SpotSerializer(data={"picture": upload(f"{'a' * 100}.jpg")})
    assert not long.is_valid()
    assert [error.code for error in long.errors["picture"]] == ["max_length"]


def test_a_serializer_without_a_model_gives_the_file_and_its_point() -> None:
    serializer = PlainSerializer(data={"picture": {"image": data_uri(), "ppoi": "0.2x0.7"}})
    assert serializer.is_valid(), serializer.errors
    file = serializer.validated_data["picture"]
    assert (file.name, file.chosen_ppoi) == ("picture.png", (0.2, 0.7))
    serializer = PlainSerializer(data={"picture": upload()})
    assert serializer.is_valid()
    assert serializer.validated_data["picture"].chosen_ppoi is None


def test_a_point_alone_is_validated_as_the_stored_file(ada: Person) -> None:
    serializer = PersonSerializer(ada, data={"headshot": {"ppoi": "0.1x0.9"}}, partial=True)
    assert serializer.is_valid(), serializer.errors
    file = serializer.validated_data["headshot"]
    assert (file.name, file.chosen_ppoi) == ("headshots/ada.jpg", (0.1, 0.9))
    assert ada.headshot_ppoi == (0.2, 0.3)  # validation moves nothing


def test_a_wrong_source_has_no_rules_of_a_model() -> None:
    class Wrong(serializers.ModelSerializer[Person]):
        nobody = VersatileImageFieldSerializer(sizes=KEYS)
        photo = VersatileImageFieldSerializer(sizes=KEYS, source="name", required=False)

        class Meta:
            model = Person
            fields = ("nobody", "photo")

    serializer = Wrong(data={"nobody": upload()})
    assert serializer.is_valid(), serializer.errors
    moved = Wrong(Person(name="Ada"), data={"photo": {"ppoi": "0.1x0.1"}}, partial=True)
    assert not moved.is_valid()
    assert list(moved.errors["photo"]) == ["image"]


def test_a_default_is_taken_as_it_is() -> None:
    class Defaulting(serializers.Serializer[Any]):
        picture = VersatileImageFieldSerializer(sizes=KEYS, default="none.png")

    serializer = Defaulting(data={})
    assert serializer.is_valid()
    assert serializer.validated_data == {"picture": "none.png"}


def find(image: Any) -> tuple[float, float]:
    return 0.9, 0.1


def test_a_detector_is_asked_where_no_point_was_sent(api: APIClient, settings: Settings) -> None:
    settings.VERSATILE = {"PPOI_DETECTOR": f"{__name__}.find"}
    api.post("/api/people/", {"headshot": data_uri()}, format="json")
    chosen = {"image": data_uri(), "ppoi": "0.5x0.5"}
    api.post("/api/people/", {"headshot": chosen}, format="json")
    points = Person.objects.order_by("pk").values_list("headshot_ppoi", flat=True)
    assert list(points) == [(0.9, 0.1), (0.5, 0.5)]
    first = Person.objects.order_by("pk")[0]
    assert api.patch(at(first), {"headshot": {"ppoi": "0.5x0.5"}}, format="json").status_code == 200
    assert Person.objects.get(pk=first.pk).headshot_ppoi == (0.5, 0.5)
    assert api.patch(at(first), {"headshot": upload()}).status_code == 200
    assert Person.objects.get(pk=first.pk).headshot_ppoi == (0.9, 0.1)


@pytest.mark.parametrize("format", ["json", "multipart"])
@pytest.mark.parametrize("allowed", [True, False])
def test_a_drawing_is_taken_where_the_field_says_so(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, format: str, allowed: bool
) -> None:
    field = Person._meta.get_field("headshot")
    monkeypatch.setattr(field, "policy", Policy(allow_svg=allowed))
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'
    uri = f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}"
    sent = {"headshot": uri if format == "json" else upload("headshot.png", content=drawing)}
    response = api.post("/api/people/", {"name": "Ada", **sent}, format=format)
    assert response.status_code == (201 if allowed else 400), response.content
    if allowed:
        assert Person.objects.get().headshot.name == "headshots/headshot.svg"


def test_a_photo_of_a_phone_may_be_a_data_uri(api: APIClient) -> None:
    pillow_heif = pytest.importorskip("pillow_heif", reason="install the extra heif")
    file = BytesIO()
    pillow_heif.from_pillow(draw_photo((64, 48))).save(file)
    uri = f"data:image/heic;base64,{base64.b64encode(file.getvalue()).decode()}"
    response = api.post("/api/people/", {"name": "Ada", "headshot": uri}, format="json")
    assert response.status_code == 201, response.content
    assert Person.objects.get().headshot.name == "headshots/headshot.heic"
