"""How far what is made quickly is from what is made slowly, on photo-like material."""

from functools import lru_cache
from typing import Any

import pytest
from PIL import Image

from tests.drawing import photo_bytes
from tests.imaging.comparing import decoded, psnr, read
from tests.processors.samples import GENTLE
from versatile.imaging import planning
from versatile.imaging.encoding import encode, freeze
from versatile.imaging.geometry import Size
from versatile.imaging.recipe import Recipe
from versatile.processors import (
    CropAroundPoint,
    GaussianBlur,
    Grayscale,
    Invert,
    Processor,
    ResizeToCover,
    ResizeToFit,
    Sepia,
    Sharpen,
)

SOURCE = Size(2400, 1800)

ALONE = 45
"""The least decibels between a rendition made alone and the same made in a set."""

EXACT = 48
"""The least decibels between a rendition and its reference."""

SET: list[tuple[Processor, ...]] = [
    (CropAroundPoint(720, 360),),
    (ResizeToFit(480, 480, upscale=False),),
    (CropAroundPoint(240, 240, (0.7, 0.3)),),
    (ResizeToFit(120, 120, upscale=False),),
    (CropAroundPoint(60, 60, (0.2, 0.9)),),
    (ResizeToCover(90, 90),),
    (ResizeToFit(99, 99, mat_color="white"),),
    (Invert(), CropAroundPoint(240, 240)),
    (Sepia(), Grayscale(), CropAroundPoint(60, 60)),
    (GaussianBlur(8), CropAroundPoint(60, 60)),
    (Sharpen(), ResizeToFit(120, 120)),
    (CropAroundPoint(60, 60), Sharpen()),
    *((CropAroundPoint(side, side), processor) for side in (60, 240) for processor in GENTLE),
]

THRESHOLDS = [2400 // shrink for shrink in (2, 3, 4, 5, 6, 8, 10, 12, 16, 24)]


@lru_cache(maxsize=2)
def source(orientation: int = 1) -> bytes:
    return photo_bytes(SOURCE, quality=88, orientation=orientation)


def made(chains: list[tuple[Any, ...]], *, exact: bool = False) -> list[Image.Image]:
    """What is made of each chain where they are made together."""
    recipes = [Recipe(chain, "PNG") for chain in chains]
    demands = [recipe.demand(SOURCE) for recipe in recipes]
    with decoded(source(), 1 if exact else planning.draft_scale(demands)) as picture:
        return [recipe.pixels(picture, exact=exact) for recipe in recipes]


@pytest.fixture(scope="module")
def references() -> list[Image.Image]:
    return made(SET, exact=True)


@pytest.fixture(scope="module")
def together() -> list[Image.Image]:
    return made(SET)


every_chain = pytest.mark.parametrize("index", range(len(SET)), ids=lambda index: repr(SET[index]))


@every_chain
def test_a_rendition_looks_the_same_alone_and_in_a_set(
    index: int, together: list[Image.Image]
) -> None:
    [alone] = made([SET[index]])
    assert psnr(alone, together[index]) >= ALONE


@every_chain
def test_a_rendition_looks_like_its_reference(
    index: int, together: list[Image.Image], references: list[Image.Image]
) -> None:
    [alone] = made([SET[index]])
    assert psnr(alone, references[index]) >= EXACT
    assert psnr(together[index], references[index]) >= EXACT


@pytest.mark.slow
def test_no_scale_shows_just_where_it_becomes_possible() -> None:
    chains = [(ResizeToFit(side, None),) for side in THRESHOLDS]
    for chain, reference in zip(chains, made(chains, exact=True), strict=True):
        [alone] = made([chain])
        assert psnr(alone, reference) >= EXACT, chain


def test_the_reference_is_one_step_of_lanczos(references: list[Image.Image]) -> None:
    photo = read(source())
    fitted = photo.resize((480, 360), Image.Resampling.LANCZOS)
    assert references[1].tobytes() == fitted.tobytes()
    # A square of the full height, which ends at the right edge: int(2400 * 0.7) + 900 > 2400.
    cropped = photo.resize((240, 240), Image.Resampling.LANCZOS, box=(600, 0, 2400, 1800))
    assert references[2].tobytes() == cropped.tobytes()


@pytest.mark.parametrize("index", [0, 1, 2, 3, 4])
def test_what_is_lost_is_lost_in_encoding_anyway(index: int, references: list[Image.Image]) -> None:
    reference, [quick] = references[index], made([SET[index]])
    options = freeze({"quality": 70})
    best = psnr(read(encode(reference, "JPEG", options)), reference)
    assert psnr(read(encode(quick, "JPEG", options)), reference) >= best - 0.15
