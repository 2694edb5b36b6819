"""The old path of filters, ``versatileimagefield.datastructures.filteredimage``."""

from versatile.exceptions import InvalidFilter
from versatile.filters import DummyFilter, FilteredImage, FilterLibrary

__all__ = ["DummyFilter", "FilterLibrary", "FilteredImage", "InvalidFilter"]
