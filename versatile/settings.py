"""The old path of the settings, ``versatileimagefield.settings``; each name is read when used."""

from typing import Any

from versatile.conf import OLD_SETTINGS, SETTINGS, conf
from versatile.renditions.cache import cache as cache_in_use
from versatile.renditions.namers import post_processor

NAMES = {
    "JPEG_QUAL": "JPEG_QUALITY",
    "WEBP_QUAL": "WEBP_QUALITY",
    "VERSATILEIMAGEFIELD_SIZED_DIRNAME": "SIZED_DIRNAME",
    "VERSATILEIMAGEFIELD_FILTERED_DIRNAME": "FILTERED_DIRNAME",
    "VERSATILEIMAGEFIELD_PLACEHOLDER_DIRNAME": "PLACEHOLDER_DIRNAME",
    "VERSATILEIMAGEFIELD_CREATE_ON_DEMAND": "CREATE_ON_DEMAND",
    "VERSATILEIMAGEFIELD_CACHE_LENGTH": "CACHE_TIMEOUT",
    "VERSATILEIMAGEFIELD_CACHE_NAME": "CACHE_ALIAS",
    "VERSATILEIMAGEFIELD_PROGRESSIVE_JPEG": "JPEG_PROGRESSIVE",
    "VERSATILEIMAGEFIELD_LOSSLESS_WEBP": "WEBP_LOSSLESS",
    "IMAGE_SETS": "RENDITION_KEY_SETS",
}


def __getattr__(name: str) -> Any:
    if name in NAMES:
        return getattr(conf, NAMES[name])
    if name == "VERSATILEIMAGEFIELD_POST_PROCESSOR":
        return conf.KEY_POST_PROCESSOR and post_processor(conf.KEY_POST_PROCESSOR)
    if name == OLD_SETTINGS:
        return {item.old_key: getattr(conf, key) for key, item in SETTINGS.items() if item.old_key}
    if name == "cache":
        return cache_in_use()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
