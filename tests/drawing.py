"""Photo-like pictures, drawn with Pillow alone: the same pixels on every machine, every day."""

import random
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops

Size = tuple[int, int]

NOISE = 12
"""How far grain lifts a level, of 255."""

ORIENTATION = 0x0112
"""The EXIF tag of the orientation."""

STORED_FROM_DISPLAYED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""What a camera does to a picture that a viewer with this orientation turns upright."""


def draw_photo(size: Size = (320, 240), mode: str = "RGB", *, seed: int = 0) -> Image.Image:
    """A photo: smooth light, soft bodies and grain, in any mode that Pillow can write.

    Transparent modes have a soft disc of opacity around their centre.
    """
    photo = _scene(size, seed)
    if mode in {"LA", "PA", "RGBA"}:
        photo = photo.convert("RGBA")
        photo.putalpha(_disc(size))
        return photo if mode == "RGBA" else photo.convert(mode)
    if mode == "P":
        return photo.quantize(64)
    if mode.startswith("I"):
        return _deep(photo.convert("L"), mode)
    return photo.convert(mode)


def photo_bytes(
    size: Size = (320, 240),
    mode: str = "RGB",
    *,
    format: str = "JPEG",
    orientation: int = 1,
    seed: int = 0,
    **options: Any,
) -> bytes:
    """A photo as a file; ``size`` is what a viewer sees, whatever the orientation."""
    photo = turned(draw_photo(size, mode, seed=seed), orientation)
    if orientation != 1:
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        options["exif"] = exif
    file = BytesIO()
    photo.save(file, format, **options)
    return file.getvalue()


def turned(photo: Image.Image, orientation: int) -> Image.Image:
    """The pixels that a camera stores for what it shows upright."""
    if orientation == 1:
        return photo
    return photo.transpose(STORED_FROM_DISPLAYED[orientation])


@lru_cache(maxsize=8)
def _scene(size: Size, seed: int) -> Image.Image:
    dice = random.Random(seed)
    bands = [_light(size, dice) for _ in "RGB"]
    for _ in range(6):
        _lay_body(bands, dice)
    # A plain sum of levels: grain that no resampling filter can guess.
    grain = Image.frombytes("L", size, dice.randbytes(size[0] * size[1]))
    grain = grain.point([level * NOISE // 255 for level in range(256)])
    return Image.merge("RGB", [ImageChops.add(band, grain) for band in bands])


def _light(size: Size, dice: random.Random) -> Image.Image:
    """A band that runs smoothly from one edge to the other."""
    low, high = dice.randint(20, 90), dice.randint(120, 220)
    slope = Image.linear_gradient("L").rotate(dice.choice([0, 90, 180, 270]))
    levels = [low + (high - low) * level // 255 for level in range(256)]
    return slope.resize(size, Image.Resampling.BICUBIC).point(levels)


def _lay_body(bands: list[Image.Image], dice: random.Random) -> None:
    """A soft round body in a colour of its own, laid on the bands."""
    width, height = bands[0].size
    extent = max(1, round(min(width, height) * dice.uniform(0.1, 0.5)))
    corner = (dice.randint(-extent // 2, width), dice.randint(-extent // 2, height))
    mask = _disc((extent, extent))
    for band in bands:
        band.paste(dice.randint(0, 240), (*corner, corner[0] + extent, corner[1] + extent), mask)


def _disc(size: Size) -> Image.Image:
    """Full in the middle, nothing at the edges, a soft rim between."""
    levels = [max(0, min(255, (180 - level) * 6)) for level in range(256)]
    return Image.radial_gradient("L").point(levels).resize(size, Image.Resampling.BICUBIC)


def _deep(grey: Image.Image, mode: str) -> Image.Image:
    """The same picture with levels up to 65535."""
    return grey.convert("I").point(lambda level: level * 257).convert(mode)
