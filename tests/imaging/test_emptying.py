"""Originals in which one part points at another, without their metadata."""

import logging
import struct
from io import BytesIO
from itertools import product
from typing import Any

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, TiffImagePlugin

from tests.drawing import draw_photo, turned
from tests.imaging.animations import animation_bytes, draw_frames
from tests.imaging.comparing import decoded
from tests.imaging.profiles import p3_profile
from versatile.imaging.decoding import Header, open_picture, read_header
from versatile.imaging.layout import UnknownLayout
from versatile.imaging.stripping import STRIPPED, heif, strip, tiff

SECRET = b"SECRET"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>SECRET</dc:creator></x:xmpmeta>'
TURNED_BY_XMP = b'<x:xmpmeta><rdf:Description tiff:Orientation="6" note="SECRET"/></x:xmpmeta>'
UUID = struct.pack(">I4s", 30, b"uuid") + SECRET.ljust(22)
TAIL = b"SECRET behind the end" * 9
LOGGER = "versatile.imaging.stripping"

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "LAB", "I;16", "F")

EMPTIED = ("TIFF", "AVIF", "HEIF")
every_format = pytest.mark.parametrize("format", EMPTIED)


def secrets(orientation: int = 1) -> Image.Exif:
    """EXIF with a camera and a place."""
    block = Image.Exif()
    block[ExifTags.Base.Make] = "SECRET"
    block[ExifTags.Base.Copyright] = "SECRET, and more than fits into four bytes"
    if orientation != 1:
        block[ExifTags.Base.Orientation] = orientation
    place = block.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    place[ExifTags.GPS.GPSDateStamp] = "SECRET"
    return block


def noted(format: str, orientation: int = 1, **options: Any) -> bytes:
    """A photo with all that a format holds beside it, and more behind."""
    file, photo = BytesIO(), turned(draw_photo((60, 40)), orientation)
    if format == "HEIF":
        heif = pillow_heif.from_pillow(photo)
        heif.save(file, exif=secrets(orientation).tobytes(), xmp=XMP, quality=95)
        return file.getvalue() + UUID + TAIL
    if format == "AVIF":
        photo.save(
            file, "AVIF", exif=secrets(orientation), xmp=XMP, icc_profile=p3_profile(), **options
        )
        return file.getvalue() + UUID + TAIL
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[700], tags[33723], tags[270], tags[305] = XMP, SECRET, "SECRET", "SECRET"
    tags[274] = orientation
    photo.save(
        file, format, exif=secrets(orientation), tiffinfo=tags, icc_profile=p3_profile(), **options
    )
    return file.getvalue() + TAIL


def shown(data: bytes) -> tuple[Header, bytes | None, bytes]:
    with decoded(data) as picture:
        profile = picture.image.info.get("icc_profile")
        return picture.header, profile, picture.upright().tobytes()


@every_format
@pytest.mark.parametrize("orientation", range(1, 9))
def test_nothing_is_left_but_the_picture_as_it_was(orientation: int, format: str) -> None:
    data = noted(format, orientation)
    result = strip(data)
    assert SECRET in data
    assert SECRET not in result
    assert shown(result) == shown(data)
    assert read_header(BytesIO(result)).size == (60, 40)
    assert strip(result) == result
    assert format in STRIPPED


