import json
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.counts import count
from tests.drawing import draw_photo, photo_bytes
from tests.imaging.comparing import decoded, largest_difference, read
from tests.processors.samples import GENTLE, OF_NEIGHBOURS, POINTWISE
from versatile.imaging.encoding import freeze
from versatile.imaging.exceptions import UnknownIdentity
from versatile.imaging.geometry import Size
from versatile.imaging.identity import identity
from versatile.imaging.recipe import Recipe
from versatile.processors import (
    Adjust,
    Convert,
    CropAroundPoint,
    GaussianBlur,
    Grayscale,
    Invert,
    Processor,
    ResizeToCover,
    ResizeToFit,
    Sharpen,
)

SOURCE = Size(160, 120)
CROP = CropAroundPoint(20, 20)

sides = st.integers(1, 60)
points = st.tuples(st.floats(0, 1), st.floats(0, 1))
processors = st.one_of(
    st.sampled_from([*POINTWISE, *OF_NEIGHBOURS]),
    st.builds(CropAroundPoint, sides, sides, points, upscale=st.booleans()),
    st.builds(ResizeToFit, sides, st.none() | sides, upscale=st.booleans()),
    st.builds(ResizeToFit, sides, sides, upscale=st.booleans(), mat_color=st.just("teal")),
    st.builds(ResizeToCover, sides, sides, upscale=st.booleans()),
)
chains = st.lists(processors, max_size=3).map(tuple)


class Foreign:
    """A processor that only its author knows."""

    def process(self, image: Image.Image) -> Image.Image:
        return image.rotate(180)

    def __repr__(self) -> str:  # the same in every worker, which names tests by it
        return "Foreign()"


@dataclass(frozen=True)
class Nested:
    """A processor with processors and options inside."""

    inner: tuple[Processor, ...]
    options: dict[str, Any]

    def process(self, image: Image.Image) -> Image.Image:
        return image


def png(size: tuple[int, int] = SOURCE, **options: Any) -> bytes:
    return photo_bytes(size, format="PNG", **options)


def pixels(*processors: Any, data: bytes | None = None, exact: bool = False) -> Image.Image:
    with decoded(png() if data is None else data) as picture:
        return Recipe(processors, "PNG").pixels(picture, exact=exact)


def test_equal_recipes_are_one_value() -> None:
    one = Recipe((Invert(), CropAroundPoint(4, 3)), "JPEG", freeze({"quality": 70}))
    other = Recipe((Invert(), CropAroundPoint(4, 3)), "JPEG", freeze({"quality": 70}))
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other}) == 1
    assert one.to_json() == other.to_json()


DIFFERENT = [
    Recipe((), "JPEG"),
    Recipe((), "PNG"),
    Recipe((), "JPEG", freeze({"quality": 70})),
    Recipe((), "JPEG", freeze({"quality": 71})),
    Recipe((), "JPEG", matte="red"),
    Recipe((), "JPEG", autoconvert=False),
    Recipe((Invert(),), "JPEG"),
    Recipe((Grayscale(),), "JPEG"),
    Recipe((Invert(), CROP), "JPEG"),
    Recipe((CROP, Invert()), "JPEG"),
    Recipe((CropAroundPoint(20, 20, (0.5, 0.4)),), "JPEG"),
    Recipe((CropAroundPoint(20, 20, upscale=False),), "JPEG"),
    Recipe((ResizeToFit(20, 20),), "JPEG"),
    Recipe((ResizeToCover(20, 20),), "JPEG"),
]


def test_every_part_of_a_recipe_makes_a_difference() -> None:
    for one, other in permutations(DIFFERENT, 2):
        assert one != other
        assert one.to_json() != other.to_json()


