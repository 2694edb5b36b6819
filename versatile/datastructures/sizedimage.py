"""The old path of sizers, ``versatileimagefield.datastructures.sizedimage``."""

from versatile.exceptions import MalformedSizedImageKey
from versatile.renditions.rendition import Rendition as SizedImageInstance
from versatile.sizers import SizedImage

__all__ = ["MalformedSizedImageKey", "SizedImage", "SizedImageInstance"]
