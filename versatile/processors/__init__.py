"""Floor 1: processors, which take an image and give a new one. They never change their input."""

from versatile.processors.base import PointProcessor, Processor, Resampler
from versatile.processors.blur import GaussianBlur
from versatile.processors.colour import Grayscale, Invert, Sepia
from versatile.processors.crop import CropAroundPoint
from versatile.processors.image_keys import md5, md5_16
from versatile.processors.resize import ResizeToCover, ResizeToFit
from versatile.processors.sharpen import Sharpen

__all__ = [
    "CropAroundPoint",
    "GaussianBlur",
    "Grayscale",
    "Invert",
    "PointProcessor",
    "Processor",
    "Resampler",
    "ResizeToCover",
    "ResizeToFit",
    "Sepia",
    "Sharpen",
    "md5",
    "md5_16",
]
