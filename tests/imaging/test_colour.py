import logging
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms, TiffImagePlugin

from tests.drawing import draw_photo
from tests.imaging.comparing import largest_difference, levels, psnr
from tests.imaging.profiles import (
    exchanged_profile,
    grey_profile,
    p3_profile,
    p3_to_srgb,
    srgb_profile,
)
from versatile.imaging.colour import normalise, sound_profile, to_srgb

SIXTEEN_BIT = ["I;16", "I;16B", "I"]


def deep(values: list[int], mode: str = "I;16") -> Image.Image:
    image = Image.new(mode, (len(values), 1))
    for x, value in enumerate(values):
        image.putpixel((x, 0), value)
    return image


def painted(mode: str, colour: int | tuple[int, ...]) -> Image.Image:
    return Image.new(mode, (4, 3), colour)


@pytest.mark.parametrize(
    ("mode", "normal"),
    [
        *(("1", "L"), ("L", "L"), ("LA", "LA"), ("La", "LA"), ("P", "RGB"), ("PA", "RGBA")),
        *(("RGB", "RGB"), ("RGBA", "RGBA"), ("RGBa", "RGBA"), ("RGBX", "RGB"), ("CMYK", "CMYK")),
        *(("YCbCr", "RGB"), ("LAB", "RGB"), ("HSV", "RGB"), ("F", "L"), ("I", "L"), ("I;16", "L")),
        *(("I;16B", "L"), ("I;16L", "L"), ("I;16N", "L")),
    ],
)
def test_every_mode_becomes_one_that_can_be_resampled(mode: str, normal: str) -> None:
    assert normalise(Image.new(mode, (4, 3))).mode == normal


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "YCbCr", "HSV"])
def test_the_colours_stay(mode: str) -> None:
    photo = draw_photo((40, 30), mode)
    normal = normalise(photo)
    expected = photo.convert("RGBA" if mode in {"LA", "PA", "RGBA"} else "RGB")
    assert psnr(normal.convert(expected.mode), expected) == 99


@pytest.mark.parametrize("mode", SIXTEEN_BIT)
def test_sixteen_bits_are_scaled_and_rounded(mode: str) -> None:
    values = [0, 128, 129, 257, 32768, 32896, 65278, 65406, 65407, 65535]
    # 65535 / 255 = 257 levels in one, so the border is 128.5 above a multiple of 257.
    assert levels(normalise(deep(values, mode))) == [0, 0, 1, 1, 128, 128, 254, 254, 255, 255]


def test_every_level_of_eight_bits_survives_sixteen() -> None:
    values = [level * 257 for level in range(256)]
    assert levels(normalise(deep(values))) == list(range(256))


def test_levels_beyond_sixteen_bits_are_scaled_by_the_brightest_and_below_zero_black() -> None:
    assert levels(normalise(deep([-5, 70_000, 140_000], "I"))) == [0, 128, 255]
    assert levels(normalise(deep([-5, 70_000, 2**31 - 1], "I"))) == [0, 0, 255]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 0.5, 1], [0, 128, 255]),
        ([-1, 0, 0.25], [0, 0, 64]),
        ([-3, 1.5, 3], [0, 128, 255]),
        ([0, 128, 250], [0, 128, 250]),
        ([0, 150, 300], [0, 128, 255]),
        ([0, 1e6, 2e6], [0, 128, 255]),
    ],
)
def test_fractions_are_counted_to_the_white_that_they_need(
    values: list[float], expected: list[int]
) -> None:
    image = Image.new("F", (len(values), 1))
    image.putdata(values)
    assert levels(normalise(image)) == expected


