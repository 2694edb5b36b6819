"""The old path of sizers and filters, ``versatileimagefield.datastructures``."""

from versatile.filters import FilteredImage, FilterLibrary
from versatile.sizers import SizedImage

__all__ = ["FilterLibrary", "FilteredImage", "SizedImage"]
