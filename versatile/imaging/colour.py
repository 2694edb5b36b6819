"""Modes and colour: what a decoded picture is turned into before anything is done to it."""

import io
import logging
from typing import cast

from PIL import Image, ImageChops, ImageCms, ImageOps, TiffImagePlugin

logger = logging.getLogger(__name__)

_SIXTEEN_BIT = {"I;16", "I;16L", "I;16B", "I;16N", "I"}

_WHITE_IS_0 = 0
"""What a TIFF says of levels that are ink, the more of it the darker."""

_WHITES = ((1.0, 1.0), (16.0, None), (255.0, 255.0))
"""What is white among fractions that go so far: 1, or the brightest where light goes beyond it,
or 255, or the brightest again."""

_MODES = {"RGB": ("RGB", "RGBA"), "GRAY": ("L", "LA"), "CMYK": ("CMYK",)}
"""Which modes a profile is for, by the colour space that it says."""


def normalise(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be resampled: L, LA, RGB or RGBA, or CMYK as it is.

    Palettes and single bits become full colour, a transparent colour becomes an alpha
    channel, 16 bits are scaled (not clipped) to 8.
    """
    mode = image.mode
    if mode in _SIXTEEN_BIT:
        return _eight_bit(image)
    if image.has_transparency_data and mode in ("1", "L", "P", "RGB"):
        return image.convert("LA" if mode in ("1", "L") else "RGBA")
    target = {"1": "L", "P": "RGB", "PA": "RGBA", "La": "LA", "RGBa": "RGBA", "RGBX": "RGB"}
    target |= {"YCbCr": "RGB", "LAB": "RGB", "HSV": "RGB"}
    if mode == "F":
        return _from_fractions(image)
    return image.convert(target[mode]) if mode in target else image


def _eight_bit(image: Image.Image) -> Image.Image:
    """The most significant 8 bits, rounded; a TIFF may use less than 16, such as 12."""
    tags = getattr(image, "tag_v2", {})
    bits = tags.get(TiffImagePlugin.BITSPERSAMPLE, (16,))[0]
    deep = image.convert("I")
    white = max(2 ** min(bits, 16) - 1, _brightest(deep) if image.mode == "I" else 1)
    scale = 255 / white
    grey = deep.point(lambda level: level * scale + 0.5).convert("L")
    if tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == _WHITE_IS_0:
        grey = ImageOps.invert(grey)  # as Pillow does with 8 bits alone
    if image.has_transparency_data:
        grey.putalpha(_all_but(deep, image.info["transparency"]))
    return grey


def _from_fractions(image: Image.Image) -> Image.Image:
    """Levels by the white that their brightest belongs to; none is brighter than white."""
    brightest = _brightest(image)
    white = next((white for most, white in _WHITES if brightest <= most), None) or brightest
    return image.point(lambda level: level * (255 / white) + 0.5).convert("L")


def _brightest(image: Image.Image) -> float:
    return cast(tuple[float, float], image.getextrema())[1]


def _all_but(deep: Image.Image, clear: int) -> Image.Image:
    """Opacity that leaves out one level. Pillow's own compares no more than 8 bits of it."""
    above = deep.point(lambda level: level - clear).convert("L")
    below = deep.point(lambda level: level * -1 + clear).convert("L")
    return ImageChops.lighter(above, below).point(lambda distance: 255 if distance else 0)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB (or grey), by its profile where that can be read.

    Relative colorimetric. A damaged profile, or one of another kind of picture, is
    logged and the plain conversion taken. CMYK always becomes RGB.
    """
    converted = _by_profile(image, profile) if profile else None
    if converted is not None:
        return converted
    return image.convert("RGB") if image.mode == "CMYK" else image


def sound_profile(profile: bytes | None, mode: str) -> bytes | None:
    """The profile of an RGB picture as it may be written again; None of all other pictures.

    It has to be another than sRGB. Grey is not preserved: most formats hold it as RGB alone, for
    which its profile is none. It is written anew from what could be read of it, so that nothing
    else travels with it.
    """
    source = _read_profile(profile or b"", mode)
    return source.tobytes() if source is not None and mode.startswith("RGB") else None


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    source = _read_profile(profile, image.mode)
    if source is None:
        return None
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image.convert(image.mode[:-1]) if alpha else image
    try:
        result = ImageCms.profileToProfile(
            colours,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        _log_unusable(error)
        return None
    if result is not None and colours.mode == "L":
        result = result.convert("L")
    if result is not None and alpha:
        result.putalpha(alpha)
    return result


def _read_profile(profile: bytes, mode: str) -> ImageCms.ImageCmsProfile | None:
    """A profile for pictures of a mode; None for sRGB, which needs no conversion, and damage."""
    if not profile:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        if mode not in _MODES.get(space, ()):
            raise ValueError(f"it is for {space} and the picture is {mode}")
        return None if _is_srgb(source) else source
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        _log_unusable(error)
        return None


def _log_unusable(error: Exception) -> None:
    logger.info("The colour profile of a picture cannot be used: %s", error)


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    name = ImageCms.getProfileDescription(profile).lower()
    return "srgb" in name and "linear" not in name
