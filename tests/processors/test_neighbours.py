import pytest
from PIL import Image, ImageFilter

from tests.drawing import draw_photo
from versatile.processors.neighbours import mixed, without_hidden

SMOOTH = ImageFilter.SMOOTH()


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_picture_without_transparency_is_filtered_by_pillow(mode: str) -> None:
    photo = draw_photo((40, 30), mode)
    assert mixed(photo, SMOOTH).tobytes() == photo.filter(SMOOTH).tobytes()


def test_what_is_clear_has_one_colour() -> None:
    image = Image.new("RGBA", (2, 1), (10, 20, 30, 0))
    image.putpixel((1, 0), (10, 20, 30, 255))
    assert without_hidden(image).getpixel((0, 0)) == (0, 0, 0, 0)
    assert without_hidden(image).getpixel((1, 0)) == (10, 20, 30, 255)
