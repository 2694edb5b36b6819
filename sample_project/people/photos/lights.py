"""Lights: leaves and lamps so far out of focus that each is a disc."""

import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from people.photos.paint import Colour, Point, Size, gradient, mix


def forest(size: Size, rng: random.Random) -> Image.Image:
    """Sunlit leaves, far out of focus."""
    image = gradient(size, (150, 190, 110), (82, 134, 74), (40, 78, 50), (26, 52, 38))
    _stems(image, (34, 46, 34), 9, rng)
    leaves: list[Colour] = [(120, 170, 70), (170, 206, 96), (70, 128, 70), (226, 232, 150)]
    return _bokeh(image, leaves, 220, (0.012, 0.06), rng, dim=0.42)


def autumn(size: Size, rng: random.Random) -> Image.Image:
    """A park path in October."""
    image = gradient(size, (250, 212, 140), (226, 150, 74), (150, 84, 48), (92, 58, 44))
    _stems(image, (70, 44, 36), 7, rng)
    leaves: list[Colour] = [(240, 150, 40), (214, 96, 36), (250, 196, 90), (176, 60, 40)]
    return _bokeh(image, leaves, 240, (0.012, 0.055), rng, dim=0.45)


def city(size: Size, rng: random.Random) -> Image.Image:
    """A street at night: lamps, signs and windows as discs of light."""
    image = gradient(size, (20, 24, 52), (40, 38, 78), (74, 52, 88), (30, 26, 44))
    draw = ImageDraw.Draw(image)
    width, height = size
    for _ in range(12):
        left, top = rng.uniform(-0.1, 1) * width, rng.uniform(0.05, 0.5) * height
        tone = mix((18, 20, 40), (58, 50, 86), rng.random())
        draw.rectangle((left, top, left + width * rng.uniform(0.06, 0.16), height), fill=tone)
    image = image.filter(ImageFilter.GaussianBlur(height * 0.012))
    lamps: list[Colour] = [
        (255, 190, 96),
        (255, 120, 90),
        (96, 190, 255),
        (240, 110, 190),
        (255, 232, 180),
    ]
    return _bokeh(image, lamps, 120, (0.014, 0.05), rng, dim=0.75)


def _stems(image: Image.Image, tone: Colour, count: int, rng: random.Random) -> None:
    draw = ImageDraw.Draw(image)
    width, height = image.size
    for _ in range(count):
        x, half = rng.uniform(0, width), width * rng.uniform(0.006, 0.022)
        lean = rng.uniform(-0.03, 0.03) * width
        draw.polygon(
            [
                (x - half, height),
                (x + half, height),
                (x + lean + half * 0.7, 0),
                (x + lean - half * 0.7, 0),
            ],
            fill=tone,
        )
    blurred = image.filter(ImageFilter.GaussianBlur(height * 0.014))
    image.paste(blurred)


def _bokeh(
    image: Image.Image,
    colours: Sequence[Colour],
    count: int,
    radii: Point,
    rng: random.Random,
    *,
    dim: float,
) -> Image.Image:
    """Discs of light over a picture, in layers so that overlapping ones add up."""
    width, height = image.size
    for _ in range(4):
        layer = Image.new("RGB", image.size)
        draw = ImageDraw.Draw(layer)
        for _ in range(count // 4):
            x, y = rng.uniform(0, width), min(1.0, abs(rng.gauss(0.28, 0.3))) * height
            radius = height * rng.uniform(*radii)
            tone = mix((0, 0, 0), rng.choice(colours), dim * rng.uniform(0.4, 1))
            draw.ellipse(
                (x - radius, y - radius, x + radius, y + radius),
                fill=tone,
                outline=mix(tone, (255, 255, 255), 0.12),
            )
        image = ImageChops.screen(image, layer.filter(ImageFilter.GaussianBlur(height * 0.0025)))
    return image
