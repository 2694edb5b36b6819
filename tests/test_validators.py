import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from versatile.validators import (
    CENTRE,
    INVALID_CENTERPOINT_ERROR_MESSAGE,
    ppoi_to_text,
    round_ppoi,
    validate_ppoi,
    validate_ppoi_tuple,
)

fractions = st.floats(0, 1)
points = st.tuples(fractions, fractions)


@pytest.mark.parametrize(
    "value", [(0, 0), (1, 1), (0.5, 0.5), (0.0, 1.0), (0, 0.25), (1e-9, 1), (-0.0, 0.5)]
)
def test_pairs_of_fractions_are_points(value: tuple[float, float]) -> None:
    assert validate_ppoi_tuple(value) is True
    assert validate_ppoi(value) is None
    assert validate_ppoi(value, return_converted_tuple=True) == value


NO_POINTS = [
    None,
    "",
    "axb",
    "0.5",
    "0.5x",
    "x0.5",
    "0.5x0.5x0.5",
    "1.5x0.5x0.5",
    "1.5x0.5",
    "-0.1x0.5",
    "0.5X0.5",
    "0.5,0.5",
    "nanx0.5",
    "0.5xinf",
    [0.5, 0.5],
    {0.5},
    0.5,
    b"0.5x0.5",
    (),
    (0.5,),
    (0.5, 0.5, 0.5),
    (2, 2),
    (-0.1, 0.5),
    (0.5, 1.0000001),
    (math.nan, 0.5),
    (0.5, math.inf),
    ("0.5", "0.5"),
    (None, 0.5),
    (1j, 0.5),
    (Decimal("NaN"), 0.5),
    (Decimal("1.1"), 0.5),
    (Fraction(3, 2), 0.5),
    # Numbers to Python, but their texts are none.
    (True, False),
]


@pytest.mark.parametrize("value", NO_POINTS, ids=repr)
def test_anything_else_is_none(value: Any) -> None:
    assert validate_ppoi_tuple(value) is False
    for wanted in (True, False):
        with pytest.raises(ValidationError) as caught:
            validate_ppoi(value, return_converted_tuple=wanted)
        assert caught.value.code == "invalid_ppoi"


@pytest.mark.parametrize("value", ["oops", (2, 3), None])
def test_the_message_names_the_value_the_rule_and_both_forms(value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_ppoi(value)
    [message] = caught.value.messages
    assert message.startswith(f"{value!r} is in invalid ppoi.")
    assert "between 0 and 1" in message
    assert "(0.25, 0.75)" in message
    assert "'0.25x0.75'" in message
    assert message == INVALID_CENTERPOINT_ERROR_MESSAGE % {"value": repr(value)}


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("0.5x0.5", (0.5, 0.5)),
        ("0x1", (0.0, 1.0)),
        (" 0.25 x 0.75 ", (0.25, 0.75)),
        ("1e-1x.5", (0.1, 0.5)),
    ],
)
def test_texts_become_floats(text: str, point: tuple[float, float]) -> None:
    converted = validate_ppoi(text, return_converted_tuple=True)
    assert converted == point
    assert converted is not None
    assert [type(part) for part in converted] == [float, float]
    assert validate_ppoi(text) is None


def test_integers_of_a_pair_stay_integers() -> None:
    converted = validate_ppoi((0, 1), return_converted_tuple=True)
    assert repr(converted) == "(0, 1)"


@pytest.mark.parametrize(
    ("point", "text"),
    [(CENTRE, "0.5x0.5"), ((0, 1), "0x1"), ((1.0, 0.25), "1.0x0.25"), ((1e-05, 1), "1e-05x1")],
)
def test_the_canonical_text(point: tuple[float, float], text: str) -> None:
    assert ppoi_to_text(point) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((Decimal("0.25"), Decimal("0.5")), "0.25x0.5"),
        ((Fraction(1, 4), Fraction(1)), "0.25x1.0"),
        ((np.float32(0.25), np.float64(0.5)), "0.25x0.5"),
        ((np.int64(1), 0), "1.0x0"),
    ],
)
def test_other_numbers_become_floats(value: Any, text: str) -> None:
    assert validate_ppoi_tuple(value) is True
    converted = validate_ppoi(value, return_converted_tuple=True)
    assert converted is not None
    assert {type(part) for part in converted} <= {float, int}
    assert ppoi_to_text(converted) == text


@given(points)
def test_a_point_survives_its_text(point: tuple[float, float]) -> None:
    assert validate_ppoi(ppoi_to_text(point), return_converted_tuple=True) == point


@pytest.mark.parametrize(
    ("point", "max_length", "rounded"),
    [
        ((0.25, 0.75), 20, (0.25, 0.75)),
        ((1 / 3, 2 / 3), 20, (0.3333333, 0.6666667)),
        ((1 / 3, 2 / 3), 37, (1 / 3, 2 / 3)),
        ((1 / 3, 2 / 3), 11, (0.333, 0.667)),
        ((1 / 3, 2 / 3), 7, (0.3, 0.7)),
        ((1 / 3, 2 / 3), None, (1 / 3, 2 / 3)),
        # A short side leaves its room to the other one: 14 decimals are 20 characters.
        ((0.5, 1 / 3), 20, (0.5, 0.33333333333333)),
        ((1 / 3, 0.5), 20, (0.33333333333333, 0.5)),
        ((0, 1 / 3), 20, (0, 1 / 3)),
        ((0, 1 / 3), 19, (0, 0.333333333333333)),
        # Nine decimals are 20 characters.
        ((1.23456789e-07, 1 / 3), 20, (1.23e-07, 0.333333333)),
        ((0.99999999, 0.99999999), 20, (1.0, 1.0)),
    ],
)
def test_points_are_rounded_to_the_most_decimals_that_fit(
    point: tuple[float, float], max_length: int | None, rounded: tuple[float, float]
) -> None:
    assert round_ppoi(point, max_length) == rounded


@given(points, st.integers(7, 40))
def test_a_rounded_point_fits_and_one_decimal_more_would_not(
    point: tuple[float, float], max_length: int
) -> None:
    rounded = round_ppoi(point, max_length)
    assert len(ppoi_to_text(rounded)) <= max_length
    assert round_ppoi(rounded, max_length) == rounded
    if rounded != point:
        decimals = next(
            number
            for number in range(max_length + 1)
            if (round(point[0], number), round(point[1], number)) == rounded
        )
        finer = [
            (round(point[0], number), round(point[1], number))
            for number in range(decimals + 1, max_length + 1)
        ]
        assert all(item == rounded or len(ppoi_to_text(item)) > max_length for item in finer)


def test_a_length_that_holds_no_point_is_an_error_that_says_so() -> None:
    with pytest.raises(
        ValidationError, match=r"0.25x0.75 does not fit into 6 characters"
    ) as caught:
        round_ppoi((0.25, 0.75), 6)
    assert caught.value.code == "ppoi_too_long"
