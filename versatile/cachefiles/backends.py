"""The old path of backends, ``imagekit.cachefiles.backends``."""

from versatile.renditions.backends import CachedFileBackend, CacheFileState
from versatile.renditions.backends import Immediate as Simple

__all__ = ["CacheFileState", "CachedFileBackend", "Simple"]
