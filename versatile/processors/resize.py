"""Changing the size of a whole picture.

``Thumbnail`` finds the processors that it calls among the names of this module, when it runs.
"""

from dataclasses import dataclass
from typing import Any

from PIL import Image

from versatile.imaging.exceptions import InvalidArgument
from versatile.imaging.geometry import Box, Point, Size, Window, contain, cover, whole
from versatile.imaging.modes import Colour
from versatile.processors.anchors import Anchor, anchor_point
from versatile.processors.arguments import (
    check_colour_if_any,
    check_sides,
    hold_tuples,
)
from versatile.processors.base import Processor, Resampler, SizedResampler
from versatile.processors.canvas import AddBorder, ResizeCanvas
from versatile.processors.crop import SmartCrop
from versatile.processors.cut import Bounds, cropped
from versatile.processors.smart import smart_box

__all__ = [
    "AddBorder",
    "Resize",
    "ResizeCanvas",
    "ResizeToCover",
    "ResizeToFill",
    "ResizeToFit",
    "SmartCrop",
    "SmartResize",
    "Thumbnail",
]


@dataclass(frozen=True, slots=True)
class Resize(SizedResampler):
    """The whole picture at exactly a width and a height in pixels, whatever its ratio."""

    upscale: bool = True
    """Whether it may grow; otherwise it is resized only where both sides shrink."""

    def window(self, size: Size) -> Window:
        """The whole picture, and the size."""
        shrinks = self.width < size.width and self.height < size.height
        return Window(whole(size), self.wanted if self.upscale or shrinks else size)


@dataclass(frozen=True, slots=True)
class ResizeToCover(SizedResampler):
    """The whole picture at the smallest size that covers a width and a height in pixels."""

    upscale: bool = True

    def window(self, size: Size) -> Window:
        """The whole picture, and the covering size."""
        return Window(whole(size), cover(size, self.wanted, upscale=self.upscale))


@dataclass(frozen=True, slots=True)
class ResizeToFill(Resampler):
    """Exactly a width and a height in pixels: covered, and what hangs over is cut off.

    What is cut off is never resampled. A side that is None follows the ratio. Mode RGBA.
    """

    width: int | None = None
    height: int | None = None
    anchor: str | Point | None = None
    """Which part stays; the middle by default."""
    upscale: bool = True

    def __post_init__(self) -> None:
        check_sides(self.width, self.height)
        anchor_point(self.anchor)
        hold_tuples(self, "anchor")

    def window(self, size: Size) -> Window:
        """The part that stays, and its size."""
        wanted = contain(size, (self.width, self.height), upscale=True)
        wanted = Size(self.width or wanted.width, self.height or wanted.height)
        covering = cover(size, wanted, upscale=self.upscale)
        kept = Size(min(wanted.width, covering.width), min(wanted.height, covering.height))
        across, down = anchor_point(self.anchor)
        left = int((covering.width - kept.width) * across)
        top = int((covering.height - kept.height) * down)
        x, y = size.width / covering.width, size.height / covering.height
        box = Box(left * x, top * y, (left + kept.width) * x, (top + kept.height) * y)
        return Window(box, kept)

    def finish(self, image: Image.Image) -> Image.Image:
        """The picture in mode RGBA."""
        return image.convert("RGBA")


