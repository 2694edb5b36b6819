"""The old path of strategies, ``imagekit.cachefiles.strategies``."""

from versatile.renditions.strategies import DictStrategy, JustInTime, Optimistic, load_strategy

__all__ = ["DictStrategy", "JustInTime", "Optimistic", "load_strategy"]
