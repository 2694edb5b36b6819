"""The processors that come with the library, and pictures to give them."""

from PIL import Image

from tests.drawing import draw_photo
from versatile.processors import (
    CropAroundPoint,
    GaussianBlur,
    Grayscale,
    Invert,
    Processor,
    ResizeToCover,
    ResizeToFit,
    Sepia,
    Sharpen,
)

POINTWISE: list[Processor] = [Invert(), Grayscale(), Sepia()]

OF_NEIGHBOURS: list[Processor] = [GaussianBlur(2), GaussianBlur(0), Sharpen()]

RESAMPLERS: list[Processor] = [
    CropAroundPoint(20, 10),
    CropAroundPoint(90, 80, (0.9, 0.2)),
    CropAroundPoint(90, 80, (0.9, 0.2), upscale=False),
    ResizeToFit(20, 20),
    ResizeToFit(20, None),
    ResizeToFit(90, 90, upscale=False),
    ResizeToFit(20, 20, mat_color="red"),
    ResizeToCover(20, 20),
    ResizeToCover(90, 90, upscale=False),
]

ALL = [*POINTWISE, *OF_NEIGHBOURS, *RESAMPLERS]

NORMAL_MODES = ["L", "LA", "RGB", "RGBA"]
"""What a processor of a recipe is given."""

OTHER_MODES = ["1", "P", "PA", "CMYK", "YCbCr", "HSV", "I", "I;16", "F"]
"""What somebody may give it who calls it alone."""


def drawn(mode: str) -> Image.Image:
    """A photo with notes beside its pixels."""
    photo = draw_photo((40, 30), mode)
    photo.info["comment"] = "kept by me"
    return photo
