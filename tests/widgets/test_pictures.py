import re
from typing import Any

import pytest
from django.forms import modelform_factory
from pytest_django import Settings

from tests.testapp.models import Person
from versatile.conf import Policy
from versatile.exceptions import UnknownRenditionKeySet
from versatile.fields import VersatileImageField
from versatile.widgets import PPOIWidget
from versatile.widgets.pictures import MAX_CROPS, Crop, find_crops

SETS = {
    "cards": [
        ("card", "crop__400x300"),
        ("same", "crop__800x600"),
        ("grey", "filters__grayscale__crop__90x160"),
    ],
    "others": [
        ("original", "url"),
        ("fit", "thumbnail__300x100"),
        ("filter", "filters__invert"),
        ("avatar", "crop__100x100"),
    ],
}
PersonForm: Any = modelform_factory(Person, fields=["headshot"])


@pytest.fixture(autouse=True)
def key_sets(settings: Settings) -> None:
    settings.VERSATILE = {"RENDITION_KEY_SETS": SETS}


def test_the_crops_of_all_sets_are_shown_each_ratio_once() -> None:
    assert find_crops(Policy()) == [
        Crop("card", "400x300"),
        Crop("grey", "90x160"),
        Crop("avatar", "100x100"),
    ]


def test_more_than_six_would_be_a_crowd(settings: Settings) -> None:
    many = [(f"no {n}", f"crop__{n}x100") for n in range(1, 20)]
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"many": many}}
    assert [crop.size for crop in find_crops(Policy())] == [f"{n}x100" for n in range(1, 7)]
    assert MAX_CROPS == 6


def test_a_setting_names_one_set(settings: Settings) -> None:
    settings.VERSATILE = {"RENDITION_KEY_SETS": SETS, "PPOI_PREVIEWS": "others"}
    assert find_crops(Policy()) == [Crop("avatar", "100x100")]


@pytest.mark.parametrize(
    ("previews", "sizes"),
    [
        ("cards", ["400x300", "90x160"]),
        ([("wide", "crop__900x100")], ["900x100"]),
        ([], []),
    ],
)
def test_a_field_names_its_own(previews: Any, sizes: list[str]) -> None:
    field = VersatileImageField(ppoi_field="ppoi", ppoi_previews=previews).formfield()
    html = field.widget.render("image", None)
    assert re.findall('data-crop="(.+?)"', html) == sizes


def test_a_wrong_name_is_an_error_and_a_wrong_set_among_others_is_left_out(
    settings: Settings,
) -> None:
    settings.VERSATILE = {
        "RENDITION_KEY_SETS": {"bad": ["x"], "worse": [("a", "b")], "cards": SETS["cards"]}
    }
    assert [crop.name for crop in find_crops(Policy())] == ["card", "grey"]
    with pytest.raises(UnknownRenditionKeySet, match="'nosuch'"):
        find_crops(Policy(ppoi_previews="nosuch"))


def test_each_form_of_a_class_has_the_crops_of_its_field() -> None:
    html = str(PersonForm()["headshot"])
    assert '<span data-crop="400x300"></span><figcaption' in html
    assert html.count("data-crop") == 3


@pytest.mark.parametrize("key", ["crop__x300", "crop__300x", "crop__0x3", "crop__0x0", "crop__axb"])
def test_a_crop_without_a_ratio_has_no_preview(key: str) -> None:
    assert find_crops(Policy(ppoi_previews=[("odd", key)])) == []


def test_without_sets_there_are_none(settings: Settings) -> None:
    settings.VERSATILE = {}
    assert "data-crop" not in PPOIWidget().render("image", None)
