from io import BytesIO
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageOps

from tests.drawing import draw_photo, photo_bytes
from tests.imaging.comparing import decoded, header_of, largest_difference, psnr, read
from tests.imaging.profiles import exchanged_profile
from versatile.imaging.decoding import (
    Header,
    format_and_mimetype,
    open_image,
    read_header,
)
from versatile.imaging.exceptions import (
    ImageError,
)
from versatile.imaging.formats import FORMATS, READABLE
from versatile.imaging.geometry import Box, Size, Window, whole

SIZE = Size(480, 360)
TURNED_FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"]

every_orientation = pytest.mark.parametrize("orientation", range(1, 9))
every_turned_format = pytest.mark.parametrize("format", TURNED_FORMATS)


@every_turned_format
@every_orientation
def test_the_size_is_that_of_the_upright_picture(format: str, orientation: int) -> None:
    data = photo_bytes((40, 24), format=format, orientation=orientation)
    assert header_of(data).size == (40, 24)
    assert header_of(data).format == format


@every_turned_format
@every_orientation
def test_the_whole_picture_is_upright(format: str, orientation: int) -> None:
    data = photo_bytes((40, 24), format=format, orientation=orientation)
    with decoded(data) as picture:
        assert psnr(picture.upright(), read(data)) == 99


@every_orientation
def test_what_is_seen_does_not_depend_on_how_it_is_stored(orientation: int) -> None:
    photo = draw_photo((40, 24))
    with decoded(photo_bytes((40, 24), format="PNG", orientation=orientation)) as picture:
        assert picture.upright().tobytes() == photo.tobytes()


@every_orientation
@pytest.mark.parametrize("scale", [1, 2, 4, 8])
@pytest.mark.parametrize("box", [whole(SIZE), Box(16, 96, 416, 336)], ids=["whole", "part"])
def test_a_window_shows_that_part_of_the_upright_picture(
    orientation: int, scale: int, box: Box
) -> None:
    data = photo_bytes(SIZE, orientation=orientation, quality=90)
    size = Size(round(box.width / scale / 2), round(box.height / scale / 2))
    expected = read(data).resize(size, Image.Resampling.LANCZOS, box=box)
    with decoded(data, scale) as picture:
        assert picture.size == SIZE
        assert psnr(picture.window(Window(box, size)), expected) >= 45


@every_turned_format
@every_orientation
def test_an_exact_window_is_resampled_in_one_step(format: str, orientation: int) -> None:
    data = photo_bytes(SIZE, format=format, orientation=orientation)
    window = Window(Box(17, 90, 413, 321), Size(33, 22))
    expected = read(data).resize(window.size, Image.Resampling.LANCZOS, box=window.box)
    with decoded(data) as picture:
        # Rows before columns or the other way round: a level of rounding lies between.
        assert largest_difference(picture.window(window, exact=True), expected) <= 1


@every_orientation
@pytest.mark.parametrize("size", [Size(80, 40), Size(40, 24)], ids=["larger", "as large"])
def test_a_window_may_enlarge(orientation: int, size: Size) -> None:
    data = photo_bytes((40, 24), format="PNG", orientation=orientation)
    window = Window(Box(3, 5, 23, 15), size)
    expected = read(data).resize(window.size, Image.Resampling.LANCZOS, box=window.box)
    with decoded(data) as picture:
        # What overshoots is cut off after each of the two steps, so their order shows a little.
        assert psnr(picture.window(window), expected) > 50


@pytest.mark.parametrize("size", [(1, 1), (1, 97), (97, 1), (15, 15), (17, 33)])
@every_orientation
def test_odd_sizes_are_no_trouble_at_any_scale(size: tuple[int, int], orientation: int) -> None:
    data = photo_bytes(size, orientation=orientation)
    for scale in (1, 2, 4, 8):
        with decoded(data, scale) as picture:
            assert picture.window(Window(whole(Size(*size)), Size(1, 1))).size == (1, 1)


@every_orientation
def test_a_window_of_everything_at_its_own_size_is_the_picture(orientation: int) -> None:
    data = photo_bytes((40, 24), format="PNG", orientation=orientation)
    with decoded(data) as picture:
        window = picture.window(Window(whole(picture.size), picture.size))
        assert window.tobytes() == draw_photo((40, 24)).tobytes()


