"""The generators that come with the library, registered as any app registers its own."""

from versatile.registry import register
from versatile.specs.library import Thumbnail

register.generator("imagekit:thumbnail", Thumbnail)
