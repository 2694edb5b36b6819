"""The settings: one native dictionary, and the old names mapped onto it."""

import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from pytest_django import Settings

from versatile.conf import (
    MOST_KEPT,
    NATIVE,
    OLD_SETTINGS,
    PER_FIELD,
    SETTINGS,
    SETTINGS_ALONE,
    Policy,
    Setting,
    conf,
    translate,
)

OLD_DICTIONARY = {
    "cache_length": ("CACHE_TIMEOUT", 2592000),
    "cache_name": ("CACHE_ALIAS", "versatileimagefield_cache"),
    "jpeg_resize_quality": ("JPEG_QUALITY", 70),
    "webp_resize_quality": ("WEBP_QUALITY", 70),
    "lossless_webp": ("WEBP_LOSSLESS", False),
    "sized_directory_name": ("SIZED_DIRNAME", "__sized__"),
    "filtered_directory_name": ("FILTERED_DIRNAME", "__filtered__"),
    "placeholder_directory_name": ("PLACEHOLDER_DIRNAME", "__placeholder__"),
    "create_images_on_demand": ("CREATE_ON_DEMAND", True),
    "image_key_post_processor": ("KEY_POST_PROCESSOR", None),
    "progressive_jpeg": ("JPEG_PROGRESSIVE", False),
}
OLD_NAMES = {
    "VERSATILEIMAGEFIELD_RENDITION_KEY_SETS": "RENDITION_KEY_SETS",
    "VERSATILEIMAGEFIELD_USE_PLACEHOLDIT": "DRAW_PLACEHOLDERS",
    "IMAGEKIT_CACHEFILE_DIR": "SPEC_DIRNAME",
    "IMAGEKIT_SPEC_CACHEFILE_NAMER": "SPEC_NAMER",
    "IMAGEKIT_CACHEFILE_NAMER": "GENERATOR_NAMER",
    "IMAGEKIT_DEFAULT_CACHEFILE_BACKEND": "BACKEND",
    "IMAGEKIT_DEFAULT_CACHEFILE_STRATEGY": "STRATEGY",
    "IMAGEKIT_DEFAULT_FILE_STORAGE": "SPEC_STORAGE",
    "IMAGEKIT_CACHE_BACKEND": "SPEC_CACHE_ALIAS",
    "IMAGEKIT_CACHE_PREFIX": "SPEC_CACHE_PREFIX",
    "IMAGEKIT_CACHE_TIMEOUT": "SPEC_CACHE_TIMEOUT",
    "IMAGEKIT_USE_MEMCACHED_SAFE_CACHE_KEY": "SPEC_SAFE_CACHE_KEYS",
}
NEW = {
    "MAX_SIDE": 8000,
    "MAX_AREA": 25_000_000,
    "UPSCALE": True,
    "MATTE": "#ffffff",
    "EXACT_RESAMPLING": False,
    "COLOR": "srgb",
    "ANIMATED": "keep",
    "KEEP_METADATA": (),
    "SAVE_OPTIONS": {},
}
OTHER: Any = object()


def test_the_table_has_every_old_key_with_its_old_default():
    by_old = {item.old_key: (item.key, item.default) for item in SETTINGS.values() if item.old_key}
    assert by_old == OLD_DICTIONARY
    others = {item.old_name: item.key for item in SETTINGS.values() if not item.old_key}
    assert {name: key for name, key in others.items() if name} == OLD_NAMES


def test_what_is_new_has_the_defaults_that_were_promised():
    assert {key: SETTINGS[key].default for key in NEW} == NEW
    assert all(SETTINGS[key].old_name is None for key in NEW)


@pytest.mark.parametrize("item", SETTINGS.values(), ids=SETTINGS)
def test_every_setting_is_told_of_and_has_its_default(item: Setting, settings: Settings):
    assert item.help.endswith(".")
    assert item.key.isupper()
    default = item.default() if callable(item.default) else item.default
    assert getattr(conf, item.key) == default


@pytest.mark.parametrize("key", SETTINGS)
def test_the_native_dictionary_is_read(key, settings: Settings):
    settings.VERSATILE = {key: OTHER}
    assert getattr(conf, key) is OTHER


@pytest.mark.parametrize(("old_key", "key"), [(old, new[0]) for old, new in OLD_DICTIONARY.items()])
def test_the_old_dictionary_is_read_and_the_native_one_wins(old_key, key, settings: Settings):
    settings.VERSATILEIMAGEFIELD_SETTINGS = {old_key: OTHER}
    assert getattr(conf, key) is OTHER
    settings.VERSATILE = {key: "native"}
    assert getattr(conf, key) == "native"
    settings.VERSATILE = {}
    assert getattr(conf, key) is OTHER


@pytest.mark.parametrize(("name", "key"), OLD_NAMES.items())
def test_old_settings_of_their_own_are_live_and_the_native_one_wins(name, key):
    default = getattr(conf, key)
    with override_settings(**{name: OTHER}):
        assert getattr(conf, key) is OTHER
        with override_settings(VERSATILE={key: "native"}):
            assert getattr(conf, key) == "native"
        assert getattr(conf, key) is OTHER
    assert getattr(conf, key) == default


