import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from versatile.imaging.planning import BLOCK_HEADROOM, DRAFT_HEADROOM, block_size, draft_scale

shrinks = st.floats(0.001, 10_000)


@pytest.mark.parametrize(
    ("demand", "scale"),
    [(0.5, 1), (1, 1), (2.99, 1), (3, 2), (5.99, 2), (6, 4), (11.99, 4), (12, 8), (500, 8)],
)
def test_a_scaled_decode_leaves_half_as_much_again_to_shrink(demand: float, scale: int) -> None:
    assert draft_scale([demand]) == scale


def test_the_most_demanding_rendition_decides() -> None:
    assert draft_scale([40, 7, 100]) == draft_scale([7]) == 4
    assert draft_scale([40, 1, 100]) == 1


def test_nothing_wanted_means_nothing_left_out() -> None:
    assert draft_scale([]) == 1


def test_demands_may_come_one_by_one() -> None:
    assert draft_scale(demand for demand in (12.0, 13.0)) == 8


@given(st.lists(shrinks, min_size=1))
def test_the_scale_is_the_largest_that_leaves_enough_for_all(demands: list[float]) -> None:
    enough = [s for s in (1, 2, 4, 8) if all(demand / s >= DRAFT_HEADROOM for demand in demands)]
    assert draft_scale(demands) == max(enough, default=1)


@pytest.mark.parametrize(
    ("shrink", "side"), [(0.1, 1), (1, 1), (3.99, 1), (4, 2), (7.99, 2), (8, 4), (16, 8), (64, 32)]
)
def test_blocks_leave_twice_as_much_to_shrink(shrink: float, side: int) -> None:
    assert block_size(shrink) == side


@given(shrinks)
@example(4.0)
def test_a_block_is_the_largest_power_of_two_that_leaves_enough(shrink: float) -> None:
    sides = [2**power for power in range(1, 20) if shrink / 2**power >= BLOCK_HEADROOM]
    assert block_size(shrink) == max(sides, default=1)
