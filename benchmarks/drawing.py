"""Photo-like pictures, drawn with Pillow alone and the same on every machine.

What resampling is judged on is the statistics of photographs: detail that fades with
its fineness, a few hard edges softened by a lens, fine strands, flat sky and mild noise.
"""

import colorsys
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageOps

Colour = tuple[int, int, int]

ORIENTATION_TAG = 0x0112
LENS_BLUR = 1.1
"""Radius, in pixels, of the softness that a lens and a colour mosaic leave."""
NOISE_SHARE = 0.035
"""How much of uniform noise is mixed in: about two and a half levels of 256."""


@dataclass(frozen=True, slots=True)
class Photo:
    """What is drawn: the seed decides the scene, the size is the stored one."""

    seed: int
    size: tuple[int, int] = (4000, 3000)
    orientation: int = 1

    @property
    def name(self) -> str:
        """A file name that says everything about the picture."""
        width, height = self.size
        return f"photo-{self.seed:02d}-{width}x{height}-o{self.orientation}.jpg"


def draw_photo(seed: int, size: tuple[int, int]) -> Image.Image:
    """An RGB scene: sky over textured ground, soft-edged bodies and fine strands."""
    rng = Random(seed)
    picture = _background(size, rng)
    for body in _bodies(size, rng):
        picture.paste(_surface(size, rng), mask=body)
    _strands(picture, rng)
    lensed = picture.filter(ImageFilter.GaussianBlur(LENS_BLUR))
    return Image.blend(lensed, _noise(size, rng, "RGB"), NOISE_SHARE)


def save_photo(photo: Photo, folder: Path, *, quality: int = 90) -> Path:
    """The path of the photo in ``folder``, drawn there unless it is there already."""
    path = folder / photo.name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        exif = Image.Exif()
        exif[ORIENTATION_TAG] = photo.orientation
        unfinished = path.with_suffix(".part")
        picture = draw_photo(photo.seed, photo.size)
        picture.save(unfinished, "JPEG", quality=quality, exif=exif)
        unfinished.replace(path)
    return path


def _noise(size: tuple[int, int], rng: Random, mode: str = "L") -> Image.Image:
    # Not Image.effect_noise: that one cannot be seeded.
    return Image.frombytes(mode, size, rng.randbytes(size[0] * size[1] * len(mode)))


def _cloud(size: tuple[int, int], rng: Random, *, fading: float) -> Image.Image:
    """Fractal noise (``L``): every octave is ``fading`` times as strong as the coarser one."""
    width, height = size
    octaves = max(max(size).bit_length() - 3, 1)
    strength = 0.5
    cloud = _noise((4, 4), rng)
    for octave in reversed(range(octaves)):
        level = (-(-width >> octave) or 1, -(-height >> octave) or 1)
        grain = _noise(level, rng)
        cloud = Image.blend(cloud.resize(level, Image.Resampling.BICUBIC), grain, strength)
        strength *= fading
    return cloud


def _tone(hue: float, *, value: float, saturation: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _tinted(shade: Image.Image, dark: Colour, light: Colour) -> Image.Image:
    """The grey levels of ``shade`` as the colours between two tones."""
    bands = [
        shade.point([low + (high - low) * level // 255 for level in range(256)])
        for low, high in zip(dark, light, strict=True)
    ]
    return Image.merge("RGB", bands)


def _surface(size: tuple[int, int], rng: Random) -> Image.Image:
    shade = ImageOps.autocontrast(_cloud(size, rng, fading=rng.uniform(0.66, 0.82)), cutoff=2)
    hue = rng.random()
    dark = _tone(hue, value=rng.uniform(0.02, 0.25), saturation=rng.uniform(0.2, 0.7))
    light = _tone(hue + 0.06, value=rng.uniform(0.7, 1.0), saturation=rng.uniform(0.05, 0.4))
    return _tinted(shade, dark, light)


def _background(size: tuple[int, int], rng: Random) -> Image.Image:
    width, height = size
    horizon = round(height * rng.uniform(0.35, 0.6))
    gradient = Image.linear_gradient("L").resize(size, Image.Resampling.BICUBIC)
    zenith = _tone(rng.uniform(0.5, 0.65), value=0.65, saturation=0.6)
    sky = _tinted(gradient, zenith, (235, 240, 245))
    ridge = [(0, horizon)]
    ridge += [
        (width * step // 24, horizon + round(rng.gauss(0, height * 0.02))) for step in range(25)
    ]
    ground = Image.new("L", size)
    ImageDraw.Draw(ground).polygon([*ridge, (width, height), (0, height)], fill=255)
    return Image.composite(_surface(size, rng), sky, ground)


def _bodies(size: tuple[int, int], rng: Random) -> Iterator[Image.Image]:
    """Masks of things in the picture, some in focus, some not."""
    width, height = size
    for _ in range(3):
        mask = Image.new("L", size)
        draw = ImageDraw.Draw(mask)
        x, y = rng.uniform(0.1, 0.9) * width, rng.uniform(0.2, 0.8) * height
        for _ in range(5):
            across, down = rng.uniform(0.04, 0.16) * width, rng.uniform(0.04, 0.16) * width
            draw.ellipse((x - across, y - down, x + across, y + down), fill=255)
            x, y = rng.gauss(x, width * 0.05), rng.gauss(y, height * 0.08)
        yield mask.filter(ImageFilter.GaussianBlur(rng.choice((0, 1, 2, 12))))


def _strands(picture: Image.Image, rng: Random) -> None:
    """Grass, hair, cables: lines one to four pixels wide."""
    width, height = picture.size
    draw = ImageDraw.Draw(picture)
    hue = rng.uniform(0.1, 0.4)
    for _ in range(width // 3):
        x, y = rng.uniform(0, width), rng.uniform(0.55, 1.05) * height
        tip = (rng.gauss(x, width * 0.01), y - rng.uniform(0.02, 0.12) * height)
        colour = _tone(rng.gauss(hue, 0.03), value=rng.uniform(0.1, 0.9), saturation=0.5)
        draw.line([(x, y), tip], fill=colour, width=rng.randint(1, 4))


if __name__ == "__main__":
    for seed in range(1, int(sys.argv[2]) + 1):
        print(save_photo(Photo(seed), Path(sys.argv[1])))
