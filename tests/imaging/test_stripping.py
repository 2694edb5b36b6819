import struct
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageOps, PngImagePlugin

from tests.drawing import draw_photo, turned
from tests.imaging.animations import animation_bytes, seen
from tests.imaging.profiles import p3_profile
from versatile.imaging.layout import UnknownLayout
from versatile.imaging.limits import Limits
from versatile.imaging.stripping import strip, webp

SECRET = b"SECRET"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>SECRET</dc:creator></x:xmpmeta>'
XMP_TURNED = b'<x:xmpmeta><rdf:Description tiff:Orientation="6" note="SECRET"/></x:xmpmeta>'
TAIL = b"SECRET behind the end" * 9

every_format = pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP"])


def noted(format: str, orientation: int = 1, **options: Any) -> bytes:
    """A photo with all that a format holds beside it."""
    photo = turned(draw_photo((60, 40)), orientation)
    notes: dict[str, Any] = {"icc_profile": p3_profile()}
    if format == "JPEG":
        notes |= {"comment": SECRET, "progressive": True, "xmp": XMP}
    if format == "WEBP":
        notes |= {"xmp": XMP}
    if format == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", "SECRET")
        info.add_text("Comment", "SECRET" * 40, zip=True)
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        notes |= {"pnginfo": info, "dpi": (300, 300)}
    if format == "GIF":
        notes = {"comment": SECRET}
    else:
        notes["exif"] = secrets(orientation)
    file = BytesIO()
    photo.save(file, format, **{**notes, **options})
    return file.getvalue() + TAIL


def secrets(orientation: int) -> bytes:
    """EXIF with a place, a camera and the picture in small."""
    block = Image.Exif()
    block[ExifTags.Base.Make] = "SECRET"
    if orientation != 1:
        block[ExifTags.Base.Orientation] = orientation
    block.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    return block.tobytes()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@every_format
def test_nothing_is_left_but_the_picture(format: str) -> None:
    data = noted(format)
    result = strip(data)
    assert SECRET in data
    assert SECRET not in result
    before, after = opened(data), opened(result)
    assert (after.mode, after.size, after.tobytes()) == (before.mode, before.size, before.tobytes())
    assert after.getpalette() == before.getpalette()
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    assert dict(after.getexif()) == {}
    kept = {"icc_profile", "jfif", "jfif_version", "jfif_density", "jfif_unit", "dpi"}
    kept |= {"progressive", "progression", "version", "background", "extension"}
    kept |= {"loop", "duration", "timestamp"}
    assert set(after.info) <= kept


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_which_way_is_up_is_kept_and_nothing_else(format: str, orientation: int) -> None:
    data = noted(format, orientation)
    result = strip(data)
    assert SECRET not in result
    assert dict(opened(result).getexif()) == {ExifTags.Base.Orientation: orientation}
    upright = [ImageOps.exif_transpose(opened(item)) for item in (data, result)]
    assert upright[0].size == (60, 40)
    assert upright[0].tobytes() == upright[1].tobytes()


@pytest.mark.parametrize("format", ["JPEG", "WEBP"])
def test_what_xmp_alone_says_of_it_is_kept_too(format: str) -> None:
    file = BytesIO()
    draw_photo((60, 40)).save(file, format, xmp=XMP_TURNED)
    result = strip(file.getvalue())
    assert SECRET not in result
    assert dict(opened(result).getexif()) == {ExifTags.Base.Orientation: 6}


@every_format
def test_what_has_nothing_to_lose_stays_byte_for_byte(format: str) -> None:
    file = BytesIO()
    draw_photo((60, 40)).save(file, format)
    assert strip(file.getvalue()) == file.getvalue()
    assert strip(strip(noted(format))) == strip(noted(format))


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP"])
@pytest.mark.parametrize("loop", [0, 3])
def test_an_animation_runs_as_before(format: str, loop: int) -> None:
    options: dict[str, Any] = {"comment": SECRET} if format == "GIF" else {"exif": secrets(1)}
    data = animation_bytes(format, loop=loop, **options)
    result = strip(data + TAIL)
    assert SECRET not in result
    pairs = list(zip(seen(data), seen(result), strict=True))
    assert len(pairs) == 4
    assert all(one.tobytes() == other.tobytes() for (one, _), (other, _) in pairs)
    assert [one[1] for one, _ in pairs] == [other[1] for _, other in pairs]
    assert opened(result).info["loop"] == loop


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_rows": 1}, {}])
def test_all_kinds_of_jpegs_can_be_taken_apart(mode: str, options: dict[str, Any]) -> None:
    file = BytesIO()
    draw_photo((60, 40), mode).save(file, "JPEG", comment=SECRET, exif=secrets(3), **options)
    result = strip(file.getvalue())
    assert SECRET not in result
    assert opened(result).tobytes() == opened(file.getvalue()).tobytes()