@pytest.mark.parametrize(
    ("mode", "compression"),
    [
        *product(MODES, [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"]),
        *product(["L", "RGB", "CMYK"], ["jpeg"]),
    ],
)
def test_all_kinds_of_tiffs_are_as_they_were(mode: str, compression: str | None) -> None:
    file = BytesIO()
    image = draw_photo((60, 40), mode) if mode != "LAB" else Image.new("LAB", (60, 40), (90, 9, 9))
    image.save(file, "TIFF", compression=compression, exif=secrets())
    result = strip(file.getvalue())
    assert SECRET not in result
    assert shown(result) == shown(file.getvalue())


@pytest.mark.parametrize("big", [False, True])
def test_all_pages_stay(big: bool) -> None:
    pages = [draw_photo((60, 40), seed=seed) for seed in (1, 2, 3)]
    file = BytesIO()
    pages[0].save(
        file, "TIFF", save_all=True, append_images=pages[1:], exif=secrets(), big_tiff=big
    )
    with Image.open(BytesIO(strip(file.getvalue()))) as image:
        assert getattr(image, "n_frames", 1) == 3
        for index, page in enumerate(pages):
            image.seek(index)
            assert image.tobytes() == page.tobytes()


def test_a_tiff_that_xmp_turns_is_turned_by_its_own_tag() -> None:
    file = BytesIO()
    draw_photo((60, 40)).save(file, "TIFF", tiffinfo={700: TURNED_BY_XMP})
    result = strip(file.getvalue())
    assert SECRET not in result
    assert read_header(BytesIO(result)).orientation == 6


def test_tiles_stay_where_they_are() -> None:
    sides = 16, 16
    tags = [(256, 4, 16), (257, 4, 16), (258, 3, 8), (259, 3, 1), (262, 3, 1), (277, 3, 1)]
    tags += [(305, 2, int.from_bytes(b"SEC\0", "little"))]
    tags += [(322, 4, sides[0]), (323, 4, sides[1]), (324, 4, 8), (325, 4, 256)]
    body = struct.pack("<H", len(tags)) + b"".join(
        struct.pack("<HHII", tag, kind, 4 if kind == 2 else 1, value) for tag, kind, value in tags
    )
    data = b"II*\0" + struct.pack("<I", 8 + 256) + bytes(range(256)) + body + bytes(4) + SECRET
    result = strip(data)
    assert b"SEC" not in result
    assert shown(result) == shown(data)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_moving_avif_moves_as_before(mode: str) -> None:
    data = animation_bytes("AVIF", draw_frames(mode=mode), exif=secrets(), xmp=XMP)
    result = strip(data + UUID + TAIL)
    assert SECRET not in result
    frames = []
    for item in (data, result):
        with Image.open(BytesIO(item)) as image:
            assert getattr(image, "n_frames", 1) == 4
            image.seek(3)
            image.load()
            frames.append((image.info["duration"], image.tobytes()))
    assert frames[0] == frames[1]


@pytest.mark.parametrize("format", ["AVIF", "HEIF"])
def test_notes_of_tracks_and_room_that_is_free_are_emptied(format: str) -> None:
    free = struct.pack(">I4s", 14, b"free") + SECRET
    data = noted(format)[: -len(UUID + TAIL)]
    assert strip(data + free + free) == strip(data)
    notes = struct.pack(">I4s", 14, b"udta") + SECRET
    track = struct.pack(">I4s", 8 + len(notes), b"trak") + notes
    tracks = struct.pack(">I4s", 8 + len(track) + len(notes), b"moov") + track + notes
    assert SECRET not in heif.stripped(data + tracks, b"")


def test_xmp_does_not_turn_what_says_itself_how_it_is_turned() -> None:
    file = BytesIO()
    draw_photo((60, 40)).save(file, "AVIF", xmp=TURNED_BY_XMP)
    assert read_header(file).orientation == 1
    assert read_header(BytesIO(strip(file.getvalue()))).orientation == 1


@every_format
def test_a_file_that_ends_too_early_stays_and_is_told_of(
    format: str, caplog: pytest.LogCaptureFixture
) -> None:
    data = noted(format)[: -len(TAIL)]
    for length in range(40, len(data) // 2, 211):
        caplog.clear()
        result = strip(data[:length])
        assert result == data[:length] or len(result) <= length
        assert result != data[:length] or caplog.records[0].levelno == logging.WARNING


@every_format
@settings(max_examples=100)
@given(place=st.integers(0, 20_000), bits=st.integers(1, 255))
def test_no_damage_raises(format: str, place: int, bits: int) -> None:
    data = bytearray(noted(format))
    data[place % len(data)] ^= bits
    assert isinstance(strip(bytes(data)), bytes)


def test_tags_that_contradict_each_other_are_left_alone() -> None:
    file = BytesIO()
    draw_photo((60, 40)).save(file, "TIFF", tiffinfo={305: "SECRET", 315: "SECRET"})
    data = file.getvalue()
    twice = data.replace(struct.pack("<HH", 315, 2), struct.pack("<HH", 256, 2))
    assert strip(data) != data
    assert strip(twice) == twice


def test_pages_in_a_circle_are_left_alone() -> None:
    file = BytesIO()
    draw_photo((60, 40)).save(file, "TIFF", tiffinfo={305: "SECRET"})
    data = bytearray(file.getvalue())
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    struct.pack_into("<I", data, first + 2 + 12 * count, first)
    with open_picture(BytesIO(data)) as picture:
        assert picture.size == (60, 40)
    assert strip(bytes(data)) == data


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def listed(version: int, method: int, kind: bytes = b"Exif", *, lists: bool = True) -> bytes:
    """A file of one item of 24 bytes that is no picture, which lies in a box ``idat``."""
    number = struct.pack(">I" if version == 2 else ">H", 1)
    item = box(b"infe", bytes([2, 0, 0, 0]) + struct.pack(">HH4s", 1, 0, kind))
    items = box(b"iinf", bytes(4) + struct.pack(">H", 1) + item)
    places = bytes([version, 0, 0, 0]) + b"\x44\x00" + number + number
    places += struct.pack(">H", method) if version else b""
    places += struct.pack(">HHII", 0, 1, 0, 24)
    content = bytes(4) + items + (box(b"iloc", places) if lists else b"")
    return box(b"ftyp", b"avif") + box(b"meta", content + box(b"idat", SECRET.ljust(24)))


@pytest.mark.parametrize("version", [1, 2])
def test_an_item_may_lie_beside_the_list_of_items(version: int) -> None:
    data = listed(version, 1)
    result = heif.stripped(data, b"")
    assert SECRET in data
    assert result == data.replace(SECRET.ljust(24), b"\0\0\0\0II*\0\x08".ljust(24, b"\0"))
    assert b" " * 24 in heif.stripped(listed(version, 1, b"mime"), b"")


def test_items_that_are_nowhere_or_elsewhere_are_odd() -> None:
    with pytest.raises(UnknownLayout):
        heif.stripped(listed(1, 2), b"")
    with pytest.raises(UnknownLayout):
        heif.stripped(listed(1, 1, lists=False), b"")
    with pytest.raises(UnknownLayout):
        heif.stripped(listed(1, 1).replace(struct.pack(">II", 0, 24), bytes(8)), b"")
    with pytest.raises(UnknownLayout):
        heif.stripped(listed(1, 1).replace(b"\x02\0\0\0", b"\x01\0\0\0"), b"")
    with pytest.raises(UnknownLayout):
        heif.stripped(listed(1, 1).replace(b"\x44\x00", b"\xff\xff"), b"")


def test_a_box_may_be_long_or_the_last() -> None:
    long = struct.pack(">I4sQ", 1, b"mdat", 16 + 6) + b"pixels"
    last = struct.pack(">I4s", 0, b"mdat") + b"pixels"
    assert heif.stripped(long + UUID + last, b"") == (
        long + struct.pack(">I4s", 30, b"free") + bytes(22) + last
    )
    with pytest.raises(UnknownLayout):
        heif.stripped(long[:-1], b"")


def test_a_tiff_beyond_its_end_is_left_alone() -> None:
    file = BytesIO()
    draw_photo((60, 40)).save(file, "TIFF", tiffinfo={305: "SECRET"})
    data = file.getvalue()
    assert strip(data[:-50]) == data[:-50]
    (first,) = struct.unpack_from("<I", data, 4)
    with pytest.raises(UnknownLayout):
        tiff.stripped(data[:first] + b"\xff\xff" + data[first + 2 :], b"")
