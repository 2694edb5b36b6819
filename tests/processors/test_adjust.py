from PIL import Image

from tests.drawing import draw_photo
from versatile.processors import Adjust


def test_contrast_is_around_the_mean_of_what_is_seen() -> None:
    half = Image.new("RGBA", (20, 10), (0, 0, 0, 0))
    half.paste((200, 200, 200, 255), (10, 0, 20, 10))
    assert Adjust(contrast=0.5).process(half).getpixel((15, 5)) == (200, 200, 200, 255)


def test_sharpness_lets_no_hidden_colour_in() -> None:
    half = Image.new("RGBA", (20, 10), (0, 0, 0, 0))
    half.paste((200, 200, 200, 255), (10, 0, 20, 10))
    for sharpness in (0, 3):
        assert Adjust(sharpness=sharpness).process(half).getpixel((10, 5)) == (200, 200, 200, 255)


def test_what_is_wholly_clear_stays_so() -> None:
    clear = Image.new("RGBA", (20, 10), (9, 9, 9, 0))
    assert Adjust(contrast=2).process(clear).getchannel("A").getextrema() == (0, 0)


def test_another_picture_is_adjusted_as_the_first_one() -> None:
    dark, light = Image.new("RGB", (4, 4), (50,) * 3), Image.new("RGB", (4, 4), (150,) * 3)
    adjust = Adjust(contrast=2)
    assert adjust.settled(dark).process(light).getpixel((1, 1)) == (250, 250, 250, 255)
    assert adjust.process(light).getpixel((1, 1)) == (150, 150, 150, 255)
    photo = draw_photo((20, 16))
    assert adjust.settled(photo).process(photo).tobytes() == adjust.process(photo).tobytes()
    assert Adjust(color=2).settled(photo) == Adjust(color=2)
