"""System checks of the model fields."""

from typing import Any

import pytest
from django.core import checks
from django.db import models
from django.test.utils import isolate_apps

from tests.testapp.models import Person, Photo, Place, Restaurant, Spot, Twins
from versatile.fields import PPOIField, VersatileImageField


@pytest.mark.parametrize("model", [Person, Photo, Place, Restaurant, Spot, Twins])
def test_a_good_model_has_nothing_to_say(model: type[models.Model]) -> None:
    assert model.check() == []


def messages_of(**fields: Any) -> list[checks.CheckMessage]:
    namespace = {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "tests"})}
    with isolate_apps("tests"):
        model = type("Sight", (models.Model,), {**namespace, **fields})
        return model.check()  # type: ignore[attr-defined, no-any-return]


def test_a_point_that_is_no_field_is_an_error() -> None:
    image = VersatileImageField(ppoi_field="focus")
    [message] = messages_of(image=image)
    assert message.id == "versatile.E001"
    assert message.level == checks.ERROR
    assert message.obj is image
    assert "'focus'" in message.msg
    assert message.hint == "Add focus = PPOIField() to the model, or correct the name."


@pytest.mark.parametrize(
    "other",
    [models.CharField(max_length=20), models.IntegerField(), VersatileImageField()],
    ids=lambda field: type(field).__name__,
)
def test_a_point_of_another_kind_is_an_error(other: Any) -> None:
    image = VersatileImageField(ppoi_field="focus")
    [message] = messages_of(image=image, focus=other)
    assert message.id == "versatile.E002"
    assert message.level == checks.ERROR
    assert message.obj is image
    assert "'focus'" in message.msg
    assert type(other).__name__ in message.msg
    assert "PPOIField" in (message.hint or "")


def test_several_images_may_share_a_point() -> None:
    fields = {name: VersatileImageField(ppoi_field="focus") for name in ("left", "right")}
    assert messages_of(**fields, focus=PPOIField()) == []


def test_djangos_own_checks_still_speak() -> None:
    [message] = messages_of(image=VersatileImageField(upload_to="/absolute"))
    assert message.id == "fields.E202"


def test_the_field_says_what_it_is() -> None:
    assert VersatileImageField.description == "Versatile Image Field"
    assert VersatileImageField().get_internal_type() == "FileField"


def test_an_option_that_is_no_choice_is_an_error() -> None:
    image = VersatileImageField(on_error="original", animated="never")
    [message] = messages_of(image=image)
    assert message.id == "versatile.E006"
    assert message.obj is image
    assert "'animated' is 'never', which is none of 'keep', 'first'" in message.msg
