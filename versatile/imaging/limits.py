"""Limits: how large an original may be, judged by its header before anything is decoded."""

import math
from dataclasses import dataclass

from versatile.imaging.exceptions import ImageTooLarge
from versatile.imaging.geometry import Size

BUFFERED = 2
"""How much larger a JPEG may be whose pixels libjpeg keeps as a whole, though it is shrunk."""

PARTS = 4
"""How much more the parts of a picture may have together, such as its colours and opacity."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one original may cost. None is no limit."""

    max_bytes: int | None = 64_000_000
    """The size of the file. The setting is ``MAX_SOURCE_BYTES``."""
    max_pixels: int | None = 50_000_000
    """Width times height of what is decoded. The setting is ``MAX_SOURCE_PIXELS``."""
    max_side: int | None = 20_000
    """The longer side of what is decoded. The setting is ``MAX_SOURCE_SIDE``."""
    max_frames: int | None = 100
    """Frames of an animation; of one with more, the first is shown. ``MAX_FRAMES``."""
    max_frames_area: int | None = 100_000_000
    """Frames times width times height, in the same way. ``MAX_FRAMES_AREA``."""

    def check_bytes(self, length: int) -> None:
        """Raise ``ImageTooLarge`` for a file that is longer than allowed."""
        _check(length, self.max_bytes, f"{length} bytes", "MAX_SOURCE_BYTES")

    def check_size(self, size: Size) -> None:
        """Raise ``ImageTooLarge`` for more pixels, or a longer side, than may be decoded."""
        text = f"{size.width}×{size.height} pixels"
        _check(max(size), self.max_side, text, "MAX_SOURCE_SIDE")
        _check(math.prod(size), self.max_pixels, text, "MAX_SOURCE_PIXELS")

    def check_buffered(self, size: Size) -> None:
        """The same for the whole of a picture that is shrunk while it is decoded."""
        most = self.max_pixels and self.max_pixels * BUFFERED
        text = f"{size.width}×{size.height} pixels that have to be kept together"
        _check(math.prod(size), most, text, "MAX_SOURCE_PIXELS")

    def check_together(self, pixels: int) -> None:
        """The same for the parts of a picture: tiles, opacity, what makes it brighter."""
        most = self.max_pixels and self.max_pixels * PARTS
        _check(pixels, most, f"{pixels} pixels in its parts", "MAX_SOURCE_PIXELS")

    def allow_frames(self, frames: int, size: Size) -> bool:
        """Whether all frames of an animation may be decoded, and not the first alone."""
        few = self.max_frames is None or frames <= self.max_frames
        area = frames * math.prod(size)
        return few and (self.max_frames_area is None or area <= self.max_frames_area)


UNLIMITED = Limits(None, None, None, None, None)
"""For pictures that nobody else has sent."""


def _check(value: int, most: int | None, what: str, setting: str) -> None:
    if most is not None and value > most:
        raise ImageTooLarge(
            f"it has {what}, more than {most} may be read; send a smaller picture, or raise "
            f"{setting}"
        )


def endless(most: int, what: str) -> ImageTooLarge:
    """The error for a file of more pieces than any picture has, whatever the limits are."""
    return ImageTooLarge(f"it has more than {most} {what}, which no picture needs; save it anew")
