"""How far two pictures are apart, and pictures as the engine opens them."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from versatile.imaging.decoding import Header, Picture, open_picture, read_header

ALIKE = 99.0
"""The distance between equal pictures, which is infinite by its formula."""


def psnr(one: Image.Image, other: Image.Image) -> float:
    """Peak signal to noise in decibels; colours under transparency do not count."""
    assert (one.size, one.mode) == (other.size, other.mode)
    levels = [np.asarray(_visible(image), dtype=float) for image in (one, other)]
    error = float(((levels[0] - levels[1]) ** 2).mean())
    return ALIKE if error == 0 else float(10 * np.log10(255**2 / error))


def _visible(image: Image.Image) -> Image.Image:
    return image.convert(f"{image.mode[:-1]}a") if image.mode in {"LA", "RGBA"} else image


def largest_difference(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of a level, of 255."""
    assert (one.size, one.mode) == (other.size, other.mode)
    return int(abs(np.asarray(one, dtype=int) - np.asarray(other, dtype=int)).max())


def levels(image: Image.Image) -> list[object]:
    """The pixels in rows from the top left: numbers, or lists of them."""
    return [pixel for row in np.asarray(image).tolist() for pixel in row]


def read(data: bytes) -> Image.Image:
    """What a viewer sees of a file, by Pillow alone."""
    with Image.open(BytesIO(data)) as image:
        return ImageOps.exif_transpose(image)


def header_of(data: bytes) -> Header:
    """What the engine reads of a file before it is decoded."""
    return read_header(BytesIO(data))


@contextmanager
def decoded(data: bytes, scale: int = 1) -> Iterator[Picture]:
    """A file as the engine opens it, decoded at 1/``scale``."""
    with open_picture(BytesIO(data)) as picture:
        picture.decode(scale)
        yield picture
