"""Writing recipes: what sizers and filters share. Theirs are tested beside their doors."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from PIL import Image
from pytest_django import Settings

from tests.drawing import draw_photo, photo_bytes
from tests.renditions.faults import WatchedStorage
from tests.renditions.making import PHOTO, image_of, put
from versatile.exceptions import (
    EncodingError,
    ProcessorError,
    RenditionError,
    SourceNotFound,
)
from versatile.imaging.recipe import Processor
from versatile.processors import Invert, ResizeToFit
from versatile.renditions.options import save_options
from versatile.renditions.source import Source
from versatile.renditions.strategies import JUST_IN_TIME, MANUAL
from versatile.renditions.writing import ProcessedImage, Upstream, WholeFile


class Shrunk(ProcessedImage):
    """The new way."""

    def get_processors(self, side: int = 10) -> Sequence[Processor]:
        return [ResizeToFit(side, side)]


class OldInverted(ProcessedImage):
    """The old way, which changes what it is given."""

    def process_image(
        self, image: Image.Image, image_format: str, save_kwargs: dict[str, Any], *arguments: Any
    ) -> io.BytesIO:
        image.paste((255, 0, 0), (0, 0, *image.size))
        data = io.BytesIO()
        image.save(data, **save_kwargs)
        return data


def made(cls: type[ProcessedImage], storage: WatchedStorage, name: str = "d/x.jpg") -> Any:
    return cls(name, storage, create_on_demand=True)


def test_a_rendition_has_the_name_the_key_and_the_strategy(source: Source):
    sizer = made(Shrunk, source.storage)  # type: ignore[arg-type]
    rendition = sizer.write("out/x.jpg", "shrunk__10", 10)
    assert (rendition.name, rendition.key) == ("out/x.jpg", "shrunk__10")
    assert rendition.source == Source(source.storage, "d/x.jpg")
    assert rendition.strategy is JUST_IN_TIME
    sizer.create_on_demand = False
    assert sizer.write("out/x.jpg", "shrunk__10", 10).strategy is MANUAL


def test_its_recipe_is_that_of_the_new_way(source: Source, settings: Settings):
    settings.VERSATILE = {"MATTE": "#123456", "JPEG_QUALITY": 33, "JPEG_PROGRESSIVE": True}
    recipe = made(Shrunk, source.storage).write("out/x.jpeg", "", 20).recipe  # type: ignore[arg-type]
    assert recipe.processors == (ResizeToFit(20, 20),)
    assert recipe.format == "JPEG"
    assert dict(recipe.options) == {"quality": 33, "progressive": True}
    assert recipe.matte == "#123456"


def test_what_comes_before_runs_first(storage: WatchedStorage):
    class Negative(ProcessedImage):
        def get_processors(self, *arguments: Any) -> Sequence[Processor]:
            return [Invert()]

    sizer = made(Shrunk, storage)
    source = Source(storage, "d/x.jpg")
    sizer.bind(Upstream(source, "x__negative__.jpg", "", (made(Negative, storage),)), "shrunk")
    assert sizer.write("out.jpg", "").recipe.processors == (Invert(), ResizeToFit(10, 10))


def test_the_old_way_writes_the_file_itself_and_spoils_no_other(
    source: Source, storage: WatchedStorage
):
    old = made(OldInverted, storage)
    red, good = old.write("red.png", ""), made(Shrunk, storage).write("good.png", "", 60)
    source.storage.delete("nothing")
    red.require()
    good.require()
    assert image_of(red).getpixel((5, 5)) == (255, 0, 0)
    assert image_of(good).getpixel((5, 5)) != (255, 0, 0)
    assert repr(old.steps()[0]) == "OldInverted.process_image()"


@pytest.mark.parametrize("name", ["d/x.jpg", "d/noext", "d/x.b c.png"])
def test_the_old_way_before_others_is_read_again(name, storage: WatchedStorage):
    put(storage, name, PHOTO)
    step = WholeFile(made(OldInverted, storage, name), ())
    image = draw_photo((20, 10))
    pixel = step.process(image).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert all(abs(found - red) < 4 for found, red in zip(pixel, (255, 0, 0), strict=True))
    assert image.getpixel((5, 5)) != (255, 0, 0)


def test_the_old_way_with_a_name_of_no_format_writes_png(storage: WatchedStorage):
    image = WholeFile(made(OldInverted, storage, "d/x.docx"), ()).process(draw_photo((9, 9)))
    assert image.format == "PNG"


@pytest.mark.parametrize(
    ("error", "cause"), [(ValueError("no colour"), ProcessorError), (EncodingError("ours"), None)]
)
def test_code_that_fails_to_say_what_to_do_is_a_typed_error(error, cause, source: Source):
    class Wrong(ProcessedImage):
        def get_processors(self, *arguments: Any) -> Sequence[Processor]:
            raise error

    rendition = made(Wrong, source.storage).write("out/x.jpg", "")  # type: ignore[arg-type]
    with pytest.raises(RenditionError, match=r"out/x\.jpg") as caught:
        rendition.require()
    assert type(caught.value.__cause__) is (cause or EncodingError)


def test_who_says_nothing_of_what_to_do_is_told_how(source: Source):
    rendition = made(ProcessedImage, source.storage).write("out/x.jpg", "")  # type: ignore[arg-type]
    with pytest.raises(RenditionError, match=r"needs get_processors\(\).* or process_image\(\)"):
        rendition.require()


def test_the_old_way_of_a_class_of_the_new_way_is_the_same_picture(storage: WatchedStorage):
    sizer = made(Shrunk, storage)
    image, save_kwargs = sizer.preprocess(draw_photo((60, 40), "RGBA"), "PNG")
    with Image.open(sizer.process_image(image, "PNG", save_kwargs, 30)) as file:
        assert (file.format, file.mode, file.size) == ("PNG", "RGBA", (30, 20))


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("JPEG", {"quality": 70, "progressive": False}),
        ("WEBP", {"quality": 70, "lossless": False}),
        ("PNG", {}),
        ("GIF", {}),
    ],
)
def test_what_the_settings_say_of_each_format(format, options):
    assert save_options(format) == options


def test_the_options_follow_the_settings(settings: Settings):
    settings.VERSATILEIMAGEFIELD_SETTINGS = {
        "jpeg_resize_quality": 1,
        "webp_resize_quality": 2,
        "lossless_webp": True,
        "progressive_jpeg": True,
    }
    assert save_options("JPEG") == {"quality": 1, "progressive": True}
    assert save_options("WEBP") == {"quality": 2, "lossless": True}


@pytest.mark.parametrize(
    ("mode", "format", "after", "options"),
    [
        ("RGBA", "JPEG", "RGB", {"quality": 70, "progressive": False}),
        ("L", "JPEG", "L", {"quality": 70, "progressive": False}),
        ("RGBA", "WEBP", "RGBA", {"quality": 70, "lossless": False}),
        ("RGBA", "PNG", "RGBA", {}),
        ("RGB", "GIF", "RGB", {}),
    ],
)
def test_what_the_old_way_is_given(mode, format, after, options, storage: WatchedStorage):
    image, save_kwargs = made(OldInverted, storage).preprocess(draw_photo((9, 9), mode), format)
    assert image.mode == after
    assert save_kwargs == {"format": format, **options}


def test_the_transparent_colour_of_a_gif_is_an_option_too(storage: WatchedStorage):
    image = draw_photo((9, 9), "P")
    image.info["transparency"] = 3
    assert made(OldInverted, storage).preprocess_GIF(image) == (image, {"transparency": 3})


def test_a_file_can_be_fetched_upright_with_what_it_is(storage: WatchedStorage):
    put(storage, "d/x.png", photo_bytes((60, 40), orientation=6))
    image, extension, format, mimetype = made(Shrunk, storage).retrieve_image("d/x.png")
    assert (image.size, extension, format, mimetype) == ((60, 40), "png", "JPEG", "image/jpeg")
    with pytest.raises(SourceNotFound):
        made(Shrunk, storage).retrieve_image("gone.png")


def test_a_finished_file_can_be_saved(storage: WatchedStorage):
    name = made(Shrunk, storage).save_image(io.BytesIO(b"bytes"), "out/y.jpg", "jpg", "image/jpeg")
    with storage.open(name) as file:
        assert (name, file.read()) == ("out/y.jpg", b"bytes")


def test_equal_ones_are_equal(storage: WatchedStorage):
    one, same = made(Shrunk, storage), made(Shrunk, storage)
    assert one == same
    assert hash(one) == hash(same)
    others = [
        made(OldInverted, storage),
        made(Shrunk, storage, "d/y.jpg"),
        made(Shrunk, WatchedStorage("/elsewhere")),
        Shrunk("d/x.jpg", storage, create_on_demand=False),
        "d/x.jpg",
    ]
    assert not any(one == other for other in others)


def test_without_a_path_the_name_is_empty():
    nothing = Shrunk(None, FileSystemStorage(), create_on_demand=True)
    assert nothing.path_to_image == nothing.upstream.name == ""