@dataclass(frozen=True, slots=True)
class SmartResize(SizedResampler):
    """Exactly a width and a height in pixels, the dull edges cut off."""

    upscale: bool = True

    def window(self, size: Size) -> Window:
        """The whole picture, covering; one that has to grow is cut before it grows."""
        return Window(whole(size), cover(size, self.wanted, upscale=False))

    def finish(self, image: Image.Image) -> Image.Image:
        """The picture without its dull edges."""
        box = self._box(image)
        if not self._grows(image):
            return cropped(image, box)
        return image.resize(self.wanted, Image.Resampling.LANCZOS, box=box)

    def settled(self, image: Image.Image) -> "SmartResize":
        """The same with the edges of this image, for all frames of an animation."""
        box = self._box(self.resampled(image))
        return _Settled(self.width, self.height, self.upscale, box)

    def _box(self, image: Image.Image) -> Bounds:
        """The part of the resampled window that is not dull."""
        size = Size(*image.size)
        kept = contain(self.wanted, size, upscale=True) if self._grows(image) else self.wanted
        return smart_box(image, kept)

    def _grows(self, image: Image.Image) -> bool:
        return self.upscale and (self.width > image.width or self.height > image.height)

    def output_size(self, size: Size) -> Size:
        """The size asked for, or what there is of it where the picture may not grow."""
        if self.upscale:
            return self.wanted
        fitted = self.window(size).size
        return Size(min(self.width, fitted.width), min(self.height, fitted.height))


@dataclass(frozen=True, slots=True)
class _Settled(SmartResize):
    """The same with a part that is known."""

    box: Bounds = (0, 0, 1, 1)

    def _box(self, image: Image.Image) -> Bounds:
        return self.box


@dataclass(frozen=True, slots=True)
class ResizeToFit(Resampler):
    """The whole picture inside a width and a height in pixels, its ratio kept."""

    width: int | None = None
    height: int | None = None
    upscale: bool = True
    mat_color: Colour | int | None = None
    """Where given, the picture lies on a canvas of the full size in this colour, mode RGBA."""
    anchor: str | Point = Anchor.CENTER
    """Where on the mat it lies."""

    def __post_init__(self) -> None:
        check_sides(self.width, self.height)
        anchor_point(self.anchor)
        check_colour_if_any("mat_color", self.mat_color)
        hold_tuples(self, "anchor", "mat_color")

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
        canvas = self._canvas(Size(*image.size))
        return ResizeCanvas(*canvas, self.mat_color, self.anchor).process(image)

    def _canvas(self, fitted: Size) -> Size:
        return Size(self.width or fitted.width, self.height or fitted.height)


@dataclass(frozen=True, slots=True)
class Thumbnail(Processor):
    """A thumbnail by one of three processors, whichever the arguments ask for.

    With an anchor the size is filled around it, with both sides and no anchor the dull edges
    are cut off, and with ``crop=False`` or one side alone the picture is fitted.
    """

    width: int | None = None
    height: int | None = None
    anchor: str | Point | None = None
    crop: bool | None = None
    upscale: bool | None = None

    def __post_init__(self) -> None:
        check_sides(self.width, self.height)
        if self.anchor is not None:
            anchor_point(self.anchor)
            hold_tuples(self, "anchor")
        if self.anchor is not None and self.crop is not None and not self.crop:
            rule = "None: You can't specify an anchor point if crop is False."
            raise InvalidArgument("anchor", self.anchor, rule)
        if self._crops and not self._has_both:
            name = "height" if self.height is None else "width"
            rule = "given: You must provide both a width and height when cropping."
            raise InvalidArgument(name, None, rule)

    @property
    def _has_both(self) -> bool:
        return self.width is not None and self.height is not None

    @property
    def _crops(self) -> bool:
        if self.crop is None:
            return self.anchor is not None or self._has_both
        return bool(self.crop)

    def expand(self) -> list[Any]:
        """The processor that does the work, found by its name in this module."""
        options: dict[str, Any] = {
            "width": self.width,
            "height": self.height,
            "upscale": bool(self.upscale),
        }
        if not self._crops:
            return [ResizeToFit(**options)]
        if self.anchor is not None:
            return [ResizeToFill(**options, anchor=self.anchor)]
        return [SmartResize(**options)]

    def process(self, image: Image.Image) -> Image.Image:
        """A new image, made by the processor that does the work."""
        made: Image.Image = self.expand()[0].process(image)
        return made

    def output_size(self, size: Size) -> Size | None:
        """What the processor that does the work says."""
        arithmetic = getattr(self.expand()[0], "output_size", None)
        return arithmetic(size) if arithmetic else None
