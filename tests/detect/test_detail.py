"""The point of the most detail: on the subject, or in the middle where there is none."""

import random
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.drawing import draw_photo
from versatile.detect import entropy

SIZES = [(800, 600), (600, 800), (1600, 400), (90, 120)]


def scene(point: tuple[float, float], size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """A smooth sky with a cluster of leaves around a point."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    draw, dice = ImageDraw.Draw(image), random.Random(1)
    reach = min(size) / 8
    for _ in range(60):
        x = point[0] * size[0] + dice.uniform(-reach, reach)
        y = point[1] * size[1] + dice.uniform(-reach, reach)
        half = reach / 5
        draw.ellipse((x - half, y - half, x + half, y + half), fill=(dice.randrange(256),) * 3)
    return image.convert(mode)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("point", [(0.2, 0.3), (0.8, 0.7), (0.5, 0.5), (0.15, 0.85), (0.6, 0.2)])
def test_the_point_lies_on_what_is_there_to_see(
    point: tuple[float, float], size: tuple[int, int]
) -> None:
    assert entropy(scene(point, size)) == pytest.approx(point, abs=0.06)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "LA"])
def test_every_mode_is_looked_at(mode: str) -> None:
    assert entropy(scene((0.2, 0.7), (400, 300), mode)) == pytest.approx((0.2, 0.7), abs=0.06)


def test_what_is_transparent_is_of_no_interest() -> None:
    image = scene((0.8, 0.7), (400, 300), "RGBA")
    left = scene((0.2, 0.3), (400, 300), "RGBA").crop((0, 0, 200, 300))
    left.putalpha(0)
    image.paste(left)
    assert entropy(image) == pytest.approx((0.8, 0.7), abs=0.06)
    hidden = scene((0.2, 0.3), (400, 300), "RGBA")
    hidden.putalpha(0)
    assert entropy(hidden) == (0.5, 0.5)


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (500, 400), "red"),
        Image.linear_gradient("L"),
        Image.new("1", (1, 1)),
        Image.new("P", (3000, 2)),
        Image.new("RGBA", (2, 3000)),
    ],
    ids=["flat", "slope", "pixel", "line", "column"],
)
def test_a_picture_without_detail_has_its_point_in_the_middle(image: Image.Image) -> None:
    assert entropy(image) == (0.5, 0.5)


def test_an_even_pattern_has_its_point_in_the_middle() -> None:
    tile = Image.new("L", (8, 8))
    tile.paste(255, (0, 0, 4, 4))
    pattern = Image.new("L", (256, 256))
    for left in range(0, 256, 8):
        for top in range(0, 256, 8):
            pattern.paste(tile, (left, top))
    assert entropy(pattern) == pytest.approx((0.5, 0.5), abs=0.15)


def test_the_same_picture_has_the_same_point_at_any_size() -> None:
    photo: Any = scene((0.3, 0.6), (2000, 1500))
    assert entropy(photo) == entropy(photo.copy())
    small = photo.resize((500, 375), Image.Resampling.LANCZOS)
    assert entropy(small) == pytest.approx(entropy(photo), abs=0.03)


def test_a_photo_is_not_changed_by_looking_at_it() -> None:
    photo = draw_photo()
    before = photo.tobytes()
    entropy(photo)
    assert photo.tobytes() == before
