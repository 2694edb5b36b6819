"""The names that sites import: those of django-versatileimagefield, under ``versatile``."""

import importlib
import inspect
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

import versatile
from tests.stored import put, store
from tests.testapp.models import Photo
from versatile import settings as old_settings
from versatile import utils
from versatile.exceptions import VersatileError
from versatile.processors import md5_16

# Each module and each name, as the old library documents or exports them.
PUBLIC = {
    "apps": ["VersatileImageFieldConfig"],
    "fields": ["VersatileImageField", "PPOIField"],
    "files": ["VersatileImageFieldFile", "VersatileImageFileDescriptor"],
    "mixins": ["VersatileImageMixIn"],
    "datastructures": ["SizedImage", "FilteredImage", "FilterLibrary"],
    "datastructures.base": ["ProcessedImage"],
    "datastructures.sizedimage": ["SizedImage", "SizedImageInstance", "MalformedSizedImageKey"],
    "datastructures.filteredimage": [
        "FilteredImage",
        "FilterLibrary",
        "DummyFilter",
        "InvalidFilter",
    ],
    "datastructures.mixins": ["DeleteAndClearCacheMixIn"],
    "versatileimagefield": ["CroppedImage", "ThumbnailImage", "InvertImage"],
    "registry": [
        "versatileimagefield_registry",
        "VersatileImageFieldRegistry",
        "autodiscover",
        "AlreadyRegistered",
        "NotRegistered",
        "InvalidSizedImageSubclass",
        "InvalidFilteredImageSubclass",
        "UnallowedSizerName",
        "UnallowedFilterName",
    ],
    "placeholder": ["PlaceholderImage", "OnDiscPlaceholderImage", "OnStoragePlaceholderImage"],
    "processors": ["md5", "md5_16"],
    "settings": [
        "JPEG_QUAL",
        "WEBP_QUAL",
        "VERSATILEIMAGEFIELD_SIZED_DIRNAME",
        "VERSATILEIMAGEFIELD_FILTERED_DIRNAME",
        "VERSATILEIMAGEFIELD_PLACEHOLDER_DIRNAME",
        "VERSATILEIMAGEFIELD_CREATE_ON_DEMAND",
        "VERSATILEIMAGEFIELD_CACHE_LENGTH",
        "VERSATILEIMAGEFIELD_CACHE_NAME",
        "VERSATILEIMAGEFIELD_PROGRESSIVE_JPEG",
        "VERSATILEIMAGEFIELD_LOSSLESS_WEBP",
        "VERSATILEIMAGEFIELD_POST_PROCESSOR",
        "IMAGE_SETS",
        "cache",
        "VERSATILEIMAGEFIELD_SETTINGS",
    ],
    "utils": [
        "get_resized_filename",
        "get_resized_path",
        "get_filtered_filename",
        "get_filtered_path",
        "post_process_image_key",
        "get_image_metadata_from_file",
        "validate_versatileimagefield_sizekey_list",
        "get_url_from_image_key",
        "build_versatileimagefield_url_set",
        "get_rendition_key_set",
        "MIME_TYPE_TO_PIL_IDENTIFIER",
        "InvalidSizeKey",
        "InvalidSizeKeySet",
    ],
    "validators": ["validate_ppoi_tuple", "validate_ppoi", "INVALID_CENTERPOINT_ERROR_MESSAGE"],
    "forms": [
        "VersatileImageFormField",
        "VersatileImagePPOIClickField",
        "SizedImageCenterpointClickDjangoAdminField",
        "SizedImageCenterpointClickBootstrap3Field",
        "SizedImageCenterpointMixIn",
    ],
    "widgets": [
        "ClearableFileInputWithImagePreview",
        "Bootstrap3ClearableFileInputWithImagePreview",
        "VersatileImagePPOISelectWidget",
        "VersatileImagePPOIClickWidget",
        "SizedImageCenterpointClickDjangoAdminWidget",
        "SizedImageCenterpointClickBootstrap3Widget",
        "SizedImageCenterpointWidgetMixIn",
        "CENTERPOINT_CHOICES",
    ],
    "serializers": ["VersatileImageFieldSerializer"],
    "image_warmer": ["VersatileImageFieldWarmer", "cli_progress_bar"],
}

