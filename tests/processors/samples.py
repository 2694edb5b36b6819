"""The processors that come with the library, and pictures to give them."""

from PIL import Image

from tests.drawing import draw_photo
from versatile.processors import (
    AddBorder,
    Adjust,
    Blur,
    ColorOverlay,
    Convert,
    Crop,
    CropAroundPoint,
    GaussianBlur,
    Grayscale,
    ImageOverlay,
    Invert,
    MakeOpaque,
    Processor,
    Reflection,
    ResizeCanvas,
    ResizeToCover,
    ResizeToFit,
    Sepia,
    SetOpacity,
    Sharpen,
    Transpose,
)

POINTWISE: list[Processor] = [Invert(), Grayscale(), Sepia()]

GENTLE: list[Processor] = [
    Adjust(color=1.5),
    Adjust(brightness=1.2, contrast=1.2),
    MakeOpaque("red"),
    SetOpacity(100),
    Convert("L"),
    ColorOverlay("red", 0.3),
    ImageOverlay(Image.new("RGBA", (9, 9), "#ff000080"), (5, 5)),
    AddBorder(3, "red"),
    ResizeCanvas(50, 20, "red"),
    Crop(15, 15),
    Reflection(),
    Transpose(Transpose.ROTATE_90),
]
"""After them, what looked the same before still does."""

OF_NEIGHBOURS: list[Processor] = [GaussianBlur(2), Blur(2), Blur(0), Sharpen()]

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
