"""The old path of the files of generators, ``imagekit.cachefiles``."""

from versatile.signals import content_required, existence_required
from versatile.specs.cachefile import ImageCacheFile
from versatile.specs.lazy import LazyImageCacheFile

__all__ = ["ImageCacheFile", "LazyImageCacheFile", "content_required", "existence_required"]
