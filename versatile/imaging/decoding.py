"""Opening a picture: its header, its pixels at the scale that is wanted, the right way up."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from PIL import Image

from versatile.imaging import colour, compositing, planning, reading
from versatile.imaging.exceptions import ImageError, ImageTooLarge, TruncatedImage
from versatile.imaging.formats import format_to_mimetype
from versatile.imaging.geometry import Box, Size, Window, whole
from versatile.imaging.limits import Limits

Transpose = Image.Transpose

UPRIGHT: dict[int, Transpose] = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""What turns a picture stored in an EXIF orientation upright."""

TURNING = {
    *("exif", "Raw profile type exif", "Raw profile type APP1"),
    *("xmp", "XML:com.adobe.xmp"),
}
"""What Pillow keeps of a file that may hold its orientation."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself before its pixels are decoded."""

    format: str
    orientation: int
    stored: Size
    """The size as it lies in the file."""
    frames: int = 1
    """How many pictures an animation has."""
    room: Size | None = None
    """The size as it lies in the file that all of them need, where that is another."""

    @property
    def size(self) -> Size:
        """The size of the upright picture."""
        return Size(*reversed(self.stored)) if self.orientation >= 5 else self.stored


class Picture:
    """An open source: decoded once, then asked for windows of the upright picture.

    The pixels stay as they lie in the file, and what is cut from them is turned upright,
    because turning a small picture is cheaper than turning a large one.
    """

    def __init__(
        self, image: Image.Image, header: Header | None = None, limits: Limits | None = None
    ) -> None:
        self.image = image
        """What Pillow knows of the file. Frames are taken of it."""
        self.limits = limits or Limits()
        self.header = header or _header(image, self.limits)
        self._profile: bytes | None = image.info.get("icc_profile")
        self._blocks: dict[int, Image.Image] = {}
        """What was decoded, averaged over blocks of so many of its pixels."""
        self._shared: list[Image.Image] = []
        """Renditions of the whole picture, which smaller ones may be taken of."""
        self._scale = 1.0
        self._upright: Image.Image | None = None

    @property
    def size(self) -> Size:
        """The size of the upright picture in source pixels, whatever is decoded."""
        return self.header.size

    def decode(self, scale: int = 1) -> None:
        """Decode the pixels, at 1/``scale`` where the format can; raises ``ImageError``.

        Only the first call decodes: a file cannot be read again at another scale. What would
        be more pixels than ``limits`` allow is not begun.
        """
        if self._blocks:
            return
        stored = self.header.stored
        with decoding_errors():
            draft = reading.shrink(self.image, scale, self.limits)
            self.limits.check_size(Size(*self.image.size))
            reading.check_length(self.image, stored)
            self._blocks = {1: self._first_frame()}
        self._scale = stored.width / draft if draft else 1.0

    def _first_frame(self) -> Image.Image:
        if compositing.is_layered(self.image, self.header.frames):
            first, _ = next(compositing.composed(self.image, self.limits))
            return first
        self.image.load()
        normal = colour.normalise(self.image)
        # Frames are taken from the same object.
        return normal.copy() if normal is self.image and self.header.frames > 1 else normal

    def pixels_at(self, scale: int) -> int:
        """How many pixels ``decode`` keeps at a scale, as far as the header tells.

        Of a progressive JPEG libjpeg keeps the whole first, in about half the room.
        """
        pixels = math.prod(self.header.room or self.header.stored)
        if self.header.format != "JPEG" or scale == 1:
            return pixels
        shrunk = -(-pixels // scale**2)
        return max(shrunk, pixels // 2) if self.image.info.get("progressive") else shrunk

    @cached_property
    def profile(self) -> bytes | None:
        """The colour profile that ``preserve`` leaves to be written; None where there is none.

        It is one that can be read, fits the picture, and is another than sRGB.
        """
        return colour.sound_profile(self._profile, self._blocks[1].mode)

    def upright(self, *, preserve: bool = False) -> Image.Image:
        """The whole decoded picture, upright and in sRGB; the same object at each call."""
        if preserve and self.profile:
            return self._turned(self._blocks[1])
        if self._upright is None:
            self._upright = self._finish(self._blocks[1], preserve=False)
        return self._upright

    def window(self, window: Window, *, exact: bool = False, preserve: bool = False) -> Image.Image:
        """A window of the picture, resampled by Lanczos, upright and in sRGB.

        ``exact`` does it in one step from what was decoded. ``preserve`` leaves the colours as
        they are, for a file that holds their ``profile``.
        """
        stored = self._to_stored(window)
        pixels, across, down = self._level(stored, exact=exact)
        left, top, right, bottom = stored.box
        right, bottom = min(right / across, pixels.width), min(bottom / down, pixels.height)
        box = Box(left / across, top / down, right, bottom)
        if box == whole(Size(*pixels.size)) and stored.size == pixels.size:
            return self._handed_out(pixels, preserve=preserve)
        image = pixels.resize(stored.size, Image.Resampling.LANCZOS, box=box)
        if stored.box == whole(self.header.stored):
            self._shared.append(image)
        return self._handed_out(image, preserve=preserve)

    def _level(self, window: Window, *, exact: bool) -> tuple[Image.Image, float, float]:
        """The smallest picture that a window may be taken of, and how far it is shrunk."""
        side = 1 if exact else planning.block_size(window.shrink, self._scale)
        scale = self._scale * side
        stored = self.header.stored
        for image in () if exact else sorted(self._shared, key=lambda image: image.width):
            across, down = stored.width / image.width, stored.height / image.height
            left = window.shrink_from(across, down)
            if across > scale and left >= planning.SHARED_HEADROOM:
                return image, across, down
        return self._averaged(side), scale, scale

    def _averaged(self, side: int) -> Image.Image:
        if side not in self._blocks:
            self._blocks[side] = self._averaged(side // 2).reduce(2)
        return self._blocks[side]

    def _handed_out(self, pixels: Image.Image, *, preserve: bool) -> Image.Image:
        """What the caller may paint on, as processors of others do against all rules."""
        finished = self._finish(pixels, preserve=preserve)
        return finished.copy() if finished is pixels else finished

    def _finish(self, pixels: Image.Image, *, preserve: bool) -> Image.Image:
        turned = self._turned(pixels)
        return turned if preserve and self.profile else colour.to_srgb(turned, self._profile)

    def _turned(self, pixels: Image.Image) -> Image.Image:
        return turned(pixels, self.header.orientation)

    def _to_stored(self, window: Window) -> Window:
        orientation, box, size = self.header.orientation, window.box, window.size
        if orientation >= 5:
            box, size = Box(box.top, box.left, box.bottom, box.right), Size(*reversed(size))
        width, height = self.header.stored
        if orientation in (2, 3, 7, 8):
            box = Box(width - box.right, box.top, width - box.left, box.bottom)
        if orientation in (3, 4, 6, 7):
            box = Box(box.left, height - box.bottom, box.right, height - box.top)
        return Window(box, size)


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The picture upright, and nothing left that would turn it once more; itself if it is."""
    turn = UPRIGHT.get(orientation)
    if turn is None:
        return image
    upright = image.transpose(turn)
    upright.info = {key: value for key, value in image.info.items() if key not in TURNING}
    return upright


def read_header(file: IO[bytes], limits: Limits | None = None) -> Header:
    """The header of the picture in a seekable binary file; raises ``ImageError``."""
    limits = limits or Limits()
    return _header(reading.open_image(file, limits), limits)


def format_and_mimetype(file: IO[bytes]) -> tuple[str, str]:
    """Pillow's name of the format in a file, and its MIME type; raises ``ImageError``."""
    format = reading.identify(file)
    return format, format_to_mimetype(format)


@contextmanager
def open_picture(file: IO[bytes], limits: Limits | None = None) -> Iterator[Picture]:
    """A picture that is ready to be decoded, closed at the end; raises ``ImageError``."""
    limits = limits or Limits()
    image = reading.open_image(file, limits)
    try:
        yield Picture(image, limits=limits)
    finally:
        image.close()


@contextmanager
def decoding_errors() -> Iterator[None]:
    """Turn whatever a broken file does to Pillow into an ``ImageError``."""
    try:
        yield
    except ImageError:
        raise
    except MemoryError as error:
        raise ImageTooLarge("it does not fit into memory") from error
    except Exception as error:  # decoders raise what they like, that of AVIF a RuntimeError
        raise TruncatedImage(f"it is truncated or damaged: {error}") from error


def _header(image: Image.Image, limits: Limits) -> Header:
    stored = Size(*image.size)
    count, room = reading.frames(image, limits.max_frames)
    larger = room if room != stored else None
    return Header(image.format or "", reading.orientation(image), stored, count, larger)


def open_image(file: IO[bytes], limits: Limits | None = None) -> Image.Image:
    """The loaded picture in a seekable binary file, as it lies there; raises ``ImageError``."""
    limits = limits or Limits()
    image = reading.open_image(file, limits)
    with decoding_errors():
        limits.check_size(Size(*image.size))
        image.load()
    return image
