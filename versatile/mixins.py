"""The old path of what a file can do, ``versatileimagefield.mixins``."""

from versatile.files import VersatileImageFieldFile as VersatileImageMixIn

__all__ = ["VersatileImageMixIn"]
