import pytest
from PIL import Image, ImageFilter, ImageStat

from tests.drawing import draw_photo
from versatile.processors import GaussianBlur


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
@pytest.mark.parametrize("radius", [0, 0.5, 2, 30])
def test_it_is_pillows_filter(mode: str, radius: float) -> None:
    photo = draw_photo((40, 30), mode)
    blurred = GaussianBlur(radius).process(photo)
    expected = photo.filter(ImageFilter.GaussianBlur(radius))
    assert (blurred.mode, blurred.tobytes()) == (mode, expected.tobytes())


def test_palettes_and_single_bits_are_blurred_as_colours() -> None:
    assert GaussianBlur(2).process(draw_photo((40, 30), "P")).mode == "RGB"
    grey = GaussianBlur(2).process(draw_photo((40, 30), "1"))
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