def test_the_text_of_a_recipe_is_a_contract() -> None:
    recipe = Recipe(
        (Grayscale(), CropAroundPoint(400, 300, (0.25, 1.0))),
        "JPEG",
        freeze({"quality": 70, "progressive": True}),
    )
    assert recipe.to_json() == (
        '[[["versatile.processors.colour.Grayscale",{}],'
        '["versatile.processors.crop.CropAroundPoint",'
        '{"height":300,"point":[0.25,1],"upscale":1,"width":400}]],'
        '"JPEG",[["progressive",1],["quality",70]],[255,255,255],1]'
    )


@given(chains, st.sampled_from(["JPEG", "PNG"]))
def test_the_text_of_a_recipe_is_json(chain: tuple[Processor, ...], format: str) -> None:
    value = json.loads(Recipe(chain, format).to_json())
    assert [name.rsplit(".", 1)[1] for name, _ in value[0]] == [type(p).__name__ for p in chain]
    assert value[1:] == [format, [], [255, 255, 255], 1]


def test_equal_numbers_give_equal_text() -> None:
    assert Sharpen(radius=2) == Sharpen(radius=2.0)
    assert Recipe((Sharpen(2),), "PNG").to_json() == Recipe((Sharpen(2.0),), "PNG").to_json()
    assert Recipe((Sharpen(2.5),), "PNG").to_json() != Recipe((Sharpen(2),), "PNG").to_json()


def test_values_may_be_nested() -> None:
    recipe = Recipe((Nested((Invert(),), {"b": [1, None], "a": {2: {4, 3}}}),), "PNG")
    assert json.loads(recipe.to_json())[0] == [
        [
            f"{__name__}.Nested",
            {
                "inner": [["versatile.processors.colour.Invert", {}]],
                "options": {"a": [[2, [3, 4]]], "b": [1, None]},
            },
        ]
    ]


def test_a_plain_class_is_known_by_its_name_and_attributes() -> None:
    foreign = Foreign()
    foreign.angle = 4  # type: ignore[attr-defined]
    assert identity(foreign) == [f"{__name__}.Foreign", {"angle": 4}]


class Slotted:
    """A processor whose values cannot be seen."""

    __slots__ = ("angle",)


@pytest.mark.parametrize(
    "processor", [Slotted(), Nested((), {"when": object()}), Nested((), {"kind": float("nan")})]
)
def test_what_cannot_be_written_down_is_an_error_that_names_it(processor: Any) -> None:
    with pytest.raises(UnknownIdentity, match=r"(Slotted|object|nan).*give its class a method"):
        Recipe((processor,), "PNG").to_json()


@pytest.mark.service
def test_the_text_of_a_recipe_is_the_same_in_every_process() -> None:
    script = (
        "from tests.imaging.test_recipe import DIFFERENT\n"
        "import sys\n"
        "sys.stdout.write(''.join(recipe.to_json() for recipe in DIFFERENT))"
    )
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.stdout == "".join(recipe.to_json() for recipe in DIFFERENT), run.stderr


@given(chains, sides, sides, st.integers(1, 8))
@settings(max_examples=count(1000, quick=150))
def test_the_size_by_arithmetic_is_the_size_in_pixels(
    chain: tuple[Processor, ...], width: int, height: int, orientation: int
) -> None:
    recipe = Recipe(chain, "PNG")
    with decoded(png((width, height), orientation=orientation)) as picture:
        expected = recipe.output_size(picture.size)
        assert expected is not None
        assume(max(expected) <= 2000)
        assert recipe.pixels(picture).size == expected
        assert Image.open(BytesIO(recipe.render(picture))).size == expected


def test_only_the_author_of_a_foreign_processor_knows_its_size() -> None:
    assert Recipe((CROP, Foreign()), "PNG").output_size(SOURCE) is None
    assert Recipe((), "PNG").output_size(SOURCE) == SOURCE


