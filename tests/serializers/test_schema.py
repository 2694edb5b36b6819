"""The OpenAPI schema that drf-spectacular writes: exactly what is read, and what is written."""

import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import patched_settings
from drf_spectacular.validation import validate_schema
from pytest_django import Settings
from rest_framework import serializers
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ModelViewSet

from tests.testapp.models import Person, Photo, Portrait
from versatile.placeholder import OnStoragePlaceholderImage
from versatile.serializers import VersatileImageFieldSerializer

jsonschema: Any = import_module("jsonschema")  # which has no types

URI_OF_DATA = "data:image/png;base64,iVBORw0KGgo="
KEYS = [("full", "url"), ("small", "crop__20x20"), ("negative", "filters__invert")]
URI = {"type": "string", "format": "uri", "readOnly": True}
READ = {
    "type": "object",
    "properties": {
        "full": URI,
        "small": URI | {"nullable": True},
        "negative": URI | {"nullable": True},
    },
    "additionalProperties": False,
}


class PersonSerializer(serializers.ModelSerializer[Person]):
    headshot = VersatileImageFieldSerializer(sizes=KEYS, required=False, allow_null=True)

    class Meta:
        model = Person
        fields = ("headshot",)


class Special(VersatileImageFieldSerializer):
    """A subclass is described, too."""


class PortraitSerializer(serializers.ModelSerializer[Portrait]):
    image = Special(sizes=KEYS[:2], help_text="The face.")

    class Meta:
        model = Portrait
        fields = ("image",)


class PersonViewSet(ModelViewSet[Person]):
    queryset = Person.objects.all()
    serializer_class = PersonSerializer
    schema = AutoSchema()


class PortraitViewSet(ModelViewSet[Portrait]):
    queryset = Portrait.objects.all()
    serializer_class = PortraitSerializer
    schema = AutoSchema()


def components(*, split: bool) -> Any:
    """The components of a valid schema of both view sets."""
    router = SimpleRouter()
    router.register("people", PersonViewSet)
    router.register("portraits", PortraitViewSet)
    options = {"COMPONENT_SPLIT_REQUEST": split, "TITLE": "Test", "VERSION": "1"}
    with patched_settings(options):
        generator = SchemaGenerator(patterns=[path("api/", include(router.urls))])
        schema = generator.get_schema(request=None, public=True)
    validate_schema(schema)
    return schema["components"]["schemas"]


def test_the_shape_that_is_read_is_that_of_the_set() -> None:
    schema = components(split=True)
    image = schema["Person"]["properties"]["headshot"]
    assert image == READ | {"nullable": True}
    assert list(image["properties"]) == ["full", "small", "negative"]
    required = schema["Portrait"]["properties"]["image"]
    assert required["required"] == ["full", "small"]
    assert required["description"] == "The face."
    assert "nullable" not in required


def test_the_shape_that_is_written_is_a_file_or_its_parts() -> None:
    schema = components(split=True)
    image = schema["PersonRequest"]["properties"]["headshot"]
    file, text, parts = image["anyOf"]
    assert file == {"type": "string", "format": "binary", "nullable": True}
    assert text["type"] == "string"
    assert set(parts["properties"]) == {"image", "ppoi"}
    assert parts["properties"]["image"] == {"anyOf": [file, text]}
    assert parts["properties"]["ppoi"]["example"] == "0.2x0.7"
    patched = schema["PatchedPortraitRequest"]["properties"]["image"]["anyOf"][2]
    assert "nullable" not in str(patched)


@pytest.mark.parametrize(
    ("sent", "fits"),
    [
        (URI_OF_DATA, True),
        ({"image": URI_OF_DATA}, True),
        ({"image": URI_OF_DATA, "ppoi": "0.2x0.7"}, True),
        ({"ppoi": "1x0"}, True),
        ({"ppoi": "2x0"}, False),
        ({"full": "http://localhost/a.jpg"}, False),
        ({}, False),
        (7, False),
    ],
)
def test_what_is_sent_fits_the_schema(sent: Any, fits: bool) -> None:
    schema = components(split=True)["PersonRequest"]
    assert jsonschema.Draft7Validator(schema).is_valid({"headshot": sent}) == fits


def test_one_component_for_both_directions_tells_of_both() -> None:
    schema = components(split=False)
    assert "PersonRequest" not in schema
    image = schema["Person"]["properties"]["headshot"]
    urls = {name: url for name, url in image["properties"].items() if "readOnly" in url}
    assert image | {"properties": urls} == READ | {"nullable": True}
    sent = {name: part for name, part in image["properties"].items() if "writeOnly" in part}
    assert list(sent) == ["image", "ppoi"]
    assert list(image["properties"]) == [*sent, *urls]


def test_a_field_of_one_direction_is_described_in_that() -> None:
    class Both(serializers.Serializer[Any]):
        shown = VersatileImageFieldSerializer(sizes=KEYS, read_only=True)
        sent = VersatileImageFieldSerializer(sizes=KEYS, write_only=True)

    properties = plain_components(Both)["Both"]["properties"]
    assert properties["shown"]["properties"] == READ["properties"]
    assert properties["sent"]["writeOnly"] is True
    assert len(properties["sent"]["anyOf"]) == 3


@pytest.mark.parametrize("drawn", [True, False])
def test_what_stands_in_for_a_file_has_all_renditions(
    drawn: bool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if drawn:
        settings.VERSATILE = {"DRAW_PLACEHOLDERS": True}
    else:
        image = OnStoragePlaceholderImage("none.png")
        monkeypatch.setattr(Person._meta.get_field("headshot"), "placeholder_image", image)
    image_schema = components(split=True)["Person"]["properties"]["headshot"]
    assert image_schema["required"] == ["full", "small", "negative"]
    assert image_schema["properties"]["full"]["nullable"] is True


def test_an_image_without_a_point_is_sent_without_one() -> None:
    class Pointless(serializers.ModelSerializer[Photo]):
        image = VersatileImageFieldSerializer(sizes=KEYS)

        class Meta:
            model = Photo
            fields = ("image",)

    sent = plain_components(Pointless)["Pointless"]["properties"]["image"]["properties"]
    assert [name for name in sent if "writeOnly" in sent[name]] == ["image"]


def test_a_field_outside_a_model_is_described() -> None:
    class Plain(serializers.Serializer[Any]):
        picture = VersatileImageFieldSerializer(sizes=KEYS)

    picture = plain_components(Plain)["Plain"]["properties"]["picture"]
    assert set(picture["properties"]) == {"image", "ppoi", *dict(KEYS)}


def plain_components(serializer: Any) -> Any:
    """The components of a view set of a serializer that is no model's."""

    class PlainViewSet(ModelViewSet[Person]):
        queryset = Person.objects.all()
        serializer_class: Any = serializer
        schema = AutoSchema()

    router = SimpleRouter()
    router.register("plain", PlainViewSet)
    schema = SchemaGenerator(patterns=router.urls).get_schema(request=None, public=True)
    validate_schema(schema)
    return schema["components"]["schemas"]


WITHOUT = """
import sys
sys.modules["drf_spectacular"] = None
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["versatile"])
django.setup()
import versatile.serializers
assert "versatile.serializers.schema" not in sys.modules
"""


@pytest.mark.service
def test_without_spectacular_nobody_asks_for_it() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT], check=True)
