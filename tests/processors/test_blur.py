from collections.abc import Callable

import pytest
from PIL import Image, ImageFilter, ImageStat

from tests.drawing import draw_photo
from versatile.processors import Blur, GaussianBlur


def opaque_photo(mode: str) -> Image.Image:
    photo = draw_photo((40, 30), mode)
    if mode in {"LA", "RGBA"}:
        photo.putalpha(255)
    return photo


def disc(mode: str) -> Image.Image:
    """A bright square on clear pixels, below which there is black."""
    picture = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    picture.paste((200, 200, 200, 255), (20, 20, 40, 40))
    return picture.convert(mode)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
@pytest.mark.parametrize("radius", [0, 0.5, 2, 30])
@pytest.mark.parametrize("draw", [lambda mode: draw_photo((40, 30), mode), disc])
def test_it_is_pillows_filter(mode: str, radius: float, draw: Callable[[str], Image.Image]) -> None:
    photo = draw(mode)
    blurred = GaussianBlur(radius).process(photo)
    expected = photo.filter(ImageFilter.GaussianBlur(radius))
    assert (blurred.mode, blurred.tobytes()) == (mode, expected.tobytes())


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
@pytest.mark.parametrize("radius", [0, 0.5, 2, 30])
def test_both_are_one_without_transparency(mode: str, radius: float) -> None:
    photo = opaque_photo(mode)
    expected = GaussianBlur(radius).process(photo)
    blurred = Blur(radius).process(photo)
    assert (blurred.mode, blurred.tobytes()) == (mode, expected.tobytes())


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_what_is_hidden_below_clear_pixels_colours_nothing(mode: str) -> None:
    blurred = Blur(4).process(disc(mode))
    pillows = disc(mode).filter(ImageFilter.GaussianBlur(4))
    alpha = blurred.getchannel("A")
    assert alpha.tobytes() == pillows.getchannel("A").tobytes()
    seen = alpha.point(lambda level: 255 if level > 25 else 0)
    for band in blurred.split()[:-1]:
        least, most = ImageStat.Stat(band, seen).extrema[0]
        assert 194 <= least <= most <= 206
    assert ImageStat.Stat(pillows.split()[0], seen).extrema[0][0] < 60


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_no_radius_changes_nothing(mode: str) -> None:
    photo = draw_photo((40, 30), mode)
    assert Blur(0).process(photo).tobytes() == photo.tobytes()


@pytest.mark.parametrize("blur", [Blur, GaussianBlur])
def test_palettes_and_single_bits_are_blurred_as_colours(
    blur: type[Blur] | type[GaussianBlur],
) -> None:
    assert blur(2).process(draw_photo((40, 30), "P")).mode == "RGB"
    grey = blur(2).process(draw_photo((40, 30), "1"))
    assert grey.mode == "L"
    assert len(grey.getcolors(256) or []) > 10


def test_brightness_is_spread_and_not_lost() -> None:
    photo = draw_photo((80, 60), "L")
    blurred = GaussianBlur(4).process(photo)
    assert ImageStat.Stat(blurred).mean[0] == pytest.approx(ImageStat.Stat(photo).mean[0], abs=2)
    assert ImageStat.Stat(blurred).stddev[0] < ImageStat.Stat(photo).stddev[0]


def test_the_radius_is_a_standard_deviation_in_pixels() -> None:
    bar = Image.new("L", (101, 101), 0)
    bar.paste(255, (40, 0, 61, 101))
    row = GaussianBlur(5).process(bar).crop((0, 50, 101, 51)).tobytes()
    variance = sum(level * (x - 50) ** 2 for x, level in enumerate(row)) / sum(row)
    # A bar of 21 pixels has a variance of (21² - 1) / 12; the blur adds its own.
    assert variance == pytest.approx((21**2 - 1) / 12 + 5**2, rel=0.05)
