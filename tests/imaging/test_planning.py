from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from versatile.imaging.planning import block_size, draft_scale

LEFT = 1.5
"""What must be left to shrink at the least."""

shrinks = st.floats(0.001, 10_000)


@pytest.mark.parametrize("demand", [0.5, 1, 2, 2.999])
def test_little_to_shrink_needs_every_pixel(demand: float) -> None:
    assert draft_scale([demand]) == 1


@pytest.mark.parametrize(
    ("demand", "scale"), [(3, 2), (5.9, 2), (8, 4), (11.9, 4), (20, 8), (500, 8)]
)
def test_much_to_shrink_is_decoded_small(demand: float, scale: int) -> None:
    assert draft_scale([demand]) == scale


def test_the_most_demanding_rendition_decides() -> None:
    assert draft_scale([40, 9, 100]) == draft_scale([9]) == 4
    assert draft_scale([40, 1, 100]) == 1


def test_nothing_wanted_means_nothing_left_out() -> None:
    assert draft_scale([]) == 1


def test_demands_may_come_one_by_one() -> None:
    assert draft_scale(demand for demand in (21.0, 22.0)) == 8


@given(st.lists(shrinks, min_size=1))
@example([2.9999])
@example([5.9999])
@example([11.9999])
def test_a_scaled_decode_leaves_half_as_much_again_to_shrink_for_all(demands: list[float]) -> None:
    scale = draft_scale(demands)
    assert scale in {1, 2, 4, 8}
    assert scale == 1 or min(demands) / scale >= LEFT


@given(st.lists(shrinks, min_size=2))
def test_who_shrinks_more_is_never_decoded_larger(demands: list[float]) -> None:
    scales = [draft_scale([demand]) for demand in sorted(demands)]
    assert all(one <= other for one, other in pairwise(scales))


@pytest.mark.parametrize(("shrink", "side"), [(0.1, 1), (1, 1), (2.9, 1), (4, 2), (7.9, 2), (8, 4)])
def test_blocks_are_averaged_where_much_is_left(shrink: float, side: int) -> None:
    assert block_size(shrink) == side


@given(shrinks)
def test_a_block_is_a_power_of_two_that_leaves_enough_and_not_too_much(shrink: float) -> None:
    side = block_size(shrink)
    assert side in {2**power for power in range(20)}
    assert side == 1 or LEFT <= shrink / side < 4 * LEFT
