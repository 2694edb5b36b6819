"""Files of pieces without end around a small picture: refused before Pillow reads one of them."""

import struct
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO

import pytest

from tests.drawing import photo_bytes
from tests.imaging.comparing import decoded
from tests.imaging.hostile import gif, icon, painted, png_chunk, tiff_header
from versatile.imaging import animation, gifs, headers, pngs
from versatile.imaging.decoding import open_picture, read_header
from versatile.imaging.exceptions import ImageError, ImageTooLarge
from versatile.imaging.formats import sniff


def png_with(*chunks: bytes) -> bytes:
    data = painted("PNG")
    return data[:33] + b"".join(chunks) + data[33:]


def jpeg_with(*segments: bytes) -> bytes:
    data = photo_bytes((40, 24))
    return data[:2] + b"".join(segments) + data[2:]


def gif_with(*blocks: bytes) -> bytes:
    data = painted("GIF")
    start = 13 + (3 << ((data[10] & 7) + 1))
    return data[:start] + b"".join(blocks) + data[start:]


def tiff_with(kind: int, values: int, *, large: bool = False) -> bytes:
    """A TIFF with one more entry, of numbers that are not there."""
    data = tiff_header(8, 8)
    (count,) = struct.unpack_from("<H", data, 16)
    old = [struct.unpack_from("<HHII", data, 18 + 12 * index) for index in range(count)]
    entries = sorted([*old, (700, kind, values, 8)])
    if not large:
        body = struct.pack("<H", count + 1)
        return data[:16] + body + b"".join(struct.pack("<HHII", *item) for item in entries)
    body = struct.pack("<Q", count + 1)
    body += b"".join(struct.pack("<HHQQ", *item) for item in entries)
    return b"II+\0\x08\0\0\0" + struct.pack("<Q", 16) + body


def bitmap(compression: int, side: int) -> bytes:
    info = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 8, compression, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info + bytes(1024)


def segment(marker: int, content: bytes = b"") -> bytes:
    return struct.pack(">BBH", 255, marker, len(content) + 2) + content


CHUNK = png_chunk(b"vpAg", b"")
MANY = pngs.MAX_CHUNKS

ENDLESS: dict[str, Callable[[], bytes]] = {
    "chunks": lambda: png_with(CHUNK * MANY),
    "chunks behind the pixels": lambda: painted("PNG")[:-12] + CHUNK * MANY,
    "pixels in pieces of nothing": lambda: png_with(png_chunk(b"IDAT", b"") * MANY),
    "chunks in an icon": lambda: icon(png_with(CHUNK * MANY)),
    "comments": lambda: jpeg_with(segment(0xFE) * headers.MAX_SEGMENTS),
    "pieces of EXIF": lambda: jpeg_with(
        segment(0xE1, b"Exif\0\0" + bytes(50)) * headers.MAX_SEGMENTS
    ),
    "restarts": lambda: jpeg_with(b"\xff\xd0" * headers.MAX_SEGMENTS),
    "filling": lambda: jpeg_with(b"\xff" * headers.MAX_FILLING),
    "filling here and there": lambda: jpeg_with((segment(0xFE) + bytes(700)) * 100),
    "entries": lambda: (
        tiff_header(8, 8)[:16] + struct.pack("<H", headers.MAX_ENTRIES + 1) + bytes(60_000)
    ),
    "strips": lambda: tiff_with(4, headers.MAX_VALUES + 1),
    "strips of a large TIFF": lambda: tiff_with(16, headers.MAX_VALUES + 1, large=True),
    "extensions of a GIF": lambda: gif_with(b"\x21\xfe\0" * gifs.MAX_BLOCKS),
    "pixels of a compressed bitmap": lambda: bitmap(1, 4000),
    "bytes of a compressed bitmap": lambda: bitmap(2, 8) + bytes(headers.MAX_RUNS),
    "an icon": lambda: icon(painted("PNG", (headers.MAX_ICON + 1, 1))),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_pieces_without_end_are_refused_at_once(what: str) -> None:
    data, start = ENDLESS[what](), time.process_time()
    with pytest.raises(ImageTooLarge, match="which no picture needs"), decoded(data):
        pass
    assert time.process_time() - start < 3


GOOD: dict[str, Callable[[], bytes]] = {
    "many chunks": lambda: png_with(CHUNK * 5000),
    "chunks behind the end": lambda: painted("PNG") + CHUNK * MANY,
    "many segments": lambda: jpeg_with(segment(0xE2, bytes(60_000)) * 250),
    "filling": lambda: jpeg_with(b"\xff" * 4096, segment(0xFE), bytes(4096)),
    "segments behind the pixels": lambda: photo_bytes((40, 24)) + segment(0xFE) * 1000,
    "a small compressed bitmap": lambda: bitmap(1, 8),
    "a bitmap of no compression": lambda: bitmap(0, 4000),
    "a long text in a TIFF": lambda: tiff_with(7, headers.MAX_VALUES + 1),
    "a large TIFF": lambda: tiff_with(16, 4, large=True),
    "a directory that ends early": lambda: tiff_with(4, 4)[:-5],
}


@pytest.mark.parametrize("what", GOOD)
def test_what_pictures_have_is_let_through(what: str) -> None:
    try:
        assert read_header(BytesIO(GOOD[what]())).size in [(40, 24), (8, 8), (4000, 4000)]
    except ImageError as error:
        pytest.fail(f"{what}: {error}")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "TIFF", "BMP", "ICO", "WEBP"])
