"""Detection: the point that a new upload gets when it is saved, once."""

import io
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.core import checks
from django.core.files.base import File
from django.utils.module_loading import import_string
from PIL import Image

from versatile.conf import translate
from versatile.imaging import decoding, svg
from versatile.imaging.geometry import Point, Window, contain, whole
from versatile.imaging.limits import Limits
from versatile.validators import validate_ppoi

logger = logging.getLogger(__name__)

SIDE = 1024
"""Pixels of the longer side of what a detector is shown, at most."""

Detector = Callable[[Image.Image], Iterable[float]]
"""``f(image) -> (x, y)``: fractions of the sides of an upright image in sRGB."""


def choose(upload: "File[bytes]", point: Point | str | None) -> None:
    """Note on an upload which point was chosen for it; None says that nobody chose one.

    An upload on which nothing is noted, as code assigns it, has what its instance has.
    """
    upload.chosen_ppoi = point or None  # type: ignore[attr-defined]


def point_for(
    upload: "File[bytes]",
    detector: str | Detector | None,
    *,
    limits: Limits,
    is_new_point: bool,
    is_shared: bool,
) -> Point | str | None:
    """The point for a new upload: that chosen for it, else the detector's; None for no change.

    ``is_new_point`` says whether the instance has a point that nobody gave it, and
    ``is_shared`` whether another picture has the same one.
    """
    chosen: Point | str | None = getattr(upload, "chosen_ppoi", None)
    nobody_chose = is_new_point or (hasattr(upload, "chosen_ppoi") and not is_shared)
    if chosen is None and detector is not None and nobody_chose:
        return detect(upload, detector, limits)
    return chosen


def detect(upload: "File[bytes]", detector: str | Detector, limits: Limits) -> Point | None:
    """What a detector, or the one at a dotted path, finds; None, and a log record, if it fails.

    None for a drawing, too, which has no pixels to look at.
    """
    try:
        find = load_detector(detector)
        image = _shown(upload, limits)
        if image is None:
            return None
        return validate_ppoi(tuple(find(image)), return_converted_tuple=True)
    except Exception as error:
        logger.error(
            "The detector %r finds no point in %r: %s", detector, upload.name, error, exc_info=error
        )
        return None


def load_detector(detector: str | Detector) -> Detector:
    """The function at a dotted path, or the function itself; raises ``ImportError``."""
    found: Any = import_string(translate(detector)) if isinstance(detector, str) else detector
    if not callable(found):
        raise ImportError(f"{detector!r} is no function; name one that takes an image")
    return found  # type: ignore[no-any-return]


def check_detector(detector: str | Detector | None, obj: Any = None) -> list[checks.CheckMessage]:
    """A message about a detector that is not there; it would only be logged at each upload."""
    try:
        if detector is not None:
            load_detector(detector)
    except ImportError as error:
        message = f"The detector {detector!r} cannot be imported: {error}"
        hint = "Name a function by its dotted path, such as 'versatile.detect.entropy'."
        return [checks.Error(message, hint=hint, obj=obj, id="versatile.E007")]
    return []


def _shown(upload: "File[bytes]", limits: Limits) -> Image.Image | None:
    """The upright picture in an upload, at most so large; raises ``ImageError``."""
    data = _read(upload, limits)
    if svg.is_svg(data):
        return None
    with decoding.open_picture(data, limits) as picture:
        picture.decode(max(max(picture.size) // SIDE, 1))
        size = contain(picture.size, (SIDE, SIDE), upscale=False)
        return picture.window(Window(whole(picture.size), size))


def _read(upload: "File[bytes]", limits: Limits) -> io.BytesIO:
    """All of an upload, which stays where it is; raises ``ImageTooLarge``."""
    if upload.closed:
        upload.open()
    place = upload.tell()
    try:
        upload.seek(0, io.SEEK_END)
        limits.check_bytes(upload.tell())
        upload.seek(0)
        return io.BytesIO(upload.read())
    finally:
        upload.seek(place)
