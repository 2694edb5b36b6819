"""The camera: a sitter's scene as an upright picture, and as the JPEG file that a camera stores."""

import random
from io import BytesIO

from PIL import Image, ImageChops

from people.photos.backdrops import BACKDROPS
from people.photos.cast import Sitter
from people.photos.easel import Easel
from people.photos.paint import Size, grain
from people.photos.portrait import paint_portrait

LONG_SIDE = 4000
"""Pixels of the longer side of a 12-megapixel photo of 4 to 3."""

ORIENTATION_TAG = 0x0112
TURNED: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera held so stores the upright picture: what the EXIF orientation undoes."""


def take_photo(sitter: Sitter, long_side: int = LONG_SIDE) -> Image.Image:
    """The upright photo of a sitter; the same sitter and size give the same pixels."""
    short_side = round(long_side * 3 / 4)
    size = (short_side, long_side) if sitter.portrait else (long_side, short_side)
    rng = random.Random(sitter.name)
    scene = _paint_scene(sitter, (size[0] // 2, size[1] // 2), rng)
    return expose(scene.resize(size, Image.Resampling.BICUBIC), rng)


def develop(photo: Image.Image, orientation: int = 1) -> bytes:
    """The JPEG file of an upright photo, stored as a camera turned that way would."""
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    if orientation in TURNED:
        photo = photo.transpose(TURNED[orientation])
    file = BytesIO()
    photo.save(file, "JPEG", quality=90, exif=exif)
    return file.getvalue()


def _paint_scene(sitter: Sitter, size: Size, rng: random.Random) -> Image.Image:
    """Backdrop, person and light, at half the photo's size: no lens is sharper than that."""
    scene = _paint_backdrop(sitter, size, rng)
    origin = (sitter.face[0] * size[0], sitter.face[1] * size[1])
    unit = sitter.size * min(size)
    body, head = Easel(scene, origin, unit), Easel(scene, origin, unit, sitter.tilt)
    paint_portrait(body, head, sitter.look, sitter.side, rng)
    vignette = Image.radial_gradient("L").point(lambda value: max(0, value - 140) // 2)
    scene.paste((20, 14, 26), mask=vignette.resize(size, Image.Resampling.BILINEAR))
    return scene


def _paint_backdrop(sitter: Sitter, size: Size, rng: random.Random) -> Image.Image:
    coarse = (max(8, size[0] // 2), max(8, size[1] // 2))
    return BACKDROPS[sitter.backdrop](coarse, rng).resize(size, Image.Resampling.BICUBIC)


def expose(photo: Image.Image, rng: random.Random) -> Image.Image:
    """Film grain, the same on all three channels, from one tile: no eye sees that it repeats."""
    tile = grain((1024, 1024), rng).point(lambda value: round(value * 0.06))
    speckle = Image.new("L", photo.size)
    for top in range(0, photo.height, tile.height):
        for left in range(0, photo.width, tile.width):
            speckle.paste(tile, (left, top))
    return ImageChops.add(photo, Image.merge("RGB", [speckle] * 3), 1, -8)
