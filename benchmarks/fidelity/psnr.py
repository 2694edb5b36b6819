"""Peak signal-to-noise ratio of two pictures, with Pillow alone."""

import math

from PIL import Image, ImageChops

EQUAL = 99.0
"""What stands for infinity: the pictures are the same."""


def psnr(one: Image.Image, other: Image.Image) -> float:
    """The likeness in decibels over all bands, at most ``EQUAL``.

    10 · log10(255² / mean squared error). Raises ``ValueError`` for pictures that
    differ in mode or size.
    """
    if (one.mode, one.size) != (other.mode, other.size):
        raise ValueError(f"{one.mode} {one.size} beside {other.mode} {other.size}")
    histogram = ImageChops.difference(one, other).histogram()
    error = sum(count * (level % 256) ** 2 for level, count in enumerate(histogram))
    if not error:
        return EQUAL
    return min(10 * math.log10(255**2 * sum(histogram) / error), EQUAL)
