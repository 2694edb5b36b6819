"""Rooms: a library and a studio wall."""

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from people.photos.paint import Colour, Size, darker, dim, glow, gradient, mottle


def library(size: Size, rng: random.Random) -> Image.Image:
    """Shelves full of books in lamp light."""
    width, height = size
    image = Image.new("RGB", size, (70, 46, 32))
    rows = 5
    for row in range(rows):
        _shelf(image, height * row / rows, height * (row + 1) / rows, rng)
    image = image.filter(ImageFilter.GaussianBlur(height * 0.009))
    warm = Image.new("RGB", size, (255, 190, 110))
    mask = dim(glow(size, (width * 0.15, height * 0.15), height * 1.1), 0.55)
    return Image.composite(
        ImageChops.screen(image, warm.point(lambda v: round(v * 0.55))), image, mask
    )


def studio(size: Size, rng: random.Random) -> Image.Image:
    """A painted wall with a pool of light."""
    width, height = size
    image = gradient(size, (96, 120, 128), (84, 108, 118), (60, 80, 92))
    image.paste(
        (196, 206, 200), mask=dim(glow(size, (width * 0.34, height * 0.36), height * 0.9), 0.7)
    )
    plaster = mottle(size, (height / 5, height / 14, height / 40), rng)
    grey = Image.merge("RGB", [plaster] * 3)
    return Image.blend(image, ImageChops.soft_light(image, grey), 0.5)


def _shelf(image: Image.Image, top: float, bottom: float, rng: random.Random) -> None:
    draw = ImageDraw.Draw(image)
    width, height = image.size
    covers: list[Colour] = [
        (126, 50, 44),
        (44, 74, 92),
        (196, 160, 104),
        (60, 92, 72),
        (150, 104, 64),
        (220, 206, 180),
        (80, 60, 84),
    ]
    x = -rng.uniform(0, width * 0.02)
    while x < width:
        thick = width * rng.uniform(0.012, 0.03)
        head = top + (bottom - top) * rng.uniform(0.12, 0.34)
        tone = darker(rng.choice(covers), rng.uniform(0, 0.45))
        draw.rectangle((x, head, x + thick, bottom), fill=tone)
        draw.line((x, head, x, bottom), fill=darker(tone, 0.5), width=max(1, round(thick * 0.12)))
        x += thick
    draw.rectangle((0, bottom - height * 0.016, width, bottom), fill=(104, 68, 44))
