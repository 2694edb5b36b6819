"""Writing pixels: the options to save with, and what stands in a file beside the pixels."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PIL import Image

from versatile.imaging import exif
from versatile.imaging.exceptions import EncodingError, VersatileError
from versatile.imaging.modes import WHITE, Colour, prepare

Options = tuple[tuple[str, Any], ...]
"""Save options as sorted pairs: a value that can be compared and hashed."""

DEFAULTS: dict[str, dict[str, Any]] = {
    "JPEG": {"progressive": False, "optimize": False},
    "PNG": {"compress_level": 6},
    "GIF": {"optimize": True},
    "WEBP": {"method": 4},
    "AVIF": {"quality": 60, "speed": 6},
    "TIFF": {"compression": "tiff_adobe_deflate"},
}
"""How each format is saved where nobody says otherwise, as Pillow's options.

A JPEG that is optimised is some percent smaller, and warming takes 4 % longer.
"""

_HOLD_EXIF = {"JPEG", "PNG", "WEBP", "AVIF"}
_HOLD_PROFILES = {"JPEG", "PNG", "WEBP", "AVIF", "TIFF"}


@dataclass(frozen=True, slots=True)
class Beside:
    """What a file holds beside its pixels. By default nothing."""

    exif: bytes = b""
    """A block of EXIF that was written for this file."""
    profile: bytes | None = None
    """The colour profile of RGB pixels, where they are not sRGB."""


NOTHING = Beside()


def freeze(options: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Options:
    """Save options in their one order."""
    return tuple(sorted(dict(options).items()))


def default_options(format: str) -> dict[str, Any]:
    """The options that a format is saved with where nobody says otherwise."""
    return dict(DEFAULTS.get(format.upper(), {}))


def holds_profiles(format: str) -> bool:
    """Whether a format can hold a colour profile."""
    return format.upper() in _HOLD_PROFILES


def encode(
    image: Image.Image,
    format: str,
    options: Options = (),
    *,
    matte: Colour = WHITE,
    autoconvert: bool = True,
    beside: Beside = NOTHING,
) -> bytes:
    """The picture as a file of a format, with nothing of the metadata of its source.

    Transparency is kept where the format can hold it and laid on ``matte`` elsewhere. Without
    ``autoconvert`` the mode stays as it is. Raises ``EncodingError``.
    """
    with _encoding_errors(image, format):
        copy = fitted(image, format, matte=matte, beside=beside) if autoconvert else image.copy()
        return _saved([_bare(copy)], format, options, beside)


def fitted(
    image: Image.Image, format: str, *, matte: Colour = WHITE, beside: Beside = NOTHING
) -> Image.Image:
    """A copy of the picture in a mode that the format, and the profile beside it, can hold."""
    with _encoding_errors(image, format):
        return prepare(_profiled(image, beside), format, matte=matte)


@dataclass(frozen=True, slots=True)
class Pace:
    """How an animation runs."""

    durations: tuple[float, ...]
    """Milliseconds for which each frame is shown."""
    plays: int = 0
    """How often it is shown; 0 is for ever."""


def encode_animation(
    frames: Sequence[Image.Image],
    pace: Pace,
    format: str,
    options: Options = (),
    *,
    beside: Beside = NOTHING,
) -> bytes:
    """Prepared frames of one size as an animation: GIF, PNG, WEBP or AVIF.

    Raises ``EncodingError``.
    """
    with _encoding_errors(frames[0], format):
        fitting = [_bare(frame) for frame in _alike(frames)]  # prepared, and so nobody else's
        for frame in fitting:
            frame.__class__ = _Frame
        moving = _MOVING[format.upper()](fitting, pace)
        return _saved(fitting, format, freeze({**moving, **dict(options)}), beside)


class _Frame(Image.Image):
    """A frame, of which Pillow writes what has changed.

    It is cut by a function that would ask the global ``MAX_IMAGE_PIXELS`` otherwise.
    """

    def _new(self, im: Any) -> Image.Image:
        made = super()._new(im)
        made.__class__ = _Frame
        return made

    def _crop(self, im: Any, box: tuple[float, float, float, float]) -> Any:
        return im.crop(tuple(map(round, box)))


def _saved(frames: Sequence[Image.Image], format: str, options: Options, beside: Beside) -> bytes:
    buffer = io.BytesIO()
    first = frames[0]
    all_options = default_options(format) | _fixed(first, format) | _notes(first, format, beside)
    all_options |= dict(options)
    if len(frames) > 1:
        all_options |= {"save_all": True, "append_images": frames[1:]}
    first.save(buffer, format, **all_options)
    return buffer.getvalue()


def _bare(image: Image.Image) -> Image.Image:
    """The picture, of which nothing is written from now on but its pixels."""
    image.info = {key: image.info[key] for key in ("transparency",) if key in image.info}
    return image


def _fixed(image: Image.Image, format: str) -> dict[str, Any]:
    # An icon holds its usual sizes otherwise, none of which need be the one asked for.
    return {"sizes": [image.size]} if format.upper() == "ICO" else {}


def _notes(image: Image.Image, format: str, beside: Beside) -> dict[str, Any]:
    name, notes = format.upper(), dict[str, Any]()
    if beside.exif and name == "TIFF":  # which has the same tags, and Pillow writes ASCII there
        texts = {key: str(value).encode() for key, value in exif.read(beside.exif).items()}
        notes["tiffinfo"] = texts
    elif beside.exif and name in _HOLD_EXIF:
        notes["exif"] = beside.exif
    if beside.profile and name in _HOLD_PROFILES:
        notes["icc_profile"] = beside.profile
    return notes


def _profiled(image: Image.Image, beside: Beside) -> Image.Image:
    """The picture in the kind of mode that its profile is for: a filter may have made it grey."""
    if beside.profile and image.mode in ("L", "LA"):
        return image.convert("RGBA" if image.mode == "LA" else "RGB")
    return image


def _alike(frames: Sequence[Image.Image]) -> list[Image.Image]:
    """All frames in one mode, that of the one that needs the most."""
    modes = {frame.mode for frame in frames}
    if len(modes) == 1 or "P" in modes:
        return list(frames)
    colour = any(mode.startswith("RGB") for mode in modes)
    clear = any(mode.endswith("A") for mode in modes)
    mode = ("RGB" if colour else "L") + ("A" if clear else "")
    return [frame if frame.mode == mode else frame.convert(mode) for frame in frames]


def _moving_gif(frames: Sequence[Image.Image], pace: Pace) -> dict[str, Any]:
    """Hundredths of a second; how often it is shown *again*; cleared where one has holes."""
    durations = [round(duration / 10) * 10 for duration in pace.durations]
    options: dict[str, Any] = {"duration": durations}
    if pace.plays != 1:
        options["loop"] = max(pace.plays - 1, 0)
    if any("transparency" in frame.info for frame in frames):
        options["disposal"] = 2
    return options


def _moving_png(frames: Sequence[Image.Image], pace: Pace) -> dict[str, Any]:
    return {"duration": list(pace.durations), "loop": pace.plays, "disposal": 0, "blend": 0}


def _moving_webp(frames: Sequence[Image.Image], pace: Pace) -> dict[str, Any]:
    return {"duration": _whole(pace), "loop": pace.plays, "background": (0, 0, 0, 0)}


def _moving_avif(frames: Sequence[Image.Image], pace: Pace) -> dict[str, Any]:
    # Browsers take the levels of a moving AVIF for those of video, whatever its header says.
    return {"duration": _whole(pace), "range": "limited"}


def _whole(pace: Pace) -> list[int]:
    return [round(duration) for duration in pace.durations]


_MOVING = {"GIF": _moving_gif, "PNG": _moving_png, "WEBP": _moving_webp, "AVIF": _moving_avif}

MOVING: tuple[str, ...] = tuple(_MOVING)
"""The formats that can hold an animation."""


@contextmanager
def _encoding_errors(image: Image.Image, format: str) -> Iterator[None]:
    try:
        yield
    except VersatileError:
        raise
    except Exception as error:  # encoders raise what they like
        size = f"{image.width}×{image.height}"
        raise EncodingError(
            f"{size} in mode {image.mode} cannot be written as {format}: {error}"
        ) from error
