"""The old path of what deletes its file, ``versatileimagefield.datastructures.mixins``."""

from versatile.renditions.rendition import Rendition as DeleteAndClearCacheMixIn

__all__ = ["DeleteAndClearCacheMixIn"]
