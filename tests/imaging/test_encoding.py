from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from tests.drawing import draw_photo
from tests.imaging.comparing import largest_difference, psnr
from tests.imaging.profiles import p3_profile
from versatile.imaging import exif
from versatile.imaging.colour import normalise
from versatile.imaging.encoding import (
    DEFAULTS,
    Beside,
    Pace,
    default_options,
    encode,
    encode_animation,
    freeze,
    holds_profiles,
)
from versatile.imaging.exceptions import EncodingError, UnknownFormat, VersatileError
from versatile.imaging.formats import FORMATS
from versatile.imaging.modes import flatten, opaque, prepare

MODES = [
    *("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr"),
    *("LAB", "HSV", "I", "I;16", "I;16B", "F"),
]
WITH_ALPHA = {"LA", "La", "PA", "RGBA", "RGBa"}
HOLD_ALPHA = ["PNG", "WEBP", "AVIF", "TIFF", "ICO", "JPEG2000"]
LOSSLESS = {"PNG", "TIFF", "BMP", "PPM", "PCX", "ICO"}

every_format = pytest.mark.parametrize("format", FORMATS)
every_mode = pytest.mark.parametrize("mode", MODES)


def drawn(mode: str) -> Image.Image:
    """A photo in a mode, some of which Pillow reaches by a detour only."""
    match mode:
        case "La" | "RGBa":
            return draw_photo((40, 30), f"{mode[:-1]}A").convert(mode)
        case "LAB":
            return Image.merge("LAB", draw_photo((40, 30), "RGB").split())
    return draw_photo((40, 30), mode)


def reopened(data: bytes, format: str) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    assert image.format == format
    return image


def half_clear(mode: str = "RGBA", colour: str = "blue") -> Image.Image:
    """Clear on the left, with a colour hidden there, and opaque on the right."""
    image = Image.new("RGBA", (20, 10), "black")
    image.putalpha(0)
    ImageDraw.Draw(image).rectangle((10, 0, 19, 9), fill=colour)
    return image.convert(mode)


def close(one: Any, other: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 12 for a, b in zip(one, other, strict=True))


@every_format
@every_mode
def test_every_mode_becomes_a_readable_file_of_every_format(mode: str, format: str) -> None:
    photo = drawn(mode)
    read = reopened(encode(photo, format), format)
    normal = normalise(photo)
    transparent = mode in WITH_ALPHA
    assert read.size == photo.size
    if format != "ICO":  # an icon has an alpha channel, whatever is in it
        kept = transparent and format in {*HOLD_ALPHA, "GIF"}
        assert read.has_transparency_data is kept
    expected = flatten(normal, "white") if transparent else normal.convert("RGB")
    seen = flatten(read.convert("RGBA"), "white")
    least = 99 if format in LOSSLESS else 20 if format == "GIF" else 25
    assert psnr(seen, expected) >= least


@pytest.mark.parametrize("format", ["JPEG", "BMP", "PPM", "PCX"])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_what_cannot_be_clear_lies_on_the_matte(mode: str, format: str) -> None:
    image = half_clear(mode)
    right = image.convert("RGB").getpixel((17, 5))
    read = reopened(encode(image, format, matte=(255, 0, 0)), format)
    assert close(read.getpixel((2, 5)), (255, 0, 0))
    assert close(read.getpixel((17, 5)), right)  # type: ignore[arg-type]
    white = reopened(encode(image, format), format).getpixel((2, 5))
    assert close(white, (255, 255, 255))


def test_half_transparency_is_mixed_with_the_matte() -> None:
    image = Image.new("RGBA", (4, 3), (0, 0, 0, 128))
    assert flatten(image, "white").getpixel((0, 0)) == (127, 127, 127)
    assert flatten(image, (200, 0, 0)).getpixel((0, 0)) == (100, 0, 0)


