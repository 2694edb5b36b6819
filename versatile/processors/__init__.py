"""Floor 1: processors, which take an image and give a new one. They never change their input."""

from versatile.processors.adjust import Adjust
from versatile.processors.anchors import Anchor, Side
from versatile.processors.base import PointProcessor, Processor, Resampler
from versatile.processors.blur import Blur, GaussianBlur
from versatile.processors.colour import Grayscale, Invert, Sepia
from versatile.processors.convert import Convert
from versatile.processors.crop import Crop, CropAroundPoint, SmartCrop, TrimBorderColor
from versatile.processors.image_keys import md5, md5_16
from versatile.processors.opacity import MakeOpaque, SetOpacity
from versatile.processors.overlay import ColorOverlay, ImageOverlay
from versatile.processors.pipeline import ProcessorPipeline
from versatile.processors.reflection import Reflection
from versatile.processors.resize import (
    AddBorder,
    Resize,
    ResizeCanvas,
    ResizeToCover,
    ResizeToFill,
    ResizeToFit,
    SmartResize,
    Thumbnail,
)
from versatile.processors.sharpen import Sharpen
from versatile.processors.transpose import Transpose

__all__ = [
    "AddBorder",
    "Adjust",
    "Anchor",
    "Blur",
    "ColorOverlay",
    "Convert",
    "Crop",
    "CropAroundPoint",
    "GaussianBlur",
    "Grayscale",
    "ImageOverlay",
    "Invert",
    "MakeOpaque",
    "PointProcessor",
    "Processor",
    "ProcessorPipeline",
    "Reflection",
    "Resampler",
    "Resize",
    "ResizeCanvas",
    "ResizeToCover",
    "ResizeToFill",
    "ResizeToFit",
    "Sepia",
    "SetOpacity",
    "Sharpen",
    "Side",
    "SmartCrop",
    "SmartResize",
    "Thumbnail",
    "Transpose",
    "TrimBorderColor",
    "md5",
    "md5_16",
]
