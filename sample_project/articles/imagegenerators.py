"""Generators of the articles, found at the first look-up: specs that need no field."""

from versatile import ImageSpec, register
from versatile.processors import Adjust, ResizeToFill


@register.generator("articles:poster")
class Poster(ImageSpec):
    """A tall black and white poster, for ``{% generateimage %}``."""

    processors = [ResizeToFill(450, 600), Adjust(color=0, contrast=1.15)]
    format = "JPEG"
    options = {"quality": 78}