# What explains nothing has its home elsewhere: an old path is not where it is made.
OLD_PATHS = [name for name in PUBLIC if name.partition(".")[0] in {"datastructures", "mixins"}]
OLD_PATHS += ["utils", "settings"]


def module_of(name: str) -> ModuleType:
    return importlib.import_module(f"versatile.{name}")


@pytest.mark.parametrize("module", PUBLIC)
def test_every_name_can_be_imported(module: str) -> None:
    found = module_of(module)
    missing = [name for name in PUBLIC[module] if not hasattr(found, name)]
    assert missing == []


@pytest.mark.parametrize("module", OLD_PATHS)
def test_an_old_path_says_whose_it_is_and_makes_nothing(module: str) -> None:
    found = module_of(module)
    assert f"``versatileimagefield.{module}``" in (found.__doc__ or "")
    assert "old path" in (found.__doc__ or "")
    made_here = [
        name
        for name, value in vars(found).items()
        if (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == found.__name__
        and not name.startswith("__")
    ]
    assert made_here == []


@pytest.mark.parametrize("module", OLD_PATHS)
def test_an_old_path_stands_in_the_documentation(module: str) -> None:
    page = Path(versatile.__file__).parents[1] / "docs" / "reference" / "old_paths.rst"
    listed = {line.strip() for line in page.read_text(encoding="utf-8").splitlines()}
    # Below a package the page lists all of its modules.
    assert {f"versatile.{module}", f"versatile.{module.partition('.')[0]}"} & listed


@pytest.mark.parametrize("module", [name for name in OLD_PATHS if name != "settings"])
def test_an_old_path_gives_the_very_objects_of_their_homes(module: str) -> None:
    found = module_of(module)
    # One old path of three libraries, and a module for each.
    own = module_of("utils.keys") if module == "utils" else found
    assert set(PUBLIC[module]) == set(own.__all__)
    for name in PUBLIC[module]:
        value = getattr(found, name)
        home = importlib.import_module(getattr(value, "__module__", found.__name__))
        assert home.__name__.startswith("versatile.")
        assert any(value is other for other in vars(home).values())


@pytest.mark.parametrize(
    "name", [name for name in PUBLIC["utils"] + PUBLIC["registry"] if name[0].isupper()]
)
def test_errors_are_ours_wherever_they_are_found(name: str) -> None:
    for module in ("utils", "registry"):
        value = getattr(module_of(module), name, None)
        if inspect.isclass(value) and issubclass(value, Exception):
            assert issubclass(value, VersatileError)
            assert issubclass(value, ImproperlyConfigured)
            assert getattr(importlib.import_module("versatile.exceptions"), name) is value


OLD_DEFAULTS = {
    "cache_length": 2592000,
    "cache_name": "versatileimagefield_cache",
    "jpeg_resize_quality": 70,
    "webp_resize_quality": 70,
    "lossless_webp": False,
    "sized_directory_name": "__sized__",
    "filtered_directory_name": "__filtered__",
    "placeholder_directory_name": "__placeholder__",
    "create_images_on_demand": True,
    "image_key_post_processor": None,
    "progressive_jpeg": False,
}

OLD_NAMES = {
    "JPEG_QUAL": ("jpeg_resize_quality", "JPEG_QUALITY", 33),
    "WEBP_QUAL": ("webp_resize_quality", "WEBP_QUALITY", 44),
    "VERSATILEIMAGEFIELD_SIZED_DIRNAME": ("sized_directory_name", "SIZED_DIRNAME", "s"),
    "VERSATILEIMAGEFIELD_FILTERED_DIRNAME": ("filtered_directory_name", "FILTERED_DIRNAME", "f"),
    "VERSATILEIMAGEFIELD_PLACEHOLDER_DIRNAME": (
        "placeholder_directory_name",
        "PLACEHOLDER_DIRNAME",
        "p",
    ),
    "VERSATILEIMAGEFIELD_CREATE_ON_DEMAND": ("create_images_on_demand", "CREATE_ON_DEMAND", False),
    "VERSATILEIMAGEFIELD_CACHE_LENGTH": ("cache_length", "CACHE_TIMEOUT", 5),
    "VERSATILEIMAGEFIELD_CACHE_NAME": ("cache_name", "CACHE_ALIAS", "other"),
    "VERSATILEIMAGEFIELD_PROGRESSIVE_JPEG": ("progressive_jpeg", "JPEG_PROGRESSIVE", True),
    "VERSATILEIMAGEFIELD_LOSSLESS_WEBP": ("lossless_webp", "WEBP_LOSSLESS", True),
}


@pytest.mark.parametrize("name", OLD_NAMES)
def test_the_old_settings_are_live(name: str, settings: Settings) -> None:
    old, new, value = OLD_NAMES[name]
    assert getattr(old_settings, name) == OLD_DEFAULTS[old]
    settings.VERSATILEIMAGEFIELD_SETTINGS = {old: value}
    assert getattr(old_settings, name) == value
    assert {**OLD_DEFAULTS, old: value} == old_settings.VERSATILEIMAGEFIELD_SETTINGS
    settings.VERSATILEIMAGEFIELD_SETTINGS = {}
    settings.VERSATILE = {new: value}
    assert getattr(old_settings, name) == value
    settings.VERSATILE = {}
    assert getattr(old_settings, name) == OLD_DEFAULTS[old]


def test_the_merged_dictionary_of_the_old_settings_is_live(settings: Settings) -> None:
    assert old_settings.VERSATILEIMAGEFIELD_SETTINGS == OLD_DEFAULTS
    settings.VERSATILE = {"JPEG_QUALITY": 1}
    settings.VERSATILEIMAGEFIELD_SETTINGS = {"jpeg_resize_quality": 2, "webp_resize_quality": 3}
    merged = {**OLD_DEFAULTS, "jpeg_resize_quality": 1, "webp_resize_quality": 3}
    assert merged == old_settings.VERSATILEIMAGEFIELD_SETTINGS


@pytest.mark.parametrize("prefix", ["versatile", "versatileimagefield"])
def test_the_post_processor_of_the_old_settings_is_a_function(
    prefix: str, settings: Settings
) -> None:
    path = f"{prefix}.processors.md5_16"
    settings.VERSATILEIMAGEFIELD_SETTINGS = {"image_key_post_processor": path}
    assert old_settings.VERSATILEIMAGEFIELD_POST_PROCESSOR is md5_16
    settings.VERSATILEIMAGEFIELD_SETTINGS = {"image_key_post_processor": "nowhere.nothing"}
    with pytest.raises(ImproperlyConfigured, match=r"nowhere\.nothing"):
        old_settings.VERSATILEIMAGEFIELD_POST_PROCESSOR  # noqa: B018


def test_without_a_post_processor_there_is_none() -> None:
    assert old_settings.VERSATILEIMAGEFIELD_POST_PROCESSOR is None


def test_the_sets_of_the_old_settings_are_live(settings: Settings) -> None:
    assert old_settings.IMAGE_SETS == {}
    settings.VERSATILEIMAGEFIELD_RENDITION_KEY_SETS = {"a": [("b", "url")]}
    assert old_settings.IMAGE_SETS == {"a": [("b", "url")]}


def test_the_cache_of_the_old_settings_is_the_one_in_use(settings: Settings) -> None:
    assert old_settings.cache is caches["default"]
    backend = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "other"}
    settings.CACHES = {**settings.CACHES, "versatileimagefield_cache": backend}
    assert old_settings.cache is caches["versatileimagefield_cache"]
    settings.VERSATILE = {"CACHE_ALIAS": "default"}
    assert old_settings.cache is caches["default"]


