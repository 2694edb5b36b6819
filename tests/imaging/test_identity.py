"""Identities: the same in every process, and different for what differs."""

import os
import subprocess
import sys
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from versatile import processors
from versatile.exceptions import UnknownIdentity, VersatileError
from versatile.imaging.identity import canonical_json
from versatile.imaging.recipe import Recipe

p: Any = processors


class Foreign:
    """A processor of somebody else's."""

    def __init__(self, **facts: Any) -> None:
        self.__dict__.update(facts)

    def process(self, image: Image.Image) -> Image.Image:
        return image


class Other(Foreign):
    """Another class with the same facts."""


class Pipeline(list[Any]):
    def process(self, image: Image.Image) -> Image.Image:
        return image


class Table(dict[str, Any]):
    def process(self, image: Image.Image) -> Image.Image:
        return image


class Pair(NamedTuple):
    a: int
    b: int

    def process(self, image: Image.Image) -> Image.Image:
        return image


@dataclass
class Data:
    a: Any
    b: Any = 1


class Slotted:
    __slots__ = ("__dict__", "hidden")

    def __init__(self, hidden: int) -> None:
        self.hidden = hidden


class CalledToo(Foreign):
    def __call__(self) -> None: ...


class Own:
    def __init__(self, hidden: object) -> None:
        self.hidden = hidden

    def identity(self) -> Any:
        return ["own", 5]


class Number(IntEnum):
    TWO = 2


class Word(StrEnum):
    A = "a"


SAME = [
    (2, 2.0),
    (1, True),
    (0, False),
    (0, -0.0),
    (2, Number.TWO),
    ("a", Word.A),
    ((1, 2), [1, 2]),
    ({"a": 1, "b": 2.0}, {"b": 2, "a": True}),
    ({3, 1, 2}, frozenset([2, 1, 3])),
    ({"x", "y", "z"}, {"z", "y", "x"}),
    ({1: "a"}, {1.0: "a"}),
    (Foreign(a=1, b=(1, 2)), Foreign(b=[1, 2], a=1.0)),
    (Data(1), Data(1.0, True)),
    (Own(object()), Own(5)),
    (Pipeline([1]), Pipeline([1.0])),
    (1e300, 10.0**300),
]
DIFFERENT = [
    (1, 2),
    (1, "1"),
    (0.1, 0.2),
    (None, 0),
    (None, "null"),
    ([1, 2], [2, 1]),
    ({1: "a"}, {"1": "a"}),
    (b"a", "a"),
    (b"a", b"b"),
    (Foreign(a=1), Foreign(a=2)),
    (Foreign(a=1), Other(a=1)),
    (Foreign(), Other()),
    (Data(1), Data(2)),
    (Pipeline([1]), Pipeline([2])),
    (Pipeline(), []),
    (Table(a=1), Table(a=2)),
    (Pair(1, 2), Pair(1, 3)),
    (Pair(1, 2), (1, 2)),
    (p.Resize(1, 2), p.Resize(2, 1)),
    (p.Resize(1, 2), p.SmartResize(1, 2)),
    (p.ProcessorPipeline([p.Resize(1, 2)]), p.ProcessorPipeline([p.Resize(1, 3)])),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_equal_has_one_text(one, other):
    assert canonical_json(one) == canonical_json(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_has_two_texts(one, other):
    assert canonical_json(one) != canonical_json(other)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_equal_lists_have_one_text(value):
    assert canonical_json(value) == canonical_json(value)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(-5, 5))
def test_numbers_have_one_text_if_and_only_if_they_are_equal(one, other):
    assert (canonical_json(one) == canonical_json(other)) == (one == other)


def itself() -> Foreign:
    made = Foreign()
    made.__dict__["me"] = made
    return made


def unbound(image: object) -> object:
    return image


@pytest.mark.parametrize(
    "value",
    [
        object(),
        lambda image: image,
        unbound,
        Foreign(callback=lambda: None),
        Foreign(file=sys.stdout),
        Foreign(picture=Image.new("RGB", (1, 1))),
        Foreign(path=Path("x")),
        Slotted(1),
        Foreign,
        Data,
        p.Resize,
        float("nan"),
        float("inf"),
        1j,
        itself(),
    ],
    ids=lambda value: str(type(value)),
)
def test_what_json_cannot_hold_is_a_typed_error_that_asks_for_identity(value):
    with pytest.raises(UnknownIdentity, match=r"identity\(\)") as caught:
        canonical_json([value])
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, VersatileError)


def test_an_object_that_can_be_called_is_a_processor_if_it_has_process():
    assert canonical_json(CalledToo(a=1)) != canonical_json(CalledToo(a=2))


def test_a_processors_identity_is_its_class_and_its_fields():
    assert canonical_json(p.Resize(1, 2)) == (
        '["versatile.processors.resize.Resize",{"height":2,"upscale":1,"width":1}]'
    )


def test_a_recipe_as_json():
    recipe = Recipe((p.Convert("L"),), "PNG", (("optimize", True),))
    assert recipe.to_json() == (
        '[[["versatile.processors.convert.Convert",{"mode":"L"}]],"PNG",'
        '[["optimize",1]],[255,255,255],1]'
    )


CODE = """
from versatile import processors as p
from versatile.imaging.identity import canonical_json
print(canonical_json([p.Resize(1, 2), p.Transpose("auto"), {"b", "a", "c"}, {"z": 1, "y": {2, 3}}]))
"""


@pytest.mark.service
def test_the_text_is_the_same_in_every_process():
    texts = set()
    for seed in ("0", "1", "random"):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        done = subprocess.run(
            [sys.executable, "-c", CODE], capture_output=True, check=True, env=environment
        )
        texts.add(done.stdout)
    assert len(texts) == 1
