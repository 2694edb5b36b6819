"""The old path of the generators that come with the library, ``imagekit.generatorlibrary``."""

from versatile.specs.library import Thumbnail

__all__ = ["Thumbnail"]