def test_the_upright_picture_is_turned_once() -> None:
    with decoded(photo_bytes((40, 24), orientation=6)) as picture:
        assert picture.upright() is picture.upright()


def test_a_picture_is_decoded_once_and_later_scales_change_nothing() -> None:
    data = photo_bytes(SIZE, quality=90)
    window = Window(Box(100, 100, 420, 340), Size(20, 15))
    with decoded(data, 8) as picture:
        before = picture.window(window)
        picture.decode(1)
        assert picture.window(window).tobytes() == before.tobytes()


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP"])
def test_formats_without_scales_are_decoded_in_full(format: str) -> None:
    with decoded(photo_bytes((64, 48), format=format, lossless=True), 8) as picture:
        assert picture.upright().tobytes() == draw_photo((64, 48)).tobytes()


def test_colours_are_brought_into_srgb_by_the_profile() -> None:
    photo = draw_photo((64, 48))
    data = photo_bytes((64, 48), format="PNG", icc_profile=exchanged_profile())
    with decoded(data) as picture:
        shown = picture.upright()
        window = picture.window(Window(whole(picture.size), Size(64, 48)))
    assert largest_difference(shown.getchannel("R"), photo.getchannel("G")) <= 1
    assert window.tobytes() == shown.tobytes()


def test_cmyk_is_shown_in_rgb() -> None:
    data = photo_bytes((64, 48), "CMYK", quality=95)
    with decoded(data, 2) as picture:
        window = picture.window(Window(whole(picture.size), Size(16, 12)))
    expected = draw_photo((64, 48)).resize((16, 12), Image.Resampling.LANCZOS)
    assert window.mode == "RGB"
    assert psnr(window, expected) > 35


@pytest.mark.parametrize("orientation", [0, 9, 255, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    header = header_of(photo_bytes((40, 24), exif=exif))
    assert (header.orientation, header.size) == (1, (40, 24))


@pytest.mark.parametrize(
    "exif",
    [b"", b"Exif\0\0", b"Exif\0\0garbage", b"Exif\0\0MM\0\x2a\xff\xff\xff\xff", b"\0" * 40],
    ids=["none", "empty", "garbage", "pointing outside", "zeros"],
)
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_damaged_exif_turns_nothing(exif: bytes) -> None:
    data = photo_bytes((40, 24), exif=exif)
    with decoded(data) as picture:
        assert psnr(picture.upright(), Image.open(BytesIO(data))) == 99


def test_damaged_exif_is_no_error_where_warnings_are() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    data = photo_bytes((40, 24), format="WEBP", exif=exif.tobytes()[:-8])
    with pytest.warns(UserWarning, match="Corrupt EXIF"):
        dict(Image.open(BytesIO(data)).getexif())
    assert header_of(data).size == (40, 24)


def test_an_mpo_is_the_jpeg_that_it_begins_with() -> None:
    first, second = draw_photo((40, 24)), draw_photo((40, 24), seed=1)
    file = BytesIO()
    first.save(file, "MPO", save_all=True, append_images=[second], quality=95)
    with decoded(file.getvalue()) as picture:
        assert picture.header == Header("JPEG", 1, Size(40, 24))
        assert psnr(picture.upright(), first) > psnr(picture.upright(), second) + 10


@pytest.mark.parametrize("format", READABLE)
def test_every_format_is_recognised_by_its_bytes(format: str) -> None:
    options: dict[str, Any] = {"sizes": [(40, 24)]} if format == "ICO" else {}
    data = photo_bytes((40, 24), format=format, **options)
    assert header_of(data) == Header(format, 1, Size(40, 24))
    assert format_and_mimetype(BytesIO(data)) == (format, FORMATS[format].mimetypes[0])
    with decoded(data) as picture:
        assert psnr(picture.upright().convert("RGB"), draw_photo((40, 24))) > 20


def test_a_file_is_read_from_its_start_and_left_open() -> None:
    file = BytesIO(photo_bytes((40, 24)))
    file.seek(50)
    assert read_header(file).size == (40, 24)
    assert not file.closed
    assert read_header(file).size == (40, 24)


def test_a_file_made_a_moment_ago_is_loaded() -> None:
    data = photo_bytes((40, 24), format="PNG", orientation=6)
    image = open_image(BytesIO(data))
    assert ImageOps.exif_transpose(image).tobytes() == draw_photo((40, 24)).tobytes()
    with pytest.raises(ImageError):
        open_image(BytesIO(data[:200]))
