"""The settings: one native dictionary ``VERSATILE``, and the old names mapped onto it.

Read at first use and dropped on ``setting_changed``, so that ``override_settings`` works.
``settings`` are Django's own.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

NATIVE = "VERSATILE"
OLD_SETTINGS = "VERSATILEIMAGEFIELD_SETTINGS"

OLD_PREFIXES = ("versatileimagefield.", "imagekit.", "pilkit.")
"""Dotted paths below these mean the same path below ``versatile.``."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of ``VERSATILE``: its default, its old name, and what it decides."""

    key: str
    default: Any
    """A value, or a function without arguments that gives it."""
    old_name: str | None
    """``NAME`` for a setting of its own, ``NAME[key]`` for a key of an old dictionary."""
    help: str

    @property
    def old_key(self) -> str | None:
        """The key in ``VERSATILEIMAGEFIELD_SETTINGS``, if that is where it was."""
        if self.old_name and self.old_name.startswith(OLD_SETTINGS + "["):
            return self.old_name[len(OLD_SETTINGS) + 1 : -1]
        return None


def _old(key: str) -> str:
    return f"{OLD_SETTINGS}[{key}]"


SETTINGS: dict[str, Setting] = {
    item.key: item
    for item in (
        Setting(
            "CACHE_ALIAS",
            "versatileimagefield_cache",
            _old("cache_name"),
            "Alias in ``CACHES`` of the cache that remembers which renditions have files. "
            "Without such an alias, the default cache.",
        ),
        Setting(
            "CACHE_TIMEOUT",
            2592000,
            _old("cache_length"),
            "Seconds for which a rendition is remembered as ready.",
        ),
        Setting(
            "JPEG_QUALITY",
            70,
            _old("jpeg_resize_quality"),
            "Quality of JPEG renditions, 1 to 100; part of their names.",
        ),
        Setting(
            "WEBP_QUALITY",
            70,
            _old("webp_resize_quality"),
            "Quality of WebP renditions, 1 to 100; part of their names.",
        ),
        Setting("WEBP_LOSSLESS", False, _old("lossless_webp"), "Whether WebP is lossless."),
        Setting(
            "JPEG_PROGRESSIVE", False, _old("progressive_jpeg"), "Whether JPEG is progressive."
        ),
        Setting(
            "SIZED_DIRNAME",
            "__sized__",
            _old("sized_directory_name"),
            "Top-level folder of what sizers make.",
        ),
        Setting(
            "FILTERED_DIRNAME",
            "__filtered__",
            _old("filtered_directory_name"),
            "Folder of what filters make, beside the original.",
        ),
        Setting(
            "PLACEHOLDER_DIRNAME",
            "__placeholder__",
            _old("placeholder_directory_name"),
            "Top-level folder of the copies of placeholders.",
        ),
        Setting(
            "CREATE_ON_DEMAND",
            True,
            _old("create_images_on_demand"),
            "Whether asking for a rendition makes it. Where False, a URL costs no storage call "
            "and no cache call.",
        ),
        Setting(
            "KEY_POST_PROCESSOR",
            None,
            _old("image_key_post_processor"),
            "Dotted path of ``f(key) -> str``, run on the key in the name of a sized file.",
        ),
        Setting(
            "RENDITION_KEY_SETS",
            {},
            "VERSATILEIMAGEFIELD_RENDITION_KEY_SETS",
            "Name -> list of pairs (name, rendition key).",
        ),
        Setting(
            "DRAW_PLACEHOLDERS",
            False,
            "VERSATILEIMAGEFIELD_USE_PLACEHOLDIT",
            "Whether an empty field without a placeholder gives a grey picture of the size that "
            "is asked for, drawn here, as a data URI.",
        ),
        Setting("MAX_SIDE", 8000, None, "The longest side of a rendition, in pixels."),
        Setting(
            "MAX_AREA",
            25_000_000,
            None,
            "The largest area of a rendition, in pixels, unless its original is larger.",
        ),
        Setting(
            "UPSCALE",
            True,
            None,
            "Whether ``crop`` and ``cover`` enlarge a small original. Where False the rendition is "
            "smaller and keeps its ratio.",
        ),
        Setting(
            "MATTE",
            "#ffffff",
            None,
            "Colour below transparent pixels in formats that have none, and around ``pad``.",
        ),
        Setting(
            "SPEC_DIRNAME",
            "CACHE/images",
            "IMAGEKIT_CACHEFILE_DIR",
            "Top-level folder of what specs make.",
        ),
        Setting(
            "SPEC_NAMER",
            "versatile.cachefiles.namers.source_name_as_path",
            "IMAGEKIT_SPEC_CACHEFILE_NAMER",
            "Dotted path of the namer of specs.",
        ),
        Setting(
            "GENERATOR_NAMER",
            "versatile.cachefiles.namers.hash",
            "IMAGEKIT_CACHEFILE_NAMER",
            "Dotted path of the namer of generators without a source.",
        ),
        Setting(
            "BACKEND",
            "versatile.cachefiles.backends.Simple",
            "IMAGEKIT_DEFAULT_CACHEFILE_BACKEND",
            "Dotted path of the backend that makes the files of specs.",
        ),
        Setting(
            "STRATEGY",
            "versatile.cachefiles.strategies.JustInTime",
            "IMAGEKIT_DEFAULT_CACHEFILE_STRATEGY",
            "When the files of specs are made: a dotted path, a class, or a dictionary of "
            "callbacks.",
        ),
        Setting(
            "SPEC_STORAGE",
            None,
            "IMAGEKIT_DEFAULT_FILE_STORAGE",
            "Alias in ``STORAGES`` of the storage of what specs make, or the dotted path of a "
            "storage class. Without one, the default storage.",
        ),
        Setting(
            "SPEC_CACHE_ALIAS",
            None,
            "IMAGEKIT_CACHE_BACKEND",
            "Alias in ``CACHES`` of the cache that remembers which files of specs are there. "
            "Without one, the default cache.",
        ),
        Setting(
            "SPEC_CACHE_PREFIX",
            "imagekit:",
            "IMAGEKIT_CACHE_PREFIX",
            "What the keys of specs in that cache begin with.",
        ),
        Setting(
            "SPEC_CACHE_TIMEOUT",
            lambda: 300 if settings.DEBUG else None,
            "IMAGEKIT_CACHE_TIMEOUT",
            "Seconds for which the file of a spec is remembered as ready. Without a value for "
            "ever, or 300 under ``DEBUG``.",
        ),
        Setting(
            "SPEC_SAFE_CACHE_KEYS",
            True,
            "IMAGEKIT_USE_MEMCACHED_SAFE_CACHE_KEY",
            "Whether those keys are kept free of spaces and below 200 characters.",
        ),
        Setting(
            "EXACT_RESAMPLING",
            False,
            None,
            "Whether every original is decoded in full and resampled in one step: the "
            "reference that the fast path is measured against, several times slower.",
        ),
    )
}


