"""The old path of what sizers and filters share, ``versatileimagefield.datastructures.base``."""

from versatile.renditions.writing import ProcessedImage

__all__ = ["ProcessedImage"]