def test_a_header_that_ends_early_is_an_error_of_ours(format: str) -> None:
    data = photo_bytes((40, 24), format=format)
    for length in range(1, min(len(data), 120)):
        with pytest.raises(ImageError), decoded(data[:length]):
            pass


def test_what_stands_behind_the_end_of_a_gif_is_none_of_its_frames() -> None:
    frames = [painted("GIF"), b"\x2c" * 40, bytes(gifs.MAX_BLOCKS + 1)]
    for tail in frames:
        assert read_header(BytesIO(gif((8, 8), (8, 8), (8, 8)) + tail)).frames == 2


def test_frames_that_are_larger_than_their_screen_count_by_the_room_they_need() -> None:
    small, large = gif((8, 8), *[(8, 8)] * 3), gif((8, 8), (8, 8), (7000, 7000), (9, 7000))
    assert (read_header(BytesIO(small)).size, read_header(BytesIO(small)).room) == ((8, 8), None)
    for data, affordable in ((small, True), (large, False)):
        with open_picture(BytesIO(data)) as picture:
            assert picture.size == (8, 8)
            assert animation.is_affordable(picture, None) is affordable
    assert read_header(BytesIO(large)).room == (7000, 7000)


def test_a_file_is_told_by_its_beginning_in_no_time_however_it_begins() -> None:
    """In a process of its own, because whoever tries all ways to read it never comes back."""
    assert (
        sniff(b"\xef\xbb\xbf<?xml?>\n<!-- a -- b --><!--c-->" + b"<!DOCTYPE svg>\n<svg>") == "SVG"
    )
    assert sniff(b'<!DOCTYPE svg [ <!ENTITY a "b>"> ] ><s:svg/>') == "SVG"
    assert sniff(b"<!-- <svg> -->") is None
    code = """
from versatile.imaging.formats import SNIFFED, sniff
for piece in (b"<!---->", b"<!---->-->", b"<?x?>", b"<!DOCTYPE>", b"<!DOCTYPE[]>", b" ", b"<"):
    for end in (b"", b"<sv", b"<!--"):
        assert sniff(piece * (SNIFFED // len(piece)) + end) is None
"""
    subprocess.run([sys.executable, "-c", code], timeout=30, check=True)
