"""Processors in a recipe: anybody's objects, and ours before a resampling."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.drawing import draw_photo, photo_bytes
from versatile import processors
from versatile.exceptions import ProcessorError
from versatile.imaging import decoding
from versatile.imaging.modes import WHITE
from versatile.imaging.recipe import Recipe

p: Any = processors
RED = (255, 0, 0)


def red(size: int = 40) -> Image.Image:
    return Image.new("RGB", (size, size), "red")


class Foreign:
    """A processor of somebody else's, which spoils what it is given."""

    def process(self, img: Image.Image) -> Image.Image:
        img.paste((1, 2, 3), (0, 0, *img.size))
        return img


def picture(image: Image.Image) -> Any:
    data = BytesIO()
    image.save(data, "PNG")
    return decoding.open_picture(BytesIO(data.getvalue()))


def pixels(image: Image.Image, *processors: Any, exact: bool = False) -> Image.Image:
    with picture(image) as opened:
        opened.decode()
        return Recipe(processors, "PNG", matte=WHITE).pixels(opened, exact=exact)


def test_any_object_with_process_is_a_processor():
    assert pixels(red(), p.Resize(4, 4), Foreign()).getpixel((0, 0)) == (1, 2, 3)
    assert pixels(red(), p.ProcessorPipeline([Foreign()])).getpixel((0, 0)) == (1, 2, 3)


def test_what_a_foreign_object_spoils_is_its_own_picture():
    with picture(red()) as opened:
        opened.decode()
        Recipe((Foreign(),), "PNG").pixels(opened)
        assert Recipe((p.Convert("RGB"),), "PNG").pixels(opened).getpixel((0, 0)) == RED


@pytest.mark.parametrize("processor", ["text", object(), 5, None])
def test_what_is_no_processor_is_a_typed_error(processor):
    with pytest.raises(ProcessorError, match="process"):
        pixels(red(), processor)


@pytest.mark.parametrize(
    "processor",
    [p.ColorOverlay("red", 0.3), p.MakeOpaque("blue"), p.Adjust(1.2), p.SetOpacity(90)],
    ids=repr,
)
def test_a_processor_before_a_resampling_shows_what_it_shows_alone(processor):
    image = draw_photo((200, 160), "RGBA")
    alone = p.Resize(50, 40).process(processor.process(image))
    made = pixels(image, processor, p.Resize(50, 40)).convert(alone.mode)
    difference = ImageChops.difference(alone, made).convert("RGB").tobytes()
    assert max(difference) <= 4


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("steps", [(), (p.Resize(60, 40),)], ids=["first", "second"])
def test_what_is_upright_already_is_not_turned_again(orientation, format, steps):
    data = photo_bytes((60, 40), format=format, orientation=orientation)
    with decoding.open_picture(BytesIO(data)) as opened:
        opened.decode()
        plain = Recipe((*steps, p.Convert("RGB")), "PNG").pixels(opened)
        turned = Recipe((*steps, p.Transpose(), p.Convert("RGB")), "PNG").pixels(opened)
    assert turned.size == (60, 40)
    assert turned.tobytes() == plain.tobytes()