def jpeg() -> bytes:
    file = BytesIO()
    draw_photo((60, 40)).save(file, "JPEG")
    return file.getvalue()


def test_thumbnails_in_a_jpeg_go() -> None:
    data = jpeg()
    header = data[4:20]
    small = b"\xff\xe0" + struct.pack(">H", 16 + 3) + header[2:14] + b"\x01\x01RGB"
    more = b"\xff\xe0" + struct.pack(">H", 2 + 5 + 6) + b"JFXX\x00SECRET"
    result = strip(data[:2] + small + more + data[20:])
    assert result == data


def test_filling_before_a_marker_is_no_harm() -> None:
    data = jpeg()
    for filling in (b"\x01", b"\xff\x00", b"SECRET", b"\xff\xff\xff"):
        assert strip(data[:20] + filling + data[20:]) == data
    assert strip(data[:2] + b"\xff\xff" + data[2:]) == data
    last = data.rindex(b"\xff\xd9")
    assert opened(strip(data[:last] + b"\xff" + data[last:])).tobytes() == opened(data).tobytes()


def test_other_pictures_behind_the_first_go() -> None:
    file = BytesIO()
    first, second = draw_photo((60, 40), seed=1), draw_photo((60, 40), seed=2)
    first.save(file, "MPO", save_all=True, append_images=[second])
    result = strip(file.getvalue())
    assert opened(result).format == "JPEG"
    assert len(result) < len(file.getvalue()) * 0.6


def test_text_that_is_drawn_on_a_gif_goes_with_what_controls_it() -> None:
    file = BytesIO()
    draw_photo((60, 40)).save(file, "GIF")
    data = file.getvalue()
    start = data.index(b"\x2c" + bytes(4) + struct.pack("<HH", 60, 40))
    control = b"\x21\xf9\x04\x00\x05\x00\x00\x00"
    text = b"\x21\x01\x0c" + bytes(12) + b"\x06SECRET\x00"
    assert strip(data[:start] + control + text + data[start:]) == data
    assert strip(data[:start] + text + data[start:]) == data


def test_what_stands_between_the_blocks_of_a_gif_goes() -> None:
    file = BytesIO()
    draw_photo((60, 40)).save(file, "GIF")
    data = file.getvalue()
    start = data.index(b"\x2c" + bytes(4) + struct.pack("<HH", 60, 40))
    assert strip(data[:start] + b"\x00SECRET" + data[start:]) == data


def test_a_chunk_of_a_webp_that_ends_too_late_is_odd() -> None:
    content = b"WEBPNOTE\xff\x00\x00\x00SECRET"
    data = b"RIFF" + struct.pack("<I", len(content)) + content
    with pytest.raises(UnknownLayout):
        webp.stripped(data, b"")


def test_a_jpeg_without_an_end_is_odd() -> None:
    data = jpeg()[:-2] + b"\xff\xfe\x00\x06abcd"
    assert strip(data) == data


def test_an_icc_profile_in_a_gif_stays() -> None:
    file = BytesIO()
    draw_photo((60, 40)).save(file, "GIF")
    data = file.getvalue()
    block = b"\x21\xff\x0bICCRGBG1012\x03abc\x00"
    other = b"\x21\xff\x0bXMP DataXMP\x06SECRET\x00"
    start = data.index(b"\x2c" + bytes(4) + struct.pack("<HH", 60, 40))
    result = strip(data[:start] + block + other + data[start:])
    assert result == data[:start] + block + data[start:]


@pytest.mark.parametrize("format", ["BMP", "ICO"])
def test_what_cannot_be_stripped_comes_back_as_it_is(format: str) -> None:
    file = BytesIO()
    draw_photo((60, 40)).save(file, format)
    assert strip(file.getvalue()) == file.getvalue()
    assert strip(b"no picture") == b"no picture"
    assert strip(b"") == b""


def test_what_is_beyond_the_limits_comes_back_as_it_is() -> None:
    data = noted("WEBP")
    assert strip(data, Limits(max_pixels=100)) == data


@every_format
def test_what_ends_too_early_comes_back_as_it_is(format: str) -> None:
    data = noted(format)[: -len(TAIL)]
    for length in range(0, len(data) - 1, 37):
        part = data[:length]
        result = strip(part)
        assert result == part or len(result) < length


@every_format
@settings(max_examples=60)
@given(place=st.integers(0, 10_000), bits=st.integers(1, 255))
def test_no_damage_raises(format: str, place: int, bits: int) -> None:
    data = bytearray(noted(format))
    data[place % len(data)] ^= bits
    assert isinstance(strip(bytes(data)), bytes)


def test_a_jpeg_that_begins_again_inside_is_odd() -> None:
    data = jpeg()
    odd = data[:20] + b"\xff\xd8\x00\x04ab" + data[20:]
    assert strip(odd) == odd
