import random
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.counts import count
from tests.drawing import photo_bytes
from tests.imaging.comparing import decoded, header_of
from versatile.imaging.decoding import Picture, open_picture
from versatile.imaging.exceptions import (
    EmptyImage,
    ImageError,
    ImageTooLarge,
    TruncatedImage,
    UnidentifiedImage,
)
from versatile.imaging.formats import READABLE
from versatile.imaging.geometry import Size, Window, whole
from versatile.imaging.limits import Limits


def broken_picture(error: BaseException) -> Picture:
    """A picture whose decoder raises."""

    class Broken(Image.Image):
        def load(self) -> Any:
            raise error

    image = Broken()
    image._size = (10, 10)
    image._mode = "RGB"
    return Picture(image)


def test_no_bytes_are_an_empty_image() -> None:
    with pytest.raises(EmptyImage, match="the file is empty"):
        header_of(b"")


def test_a_png_without_area_is_refused() -> None:
    content = struct.pack(">IIBBBBB", 0, 9, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + content
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    with pytest.raises(ImageError):
        header_of(data + struct.pack(">I", zlib.crc32(chunk)))


@pytest.mark.parametrize(
    "data",
    [
        *(b"x", b"GIF", b"\xff\xd8\xff", b"no picture at all " * 50, bytes(5000)),
        *(b"<html><script>alert(1)</script></html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        *(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", b"%PDF-1.7\n", b"PK\3\4" * 99),
    ],
)
def test_what_is_no_picture_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(UnidentifiedImage, match=r"no picture of a known format|header is damaged"):
        header_of(data)
    with pytest.raises(UnidentifiedImage), open_picture(BytesIO(data)):
        pass


def test_a_format_that_may_not_be_opened_is_no_picture() -> None:
    with pytest.raises(UnidentifiedImage, match="no picture of a known format"):
        header_of(photo_bytes((40, 24), format="TGA"))


@pytest.mark.parametrize("format", READABLE)
def test_half_a_file_is_truncated(format: str) -> None:
    data = photo_bytes((120, 90), format=format)
    with pytest.raises((TruncatedImage, UnidentifiedImage)), decoded(data[: len(data) // 2]):
        pass


def test_half_a_jpeg_has_a_header_and_breaks_in_its_pixels() -> None:
    data = photo_bytes((120, 90))
    half = data[: len(data) // 2]
    assert header_of(half).size == (120, 90)
    with pytest.raises(TruncatedImage, match="truncated or damaged"), decoded(half):
        pass


def test_a_decoder_may_raise_what_it_likes() -> None:
    data = photo_bytes((40, 24), format="AVIF")
    start = data.index(b"mdat") + 4
    broken = data[:start] + bytes(len(data) - start)
    with pytest.raises(RuntimeError):
        Image.open(BytesIO(broken)).load()
    with pytest.raises(TruncatedImage), decoded(broken):
        pass


@pytest.mark.parametrize(
    "error", [OSError("gone"), ValueError("odd"), struct.error("short"), RuntimeError("lost")]
)
def test_a_picture_that_breaks_says_why(error: Exception) -> None:
    with pytest.raises(TruncatedImage, match=str(error)) as caught:
        broken_picture(error).decode()
    assert caught.value.__cause__ is error


def test_a_picture_that_does_not_fit_into_memory_is_too_large() -> None:
    with pytest.raises(ImageTooLarge, match="memory"):
        broken_picture(MemoryError()).decode()


def test_our_own_errors_pass_through() -> None:
    error = EmptyImage("nothing there")
    with pytest.raises(EmptyImage) as caught:
        broken_picture(error).decode()
    assert caught.value is error


def test_other_exits_pass_through() -> None:
    with pytest.raises(KeyboardInterrupt):
        broken_picture(KeyboardInterrupt()).decode()


def damaged(data: bytes, dice: random.Random) -> bytes:
    """A file with some bytes changed, lost or cut off, most of them near its start."""
    broken = bytearray(data)
    for _ in range(dice.choice([1, 2, 5, 20])):
        place = dice.randrange(min(len(broken), dice.choice([60, 300, 100_000])))
        broken[place] = dice.choice([0, 128, 255, dice.randrange(256)])
    match dice.randrange(4):
        case 0:
            del broken[dice.randrange(len(broken)) :]
        case 1:
            place = dice.randrange(len(broken))
            del broken[place : place + dice.randrange(20)]
    return bytes(broken)


@pytest.mark.parametrize("format", READABLE)
@pytest.mark.filterwarnings("error")
def test_no_damage_is_more_than_an_image_error(format: str) -> None:
    limits = Limits(max_pixels=10_000)
    data, dice, errors = photo_bytes((40, 30), format=format), random.Random(format), 0
    for _ in range(count(20_000, quick=500)):
        try:
            with open_picture(BytesIO(damaged(data, dice)), limits) as picture:
                picture.decode()
                window = picture.window(Window(whole(picture.size), Size(9, 9)))
                assert window.mode in {"L", "LA", "RGB", "RGBA"}
        except ImageError:
            errors += 1
    assert errors > 0
