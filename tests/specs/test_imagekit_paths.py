"""Every documented module and name of ImageKit and of its processors, below ``versatile``."""

import importlib
import subprocess
import sys

import pytest
from django.core.management import load_command_class
from django.template import engines
from django.template.loader import get_template

NAMES = {
    "versatile": "ImageSpec register unregister conf generatorlibrary __version__",
    "versatile.models": "ImageSpecField ProcessedImageField",
    "versatile.forms": "ProcessedImageField",
    "versatile.admin": "AdminThumbnail",
    "versatile.cachefiles": (
        "ImageCacheFile LazyImageCacheFile content_required existence_required"
    ),
    "versatile.cachefiles.backends": (
        "Simple CachedFileBackend AbstractCacheFileBackend BaseAsync Celery Async CacheFileState "
        "InvalidFileBackendError get_default_cachefile_backend"
    ),
    "versatile.cachefiles.strategies": "JustInTime Optimistic DictStrategy load_strategy",
    "versatile.cachefiles.namers": "source_name_as_path source_name_dot_hash hash",
    "versatile.conf": "ImageKitConf settings",
    "versatile.exceptions": (
        "AlreadyRegistered NotRegistered MissingGeneratorId MissingSource UnknownExtension "
        "UnknownFormat UnknownExtensionError UnknownFormatError"
    ),
    "versatile.files": "BaseIKFile IKContentFile",
    "versatile.registry": (
        "generator_registry cachefile_registry source_group_registry register unregister"
    ),
    "versatile.signals": "content_required existence_required source_saved",
    "versatile.specs": "BaseImageSpec ImageSpec SpecHost create_spec_class",
    "versatile.specs.sourcegroups": (
        "ImageFieldSourceGroup ModelSignalRouter SourceGroupFilesGenerator"
    ),
    "versatile.generatorlibrary": "Thumbnail",
    "versatile.processors": (
        "ProcessorPipeline Resize ResizeToCover ResizeToFill SmartResize ResizeToFit ResizeCanvas "
        "Crop SmartCrop TrimBorderColor AddBorder Thumbnail Adjust Reflection Transpose MakeOpaque "
        "SetOpacity ColorOverlay ImageOverlay GaussianBlur Convert Anchor Side"
    ),
    "versatile.processors.base": "Processor",
    "versatile.processors.crop": "Crop SmartCrop TrimBorderColor",
    "versatile.processors.resize": (
        "Resize ResizeToCover ResizeToFill SmartResize ResizeToFit ResizeCanvas AddBorder "
        "Thumbnail SmartCrop"
    ),
    "versatile.utils": (
        "extension_to_format format_to_extension extension_to_mimetype format_to_mimetype "
        "suggest_extension open_image save_image prepare_image img_to_fobj process_image "
        "get_nonabstract_descendants get_by_qname get_singleton autodiscover get_logger "
        "get_field_info generate call_strategy_method get_cache get_storage sanitize_cache_key"
    ),
}
EVERY_NAME = [(path, name) for path, names in NAMES.items() for name in names.split()]


@pytest.mark.parametrize(("path", "name"), EVERY_NAME)
def test_a_documented_name_is_where_it_always_was(path: str, name: str):
    module = importlib.import_module(path)
    if name in ("conf", "generatorlibrary"):
        importlib.import_module(f"{path}.{name}")
    assert getattr(module, name) is not None


def test_the_old_module_of_utilities_of_processors_warns():
    code = "import versatile.processors.utils"
    ran = subprocess.run(
        [sys.executable, "-W", "default", "-c", code], capture_output=True, text=True, check=True
    )
    assert "DeprecationWarning" in ran.stderr
    assert "versatile.processors" in ran.stderr


@pytest.mark.parametrize("name", ["base", "crop", "resize"])
def test_our_own_modules_of_processors_do_not_warn(name: str):
    code = f"import versatile.processors.{name}"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, capture_output=True)


def test_the_library_the_command_and_the_template_have_their_old_names():
    libraries = engines["django"].engine.template_libraries  # type: ignore[attr-defined]
    assert {"generateimage", "thumbnail"} <= set(libraries["imagekit"].tags)
    assert load_command_class("versatile", "generateimages").help
    assert get_template("imagekit/admin/thumbnail.html") is not None
