import pytest
from PIL import Image, ImageFilter, ImageStat

from tests.drawing import draw_photo
from tests.imaging.comparing import largest_difference
from versatile.processors import Sharpen


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("arguments", [(2, 150, 3), (1, 80, 0), (5, 300, 10)])
def test_it_is_pillows_unsharp_mask(mode: str, arguments: tuple[int, int, int]) -> None:
    photo = draw_photo((40, 30), mode)
    expected = photo.filter(ImageFilter.UnsharpMask(*arguments))
    assert Sharpen(*arguments).process(photo).tobytes() == expected.tobytes()
    assert Sharpen() == Sharpen(2, 150, 3)


@pytest.mark.parametrize("mode", ["LA", "RGBA", "PA"])
def test_opacity_is_not_sharpened(mode: str) -> None:
    photo = draw_photo((40, 30), mode)
    sharper = Sharpen(percent=400, threshold=0).process(photo)
    expected = photo.convert("RGBA").getchannel("A")
    assert sharper.getchannel("A").tobytes() == expected.tobytes()
    assert sharper.convert("L").tobytes() != photo.convert("RGBA").convert("L").tobytes()


def test_what_is_hidden_below_clear_pixels_colours_nothing() -> None:
    disc = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    disc.paste((200, 120, 40, 255), (20, 20, 40, 40))
    sharper = Sharpen(3, 300, 0).process(disc)
    plain = Image.new("RGB", (20, 20), (200, 120, 40))
    inside = (20, 20, 40, 40)
    assert largest_difference(sharper.crop(inside).convert("RGB"), plain) <= 8
    pillows = disc.filter(ImageFilter.UnsharpMask(3, 300, 0))
    assert largest_difference(pillows.crop(inside).convert("RGB"), plain) > 30


@pytest.mark.parametrize("arguments", [(2, 150, 3), (1, 80, 0), (5, 300, 10)])
@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_an_opaque_picture_is_sharpened_as_without_an_alpha_channel(
    mode: str, arguments: tuple[int, int, int]
) -> None:
    photo = draw_photo((40, 30), mode[:-1])
    clear = photo.convert(mode)
    expected = Sharpen(*arguments).process(photo)
    sharper = Sharpen(*arguments).process(clear).convert(mode[:-1])
    assert largest_difference(sharper, expected) <= 1 + arguments[1] // 100


def test_palettes_and_single_bits_are_sharpened_as_colours() -> None:
    assert Sharpen().process(draw_photo((40, 30), "P")).mode == "RGB"
    assert Sharpen().process(draw_photo((40, 30), "1")).mode == "L"


def test_an_edge_gains_contrast_and_a_plain_stays() -> None:
    edge = Image.new("L", (40, 20), 100)
    edge.paste(150, (20, 0, 40, 20))
    sharper = Sharpen().process(edge)
    assert sharper.getpixel((19, 10)) < 100  # type: ignore[operator]
    assert sharper.getpixel((20, 10)) > 150  # type: ignore[operator]
    assert (sharper.getpixel((2, 10)), sharper.getpixel((37, 10))) == (100, 150)


def test_a_photo_gains_contrast() -> None:
    photo = draw_photo((80, 60), "L")
    assert ImageStat.Stat(Sharpen().process(photo)).stddev[0] > ImageStat.Stat(photo).stddev[0]
