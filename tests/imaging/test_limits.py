import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versatile.imaging.exceptions import ImageTooLarge
from versatile.imaging.geometry import Size
from versatile.imaging.limits import BUFFERED, UNLIMITED, Limits

LIMITS = Limits(max_bytes=100, max_pixels=1000, max_side=50, max_frames=4, max_frames_area=2000)
SIDES = st.integers(1, 200)


def test_the_default_is_what_the_settings_are() -> None:
    limits = Limits()
    assert (limits.max_bytes, limits.max_pixels, limits.max_side) == (
        64_000_000,
        50_000_000,
        20_000,
    )
    assert (limits.max_frames, limits.max_frames_area) == (100, 100_000_000)


def test_a_file_may_be_as_long_as_its_limit_and_no_longer() -> None:
    LIMITS.check_bytes(100)
    with pytest.raises(ImageTooLarge, match=r"101 bytes, more than 100.*raise MAX_SOURCE_BYTES"):
        LIMITS.check_bytes(101)


@given(SIDES, SIDES)
def test_a_picture_is_refused_by_its_side_or_its_area(width: int, height: int) -> None:
    size = Size(width, height)
    if max(size) <= 50 and math.prod(size) <= 1000:
        LIMITS.check_size(size)
        return
    rule = "MAX_SOURCE_SIDE" if max(size) > 50 else "MAX_SOURCE_PIXELS"
    with pytest.raises(ImageTooLarge, match=f"{width}×{height} pixels, more than .*{rule}"):
        LIMITS.check_size(size)


def test_what_is_kept_as_a_whole_may_be_larger_than_what_is_left_of_it() -> None:
    LIMITS.check_buffered(Size(40, 1000 * BUFFERED // 40))
    with pytest.raises(ImageTooLarge, match=r"kept together, more than 2000"):
        LIMITS.check_buffered(Size(40, 51))


@given(st.integers(1, 10), SIDES, SIDES)
def test_frames_are_allowed_by_their_number_and_their_area(n: int, width: int, height: int) -> None:
    expected = n <= 4 and n * width * height <= 2000
    assert LIMITS.allow_frames(n, Size(width, height)) is expected


def test_none_is_no_limit() -> None:
    huge = Size(10**9, 10**9)
    UNLIMITED.check_bytes(10**15)
    UNLIMITED.check_size(huge)
    UNLIMITED.check_buffered(huge)
    assert UNLIMITED.allow_frames(10**9, huge)
