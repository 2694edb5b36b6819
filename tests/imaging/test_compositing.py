import struct
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.drawing import draw_photo, photo_bytes
from tests.imaging.animations import animation_bytes, draw_frames
from tests.imaging.comparing import decoded, largest_difference, psnr
from tests.imaging.hostile import gif, png_chunk
from tests.imaging.layered import CELL, STORIES, canvas, written
from tests.imaging.profiles import p3_profile, p3_to_srgb
from versatile.imaging import animation, compositing
from versatile.imaging.decoding import open_picture, read_header
from versatile.imaging.exceptions import TruncatedAnimation
from versatile.imaging.geometry import Size
from versatile.imaging.limits import UNLIMITED, Limits
from versatile.imaging.recipe import Recipe
from versatile.processors import ResizeToFit

CLOSE = 1
"""What rounding changes where colours are mixed."""

stories = pytest.mark.parametrize(
    ("name", "format"), [(name, format) for name in STORIES for format in STORIES[name].formats]
)


def frames_of(data: bytes, limits: Limits = UNLIMITED) -> list[tuple[Image.Image, float]]:
    with open_picture(BytesIO(data), limits) as picture:
        picture.decode()
        return [(frame.picture.upright(), frame.duration) for frame in animation.frames(picture)]


@stories
def test_what_is_seen_is_what_browsers_show(name: str, format: str) -> None:
    story = STORIES[name]
    shown = frames_of(written(story, format))
    assert [duration for _, duration in shown] == [item.milliseconds for item in story.layers]
    for (frame, _), cells in zip(shown, story.seen, strict=True):
        assert largest_difference(frame.convert("RGBA"), canvas(cells)) <= CLOSE


@stories
@pytest.mark.parametrize("output", ["GIF", "PNG", "WEBP"])
def test_and_so_are_renditions(output: str, name: str, format: str) -> None:
    story = STORIES[name]
    options: Any = (("lossless", True),) if output == "WEBP" else ()
    half = Recipe((ResizeToFit(2 * CELL, CELL),), output, options)
    with decoded(written(story, format)) as picture:
        made = frames_of(half.render(picture))
    for (frame, _), cells in zip(made, story.seen, strict=True):
        for index, (*colour, opacity) in enumerate(cells):
            pixel = frame.convert("RGBA").getpixel((index * CELL // 2 + 1, CELL // 4))
            assert isinstance(pixel, tuple)
            wanted = opacity if output != "GIF" else opacity >= 128 and 255
            assert abs(pixel[3] - wanted) <= 2 * CLOSE
            assert not wanted or max(map(abs, map(int.__sub__, pixel[:3], colour))) <= 3 * CLOSE


@stories
def test_a_still_shows_the_first_of_them(name: str, format: str) -> None:
    with decoded(written(STORIES[name], format)) as picture:
        first = picture.upright().convert("RGBA")
    assert largest_difference(first, canvas(STORIES[name].seen[0])) <= CLOSE


def test_a_gif_of_one_frame_that_is_smaller_than_its_screen_is_clear_around_it() -> None:
    data = bytearray(photo_bytes((40, 30), format="GIF"))
    data[6:10] = struct.pack("<HH", 60, 30)
    with decoded(bytes(data)) as picture:
        image = picture.upright()
    assert image.size == (60, 30)
    assert image.getchannel("A").getbbox() == (0, 0, 40, 30)


@pytest.mark.parametrize("format", ["GIF", "PNG"])
def test_what_stands_behind_the_end_is_no_frame(format: str) -> None:
    data = animation_bytes(format)
    assert read_header(BytesIO(data + b"," * 50)).frames == 4
    assert len(frames_of(data + b"," * 50)) == 4


def test_a_frame_of_no_size_is_a_fault() -> None:
    with pytest.raises(TruncatedAnimation, match="frame 1"):
        frames_of(gif((8, 8), (1, 1), (0, 0), (1, 1)))


def test_frames_of_a_palette_have_it_as_often_as_they_are_read() -> None:
    photo = draw_photo((40, 24), "P", seed=1)
    images = [photo, photo.rotate(180)]
    data = animation_bytes("PNG", images, [100, 100])
    with decoded(data) as picture:
        for _ in range(2):
            for frame, image in zip(animation.frames(picture), images, strict=True):
                assert psnr(frame.picture.upright(), image.convert("RGB")) == 99


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_frames_stay_grey(mode: str) -> None:
    images = [frame.convert(mode) for frame in draw_frames()]
    shown = frames_of(animation_bytes("PNG", images))
    assert {frame.mode.removesuffix("A") for frame, _ in shown} == {"L"}
    assert psnr(shown[2][0].convert("LA"), images[2].convert("LA")) == 99


def test_frames_have_the_colours_of_their_profile() -> None:
    colour = (200, 60, 40)
    images = [Image.new("RGB", (8, 8), colour), Image.new("RGB", (8, 8), "black")]
    shown = frames_of(animation_bytes("PNG", images, [100, 100], icc_profile=p3_profile()))
    expected = Image.new("RGB", (8, 8), p3_to_srgb(colour))
    assert largest_difference(shown[0][0], expected) <= CLOSE


def test_a_frame_is_judged_before_it_is_decoded() -> None:
    data = gif((8, 8), (1, 1), (3000, 3000))
    with pytest.raises(TruncatedAnimation, match="3000×3000"):
        frames_of(data, Limits(max_pixels=1_000_000))


def test_fewer_frames_than_a_png_says_are_a_fault() -> None:
    data = animation_bytes("PNG")
    said = png_chunk(b"acTL", struct.pack(">II", 4, 0))
    assert said in data
    with pytest.raises(TruncatedAnimation, match="frame 4"):
        frames_of(data.replace(said, png_chunk(b"acTL", struct.pack(">II", 6, 0))))


@pytest.mark.parametrize(
    ("format", "layered"), [("GIF", False), ("PNG", False), ("WEBP", False), ("AVIF", False)]
)
def test_a_still_is_left_to_its_decoder(format: str, layered: bool) -> None:
    with open_picture(BytesIO(photo_bytes((40, 30), format=format))) as picture:
        assert compositing.is_layered(picture.image, 1) is layered
        assert picture.size == Size(40, 30)


def test_parts_of_a_png_that_are_out_of_order_are_a_fault() -> None:
    data = written(STORIES["holes make holes"], "PNG")
    start = data.index(b"fdAT")
    (length,) = struct.unpack(">I", data[start - 4 : start])
    swapped = png_chunk(b"fdAT", struct.pack(">I", 9) + data[start + 8 : start + 4 + length])
    with pytest.raises(TruncatedAnimation, match="out of order"):
        frames_of(data[: start - 4] + swapped + data[start + 8 + length :])


def test_a_frame_that_lies_outside_is_a_fault() -> None:
    data = bytearray(gif((8, 8), (1, 1), (1, 1)))
    second = data.rindex(b"\x2c\0\0\0\0\x01\0\x01\0")
    data[second + 1 : second + 5] = struct.pack("<HH", 8, 0)
    with pytest.raises(TruncatedAnimation, match="outside"):
        frames_of(bytes(data))
