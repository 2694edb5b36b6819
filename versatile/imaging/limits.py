"""Limits: how large an original may be, judged by its header before anything is decoded."""

import math
from dataclasses import dataclass

from versatile.imaging.exceptions import (
    ImageTooLarge,
    SideTooLong,
    TooManyBytes,
    TooManyPieces,
    TooManyPixels,
)
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
        """Raise ``TooManyBytes`` for a file that is longer than allowed."""
        if self.max_bytes is not None and length > self.max_bytes:
            text = _told(f"{length} bytes", self.max_bytes, "MAX_SOURCE_BYTES")
            raise TooManyBytes(text, length=length, most=self.max_bytes)

    def check_size(self, size: Size) -> None:
        """Raise ``SideTooLong`` or ``TooManyPixels`` for what may not be decoded."""
        what = f"{size.width}×{size.height} pixels"
        if self.max_side is not None and max(size) > self.max_side:
            text = _told(what, self.max_side, "MAX_SOURCE_SIDE")
            raise SideTooLong(text, **size._asdict(), most=self.max_side)
        _check_pixels(size, self.max_pixels, what)

    def check_buffered(self, size: Size) -> None:
        """The same for the whole of a picture that is shrunk while it is decoded."""
        most = self.max_pixels and self.max_pixels * BUFFERED
        _check_pixels(
            size, most, f"{size.width}×{size.height} pixels that have to be kept together"
        )

    def check_together(self, pixels: int) -> None:
        """Raise ``ImageTooLarge`` for the parts of a picture: tiles, opacity, what brightens it."""
        most = self.max_pixels and self.max_pixels * PARTS
        if most is not None and pixels > most:
            raise ImageTooLarge(_told(f"{pixels} pixels in its parts", most, "MAX_SOURCE_PIXELS"))

    def allow_frames(self, frames: int, size: Size) -> bool:
        """Whether all frames of an animation may be decoded, and not the first alone."""
        few = self.max_frames is None or frames <= self.max_frames
        area = frames * math.prod(size)
        return few and (self.max_frames_area is None or area <= self.max_frames_area)


UNLIMITED = Limits(None, None, None, None, None)
"""For pictures that nobody else has sent."""


def _check_pixels(size: Size, most: int | None, what: str) -> None:
    if most is not None and math.prod(size) > most:
        text = _told(what, most, "MAX_SOURCE_PIXELS")
        raise TooManyPixels(text, **size._asdict(), most=most)


def _told(what: str, most: int, setting: str) -> str:
    return (
        f"it has {what}, more than {most} may be read; send a smaller picture, or raise {setting}"
    )


def endless(most: int, what: str) -> ImageTooLarge:
    """The error for a file of more pieces than any picture has, whatever the limits are."""
    return TooManyPieces(f"it has more than {most} {what}, which no picture needs; save it anew")
