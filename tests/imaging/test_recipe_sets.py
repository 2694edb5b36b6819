"""Recipes of one picture together: errors, order, and what one does to the others."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, ClassVar

import pytest
from PIL import Image

from tests.drawing import photo_bytes
from tests.imaging.animations import animation_bytes
from tests.imaging.comparing import decoded, psnr, read
from tests.processors.samples import ALL, POINTWISE
from versatile.imaging.decoding import Picture, open_picture
from versatile.imaging.exceptions import (
    EncodingError,
    InvalidGeometry,
    ProcessorError,
    TruncatedImage,
)
from versatile.imaging.geometry import Box, Size, Window, whole
from versatile.imaging.limits import Limits
from versatile.imaging.recipe import Recipe, pixels_held, render_each
from versatile.processors import CropAroundPoint, GaussianBlur, Grayscale, Invert, ResizeToFit

CROP = CropAroundPoint(20, 20)


@dataclass(frozen=True)
class Failing:
    """A processor that does something wrong."""

    what: Callable[[], Any]

    def __repr__(self) -> str:
        return "<the failing one>"

    def process(self, image: Image.Image) -> Image.Image:
        result: Image.Image = self.what()
        return result


@dataclass(frozen=True, repr=False)
class FailingWindow(Failing):
    """A processor whose window is wrong."""

    def window(self, size: Size) -> Window:
        window: Window = self.what()
        return window

    def finish(self, image: Image.Image) -> Image.Image:
        return image


class FailingFinish(FailingWindow):
    def window(self, size: Size) -> Window:
        return Window(whole(size), size)

    def finish(self, image: Image.Image) -> Image.Image:
        return self.process(image)


class FailingEncoder(Failing):
    def encode(self, image: Image.Image, format: str) -> bytes:
        data: bytes = self.what()
        return data


def divide() -> Any:
    return 1 / 0


def nothing() -> Any:
    return None


def outside() -> Window:
    return Window(Box(-5, -5, 900, 900), Size(10, 10))


FAILURES = [
    *((kind(divide), "ZeroDivisionError") for kind in (Failing, FailingWindow, FailingFinish)),
    (FailingEncoder(divide), "ZeroDivisionError"),
    (Failing(nothing), "returned None"),
    (FailingFinish(nothing), "returned None"),
    (FailingWindow(outside), "ValueError"),
    (FailingWindow(nothing), "AttributeError"),
]


@pytest.fixture
def photo() -> bytes:
    return photo_bytes((320, 240), quality=90)


def rendered(data: bytes, *recipes: Recipe, exact: bool = False) -> list[Any]:
    """What each recipe gives, in the order of the recipes."""
    with open_picture(BytesIO(data)) as picture:
        results = dict(render_each(picture, recipes, exact=exact))
    return [results[index] for index in range(len(recipes))]


@pytest.mark.parametrize(("processor", "reason"), FAILURES)
def test_a_processor_that_fails_is_named_with_its_reason(
    photo: bytes, processor: Any, reason: str
) -> None:
    with decoded(photo) as picture, pytest.raises(ProcessorError) as caught:
        Recipe((processor,), "PNG").render(picture)
    assert "<the failing one> failed" in str(caught.value)
    assert reason in str(caught.value)
    assert isinstance(caught.value.__cause__, Exception)


@pytest.mark.parametrize(("processor", "reason"), FAILURES)
def test_one_failure_stops_no_other_rendition(photo: bytes, processor: Any, reason: str) -> None:
    good = Recipe((CROP,), "PNG")
    first, error, last = rendered(photo, good, Recipe((processor,), "PNG"), good)
    assert isinstance(error, ProcessorError)
    assert read(first).size == read(last).size == (20, 20)


def test_errors_of_ours_pass_through_a_processor(photo: bytes) -> None:
    error = InvalidGeometry("no such box")

    def refuse() -> Any:
        raise error

    assert rendered(photo, Recipe((Failing(refuse),), "PNG")) == [error]


def test_what_is_no_error_of_a_picture_is_nobodys_result(photo: bytes) -> None:
    def stop() -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rendered(photo, Recipe((Failing(stop),), "PNG"))


def test_a_format_that_refuses_stops_no_other_rendition(photo: bytes) -> None:
    icon, crop = rendered(photo, Recipe((), "ICO"), Recipe((CROP,), "ICO"))
    assert isinstance(icon, EncodingError)
    assert read(crop).size == (20, 20)


@dataclass(frozen=True)
class Painter:
    """A processor that breaks the rule and paints on its input."""

    def process(self, image: Image.Image) -> Image.Image:
        image.paste(0, (0, 0, *image.size))
        return image


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    "chain",
    [
        (Painter(),),
        (ResizeToFit(320, 240), Painter()),
        (ResizeToFit(200, 200), Painter()),
        (CropAroundPoint(240, 240), Painter()),
    ],
    ids=repr,
)
def test_who_paints_on_a_picture_spoils_no_other_rendition(
    format: str, chain: tuple[Any, ...]
) -> None:
    data = photo_bytes((320, 240), format=format)
    small = Recipe((ResizeToFit(40, 40),), "PNG")
    painted, after = rendered(data, Recipe(chain, "PNG"), small)
    with decoded(data) as picture:
        expected = small.pixels(picture, exact=True)
    assert read(painted).getextrema() == ((0, 0),) * 3
    assert psnr(read(after), expected) > 45


def test_a_picture_that_breaks_breaks_them_all(photo: bytes) -> None:
    with pytest.raises(TruncatedImage):
        rendered(photo[: len(photo) // 2], Recipe((CROP,), "PNG"), Recipe((), "PNG"))


def test_the_largest_comes_first_and_keeps_its_index(photo: bytes) -> None:
    recipes = [Recipe((ResizeToFit(side, side),), "PNG") for side in (20, 200, 80)]
    with open_picture(BytesIO(photo)) as picture:
        assert [index for index, _ in render_each(picture, recipes)] == [1, 2, 0]


def test_it_is_done_quickly_unless_exactly_is_asked_for() -> None:
    data = photo_bytes((320, 240), format="PNG")
    recipe = Recipe((CROP,), "PNG")
    with decoded(data) as picture:
        quick, exact = recipe.render(picture), recipe.render(picture, exact=True)
        assert quick != exact
        assert read(quick).tobytes() == recipe.pixels(picture).tobytes()
        assert read(exact).tobytes() == recipe.pixels(picture, exact=True).tobytes()
    assert rendered(data, recipe, exact=False) == [quick]
    assert rendered(data, recipe, exact=True) == [exact]


class Watched(Picture):
    """A picture that notes at what scales it is decoded."""

    scales: ClassVar[list[int]] = []

    def decode(self, scale: int = 1) -> None:
        self.scales.append(scale)
        super().decode(scale)


@pytest.mark.parametrize(
    ("chains", "exact", "scale"),
    [
        ([(ResizeToFit(10, 10),)], False, 8),
        ([(ResizeToFit(10, 10),), (ResizeToFit(40, 40),)], False, 4),
        ([(ResizeToFit(20, 20),), (Invert(),)], False, 1),
        ([(GaussianBlur(2), ResizeToFit(20, 20))], False, 1),
        ([(ResizeToFit(20, 20),), (FailingWindow(divide),)], False, 1),
        ([(ResizeToFit(20, 20),)], True, 1),
    ],
)
def test_a_set_is_decoded_once_at_the_scale_that_serves_all(
    photo: bytes,
    chains: list[tuple[Any, ...]],
    exact: bool,
    scale: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Watched, "scales", [])
    with open_picture(BytesIO(photo)) as plain:
        picture = Watched(plain.image)
        list(render_each(picture, [Recipe(chain, "PNG") for chain in chains], exact=exact))
    assert Watched.scales == [scale]


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_what_is_made_shows_nothing_of_what_was_made_before(mode: str) -> None:
    data = photo_bytes((80, 60), mode)
    recipes = [Recipe((processor,), "PNG") for processor in ALL] * 2
    with decoded(data) as picture:
        before = picture.upright().tobytes()
        together = [recipe.render(picture) for recipe in recipes]
        assert picture.upright().tobytes() == before
    for recipe, file in zip(recipes, together, strict=True):
        with decoded(data) as picture:
            assert recipe.render(picture) == file


@pytest.mark.parametrize("processor", POINTWISE, ids=repr)
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_filter_may_run_after_the_crop_and_shows_the_same(
    processor: Any, mode: str, orientation: int
) -> None:
    data = photo_bytes((320, 240), mode, format="PNG", orientation=orientation)
    crop = CropAroundPoint(60, 50, (0.3, 0.6))
    first = crop.process(processor.process(read(data)))
    with decoded(data) as picture:
        assert psnr(Recipe((processor, crop), "PNG").pixels(picture), first) >= 45


def test_a_chain_of_filters_may_run_after_the_crop(photo: bytes) -> None:
    chain = (Grayscale(), Invert())
    expected = CROP.process(Invert().process(Grayscale().process(read(photo))))
    with decoded(photo) as picture:
        assert psnr(Recipe((*chain, CROP), "PNG").pixels(picture), expected) >= 45


def test_what_grows_beyond_its_area_is_not_begun_and_stops_no_other(photo: bytes) -> None:
    recipes = [Recipe((ResizeToFit(900, 900),), "PNG"), Recipe((CROP,), "PNG")]
    with open_picture(BytesIO(photo)) as picture:
        results = dict(render_each(picture, recipes, max_area=100_000))
    assert isinstance(results[0], InvalidGeometry)
    assert "MAX_AREA" in str(results[0])
    assert isinstance(results[1], bytes)


def held(data: bytes, *recipes: Recipe, exact: bool = False) -> int:
    with open_picture(BytesIO(data)) as picture:
        return pixels_held(picture, recipes, exact=exact)


SMALL = Recipe((ResizeToFit(20, 20),), "JPEG")
WHOLE = Recipe((Invert(),), "JPEG")


def test_a_jpeg_that_is_shrunk_while_it_is_decoded_holds_what_is_left_of_it():
    plain, progressive = (photo_bytes((640, 480), progressive=it) for it in (False, True))
    assert held(plain, SMALL) == 80 * 60
    assert held(progressive, SMALL) == 640 * 480 // 2
    for data in (plain, progressive, photo_bytes((640, 480), format="PNG")):
        assert held(data, SMALL, WHOLE) == held(data, SMALL, exact=True) == 640 * 480


@pytest.mark.parametrize(("format", "canvas"), [("GIF", 1), ("PNG", 1), ("WEBP", 0), ("AVIF", 0)])
def test_an_animation_holds_all_frames_that_are_made_of_it_and_their_canvas(
    format: str, canvas: int
):
    data = animation_bytes(format)
    assert held(data, SMALL) == 80 * 60
    moving = Recipe((ResizeToFit(40, 40),), "GIF")
    assert held(data, moving, SMALL) == (1 + canvas) * 80 * 60 + 4 * 40 * 30
    with open_picture(BytesIO(data), Limits(max_frames=3)) as picture:
        assert pixels_held(picture, [moving]) == 80 * 60


def test_what_a_foreign_processor_makes_counts_as_much_as_the_source():
    class Unmeasured(ResizeToFit):
        def output_size(self, size: Size) -> Size:
            raise ValueError("no idea")

    assert held(animation_bytes("GIF"), Recipe((Unmeasured(30, 30),), "GIF")) == 6 * 80 * 60
