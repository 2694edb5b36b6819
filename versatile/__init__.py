"""Image renditions for Django: crops, thumbnails and filters of one image field."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from versatile.registry import register, unregister
    from versatile.rendition_keys import prefetch_renditions
    from versatile.specs import ImageSpec

__all__ = ["ImageSpec", "__version__", "prefetch_renditions", "register", "unregister"]

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
