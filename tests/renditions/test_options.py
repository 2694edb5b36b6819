"""How renditions are saved, and the digest of what their names do not say."""

from collections.abc import Mapping
from typing import Any

import pytest
from pytest_django import Settings

from tests.testapp.models import Photo
from versatile.conf import Policy
from versatile.exceptions import MalformedSizedImageKey
from versatile.rendition_keys import resolve
from versatile.renditions.namers import PLAIN, Wording
from versatile.renditions.options import save_options, wording
from versatile.renditions.rendition import Rendition
from versatile.sizers import SizedImage


class Custom(SizedImage):
    """A sizer of somebody's own."""

    filename_key = "custom"


class Raised(Custom):
    version = 2


class Special(Custom):
    save_options: Mapping[str, Any] = {"quality": 91, "subsampling": 0}


def worded(
    policy: Policy, extension: str = "png", cls: type[Any] = Custom, options: str = "", **more: Any
) -> Wording:
    writer = cls("d/x", None, True)
    return wording(policy, extension, [writer], options, **{"sized": True, **more})


@pytest.mark.parametrize("extension", ["jpg", "png", "gif", "webp", "avif", "bmp", "JPE"])
@pytest.mark.parametrize("sized", [True, False])
def test_by_default_a_name_says_all(extension, sized):
    found = worded(Policy(), extension, sized=sized)
    assert found.digest == ""
    assert found.quality in (70, None)
    assert (found == PLAIN) == (found.quality is None)


OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"color": "preserve"}, "png"),
    ({"keep_metadata": ("copyright",)}, "jpg"),
    ({"animated": "first"}, "gif"),
    ({"matte": "black"}, "jpg"),
    ({"matte": (0, 0, 1)}, "bmp"),
    ({"matte": "no colour"}, "jpg"),
    ({"jpeg_progressive": True}, "jpg"),
    ({"webp_lossless": True}, "webp"),
    ({"jpeg_quality": 85}, "jpe"),
    ({"save_options": {"AVIF": {"quality": 40}}}, "avif"),
    ({"save_options": {"JPEG": {"subsampling": 0}}}, "jpg"),
]


@pytest.mark.parametrize(("given", "extension"), OPTIONS)
def test_what_a_field_says_otherwise_and_a_name_does_not_is_in_the_digest(given, extension):
    digest = worded(Policy(**given), extension).digest
    assert len(digest) == 8
    assert int(digest, 16) >= 0


def test_different_options_have_different_digests():
    digests = {worded(Policy(**given), extension).digest for given, extension in OPTIONS}
    assert len(digests) == len(OPTIONS)


@pytest.mark.parametrize(
    ("given", "extension"),
    [
        ({"animated": "first"}, "jpg"),
        ({"matte": "black"}, "png"),
        ({"matte": "#FFF"}, "jpg"),
        ({"matte": (255, 255, 255)}, "jpg"),
        ({"jpeg_progressive": True}, "webp"),
        ({"save_options": {"AVIF": {"quality": 40}}}, "png"),
        ({"save_options": {"JPEG": {"progressive": False}}}, "jpg"),
        ({"color": "srgb"}, "jpg"),
    ],
)
def test_what_changes_nothing_in_this_format_changes_no_name(given, extension):
    assert worded(Policy(**given), extension).digest == ""


def test_a_quality_stands_in_the_name_where_it_can():
    assert worded(Policy(jpeg_quality=85), "jpg") == Wording(85, "")
    assert worded(Policy(save_options={"WEBP": {"quality": 1}}), "webp") == Wording(1, "")
    assert worded(Policy(), "jpeg", options="quality=33") == Wording(33, "")
    filtered = worded(Policy(jpeg_quality=85), "jpg", sized=False)
    assert filtered.digest
    named = worded(Policy(), "jpg", options="quality=web_high")
    assert named.quality == 70
    assert named.digest