def test_an_unknown_name_of_the_old_settings_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="NOPE"):
        old_settings.NOPE  # noqa: B018


def test_names_of_files_by_the_old_functions() -> None:
    assert utils.get_resized_filename("x.jpg", 50, 40, "thumbnail") == "x-thumbnail-50x40-70.jpg"
    assert utils.get_resized_filename("", 1, 2, "k") == "-k-1x2-70.jpg"
    assert utils.get_filtered_filename("x.jpg", "invert") == "x__invert__.jpg"
    path = utils.get_resized_path("d/x.png", 50, 40, "thumbnail", None)
    assert path == "__sized__/d/x-thumbnail-50x40.png"
    assert utils.get_filtered_path("d/x.png", "invert", None) == "d/__filtered__/x__invert__.png"
    assert utils.post_process_image_key("crop-c0-5__0-5-40x40-70") == "crop-c0-5__0-5-40x40-70"


def test_post_processing_by_the_old_function(settings: Settings) -> None:
    settings.VERSATILE = {"KEY_POST_PROCESSOR": "versatileimagefield.processors.md5_16"}
    assert utils.post_process_image_key("crop-c0-5__0-5-40x40-70") == "c58e413834d1d93f"
    path = utils.get_resized_path("d/x.jpg", 40, 40, "crop-c0-5__0-5", None)
    assert path == "__sized__/d/x-c58e413834d1d93f.jpg"


