"""Changing the size of a whole picture."""

from dataclasses import dataclass

from PIL import Image

from versatile.imaging.encoding import Colour, opaque
from versatile.imaging.geometry import Size, Window, contain, cover, whole
from versatile.processors.base import Resampler


@dataclass(frozen=True, slots=True)
class ResizeToFit(Resampler):
    """The whole picture inside a width and a height in pixels, its ratio kept."""

    width: int | None = None
    height: int | None = None
    upscale: bool = True
    mat_color: Colour | None = None
    """Where given, the picture lies in the middle of a canvas of the full size in this colour."""

    def window(self, size: Size) -> Window:
        """The whole picture, and the size inside the bounds."""
        fitted = contain(size, (self.width, self.height), upscale=self.upscale)
        return Window(whole(size), fitted)

    def output_size(self, size: Size) -> Size:
        """The fitted size, or the canvas where there is a mat."""
        fitted = self.window(size).size
        return fitted if self.mat_color is None else self._canvas(fitted)

    def finish(self, image: Image.Image) -> Image.Image:
        """The picture, on its mat where there is one."""
        if self.mat_color is None:
            return image
        canvas = Image.new("RGB", self._canvas(Size(*image.size)), opaque(self.mat_color))
        middle = (canvas.width - image.width) // 2, (canvas.height - image.height) // 2
        canvas.paste(image, middle, image if image.mode in ("LA", "RGBA") else None)
        return canvas

    def _canvas(self, fitted: Size) -> Size:
        return Size(self.width or fitted.width, self.height or fitted.height)


@dataclass(frozen=True, slots=True)
class ResizeToCover(Resampler):
    """The whole picture at the smallest size that covers a width and a height in pixels."""

    width: int
    height: int
    upscale: bool = True

    def window(self, size: Size) -> Window:
        """The whole picture, and the covering size."""
        return Window(whole(size), cover(size, Size(self.width, self.height), upscale=self.upscale))