def test_the_old_settings_name_nothing_anew_and_the_new_ones_do(settings: Settings):
    old = {"progressive_jpeg": True, "jpeg_resize_quality": 60, "lossless_webp": True}
    settings.VERSATILEIMAGEFIELD_SETTINGS = old
    for extension in ("jpg", "jpe", "webp"):
        assert worded(Policy(), extension).digest == ""
        assert worded(Policy(), extension, sized=False).digest == ""
    assert save_options("JPEG") == {"quality": 60, "progressive": True}
    settings.VERSATILE = {"JPEG_PROGRESSIVE": False}
    assert worded(Policy(), "jpg").digest
    settings.VERSATILE = {"JPEG_PROGRESSIVE": True}
    assert worded(Policy(), "jpg").digest == ""


def test_versions_and_options_of_classes_are_in_the_digest():
    digests = {worded(Policy(), cls=cls).digest for cls in (Custom, Raised, Special)}
    assert len(digests) == 3
    assert worded(Policy(), "jpg", Special).quality == 91


def test_the_most_special_option_wins():
    policy = Policy(jpeg_quality=1, save_options={"JPEG": {"quality": 2}})
    assert save_options("JPEG", policy)["quality"] == 2
    assert save_options("JPEG", policy, {"quality": 3}, {"quality": 4})["quality"] == 4
    assert save_options("PNG", policy) == {}


def rendition_of(key: str, name: str = "d/x.jpg") -> Rendition:
    file = Photo(image=name).image
    file.create_on_demand = False
    found = resolve(file, key)
    assert isinstance(found, Rendition)
    return found


def test_a_key_with_options_is_another_name_and_another_recipe():
    usual, special = rendition_of("crop__4x4"), rendition_of("crop__4x4?quality=85")
    assert usual.name == "__sized__/d/x-crop-c0-5__0-5-4x4-70.jpg"
    assert special.name == "__sized__/d/x-crop-c0-5__0-5-4x4-85.jpg"
    assert special.key == "crop__4x4?quality=85"
    assert dict(special.recipe.options)["quality"] == 85
    filtered = rendition_of("filters__invert?quality=85")
    assert filtered.name != rendition_of("filters__invert").name
    assert dict(filtered.recipe.options)["quality"] == 85
    both = rendition_of("filters__invert__crop__4x4?quality=85")
    assert both.name == "__sized__/d/__filtered__/x__invert__-crop-c0-5__0-5-4x4-85.jpg"


def test_a_size_may_carry_its_options():
    file = Photo(image="d/x.jpg").image
    file.create_on_demand = False
    assert file.crop["4x4?quality=85"].key == "crop__4x4?quality=85"
    assert file.thumbnail["4x?progressive=true"].key == "thumbnail__4x?progressive=true"


@pytest.mark.parametrize(
    ("setting", "key"),
    [
        *(({"UPSCALE": False}, key) for key in ("crop__4x4", "cover__4x4")),
        *(({"MATTE": "red"}, key) for key in ("pad__4x4", "filters__invert__pad__4x4")),
    ],
)
def test_what_the_built_in_sizers_draw_otherwise_is_in_their_names(
    setting, key, settings: Settings
):
    usual = rendition_of(key, "d/x.png").name
    thumbnail = rendition_of("thumbnail__4x4", "d/x.png").name
    settings.VERSATILE = setting
    assert rendition_of(key, "d/x.png").name != usual
    assert rendition_of("thumbnail__4x4", "d/x.png").name == thumbnail


def test_a_field_may_have_limits_of_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Photo._meta.get_field("image"), "policy", Policy(max_side=50, max_area=900))
    assert rendition_of("crop__30x30").name
    for size in ("51x1", "31x30"):
        with pytest.raises(MalformedSizedImageKey):
            rendition_of(f"crop__{size}")


def test_a_recipe_is_told_how_its_field_wants_pictures_treated(monkeypatch: pytest.MonkeyPatch):
    policy = Policy(matte="red", animated="first", color="preserve", keep_metadata=["copyright"])
    monkeypatch.setattr(Photo._meta.get_field("image"), "policy", policy)
    recipe = rendition_of("crop__30x30").recipe
    assert (recipe.matte, recipe.animated, recipe.color) == ("red", False, "preserve")
    assert recipe.keep_metadata == ("copyright",)
