"""System checks: what is wrong in the settings, and how to mend it."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.core.checks.registry import registry
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import models
from django.test.utils import isolate_apps
from pytest_django import Settings

from versatile import checks
from versatile.checks import check_settings
from versatile.fields import PPOIField, VersatileImageField, VersionField

GOOD_SET = [("full", "url"), ("a", "crop__40x40"), ("b", "filters__invert__thumbnail__x40")]


def only(messages: list[CheckMessage]) -> CheckMessage:
    (message,) = messages
    return message


def test_good_settings_are_good(settings: Settings):
    assert check_settings() == []
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"faces": GOOD_SET}, "JPEG_QUALITY": 85}
    settings.VERSATILEIMAGEFIELD_SETTINGS = {
        "cache_length": 5,
        "image_key_post_processor": "versatileimagefield.processors.md5_16",
    }
    assert check_settings() == []


def test_the_checks_are_registered():
    assert check_settings in registry.get_checks()


def test_an_unknown_native_key_is_an_error_that_names_it(settings: Settings):
    settings.VERSATILE = {"JPEG_QUALTIY": 5, "JPEG_QUALITY": 5}
    message = only(check_settings())
    assert (message.id, message.is_serious()) == ("versatile.E003", True)
    assert "'JPEG_QUALTIY'" in message.msg
    assert message.hint
    assert "JPEG_QUALITY" in message.hint


def test_an_unknown_old_key_is_a_warning_that_names_it(settings: Settings):
    settings.VERSATILEIMAGEFIELD_SETTINGS = {"jpeg_quality": 5, "cache_length": 5}
    message = only(check_settings())
    assert (message.id, message.is_serious()) == ("versatile.W001", False)
    assert "'jpeg_quality'" in message.msg


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("VERSATILEIMAGEFIELD_SETTINGS", {"jpeg_resize_quality": 1}, "JPEG_QUALITY"),
        ("VERSATILEIMAGEFIELD_RENDITION_KEY_SETS", {}, "RENDITION_KEY_SETS"),
        ("VERSATILEIMAGEFIELD_USE_PLACEHOLDIT", True, "DRAW_PLACEHOLDERS"),
    ],
)
def test_a_setting_under_both_names_is_a_warning_that_names_both(
    name, value, key, settings: Settings
):
    setattr(settings, name, value)
    settings.VERSATILE = {key: {} if key == "RENDITION_KEY_SETS" else 1}
    message = only(check_settings())
    assert (message.id, message.is_serious()) == ("versatile.W002", False)
    assert name in message.msg
    assert key in message.msg
    assert message.hint
    assert name in message.hint


@pytest.mark.parametrize(
    ("pairs", "named"),
    [
        ([("a", "crop__40")], "crop__40"),
        ([("a", "nope__40x40")], "nope"),
        ([("a", "filters__nope")], "nope"),
        ([("a", "filters__nope__crop__4x4")], "nope"),
        ([("a", "crop__40x")], "crop__40x"),
        ([("a", "crop__0x40")], "crop__0x40"),
        ([("a", "thumbnail__99999x40")], "thumbnail__99999x40"),
        ([("a", "url"), "url"], "url"),
        ([("a", 5)], "5"),
        ("crop__40x40", "crop__40x40"),
        (None, "None"),
        ([("a", "url"), ("a", "crop__4x4")], "a"),
    ],
)
@pytest.mark.parametrize("native", [True, False], ids=["native", "old"])
def test_a_wrong_key_is_an_error_that_names_set_and_key(pairs, named, native, settings: Settings):
    sets = {"good": GOOD_SET, "faces": pairs}
    if native:
        settings.VERSATILE = {"RENDITION_KEY_SETS": sets}
    else:
        settings.VERSATILEIMAGEFIELD_RENDITION_KEY_SETS = sets
    message = only(check_settings())
    assert (message.id, message.is_serious()) == ("versatile.E004", True)
    assert "'faces'" in message.msg
    assert named in message.msg
    assert message.hint


def test_every_wrong_key_is_told_of(settings: Settings):
    settings.VERSATILE = {
        "RENDITION_KEY_SETS": {
            "one": [("a", "nope__4x4"), ("b", "crop__4x4"), ("c", "crop__0x4")],
            "two": [("a", "filters__nope")],
        }
    }
    messages = [message.msg for message in check_settings()]
    assert len(messages) == 3
    for named in ("nope__4x4", "crop__0x4", "filters__nope"):
        assert any(named in message for message in messages)


@pytest.mark.parametrize("sets", [None, [], "faces", [("a", "crop__4x4")]])
def test_sets_that_are_no_dictionary_are_an_error(sets, settings: Settings):
    settings.VERSATILE = {"RENDITION_KEY_SETS": sets}
    message = only(check_settings())
    assert message.id == "versatile.E004"
    assert "RENDITION_KEY_SETS" in message.msg


def test_a_post_processor_that_is_not_there_is_an_error(settings: Settings):
    settings.VERSATILE = {"KEY_POST_PROCESSOR": "nowhere.at.all"}
    message = only(check_settings())
    assert message.id == "versatile.E005"
    assert "nowhere.at.all" in message.msg


@pytest.mark.parametrize("value", [3, len, ["a.b"], "versatile.checks", "versatile.conf.NATIVE"])
def test_a_post_processor_that_is_no_path_of_a_function_is_an_error(value, settings: Settings):
    settings.VERSATILE = {"KEY_POST_PROCESSOR": value}
    message = only(check_settings())
    assert message.id == "versatile.E005"
    assert repr(value) in message.msg
    assert "KEY_POST_PROCESSOR (or image_key_post_processor) has to be the dotted" in message.msg
    with pytest.raises(SystemCheckError, match=r"versatile\.E005"):
        call_command("check")


@pytest.mark.parametrize("key", ["SPEC_NAMER", "GENERATOR_NAMER"])
@pytest.mark.parametrize("value", [3, ["a.b"]])
def test_what_is_no_path_is_an_error(key, value, settings: Settings):
    settings.VERSATILE = {key: value}
    message = only(check_settings())
    assert message.id == "versatile.E013"
    assert repr(value) in message.msg


@pytest.mark.parametrize("key", ["ON_ERROR", "COLOR", "ANIMATED"])
def test_a_value_that_is_no_choice_is_an_error_that_names_the_choices(key, settings: Settings):
    settings.VERSATILE = {key: "nonsense"}
    [message] = check_settings()
    assert message.id == "versatile.E006"
    assert key in message.msg
    assert "'nonsense', which is none of '" in message.msg


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("JPEG_QUALITY", "80", "none of the whole numbers from 1 to 100"),
        ("WEBP_QUALITY", 101, "none of the whole numbers from 1 to 100"),
        ("MAX_SIDE", None, "none of the whole numbers from 1"),
        ("MAX_AREA", 2.5e7, "none of the whole numbers from 1"),
        ("MAX_FRAMES", True, "none of None, the whole numbers from 1"),
        ("MAX_SOURCE_PIXELS", "5", "none of None, the whole numbers from 1"),
        ("MAX_DECODING_MEMORY", 0, "none of None, the whole numbers from 1"),
        ("MATTE", "blurple", "unknown color specifier: 'blurple'"),
        ("MATTE", (300, 0, 0), "no colour"),
        ("KEEP_METADATA", ["gps"], "it has to be some of "),
        ("SAVE_OPTIONS", {"JPG": {"quality": 5}}, "format='JPG': it has to be one of JPEG"),
        ("SAVE_OPTIONS", {"JPEG": 5}, "'int' object is not iterable"),
        ("PPOI_PREVIEWS", "portraits", "'portraits' is no configured rendition key set"),
    ],
)
def test_a_value_that_a_setting_may_not_have_is_an_error(key, value, said, settings: Settings):
    settings.VERSATILE = {key: value}
    message = only(check_settings())
    assert message.id == "versatile.E006"
    assert message.msg.startswith(f"VERSATILE['{key}'] is {value!r}, which ")
    assert said in message.msg


def test_no_limit_is_a_good_limit_of_an_original(settings: Settings):
    limits = ("BYTES", "PIXELS", "SIDE")
    settings.VERSATILE = {f"MAX_SOURCE_{name}": None for name in limits} | {
        "MAX_FRAMES": None,
        "MAX_FRAMES_AREA": None,
        "MAX_DECODING_MEMORY": None,
        "MATTE": (10, 20, 30),
        "PPOI_PREVIEWS": GOOD_SET,
        "SAVE_OPTIONS": {"JPEG": {"optimize": True}},
        "KEEP_METADATA": ("copyright",),
    }
    assert check_settings() == []


@pytest.mark.parametrize(
    "key",
    [
        "BACKEND",
        "STRATEGY",
        "SPEC_NAMER",
        "GENERATOR_NAMER",
        "SPEC_STORAGE",
        "RENDITIONS_STORAGE",
        "SPEC_CACHE_ALIAS",
    ],
)
def test_what_makes_files_of_specs_has_to_be_there(key, settings: Settings):
    settings.VERSATILE = {key: "nowhere.at.all"}
    message = only(check_settings())
    assert message.id == "versatile.E013"
    assert message.msg.startswith(f"VERSATILE['{key}'] cannot be used: ")
    assert "'nowhere.at.all'" in message.msg


def test_a_storage_is_not_made_to_be_checked(settings: Settings):
    settings.STORAGES = settings.STORAGES | {"far": {"BACKEND": "nowhere.at.all"}}
    settings.VERSATILE = {"SPEC_STORAGE": "far"}
    assert check_settings() == []


def test_a_cache_that_is_not_there_is_a_warning_and_under_its_old_name_none(settings: Settings):
    settings.VERSATILEIMAGEFIELD_SETTINGS = {"cache_name": "nowhere"}
    assert check_settings() == []
    settings.VERSATILE = {"CACHE_ALIAS": "nowhere"}
    settings.VERSATILEIMAGEFIELD_SETTINGS = {}
    message = only(check_settings())
    assert (message.id, message.is_serious()) == ("versatile.W004", False)
    assert "'nowhere'" in message.msg


def test_manage_py_check_stops_at_an_error(settings: Settings):
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"faces": [("a", "nope__4x4")]}}
    with pytest.raises(CommandError, match=r"versatile\.E004.*'faces'.*nope"):
        call_command("check", stderr=StringIO())


def messages_of(**fields: Callable[[], Any]) -> list[CheckMessage]:
    """What the check of a model with these fields says."""
    with isolate_apps("tests.testapp"):
        body: dict[str, Any] = {name: make() for name, make in fields.items()}
        body |= {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "testapp"})}
        model: Any = type("Checked", (models.Model,), body)
        return [item for item in model.check() if item.id and item.id.startswith("versatile.")]


def test_a_ppoi_field_that_is_one_is_good():
    assert messages_of(image=lambda: VersatileImageField(ppoi_field="point"), point=PPOIField) == []
    assert messages_of(image=VersatileImageField) == []


def test_a_ppoi_field_that_is_not_there_is_an_error():
    message = only(messages_of(image=lambda: VersatileImageField(ppoi_field="piont")))
    assert (message.id, message.is_serious()) == ("versatile.E001", True)
    assert "'piont'" in message.msg
    assert message.hint
    assert "PPOIField" in message.hint
    assert message.obj.name == "image"


def test_a_ppoi_field_of_another_kind_is_an_error():
    message = only(
        messages_of(
            image=lambda: VersatileImageField(ppoi_field="point"),
            point=lambda: models.CharField(max_length=20),
        )
    )
    assert (message.id, message.is_serious()) == ("versatile.E002", True)
    assert "CharField" in message.msg
    assert message.hint


VERSIONED: dict[str, Any] = {
    "image": lambda: VersatileImageField(version_field="digest", namer="versioned"),
    "digest": VersionField,
}


def test_a_versioned_name_with_a_version_field_is_good():
    assert messages_of(**VERSIONED) == []


@pytest.mark.parametrize(
    ("digest", "id", "said"),
    [(None, "E008", "'digest'"), (lambda: models.CharField(max_length=20), "E009", "CharField")],
)
def test_a_version_field_that_is_none_is_an_error(digest, id, said):
    fields: dict[str, Any] = (
        {**VERSIONED, "digest": digest} if digest else {"image": VERSIONED["image"]}
    )
    message = only(messages_of(**fields))
    assert (message.id, message.is_serious()) == (f"versatile.{id}", True)
    assert said in message.msg
    assert "VersionField" in (message.hint or "")


def test_a_versioned_name_without_a_version_is_an_error(settings: Settings):
    settings.VERSATILE = {"NAMER": "versioned"}
    message = only(messages_of(image=VersatileImageField))
    assert (message.id, message.is_serious()) == ("versatile.E010", True)
    assert "version_field" in (message.hint or "")
    plain = messages_of(image=lambda: VersatileImageField(namer="plain"))
    assert plain == []


@pytest.mark.parametrize("path", ["nobody", "versatile.no.such"])
def test_a_namer_that_cannot_be_imported_is_an_error(path):
    message = only(messages_of(image=lambda: VersatileImageField(namer=path)))
    assert (message.id, message.is_serious()) == ("versatile.E011", True)
    assert repr(path) in message.msg


def test_every_id_is_told_of():
    assert checks.__doc__
    errors = (
        "E001",
        "E002",
        "E003",
        "E004",
        "E005",
        "E006",
        "E007",
        "E008",
        "E009",
        "E010",
        "E011",
        "E012",
        "E013",
    )
    for number in (*errors, "W001", "W002", "W003", "W004"):
        assert f"versatile.{number}" in checks.__doc__