def test_a_falsy_native_value_wins_too(settings: Settings):
    settings.VERSATILEIMAGEFIELD_SETTINGS = {"progressive_jpeg": True, "cache_length": 5}
    settings.VERSATILE = {"JPEG_PROGRESSIVE": False, "CACHE_TIMEOUT": None}
    assert conf.JPEG_PROGRESSIVE is False
    assert conf.CACHE_TIMEOUT is None


def test_settings_follow_override_settings_there_and_back():
    assert conf.JPEG_QUALITY == 70
    with override_settings(VERSATILE={"JPEG_QUALITY": 85}):
        assert conf.JPEG_QUALITY == 85
        with override_settings(VERSATILEIMAGEFIELD_SETTINGS={"webp_resize_quality": 5}):
            assert (conf.JPEG_QUALITY, conf.WEBP_QUALITY) == (85, 5)
        assert conf.WEBP_QUALITY == 70
    assert conf.JPEG_QUALITY == 70


def test_settings_are_read_once_and_other_settings_are_no_reason_to_read_again(settings: Settings):
    settings.VERSATILE = values = {"JPEG_QUALITY": 85}
    assert conf.JPEG_QUALITY == 85
    values["JPEG_QUALITY"] = 1
    settings.LANGUAGE_CODE = "de"
    assert conf.JPEG_QUALITY == 85
    conf.forget()
    assert conf.JPEG_QUALITY == 1


def test_a_key_that_does_not_exist_is_an_error_that_names_those_that_do():
    with pytest.raises(AttributeError, match=r"VERSATILE has no key 'JPEG_QUALTIY'.*JPEG_QUALITY"):
        _ = conf.JPEG_QUALTIY


@pytest.mark.parametrize(
    ("value", "translated"),
    [
        ("versatileimagefield.processors.md5_16", "versatile.processors.md5_16"),
        ("imagekit.processors.Adjust", "versatile.processors.Adjust"),
        ("pilkit.lib.Thing", "versatile.lib.Thing"),
        ("versatileimagefield_cache", "versatileimagefield_cache"),
        ("mine.versatileimagefield.x", "mine.versatileimagefield.x"),
        ("versatile.processors.md5", "versatile.processors.md5"),
        (None, None),
        (5, 5),
    ],
)
def test_old_dotted_paths_mean_the_same_path_of_ours(value, translated, settings: Settings):
    assert translate(value) == translated
    settings.VERSATILEIMAGEFIELD_SETTINGS = {"image_key_post_processor": value}
    assert translated == conf.KEY_POST_PROCESSOR


def test_nothing_is_read_at_import_time():
    code = (
        "import versatile, versatile.conf, versatile.exceptions, versatile.imaging.recipe, "
        "versatile.processors, versatile.renditions.generation, versatile.renditions.strategies\n"
        "from django.conf import settings\n"
        "assert not settings.configured\n"
        "assert vars(versatile.conf.conf) == {}"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_names_of_the_dictionaries_are_what_users_write():
    assert (NATIVE, OLD_SETTINGS) == ("VERSATILE", "VERSATILEIMAGEFIELD_SETTINGS")


@pytest.mark.parametrize("option", PER_FIELD)
def test_a_policy_has_what_its_field_says_and_the_setting_otherwise(option, settings: Settings):
    settings.VERSATILE = {option.upper(): OTHER}
    assert getattr(SETTINGS_ALONE, option) is OTHER
    assert getattr(Policy(**{option: "of the field"}), option) == "of the field"


def test_a_policy_translates_old_paths_as_settings_do():
    assert Policy(matte="imagekit.a.b").matte == "versatile.a.b"


def test_a_policy_names_what_it_does_not_know():
    with pytest.raises(TypeError, match=r"'mate' is no option of an image field"):
        Policy(mate="red")
    with pytest.raises(AttributeError, match=r"a policy has no 'mate'"):
        _ = SETTINGS_ALONE.mate


def test_a_policy_can_be_copied_and_says_what_was_given():
    assert copy.deepcopy(Policy(matte="red")).matte == "red"
    assert repr(Policy(matte="red")) == "Policy(matte='red')"


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda policy: policy])
def test_a_policy_looks_anew_when_the_settings_change(copied):
    first = Policy(color="preserve")
    with override_settings(VERSATILE={"MATTE": "red", "NAMER": "versioned"}):
        assert (first.matte, first.namer) == ("red", "versioned")
        first.kept["made of it"] = "red"
        policy = copied(first)
        assert policy.matte == "red"
    assert (policy.matte, policy.namer, policy.color) == (SETTINGS_ALONE.matte, "plain", "preserve")
    assert policy.matte != "red"
    assert not policy.kept


def test_names_follow_the_settings_at_once():
    before = conf.naming
    with override_settings(VERSATILE={"SIZED_DIRNAME": "elsewhere"}):
        assert conf.naming[0] == "elsewhere"
    assert conf.naming == before


def test_what_is_kept_of_a_policy_does_not_grow_for_ever():
    kept = Policy().kept
    for number in range(MOST_KEPT + 1):
        kept[number] = number
    assert kept == {MOST_KEPT: MOST_KEPT}