def test_rendition_keys_by_the_old_functions(settings: Settings) -> None:
    file = Photo(image=store("d/x.jpg")).image
    pairs = [("a", "crop__20x10"), ("b", "url"), ("a", "crop__20x10")]
    assert utils.validate_versatileimagefield_sizekey_list(pairs) == pairs[:2]
    settings.VERSATILEIMAGEFIELD_RENDITION_KEY_SETS = {"set": pairs}
    assert utils.get_rendition_key_set("set") == pairs[:2]
    url = utils.get_url_from_image_key(file, "crop__20x10")
    assert url == "/media/__sized__/d/x-crop-c0-5__0-5-20x10-70.jpg"
    urls = {"a": url, "b": "/media/d/x.jpg"}
    assert utils.build_versatileimagefield_url_set(file, pairs) == urls
    assert utils.build_versatileimagefield_url_set(Photo().image, pairs) == {}
    with pytest.raises(ImproperlyConfigured, match="nope"):
        utils.get_rendition_key_set("nope")


def test_formats_by_the_old_functions() -> None:
    name = put("d/lie.jpg", b"")
    store("d/lie.png", format="JPEG")
    photo = Photo(image=name)
    with photo.image.storage.open("d/lie.png") as file:
        assert utils.get_image_metadata_from_file(file) == ("JPEG", "image/jpeg")
    for mimetype, identifier in {
        "image/jpeg": "JPEG",
        "image/png": "PNG",
        "image/gif": "GIF",
        "image/tiff": "TIFF",
        "image/webp": "WEBP",
        "image/bmp": "BMP",
        "image/x-ms-bmp": "BMP",
    }.items():
        assert utils.MIME_TYPE_TO_PIL_IDENTIFIER[mimetype] == identifier


def test_the_app_has_the_old_verbose_name() -> None:
    config: Any = apps.get_app_config("versatile")
    assert config.verbose_name == "VersatileImageField"
    assert type(config).__name__ == "VersatileImageFieldConfig"


def test_the_package_knows_its_version_and_no_other_names() -> None:
    assert versatile.__version__
    assert not hasattr(versatile, "nope")
