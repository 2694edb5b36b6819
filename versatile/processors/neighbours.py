"""Filters of neighbouring pixels, which mix colours by how much of them is seen."""

from PIL import Image, ImageFilter

_PREMULTIPLIED = {"LA": "La", "RGBA": "RGBa"}


def mixed(image: Image.Image, kernel: ImageFilter.Filter) -> Image.Image:
    """An image through a filter of Pillow, without the colours below clear pixels in it."""
    if image.mode not in _PREMULTIPLIED:
        return image.filter(kernel)
    return image.convert(_PREMULTIPLIED[image.mode]).filter(kernel).convert(image.mode)


def without_hidden(rgba: Image.Image) -> Image.Image:
    """The same picture, all of whose clear pixels are equal."""
    return rgba.convert("RGBa").convert("RGBA")
