"""Animations: the frames of a source, what they may cost, and how fast they run."""

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from versatile.imaging import compositing
from versatile.imaging.decoding import Picture, decoding_errors
from versatile.imaging.encoding import Pace
from versatile.imaging.exceptions import ImageError, TruncatedAnimation
from versatile.imaging.geometry import Size

logger = logging.getLogger(__name__)

AT_ONCE = 10
"""Milliseconds up to which browsers take the pace of a GIF for none."""

USUAL = 100
"""Milliseconds for which they show such a frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of an animation, as a viewer sees it: laid on those before it."""

    picture: Picture
    duration: float
    """Milliseconds for which it is shown."""


def frames(picture: Picture) -> Iterator[Frame]:
    """The frames of a picture, one decoded after another; raises ``TruncatedAnimation``."""
    layered = _is_layered(picture)
    stills = compositing.composed(picture.image, picture.limits) if layered else _stills(picture)
    for index in range(picture.header.frames):
        try:
            with decoding_errors():
                still, duration = next(stills)
        except ImageError as error:
            raise TruncatedAnimation(f"frame {index} cannot be read: {error}") from error
        frame = Picture(still, picture.header, picture.limits)
        frame.decode()
        yield Frame(frame, duration)


def canvas_area(picture: Picture) -> int:
    """How many pixels the canvas has that is kept while the frames of a picture are read."""
    return math.prod(picture.size) if _is_layered(picture) else 0


def _is_layered(picture: Picture) -> bool:
    return compositing.is_layered(picture.image, picture.header.frames)


def _stills(picture: Picture) -> Iterator[tuple[Image.Image, float]]:
    """The frames that a decoder has composed itself, on canvases of their own."""
    image = picture.image
    for index in range(picture.header.frames):
        image.seek(index)
        image.load()
        yield image.copy(), image.info.get("duration") or 0


def is_affordable(picture: Picture, output: Size | None) -> bool:
    """Whether an animation is within its limits, in the file and as it is wanted.

    One that is not is logged, and its first frame shown.
    """
    limits, count = picture.limits, picture.header.frames
    sizes = (picture.size, picture.header.room, output)
    largest = max((size for size in sizes if size), key=math.prod)
    if limits.allow_frames(count, largest):
        return True
    logger.info(
        "Only the first frame is shown: %s frames of %s×%s pixels; %s frames and %s pixels "
        "together are allowed by MAX_FRAMES and MAX_FRAMES_AREA",
        *(count, *largest, limits.max_frames, limits.max_frames_area),
    )
    return False


def is_next(image: Image.Image, shown: Sequence[Image.Image], picture: Picture) -> bool:
    """Whether an image can be the next frame after those that were made of a picture.

    A processor that makes frames of two sizes, or larger ones than can be afforded, is logged.
    """
    if not shown:
        return is_affordable(picture, Size(*image.size))
    if image.size == shown[0].size:
        return True
    logger.info(
        "Only the first frame is shown: a processor made %s pixels of it and %s of another",
        *(shown[0].size, image.size),
    )
    return False


def pace(picture: Picture, durations: Sequence[float], format: str) -> Pace:
    """How an animation runs in a format, which need not count as the source does."""
    source, info = picture.header.format, picture.image.info
    plays = int(info.get("loop", 0))
    if source == "GIF":  # which says how often it is shown again, and nothing for once
        plays = 1 if "loop" not in info else plays and plays + 1
        if format != "GIF":
            durations = [item if item > AT_ONCE else USUAL for item in durations]
    return Pace(tuple(durations), plays)
