"""Modes and colour: what a decoded picture is turned into before anything is done to it."""

import io
import logging

from PIL import Image, ImageChops, ImageCms, TiffImagePlugin

logger = logging.getLogger(__name__)

_SIXTEEN_BIT = {"I;16", "I;16L", "I;16B", "I;16N", "I"}


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
    target |= {"YCbCr": "RGB", "LAB": "RGB", "HSV": "RGB", "F": "L"}
    return image.convert(target[mode]) if mode in target else image


def _eight_bit(image: Image.Image) -> Image.Image:
    """The most significant 8 bits, rounded; a TIFF may use less than 16, such as 12."""
    bits = getattr(image, "tag_v2", {}).get(TiffImagePlugin.BITSPERSAMPLE, (16,))[0]
    scale = 255 / (2 ** min(bits, 16) - 1)
    deep = image.convert("I")
    grey = deep.point(lambda level: level * scale + 0.5).convert("L")
    if image.has_transparency_data:
        grey.putalpha(_all_but(deep, image.info["transparency"]))
    return grey


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


def sound_profile(profile: bytes | None) -> bytes | None:
    """A profile of RGB pictures that can be read, and so be written again; else None."""
    if not profile or profile[16:20] != b"RGB ":
        return None
    try:
        read = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return None if _is_srgb(read) else profile
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image.convert(image.mode[:-1]) if alpha else image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if _is_srgb(source):
            return None
        result = ImageCms.profileToProfile(
            colours,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        logger.info("The colour profile of a picture cannot be used: %s", error)
        return None
    if result is not None and alpha:
        result.putalpha(alpha)
    return result


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    return "srgb" in ImageCms.getProfileDescription(profile).lower()