@pytest.mark.parametrize(
    "chain",
    [
        (),
        (Invert(),),
        (Foreign(),),
        (GaussianBlur(2), CROP),
        (Sharpen(), CROP),
        (Foreign(), CROP),
        (Invert(), GaussianBlur(2), CROP),
        (CROP, Sharpen()),
        (CROP, GaussianBlur(2)),
        (CROP, Adjust(sharpness=1.1)),
        (CROP, Adjust(contrast=1.3, color=1.3)),
        (CROP, Convert("P")),
        (CROP, Convert("1")),
        (Adjust(contrast=1.3), CROP),
        (CROP, Invert(), Foreign()),
    ],
    ids=repr,
)
def test_who_looks_at_neighbours_or_is_not_ours_gets_every_pixel(chain: tuple[Any, ...]) -> None:
    assert Recipe(chain, "PNG").demand(Size(4000, 3000)) == 1


@pytest.mark.parametrize(
    ("chain", "demand"),
    [
        ((CropAroundPoint(100, 100),), 30),
        ((CropAroundPoint(400, 100),), 10),
        ((ResizeToFit(400, 400),), 10),
        ((ResizeToFit(400, 400, mat_color="red"),), 10),
        ((ResizeToCover(300, 300),), 10),
        ((Invert(), Grayscale(), CropAroundPoint(100, 100), Invert()), 30),
        ((CropAroundPoint(300, 300), ResizeToFit(30, 30)), 10),
        ((ResizeToFit(8000, 8000),), 0.5),
        *(((CropAroundPoint(300, 300), processor), 10) for processor in GENTLE),
    ],
    ids=repr,
)
def test_a_resampling_needs_no_more_than_it_shrinks_to(
    chain: tuple[Any, ...], demand: float
) -> None:
    assert Recipe(chain, "PNG").demand(Size(4000, 3000)) == pytest.approx(demand)


def test_neighbours_are_those_of_the_full_picture() -> None:
    blurred = pixels(GaussianBlur(3), CROP)
    photo = read(png())
    assert blurred.tobytes() == CROP.process(GaussianBlur(3).process(photo)).tobytes()
    assert blurred.tobytes() != GaussianBlur(3).process(CROP.process(photo)).tobytes()


def test_processors_run_in_order() -> None:
    photo = read(png())
    chain = (CropAroundPoint(60, 60), Foreign(), ResizeToFit(20, 20), Invert())
    expected = photo
    for processor in chain:
        expected = processor.process(expected)
    assert largest_difference(pixels(*chain, exact=True), expected) == 0


def test_nothing_to_do_gives_the_picture() -> None:
    assert pixels(data=png(orientation=6)).tobytes() == draw_photo(SOURCE).tobytes()


def test_the_file_is_encoded_as_the_recipe_says() -> None:
    recipe = Recipe((CROP,), "JPEG", freeze({"quality": 5, "progressive": True}), matte="red")
    with decoded(png(mode="RGBA")) as picture:
        file = Image.open(BytesIO(recipe.render(picture)))
        clear = Recipe((), "JPEG", matte="red").render(picture)
    assert (file.format, file.size, file.mode) == ("JPEG", (20, 20), "RGB")
    assert file.info["progressive"]
    red, green, blue = read(clear).getpixel((0, 0))  # type: ignore[misc]
    assert red > 240
    assert max(green, blue) < 15


@dataclass(frozen=True)
class Signed:
    """A processor that writes its own file where it comes last."""

    def process(self, image: Image.Image) -> Image.Image:
        return image.convert("L")

    def encode(self, image: Image.Image, format: str) -> bytes:
        return f"{format} {image.mode} {image.size}".encode()


def test_the_last_processor_may_write_the_file_itself() -> None:
    with decoded(png(mode="RGBA")) as picture:
        assert Recipe((CROP, Signed()), "WEBP").render(picture) == b"WEBP RGBA (20, 20)"
        assert Recipe((Grayscale(), CROP, Invert(), Signed()), "PNG").render(picture) == (
            b"PNG LA (20, 20)"
        )
        assert Recipe((Foreign(), Grayscale(), Signed()), "PNG").render(picture) == (
            b"PNG LA (160, 120)"
        )
        last = Recipe((Signed(), CROP), "PNG").render(picture)
    assert read(last).mode == "L"
