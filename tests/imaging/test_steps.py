from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.drawing import photo_bytes
from tests.imaging.comparing import decoded
from versatile.imaging import steps
from versatile.imaging.exceptions import ProcessorError
from versatile.imaging.geometry import Size, Window, whole
from versatile.imaging.recipe import Recipe
from versatile.processors import Invert, ResizeToFit, Thumbnail

SOURCE = (160, 120)


class Marked(ResizeToFit):
    """A resampler of somebody who adds something to ``process``, and says nothing else."""

    def process(self, image: Image.Image) -> Image.Image:
        image = super().process(image).convert("RGB")
        ImageDraw.Draw(image).rectangle((0, 0, 9, 9), fill="red")
        return image


class Padded(ResizeToFit):
    """One who changes the size in ``process``, and tells of it."""

    def process(self, image: Image.Image) -> Image.Image:
        canvas = Image.new("RGB", (50, 50), "red")
        canvas.paste(super().process(image))
        return canvas

    def output_size(self, size: Size) -> Size:
        return Size(50, 50)


class Squared(ResizeToFit):
    """One who changes the window, which ``process`` of the base takes."""

    def window(self, size: Size) -> Window:
        return Window(whole(size), Size(10, 10))


class Blurred(Invert):
    """One whose process is no longer of single pixels."""

    def process(self, image: Image.Image) -> Image.Image:
        return image.resize((8, 8))


class Own(Thumbnail):
    """One that no longer lets others do its work."""

    def process(self, image: Image.Image) -> Image.Image:
        return Image.new("RGB", (7, 7), "red")


def pixels(*processors: Any) -> Image.Image:
    with decoded(photo_bytes(SOURCE, format="PNG")) as picture:
        return Recipe(processors, "PNG").pixels(picture)


def test_a_process_that_is_overridden_is_run() -> None:
    image = pixels(Marked(40, 40))
    assert image.size == (40, 30)
    assert image.getpixel((5, 5)) == (255, 0, 0)
    assert pixels(Own(40, 40)).size == (7, 7)
    assert pixels(Blurred(), ResizeToFit(40, 40)).size == (40, 40)


def test_what_was_said_of_the_overridden_process_is_believed_no_more() -> None:
    recipe = Recipe((Marked(40, 40),), "PNG")
    assert recipe.output_size(Size(*SOURCE)) is None
    assert recipe.demand(Size(*SOURCE)) == 1
    assert steps.resampler(Marked(40, 40)) is None
    assert steps.said(Blurred(), "pointwise", False) is False
    assert steps.said(Invert(), "pointwise") is True


def test_what_is_said_beside_it_is_believed() -> None:
    recipe = Recipe((Padded(40, 40),), "PNG")
    assert recipe.output_size(Size(*SOURCE)) == (50, 50)
    assert pixels(Padded(40, 40)).size == (50, 50)


def test_a_window_that_is_overridden_is_the_window() -> None:
    assert steps.resampler(Squared(40, 40)) is not None
    assert Recipe((Squared(40, 40),), "PNG").demand(Size(*SOURCE)) > 1
    assert pixels(Squared(40, 40)).size == (10, 10)


def test_a_subclass_that_changes_nothing_is_fast() -> None:
    @dataclass(frozen=True)
    class Same(ResizeToFit):
        """The same by another name."""

    assert steps.resampler(Same(40, 40)) is not None
    assert Recipe((Same(40, 40),), "PNG").output_size(Size(*SOURCE)) == (40, 30)


def test_who_declares_the_protocol_overrides_nobody() -> None:
    class Declared(steps.Processor):
        """A processor by its protocol."""

        pointwise = True

        def process(self, image: Image.Image) -> Image.Image:
            return image.copy()

    assert steps.said(Declared(), "pointwise") is True


def test_what_has_no_process_says_what_it_says() -> None:
    assert steps.said(object(), "pointwise", False) is False


def test_running_gives_what_does_the_same_to_other_pictures() -> None:
    photo = Image.open(BytesIO(photo_bytes(SOURCE, format="PNG")))
    image, settled = steps.run([Invert(), ResizeToFit(40, 40)], photo)
    assert image.size == (40, 30)
    assert settled == [Invert(), ResizeToFit(40, 40)]


def test_a_processor_that_cannot_settle_is_named() -> None:
    class Failing(Invert):
        def settled(self, image: Image.Image) -> Invert:
            raise ZeroDivisionError

    with pytest.raises(ProcessorError, match=r"Failing.*ZeroDivisionError"):
        steps.run([Failing()], Image.new("RGB", (9, 9)))


def test_grey_that_a_processor_leaves_premultiplied_goes_on_as_grey() -> None:
    class Premultiplied:
        def process(self, image: Image.Image) -> Image.Image:
            return image.convert("La")

    grey = Image.new("LA", (4, 3), (100, 128))
    image, _ = steps.run([Premultiplied()], grey)
    assert image.mode == "LA"
    assert image.getpixel((0, 0)) == pytest.approx((100, 128), abs=1)
