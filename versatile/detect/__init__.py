"""Detectors: where the interest of a picture lies, by its pixels alone.

A detector is ``f(image) -> (x, y)``: it is given an upright Pillow image and returns fractions
of its width and height, from the top left. The setting ``PPOI_DETECTOR`` names one.
"""

from versatile.detect.detail import entropy

__all__ = ["entropy"]