class Configuration:
    """The settings as attributes: ``conf.JPEG_QUALITY``; unknown names are AttributeErrors."""

    def __getattr__(self, key: str) -> Any:
        if key not in SETTINGS:
            raise AttributeError(f"{NATIVE} has no key {key!r}; known are {', '.join(SETTINGS)}")
        value = self.__dict__[key] = translate(_read(SETTINGS[key]))
        return value

    def forget(self) -> None:
        """Read the settings anew at their next use."""
        self.__dict__.clear()


def _read(setting: Setting) -> Any:
    default = setting.default() if callable(setting.default) else setting.default
    native = getattr(settings, NATIVE, {})
    if setting.key in native:
        return native[setting.key]
    if setting.old_key is not None:
        return getattr(settings, OLD_SETTINGS, {}).get(setting.old_key, default)
    return getattr(settings, setting.old_name or "", default)


def translate(value: Any) -> Any:
    """A dotted path below an old prefix as the same path below ``versatile.``."""
    if isinstance(value, str):
        for prefix in OLD_PREFIXES:
            if value.startswith(prefix):
                return "versatile." + value.removeprefix(prefix)
    return value


conf = Configuration()


class ImageKitConf:
    """What ImageKit's own settings class did with a value, where anybody calls it."""

    def configure_default_file_storage(self, value: str | None) -> str:
        """The alias or the dotted path of a storage; ``'default'`` without one."""
        return value or "default"


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting.startswith((NATIVE, "IMAGEKIT_")) or setting == "DEBUG":
        conf.forget()


setting_changed.connect(_forget)