@pytest.mark.parametrize("format", HOLD_ALPHA)
def test_transparency_is_kept_where_the_format_can_hold_it(format: str) -> None:
    photo = draw_photo((40, 30), "RGBA")
    read = reopened(encode(photo, format), format).convert("RGBA")
    alphas = read.getchannel("A"), photo.getchannel("A")
    assert largest_difference(*alphas) <= (12 if format in {"AVIF", "JPEG2000"} else 0)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_one_transparent_colour_is_transparency_too(mode: str, format: str) -> None:
    image = Image.new("L", (20, 10), 0)
    image.paste(255, (10, 0, 20, 10))
    image = image.convert(mode)
    image.info["transparency"] = image.getpixel((0, 0))
    read = reopened(encode(image, format, matte="red"), format).convert("RGBA")
    left, right = read.getpixel((2, 5)), read.getpixel((17, 5))
    assert close(left, (255, 0, 0, 255)) if format == "JPEG" else left[3] == 0  # type: ignore[index]
    assert close(right, (255, 255, 255, 255))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P"])
def test_a_gif_is_clear_where_the_picture_is_mostly_clear(mode: str) -> None:
    image = Image.new("RGBA", (30, 10), (0, 0, 255, 255))
    image.paste((0, 0, 255, 127), (0, 0, 10, 10))
    image.paste((0, 0, 255, 128), (10, 0, 20, 10))
    image = image.quantize(16) if mode == "P" else image.convert(mode)
    read = reopened(encode(image, "GIF"), "GIF").convert("RGBA")
    seen = [read.getpixel((x, 5))[3] for x in (5, 15, 25)]  # type: ignore[index]
    assert seen == [0, 255, 255]
    shown = image.convert("RGB").getpixel((25, 5))
    assert close(read.convert("RGB").getpixel((25, 5)), shown)  # type: ignore[arg-type]


def test_no_colour_of_a_photo_is_taken_for_the_clear_one_of_a_gif() -> None:
    photo = draw_photo((120, 90), "RGBA")
    read = reopened(encode(photo, "GIF"), "GIF").convert("RGBA")
    mask = photo.getchannel("A").point(lambda alpha: 255 if alpha >= 128 else 0)
    assert read.getchannel("A").tobytes() == mask.tobytes()


def test_a_palette_goes_into_a_gif_as_it_is() -> None:
    palette = draw_photo((40, 30), "P")
    palette.info["transparency"] = 3
    fitting = prepare(palette, "GIF")
    assert fitting is not palette
    assert (fitting.mode, fitting.tobytes()) == ("P", palette.tobytes())
    read = reopened(encode(palette, "GIF"), "GIF")
    assert read.convert("RGBA").tobytes() == palette.convert("RGBA").tobytes()


def test_a_palette_of_opacities_becomes_clear_or_not_in_a_gif() -> None:
    palette = Image.new("P", (2, 1))
    palette.putpalette([0, 0, 0, 9, 9, 9])
    palette.putdata([0, 1])
    palette.info["transparency"] = b"\x10\xf0"
    read = reopened(encode(palette, "GIF"), "GIF").convert("RGBA")
    assert [read.getpixel((x, 0))[3] for x in (0, 1)] == [0, 255]  # type: ignore[index]


def test_grey_stays_grey_in_a_gif() -> None:
    photo = draw_photo((40, 30), "L")
    read = reopened(encode(photo, "GIF"), "GIF").convert("L")
    assert read.tobytes() == photo.tobytes()


@pytest.mark.parametrize("size", [(1, 1), (15, 15), (40, 30), (16, 200), (256, 256)])
def test_an_icon_has_the_size_of_its_picture(size: tuple[int, int]) -> None:
    read = reopened(encode(draw_photo(size), "ICO"), "ICO")
    assert read.info["sizes"] == {size}
    assert read.convert("RGB").tobytes() == draw_photo(size).tobytes()


def test_an_icon_of_several_sizes_can_be_asked_for() -> None:
    data = encode(draw_photo((64, 64)), "ICO", freeze({"sizes": [(16, 16), (32, 32)]}))
    assert reopened(data, "ICO").info["sizes"] == {(16, 16), (32, 32)}


