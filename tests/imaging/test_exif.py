import struct
import warnings
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from tests.drawing import draw_photo
from versatile.imaging import exif
from versatile.imaging.exceptions import InvalidArgument

COPYRIGHT, ARTIST = exif.TEXTS["copyright"], exif.TEXTS["artist"]
TAGS: dict[int, int | str] = {exif.ORIENTATION: 6, COPYRIGHT: "© Zoë 2024", ARTIST: "Z"}
texts = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=60)


def pillows(tags: dict[int, Any], *, endian: str = "<") -> bytes:
    block = Image.Exif()
    block.endian = endian
    block.update(tags)
    return block.tobytes()


def opened(format: str, **options: Any) -> Image.Image:
    file = BytesIO()
    draw_photo((16, 12)).save(file, format, **options)
    return Image.open(file)


@pytest.mark.parametrize("endian", ["<", ">"])
def test_what_pillow_writes_is_read(endian: str) -> None:
    block = pillows({exif.ORIENTATION: 6, COPYRIGHT: "me", 0x010F: "Camera"}, endian=endian)
    assert exif.read(block) == {exif.ORIENTATION: 6, COPYRIGHT: "me"}


def test_pillow_reads_what_is_written() -> None:
    block = Image.Exif()
    block.load(exif.write({exif.ORIENTATION: 6, ARTIST: "Zoe Somebody", COPYRIGHT: "me"}))
    assert dict(block) == {exif.ORIENTATION: 6, ARTIST: "Zoe Somebody", COPYRIGHT: "me"}


@given(st.dictionaries(st.sampled_from(sorted(exif.TEXTS.values())), texts))
def test_what_is_written_is_read(tags: dict[int, int | str]) -> None:
    assert exif.read(exif.write(tags)) == tags


def test_nothing_is_no_block() -> None:
    assert exif.write({}) == b""
    assert exif.read(b"") == {}


@given(st.binary(max_size=80), st.integers(0, 200), st.integers(0, 255))
def test_no_damage_raises_or_warns(tail: bytes, place: int, byte: int) -> None:
    block = bytearray(exif.write(TAGS) + tail)
    block[place % len(block)] = byte
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for damaged in (bytes(block), bytes(block[:place]), b"II*\x00" + tail, b"MM\x00*" + tail):
            found = exif.read(damaged)
            assert all(isinstance(value, int | str) for value in found.values())


def test_a_text_that_is_none_is_not_read() -> None:
    entry = struct.pack("<HHII", COPYRIGHT, 7, 4, 0)
    assert exif.read(b"II*\x00" + struct.pack("<IH", 8, 1) + entry) == {}
    empty = struct.pack("<HHI4s", COPYRIGHT, 2, 4, b"\x00\x07\x00\x00")
    assert exif.read(b"II*\x00" + struct.pack("<IH", 8, 1) + empty) == {}
    of_none = struct.pack("<HHI4s", COPYRIGHT, 2, 0, b"abcd")
    assert exif.read(b"II*\x00" + struct.pack("<IH", 8, 1) + of_none) == {}


def test_a_text_in_latin_letters_is_read() -> None:
    entry = struct.pack("<HHI4s", COPYRIGHT, 2, 3, "Zoë"[-3:].encode("latin-1"))
    assert exif.read(b"II*\x00" + struct.pack("<IH", 8, 1) + entry) == {COPYRIGHT: "Zoë"}


def test_what_cannot_be_shown_is_no_part_of_a_text() -> None:
    assert exif.read(exif.write({COPYRIGHT: "a\x07b\u202ec\n"})) == {COPYRIGHT: "abc"}


def test_the_texts_of_exif_are_kept_by_their_names() -> None:
    block = pillows({ARTIST: "Zoe", COPYRIGHT: "me", 0x010F: "Camera", 0x8825: {1: "N"}})
    image = opened("JPEG", exif=block)
    assert exif.kept(image, ["copyright"]) == {COPYRIGHT: "me"}
    assert exif.kept(image, ["artist", "copyright", "software"]) == {ARTIST: "Zoe", COPYRIGHT: "me"}
    assert exif.kept(image, []) == {}


def test_the_texts_of_a_png_and_of_a_tiff_are_kept() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Copyright", "me\n")
    info.add_text("Author", "")
    assert exif.kept(opened("PNG", pnginfo=info), ["copyright", "artist"]) == {COPYRIGHT: "me"}
    tags = {int(ExifTags.Base.Artist): "Zoe"}
    assert exif.kept(opened("TIFF", tiffinfo=tags), ["artist"]) == {ARTIST: "Zoe"}


def iptc(*texts: tuple[int, bytes]) -> bytes:
    records = b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(text)) + text
        for number, text in texts
    )
    resource = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(records)) + records
    return b"Photoshop 3.0\x00" + resource + b"\x00" * (len(records) % 2)


@pytest.mark.parametrize("cut", [0, 3, 9])
def test_the_texts_of_iptc_are_kept(cut: int) -> None:
    block = iptc((5, b"title"), (80, b"Zoe"), (116, "© me".encode()))
    file = BytesIO()
    draw_photo((16, 12)).save(file, "JPEG")
    data = file.getvalue()
    data = data[:2] + b"\xff\xed" + struct.pack(">H", len(block) + 2) + block + data[2:]
    image = Image.open(BytesIO(data))
    assert exif.kept(image, ["copyright", "artist"]) == {COPYRIGHT: "© me", ARTIST: "Zoe"}
    resources = image.info["photoshop"]
    resources[0x0404] = resources[0x0404][: len(resources[0x0404]) - cut]
    assert exif.kept(image, ["artist"]) == {ARTIST: "Zoe"}
    resources[0x0404] = b"nothing of the kind"
    assert exif.kept(image, ["artist"]) == {}


def test_exif_is_believed_before_others() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Copyright", "them")
    image = opened("PNG", pnginfo=info, exif=pillows({COPYRIGHT: "me"}))
    assert exif.kept(image, ["copyright"]) == {COPYRIGHT: "me"}


def test_a_name_that_is_none_is_named() -> None:
    with pytest.raises(InvalidArgument, match=r"'gps'.*copyright"):
        exif.kept(opened("PNG"), ["gps"])
