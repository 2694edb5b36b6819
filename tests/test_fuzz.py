"""Files that were mutated: whatever is done to one, only an error of ours comes out."""

import importlib.util
import random
import time
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.counts import count
from tests.drawing import draw_photo, photo_bytes
from tests.imaging.profiles import p3_profile
from versatile.exceptions import VersatileError
from versatile.imaging.decoding import open_picture
from versatile.imaging.formats import READABLE
from versatile.imaging.limits import Limits
from versatile.imaging.recipe import Recipe, render_each
from versatile.processors import CropAroundPoint, Invert, ResizeToFit

MUTANTS = 2000
SECONDS = 60
LIMITS = Limits(max_pixels=20_000, max_frames=6, max_frames_area=100_000)
"""Small enough that no mutant takes long, however much it says to have."""

RECIPES = (
    Recipe((ResizeToFit(20, 20),), "PNG"),
    Recipe((Invert(), CropAroundPoint(12, 9, (0.2, 0.8), upscale=True)), "JPEG"),
)


PROFILED = ("JPEG", "PNG", "TIFF", "WEBP", "AVIF")


def _moving(format: str) -> bytes:
    frames = [draw_photo((30, 20), seed=seed) for seed in range(4)]
    file = BytesIO()
    frames[0].save(file, format, save_all=True, append_images=frames[1:], duration=80, loop=0)
    return file.getvalue()


@lru_cache(maxsize=1)
def seeds() -> tuple[bytes, ...]:
    """Good files of each format: still, moving, turned, with a profile, with a palette."""
    still = [photo_bytes((60, 40), format=format) for format in READABLE]
    kinds: list[dict[str, Any]] = [
        {"orientation": 6, "progressive": True},
        {"format": "PNG", "mode": "P"},
        {"format": "PNG", "mode": "I;16"},
        {"format": "TIFF", "mode": "CMYK", "compression": "tiff_lzw"},
        {"format": "TIFF", "mode": "1", "compression": "group4"},
        {"format": "TIFF", "compression": "jpeg"},
        {"format": "TIFF", "mode": "P", "compression": "packbits"},
        {"format": "WEBP", "mode": "RGBA", "lossless": True},
        {"format": "ICO", "mode": "RGBA", "sizes": [(32, 32)], "bitmap_format": "bmp"},
        *({"format": format, "icc_profile": p3_profile()} for format in PROFILED),
    ]
    odd = [photo_bytes((60, 40), **kind) for kind in kinds]
    drawn = (still_heic(),) if importlib.util.find_spec("pillow_heif") else ()
    return (*still, *odd, *map(_moving, ("GIF", "PNG", "WEBP", "AVIF")), *drawn)


def still_heic() -> bytes:
    file = BytesIO()
    importlib.import_module("pillow_heif").from_pillow(draw_photo((60, 40))).save(file)
    return file.getvalue()


def mutants(dice: random.Random) -> Iterator[bytes]:
    """Files with flipped bits, or spliced of two; headers are hit as often as pixels."""
    while True:
        data = bytearray(dice.choice(seeds()))
        if dice.random() < 0.3:
            other = dice.choice(seeds())
            cut, place = dice.randrange(len(data)), dice.randrange(len(other))
            data[cut : cut + dice.randrange(200)] = other[place : place + dice.randrange(200)]
        for _ in range(dice.choice([1, 1, 2, 8, 40])):
            place = dice.randrange(min(len(data), dice.choice([40, 200, 100_000])))
            data[place] ^= 1 << dice.randrange(8)
        yield bytes(data)


def make(data: bytes) -> list[bytes | VersatileError]:
    with open_picture(BytesIO(data), LIMITS) as picture:
        return [result for _, result in render_each(picture, RECIPES)]


def test_the_seeds_are_good() -> None:
    for data in seeds():
        assert all(isinstance(result, bytes) for result in make(data))


@pytest.mark.filterwarnings("error")
def test_nothing_but_an_error_of_ours_comes_out_of_a_mutant() -> None:
    dice, until = random.Random(5), time.monotonic() + SECONDS
    made = refused = 0
    source = mutants(dice)
    for number in range(count(10 * MUTANTS, quick=MUTANTS)):
        data, start = next(source), time.process_time()
        if time.monotonic() > until and number >= MUTANTS // 10:
            break
        try:
            results = make(data)
        except VersatileError:
            refused += 1
            continue
        assert time.process_time() - start < 10  # whatever else the machine is doing
        for result in results:
            if isinstance(result, bytes):
                Image.open(BytesIO(result)).load()
        made += 1
    assert made > 0
    assert refused > 0