@pytest.mark.parametrize(("bits", "most"), [(12, 4095), (16, 65535), (32, 65535)])
def test_a_tiff_of_other_depth_is_scaled_from_its_own_white(bits: int, most: int) -> None:
    image = deep([0, most // 2, most], "I")
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[TiffImagePlugin.BITSPERSAMPLE] = (bits,)
    image.tag_v2 = tags  # type: ignore[attr-defined]
    assert levels(normalise(image)) == [0, 127, 255]


def test_the_levels_of_a_tiff_may_be_ink() -> None:
    file = BytesIO()
    deep([0, 16384, 65535]).save(file, "TIFF", tiffinfo={262: 0})
    with Image.open(file) as image:
        assert image.mode == "I;16"
        assert levels(normalise(image)) == [255, 191, 0]


@pytest.mark.parametrize("clear", [0, 5, 255, 1000, 62213, 65535])
def test_one_transparent_level_of_sixteen_bits_is_that_level_alone(clear: int) -> None:
    values = [0, 5, 255, 256, 1000, 1001, 62213, 65535]
    image = deep(values)
    image.info["transparency"] = clear
    normal = normalise(image)
    assert normal.mode == "LA"
    assert levels(normal.getchannel("A")) == [0 if value == clear else 255 for value in values]


@pytest.mark.parametrize(
    ("mode", "clear", "normal", "pixels"),
    [
        ("1", 255, "LA", [[255, 0], [0, 255]]),
        ("L", 7, "LA", [[7, 0], [9, 255]]),
        ("RGB", (7, 7, 7), "RGBA", [[7, 7, 7, 0], [9, 9, 9, 255]]),
        ("P", 1, "RGBA", [[7, 7, 7, 0], [9, 9, 9, 255]]),
        ("P", b"\xff\x40\xc0", "RGBA", [[7, 7, 7, 64], [9, 9, 9, 192]]),
    ],
)
def test_a_transparent_colour_becomes_an_alpha_channel(
    mode: str, clear: object, normal: str, pixels: object
) -> None:
    if mode == "P":
        image = Image.new("P", (2, 1))
        image.putpalette([0, 0, 0, 7, 7, 7, 9, 9, 9])
        image.putdata([1, 2])
    else:
        image = Image.new("L", (2, 1))
        image.putdata([255, 0] if mode == "1" else [7, 9])
        image = image.convert(mode)
    image.info["transparency"] = clear
    result = normalise(image)
    assert (result.mode, levels(result)) == (normal, pixels)


def test_a_palette_with_opacity_keeps_it() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([7, 7, 7, 64, 9, 9, 9, 192], "RGBA")
    image.putdata([0, 1])
    result = normalise(image)
    assert (result.mode, levels(result)) == ("RGBA", [[7, 7, 7, 64], [9, 9, 9, 192]])


def test_the_picture_that_is_normalised_stays() -> None:
    photo = draw_photo((8, 6), "P")
    before = photo.tobytes()
    normalise(photo)
    assert (photo.mode, photo.tobytes()) == ("P", before)


def test_a_profile_says_what_its_numbers_mean() -> None:
    result = to_srgb(painted("RGB", (200, 100, 50)), exchanged_profile())
    assert largest_difference(result, painted("RGB", (100, 200, 50))) <= 1


@pytest.mark.parametrize(
    "colour", [(200, 100, 50), (128, 128, 128), (30, 200, 60), (255, 255, 255), (90, 100, 110)]
)
def test_a_wide_gamut_is_brought_into_srgb(colour: tuple[int, int, int]) -> None:
    result = to_srgb(painted("RGB", colour), p3_profile())
    assert largest_difference(result, painted("RGB", p3_to_srgb(colour))) <= 1


def test_a_profile_of_grey_is_for_grey_pictures() -> None:
    # Levels that are light itself: half the light is 188 in sRGB, (0.5·1.055^2.4)^(1/2.4) - 0.055.
    result = to_srgb(painted("L", 128), grey_profile(1.0))
    assert result.mode == "L"
    assert largest_difference(result, painted("L", 188)) <= 1


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_opacity_is_no_colour(mode: str) -> None:
    photo = draw_photo((40, 30), mode)
    result = to_srgb(photo, exchanged_profile() if mode == "RGBA" else grey_profile(1.0))
    assert result.mode == mode
    assert result.getchannel("A").tobytes() == photo.getchannel("A").tobytes()
    if mode == "RGBA":
        assert largest_difference(result.getchannel("R"), photo.getchannel("G")) <= 1


def test_srgb_itself_changes_nothing() -> None:
    photo = draw_photo((40, 30))
    assert to_srgb(photo, srgb_profile()) is photo
    assert to_srgb(photo, None) is photo
    assert to_srgb(photo, b"") is photo


def test_cmyk_becomes_rgb_with_or_without_a_profile() -> None:
    ink = painted("CMYK", (0, 255, 255, 0))
    for profile in (None, srgb_profile(), b"no profile"):
        assert largest_difference(to_srgb(ink, profile), painted("RGB", (255, 0, 0))) <= 1


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
@pytest.mark.parametrize(
    "profile",
    [
        b"no profile at all",
        srgb_profile()[:100],
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
    ],
    ids=["garbage", "cut off", "of another kind"],
)
def test_a_profile_that_cannot_be_used_is_logged_and_left_out(
    mode: str, profile: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    photo = draw_photo((8, 6), mode)
    with caplog.at_level(logging.INFO, logger="versatile.imaging.colour"):
        result = to_srgb(photo, profile)
    plain = photo.convert("RGB") if mode == "CMYK" else photo
    assert (result.mode, result.tobytes()) == (plain.mode, plain.tobytes())
    assert "colour profile" in caplog.text


def test_a_profile_of_colours_on_a_grey_picture_is_left_out() -> None:
    photo = draw_photo((8, 6), "L")
    assert to_srgb(photo, p3_profile()).tobytes() == photo.tobytes()


def test_deep_tiffs_arrive_as_they_were_drawn() -> None:
    photo = draw_photo((40, 30), "I;16")
    file = BytesIO()
    photo.save(file, "TIFF")
    with Image.open(file) as image:
        normal = np.asarray(normalise(image))
    assert (normal == np.asarray(draw_photo((40, 30), "L"))).all()


@pytest.mark.parametrize(
    ("profile", "mode", "kept"),
    [
        (p3_profile(), "RGB", True),
        (p3_profile(), "RGBA", True),
        (grey_profile(1.0), "L", False),
        (grey_profile(1.0), "LA", False),
        (p3_profile(), "L", False),
        (grey_profile(1.0), "RGB", False),
        (srgb_profile(), "RGB", False),
        (b"no profile", "RGB", False),
        (b"", "RGB", False),
        (None, "RGB", False),
    ],
)
def test_a_sound_profile_may_be_written_again(profile: bytes | None, mode: str, kept: bool) -> None:
    written = sound_profile(profile, mode)
    assert (written is not None) is kept
    if written is not None and profile is not None:
        image = painted(mode, (100, 150, 200, 255)[: len(mode)])
        assert largest_difference(to_srgb(image, written), to_srgb(image, profile)) <= 1


def test_nothing_travels_behind_a_profile() -> None:
    written = sound_profile(p3_profile() + b"<script>alert(1)</script>", "RGB")
    assert written is not None
    assert b"script" not in written


def test_a_profile_that_fails_while_it_is_used_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ImageCms.PyCMSError("cannot build transform")

    monkeypatch.setattr(ImageCms, "profileToProfile", fail)
    photo = draw_photo((8, 6))
    assert to_srgb(photo, p3_profile()) is photo
