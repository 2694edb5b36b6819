import random
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from PIL import Image

from tests.counts import count
from versatile.imaging.exceptions import InvalidGeometry, VersatileError
from versatile.imaging.geometry import (
    CENTRE,
    Box,
    Size,
    Window,
    contain,
    cover,
    crop_box,
    parse_size,
    whole,
)

LIMITS = {"max_side": 8000, "max_area": 25_000_000}

sides = st.integers(1, 9000)
sizes = st.builds(Size, sides, sides)
points = st.tuples(st.floats(0, 1), st.floats(0, 1))


class Sizeless(Image.Image):
    """A picture without pixels, to ask Pillow for the size of its thumbnail alone."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__()
        self._size = size

    def resize(self, *args: Any, **kwargs: Any) -> Image.Image:
        return Image.new("1", (1, 1))


def pillow_thumbnail(size: Size, bounds: tuple[int, int]) -> Size:
    image = Sizeless(size)
    image.thumbnail(bounds, reducing_gap=None)
    return Size(*image.size)


@pytest.mark.parametrize(
    ("size", "bounds", "point", "box"),
    [
        # Wider than asked for: the full height, the middle of the width.
        ((1000, 500), (400, 400), CENTRE, (250, 0, 750, 500)),
        ((1000, 500), (400, 400), (0, 0), (0, 0, 500, 500)),
        ((1000, 500), (400, 400), (1.0, 1.0), (500, 0, 1000, 500)),
        # Pixel 300 is the centre: it starts at 300 - 500 // 2.
        ((1000, 500), (400, 400), (0.3, 0.9), (50, 0, 550, 500)),
        # Higher than asked for: the full width, int(300 / 2 + 0.5) rows around row 320.
        ((300, 400), (200, 100), (0.1, 0.8), (0, 245, 300, 395)),
        # An odd length lies half a pixel to the right of its centre: 50 - 33 // 2.
        ((100, 33), (7, 7), CENTRE, (34, 0, 67, 33)),
        # 1.5 is rounded up, not to the even neighbour; 2.5 as well.
        ((3, 10), (2, 1), CENTRE, (0, 4, 3, 6)),
        ((5, 10), (2, 1), CENTRE, (0, 4, 5, 7)),
        # The same ratio: nothing is cut off, wherever the point is.
        ((640, 480), (320, 240), (0.9, 0.1), (0, 0, 640, 480)),
        # A hair of a ratio still shows one pixel.
        ((1, 9000), (8000, 1), (0.5, 1.0), (0, 8999, 1, 9000)),
        ((9000, 1), (1, 8000), (0.0, 0.5), (0, 0, 1, 1)),
    ],
)
def test_the_box_of_a_crop_is_worked_out_by_hand(
    size: tuple[int, int], bounds: tuple[int, int], point: tuple[float, float], box: Any
) -> None:
    assert crop_box(Size(*size), Size(*bounds), point) == box


@given(sizes, sizes, points)
@example(Size(1, 1), Size(8000, 1), (1.0, 1.0))
def test_a_crop_is_a_box_of_whole_pixels_inside_the_source(
    size: Size, bounds: Size, point: tuple[float, float]
) -> None:
    box = crop_box(size, bounds, point)
    assert 0 <= box.left < box.right <= size.width
    assert 0 <= box.top < box.bottom <= size.height
    assert all(edge == int(edge) for edge in box)


@given(sizes, sizes, points)
def test_a_crop_follows_the_rule_of_the_old_library(
    size: Size, bounds: Size, point: tuple[float, float]
) -> None:
    ratio = bounds.width / bounds.height
    if size.width / size.height >= ratio:
        lengths = int(ratio * size.height + 0.5), size.height
    else:
        lengths = size.width, int(size.width / ratio + 0.5)
    assume(min(lengths) > 0)
    starts = []
    for side, length, fraction in zip(size, lengths, point, strict=True):
        start = int(side * fraction) - length // 2
        starts.append(max(0, start) if start + length <= side else side - length)
    box = crop_box(size, bounds, point)
    assert (box.left, box.top) == tuple(starts)
    assert (box.width, box.height) == lengths


@given(sizes, sizes, points)
def test_a_crop_has_the_ratio_to_half_a_pixel_and_one_full_side(
    size: Size, bounds: Size, point: tuple[float, float]
) -> None:
    box = crop_box(size, bounds, point)
    assert box.width == size.width or box.height == size.height
    ideal_width = min(size.width, size.height * bounds.width / bounds.height)
    ideal_height = min(size.height, size.width * bounds.height / bounds.width)
    assert abs(box.width - ideal_width) <= 0.5 + 1e-6 or box.width == 1
    assert abs(box.height - ideal_height) <= 0.5 + 1e-6 or box.height == 1


def test_a_thumbnail_has_the_size_that_pillow_gives_it() -> None:
    dice = random.Random(0)
    for _ in range(count(100_000, quick=5_000)):
        most = dice.choice([10, 100, 9000])
        size = Size(dice.randint(1, most), dice.randint(1, most))
        bounds = dice.randint(1, most), dice.randint(1, most)
        expected = pillow_thumbnail(size, bounds)
        assert contain(size, bounds, upscale=False) == expected, (size, bounds)


@given(sizes, sides, sides)
def test_a_contained_size_fills_its_bounds_and_keeps_the_ratio(
    size: Size, width: int, height: int
) -> None:
    fitted = contain(size, (width, height), upscale=True)
    assert fitted.width <= width
    assert fitted.height <= height
    assert fitted.width == width or fitted.height == height
    ideal_width = min(width, height * size.width / size.height)
    ideal_height = min(height, width * size.height / size.width)
    assert abs(fitted.width - max(ideal_width, 1)) < 1
    assert abs(fitted.height - max(ideal_height, 1)) < 1


@given(sizes, st.none() | sides, st.none() | sides)
def test_without_upscaling_no_side_grows(size: Size, width: int | None, height: int | None) -> None:
    fitted = contain(size, (width, height), upscale=False)
    assert fitted.width <= size.width
    assert fitted.height <= size.height
    holds = (width or size.width) >= size.width and (height or size.height) >= size.height
    assert (fitted == size) is (holds or size == (1, 1))


@pytest.mark.parametrize(
    ("bounds", "fitted"),
    [
        ((None, None), (400, 300)),
        ((800, None), (800, 600)),
        ((None, 600), (800, 600)),
        ((40, None), (40, 30)),
        ((None, 30), (40, 30)),
        ((40, 8000), (40, 30)),
        ((1, None), (1, 1)),
    ],
)
def test_a_side_that_is_none_does_not_bind(bounds: Any, fitted: tuple[int, int]) -> None:
    assert contain(Size(400, 300), bounds, upscale=True) == fitted


def test_one_side_that_is_large_enough_lets_a_picture_be() -> None:
    assert contain(Size(400, 300), (500, None), upscale=False) == (400, 300)
    assert contain(Size(400, 300), (None, 300), upscale=False) == (400, 300)
    assert contain(Size(400, 300), (200, None), upscale=False) == (200, 150)


@given(sizes, sizes)
def test_a_covering_size_covers_and_is_the_smallest(size: Size, bounds: Size) -> None:
    covering = cover(size, bounds, upscale=True)
    assert covering.width >= bounds.width
    assert covering.height >= bounds.height
    assert covering.width == bounds.width or covering.height == bounds.height
    ideal_width = max(bounds.width, bounds.height * size.width / size.height)
    ideal_height = max(bounds.height, bounds.width * size.height / size.width)
    assert abs(covering.width - ideal_width) <= 0.5 + 1e-6
    assert abs(covering.height - ideal_height) <= 0.5 + 1e-6


@given(sizes, sizes)
def test_a_cover_without_upscaling_leaves_a_picture_that_is_too_small(
    size: Size, bounds: Size
) -> None:
    small = size.width < bounds.width or size.height < bounds.height
    expected = size if small else cover(size, bounds, upscale=True)
    assert cover(size, bounds, upscale=False) == expected


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_a_size_key_is_read_back(width: int, height: int) -> None:
    assert parse_size(f"{width}x{height}", **LIMITS) == (width, height)
    assert parse_size(f"{width}x", **LIMITS) == (width, None)
    assert parse_size(f"x{height}", **LIMITS) == (None, height)


@pytest.mark.parametrize("key", ["8000x3125", "5000x5000", "1x8000", "8000x", "x8000"])
def test_the_limits_themselves_are_allowed(key: str) -> None:
    width, height = (int(side) if side else None for side in key.split("x"))
    assert parse_size(key, **LIMITS) == (width, height)


@pytest.mark.parametrize(
    "key",
    [
        *("", "x", "10", "10x10x10", "xx", "axb", "10.5x10", "1e2x10", "0b1x10"),
        *(" 10x10", "10x10 ", "10x10\n", "\n10x10", "10 x 10", "1_0x10", "+10x10"),
        *("10X10", "10×10", "10*10", "\u06610x10", "10x\uff11\uff10", "²x10"),
        *("0x10", "10x0", "0x", "x0", "00x10", "-5x10", "10x-5"),
        *("8001x1", "1x8001", "8001x", "x8001", "8000x8000", "8000x3126", "5001x5000"),
        *(f"{'9' * 5000}x1", f"x{'1' * 5000}"),
    ],
)
def test_anything_else_is_no_size(key: str) -> None:
    with pytest.raises(InvalidGeometry):
        parse_size(key, **LIMITS)


@given(st.text("0123456789xX -_+.\n\u0663\uff15", max_size=9))
def test_a_key_is_a_size_only_as_it_is_written(key: str) -> None:
    parts = key.split("x")
    strict = len(parts) == 2 and any(parts) and all(c in "0123456789" for c in "".join(parts))
    numbers = [int(part) for part in parts if part] if strict else [0]
    area = numbers[0] * numbers[-1] if len(numbers) == 2 else 1
    if min(numbers) > 0 and max(numbers) <= 8000 and area <= 25_000_000:
        assert parse_size(key, **LIMITS) == tuple(int(part) if part else None for part in parts)
    else:
        with pytest.raises(InvalidGeometry):
            parse_size(key, **LIMITS)


def test_the_limits_belong_to_the_question() -> None:
    assert parse_size("100x100", max_side=100, max_area=10_000) == (100, 100)
    with pytest.raises(InvalidGeometry, match="between 1 and 99"):
        parse_size("100x100", max_side=99, max_area=10_000)
    with pytest.raises(InvalidGeometry, match="must not exceed 9999"):
        parse_size("100x100", max_side=100, max_area=9_999)


def test_a_wrong_size_is_a_value_error_of_ours() -> None:
    with pytest.raises(InvalidGeometry, match="`width`x`height`") as caught:
        parse_size("huge", **LIMITS)
    assert isinstance(caught.value, VersatileError)
    assert isinstance(caught.value, ValueError)


def test_a_window_shrinks_by_its_less_shrinking_side() -> None:
    assert Window(Box(10, 20, 410, 220), Size(100, 20)).shrink == 4
    assert Window(Box(10, 20, 410, 220), Size(20, 100)).shrink == 2
    assert Window(whole(Size(10, 10)), Size(20, 10)).shrink == 0.5


@pytest.mark.parametrize(
    ("size", "expected"),
    [((800, 600), 2), ((65_000, 1), 8), ((1, 65_000), 6), ((1, 1), 1)],
)
def test_a_side_of_one_pixel_says_nothing_of_how_far_a_picture_shrinks(
    size: tuple[int, int], expected: float
) -> None:
    wanted = Size(max(size[0] // 8, 1), max(size[1] // 6, 1))
    window = Window(whole(Size(*size)), wanted if size != (800, 600) else Size(400, 300))
    assert window.shrink_of(Size(*size)) == pytest.approx(expected, rel=0.01)
