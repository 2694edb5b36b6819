"""Image renditions for Django: crops, thumbnails and filters of one image field."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "ImageSpec": "versatile.specs",
    "prefetch_renditions": "versatile.rendition_keys",
    "register": "versatile.registry",
    "unregister": "versatile.registry",
}
"""Names that are found here when they are first used, because they need Django's apps."""


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