def burdened(mode: str) -> Image.Image:
    """A photo with everything that a camera and an editor write beside it."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N", 2: (47.0, 3.0, 1.0)}
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SecretText")
    text.add_itxt("XML:com.adobe.xmp", "<x:SecretXmp/>")
    file = BytesIO()
    extra = {"exif": exif, "icc_profile": p3_profile(), "dpi": (300, 300), "pnginfo": text}
    draw_photo((40, 30), mode).save(file, "PNG", **extra)
    image = Image.open(file)
    image.load()
    image.info |= {"comment": b"SecretComment", "xmp": b"<x:SecretXmp/>", "photoshop": b"Secret"}
    return image


@every_format
@pytest.mark.parametrize("mode", ["L", "P", "RGB", "RGBA"])
def test_nothing_of_the_metadata_is_left(mode: str, format: str) -> None:
    image = burdened(mode)
    assert {"exif", "icc_profile", "xmp", "Comment"} <= set(image.info)
    data = encode(image, format)
    assert b"Secret" not in data
    assert b"Exif" not in data
    assert p3_profile()[:60] not in data
    read = reopened(data, format)
    if format == "JPEG2000":
        assert read.info.pop("comment").startswith(b"Created by OpenJPEG")
    assert set(read.info) & {"exif", "icc_profile", "xmp", "comment", "Comment"} == set()
    assert 0x010F not in read.getexif()
    assert 0x8825 not in read.getexif()


@every_format
@every_mode
def test_the_picture_that_is_encoded_stays(mode: str, format: str) -> None:
    photo = drawn(mode)
    photo.info["comment"] = b"mine"
    before = photo.mode, photo.tobytes(), dict(photo.info)
    encode(photo, format)
    assert (photo.mode, photo.tobytes(), photo.info) == before


def test_options_are_given_to_the_encoder() -> None:
    photo = draw_photo((120, 90))
    small = encode(photo, "JPEG", freeze({"quality": 10, "progressive": True}))
    large = encode(photo, "JPEG", freeze({"quality": 95}))
    assert len(small) < len(large) / 3
    assert reopened(small, "JPEG").info.get("progressive")
    assert "progressive" not in reopened(large, "JPEG").info


def test_options_have_one_order() -> None:
    one = freeze({"quality": 70, "progressive": True})
    other = freeze({"progressive": True, "quality": 70})
    assert one == other == (("progressive", True), ("quality", 70))
    assert hash(one) == hash(other)
    assert freeze(one) == one
    assert freeze({}) == freeze([]) == ()


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("JPEG", {"quality": "superb"}),
        ("JPEG", {"qtables": [7]}),
        ("PNG", {"compress_level": "very"}),
        ("WEBP", {"quality": object()}),
        ("AVIF", {"subsampling": "none"}),
        ("ICO", {"sizes": 7}),
    ],
)
def test_an_option_that_cannot_be_is_an_encoding_error(
    format: str, options: dict[str, Any]
) -> None:
    with pytest.raises(EncodingError, match=f"40×30 in mode RGB cannot be written as {format}"):
        encode(draw_photo((40, 30)), format, freeze(options))


@pytest.mark.parametrize(
    ("size", "format"), [((257, 10), "ICO"), ((16_384, 1), "WEBP"), ((65_536, 1), "JPEG")]
)
def test_a_picture_too_large_for_its_format_is_an_encoding_error(
    size: tuple[int, int], format: str
) -> None:
    with pytest.raises(EncodingError, match=f"cannot be written as {format}") as caught:
        encode(Image.new("RGB", size), format)
    assert isinstance(caught.value, VersatileError)
    assert isinstance(caught.value, OSError)


def test_a_matte_that_is_no_colour_is_an_encoding_error() -> None:
    with pytest.raises(EncodingError, match="blurple"):
        encode(half_clear(), "JPEG", matte="blurple")


@pytest.mark.parametrize("format", ["SVG", "", "PDF"])
def test_an_unknown_format_is_an_error_of_its_own(format: str) -> None:
    with pytest.raises(UnknownFormat):
        encode(draw_photo((4, 3)), format)


def test_formats_are_named_in_any_case() -> None:
    photo = draw_photo((40, 30))
    assert reopened(encode(photo, "jpeg"), "JPEG").size == (40, 30)
    assert reopened(encode(photo, "ico"), "ICO").size == (40, 30)


@pytest.mark.parametrize(
    ("colour", "rgb"),
    [
        ("white", (255, 255, 255)),
        ("#ff8000", (255, 128, 0)),
        ("#ff800040", (255, 128, 0)),
        ((1, 2, 3), (1, 2, 3)),
        ((1, 2, 3, 4), (1, 2, 3)),
    ],
)
def test_a_matte_is_opaque(colour: Any, rgb: tuple[int, int, int]) -> None:
    assert opaque(colour) == rgb


@pytest.mark.parametrize("format", DEFAULTS)
def test_each_format_is_saved_by_its_defaults_and_by_what_is_asked_beside_them(format: str) -> None:
    photo = draw_photo((40, 30))
    file = BytesIO()
    photo.save(file, format, **DEFAULTS[format])
    assert encode(photo, format) == encode(photo, format.lower()) == file.getvalue()
    assert default_options(format.lower()) == DEFAULTS[format]
    default_options(format).clear()
    assert default_options(format)


def test_what_is_asked_for_wins_over_defaults() -> None:
    photo = draw_photo((120, 90))
    assert len(encode(photo, "JPEG", freeze({"optimize": True}))) < len(encode(photo, "JPEG"))
    assert len(encode(photo, "AVIF", freeze({"quality": 90}))) > len(encode(photo, "AVIF"))
    assert default_options("BMP") == {}


@every_format
def test_what_is_kept_stands_where_the_format_can_hold_it(format: str) -> None:
    beside = Beside(exif.write({exif.TEXTS["copyright"]: "© me"}), p3_profile())
    data = encode(draw_photo((40, 30)), format, beside=beside)
    read = reopened(data, format)
    holds = holds_profiles(format)
    assert read.info.get("icc_profile") == (p3_profile() if holds else None)
    assert exif.kept(read, ["copyright"]) == ({exif.TEXTS["copyright"]: "© me"} if holds else {})
    assert format == "TIFF" or set(read.getexif()) <= {0x8298}


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_profile_stands_by_colours_that_it_is_for(mode: str, format: str) -> None:
    photo = draw_photo((40, 30), mode)
    read = reopened(encode(photo, format, beside=Beside(profile=p3_profile())), format)
    assert read.info["icc_profile"] == p3_profile()
    assert read.mode in ("RGB", "RGBA")


def test_an_animation_needs_frames_that_can_be_written() -> None:
    frames = [draw_photo((40, 30), seed=seed) for seed in (1, 2)]
    with pytest.raises(EncodingError, match="cannot be written as JPEG"):
        encode_animation(frames, Pace((10, 10)), "JPEG")


@pytest.mark.parametrize(
    ("modes", "written"),
    [
        (("L", "L"), "L"),
        (("L", "LA"), "LA"),
        (("L", "RGB"), "RGB"),
        (("LA", "RGB"), "RGBA"),
        (("RGB", "RGBA"), "RGBA"),
    ],
)
def test_the_frames_of_an_animation_have_one_mode(modes: tuple[str, str], written: str) -> None:
    frames = [draw_photo((40, 30), mode, seed=seed) for seed, mode in enumerate(modes)]
    expected = [frame.convert("RGBA") for frame in frames]
    data = encode_animation(frames, Pace((10, 20)), "PNG")
    with Image.open(BytesIO(data)) as image:
        assert image.mode == written
        for index, frame in enumerate(expected):
            image.seek(index)
            assert image.convert("RGBA").tobytes() == frame.tobytes()
