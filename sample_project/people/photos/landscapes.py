"""Landscapes: sea, mountains and snow, a little out of focus."""

import itertools
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from people.photos.paint import Colour, Point, Size, dim, glow, gradient, lighter, mix, mottle


def sea(size: Size, rng: random.Random) -> Image.Image:
    """A calm sea below an evening sky, the sun low at the right."""
    width, height = size
    horizon = round(height * 0.6)
    image = gradient(size, (64, 98, 150), (132, 146, 178), (228, 170, 140), (255, 206, 138))
    image.paste(
        gradient((width, height - horizon), (214, 158, 128), (84, 110, 140), (38, 66, 100)),
        (0, horizon),
    )
    _clouds(image, horizon, rng)
    sun = (width * 0.8, horizon - height * 0.07)
    image.paste((255, 214, 150), mask=dim(glow(size, sun, height * 0.8), 0.75))
    image.paste((255, 250, 226), mask=glow(size, sun, height * 0.09))
    _glitter(image, sun[0], horizon, rng)
    return image.filter(ImageFilter.GaussianBlur(height * 0.003))


def mountains(size: Size, rng: random.Random) -> Image.Image:
    """Ridges that pale with distance, in morning haze."""
    width, height = size
    image = gradient(size, (104, 156, 206), (176, 206, 226), (250, 226, 198), (250, 226, 198))
    image.paste(
        (255, 244, 214), mask=dim(glow(size, (width * 0.2, height * 0.3), height * 0.9), 0.7)
    )
    _clouds(image, round(height * 0.4), rng)
    for index in range(5):
        tone = mix((166, 186, 206), (40, 70, 66), (index / 4) ** 1.3)
        top = height * (0.36 + 0.115 * index)
        _ridge(image, top, height * (0.17 - 0.025 * index), tone, rng)
    return image.filter(ImageFilter.GaussianBlur(height * 0.003))


def snow(size: Size, rng: random.Random) -> Image.Image:
    """Firs under snow on a pale day."""
    width, height = size
    image = gradient(size, (176, 202, 226), (212, 226, 238), (240, 240, 244), (232, 238, 246))
    draw = ImageDraw.Draw(image)
    for index in range(34):
        near = index / 33
        tone = mix((176, 198, 212), (58, 88, 92), near)
        foot = height * (0.62 + 0.16 * near)
        _fir(
            draw,
            (rng.uniform(-0.05, 1.05) * width, foot),
            height * rng.uniform(0.2, 0.42) * (0.6 + near),
            tone,
        )
    draw.polygon(
        [
            (0, height),
            (0, height * 0.76),
            (width * 0.5, height * 0.71),
            (width, height * 0.78),
            (width, height),
        ],
        fill=(238, 242, 248),
    )
    return image.filter(ImageFilter.GaussianBlur(height * 0.007))


def _clouds(image: Image.Image, horizon: int, rng: random.Random) -> None:
    width, height = image.size
    spots = mottle((width, horizon), (height / 3, height / 8, height / 20, height / 40), rng)
    spots = spots.resize((width * 3, horizon)).crop((width, 0, width * 2, horizon))
    mask = spots.point(lambda value: max(0, min(200, (value - 128) * 5)))
    image.paste((255, 240, 226), (0, 0), mask)


def _glitter(image: Image.Image, x: float, horizon: int, rng: random.Random) -> None:
    """Short bright strokes below the sun, wider and rarer towards the front."""
    draw = ImageDraw.Draw(image)
    width, height = image.size
    for _ in range(900):
        depth = rng.random() ** 1.6
        y = horizon + depth * (height - horizon)
        middle = x + rng.gauss(0, 0.05 + 0.13 * depth) * width
        half = width * (0.002 + 0.014 * depth) * rng.random()
        tone = lighter((244, 190, 140), rng.random())
        draw.line(
            (middle - half, y, middle + half, y),
            fill=tone,
            width=max(1, round(height * 0.004 * depth)),
        )


def _ridge(image: Image.Image, top: float, rise: float, tone: Colour, rng: random.Random) -> None:
    width, height = image.size
    line = _skyline(rng, 9, 0.56)
    step = width / (len(line) - 1)
    mask = Image.new("L", image.size)
    peaks: list[Point] = [(index * step, top - value * rise) for index, value in enumerate(line)]
    ImageDraw.Draw(mask).polygon([*peaks, (width, height), (0, height)], fill=255)
    rock = mottle(image.size, (height / 6, height / 18, height / 60), rng)
    haze = gradient(image.size, tone, tone, lighter(tone, 0.32), lighter(tone, 0.2))
    grey = Image.merge("RGB", [rock] * 3)
    image.paste(Image.blend(haze, ImageChops.soft_light(haze, grey), 0.6), mask=mask)


def _skyline(rng: random.Random, levels: int, roughness: float) -> list[float]:
    """Heights by midpoint displacement."""
    line = [rng.uniform(-1, 1), rng.uniform(-1, 1)]
    reach = 1.0
    for _ in range(levels):
        pairs = itertools.pairwise(line)
        middles = [(a + b) / 2 + rng.uniform(-reach, reach) for a, b in pairs]
        line = [value for pair in zip(line, middles, strict=False) for value in pair] + [line[-1]]
        reach *= roughness
    return line


def _fir(draw: ImageDraw.ImageDraw, foot: Point, tall: float, tone: Colour) -> None:
    x, y = foot
    for level in range(5):
        top = y - tall + tall * 0.17 * level
        half = tall * (0.06 + 0.045 * level)
        draw.polygon(
            [(x, top), (x - half, top + tall * 0.3), (x + half, top + tall * 0.3)], fill=tone
        )
        draw.polygon(
            [(x, top), (x - half * 0.6, top + tall * 0.15), (x + half * 0.2, top + tall * 0.14)],
            fill=mix(tone, (250, 252, 255), 0.55),
        )
