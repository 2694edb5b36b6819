"""AVIFs whose boxes say one size, and whose streams hold pictures of another."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.imaging.animations import animation_bytes, draw_frames
from tests.imaging.avif_files import (
    EVEN,
    LARGE,
    PACED,
    SIZE,
    box,
    full,
    items,
    moving_header,
    obu,
    saying,
    still_header,
    track,
    written,
)
from versatile.imaging import animation, avifs
from versatile.imaging.decoding import open_picture, read_header
from versatile.imaging.exceptions import ImageError, ImageTooLarge, UnidentifiedImage
from versatile.imaging.exif import ORIENTATION
from versatile.imaging.geometry import Size
from versatile.imaging.limits import PARTS, Limits
from versatile.imaging.recipe import Recipe, pixels_held
from versatile.processors import ResizeToFit

TIME = obu(2)
PADDING = obu(15, bytes(300))
FRAME = obu(6, bytes([0x10, 0, 0, 0]))
OVERRIDING = obu(6, bytes([0x12, 0, 0, 0]))
"""A frame that is shown, and has a size of its own."""
SMALL = moving_header(SIZE)


def found(data: bytes) -> list[Size]:
    """The sizes of the streams of a file, but those that its boxes say."""
    pieces = [stream.size for stream in avifs.streams(BytesIO(data))]
    return sorted(set(pieces))


def turned() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    return exif.tobytes()


GOOD: dict[str, Callable[[], bytes]] = {
    "a picture": lambda: written(SIZE),
    "opacity": lambda: written(SIZE, "RGBA"),
    "grey": lambda: written(SIZE, "L"),
    "an animation": lambda: written(SIZE, frames=3),
    "opacity that moves": lambda: written(SIZE, "RGBA", frames=3),
    "turned": lambda: written(SIZE, exif=turned()),
}


@pytest.mark.parametrize("what", GOOD)
def test_what_is_written_honestly_is_of_one_size_and_is_taken(what: str) -> None:
    data = GOOD[what]()
    assert found(data) == [SIZE]
    header = read_header(BytesIO(data))
    assert (header.stored, header.room) == (SIZE, None)


PLACED: dict[str, Callable[[bytes], bytes]] = {
    "in the file": items,
    "behind a long length": lambda stream: items(stream, long=True),
    "beside the list of items": lambda stream: items(stream, method=1),
    "in parts": lambda stream: items(stream, parts=5),
    "behind padding": lambda stream: items(TIME + PADDING * 40 + stream),
    "behind a smaller one": lambda stream: items(SMALL + FRAME + stream),
    "in what is said of the codec": lambda stream: items(
        SMALL, more=[box(b"iprp", box(b"ipco", box(b"av1C", bytes(4), stream)))]
    ),
    "in a frame": lambda stream: track(SMALL + FRAME, FRAME, stream),
    "in a frame of a long file": lambda stream: track(SMALL + FRAME, FRAME, stream, large=True),
    "in a chunk of several frames": lambda stream: track(SMALL, FRAME, FRAME, stream, per_chunk=4),
    "in one of many frames of a length": lambda stream: track(
        SMALL.ljust(80, b"\0"), stream.ljust(80, b"\0"), same=80
    ),
    "in what is said of the codec of frames": lambda stream: track(SMALL, configuration=stream),
}

HEADERS: dict[str, Callable[[tuple[int, int]], bytes]] = {
    "of a still": still_header,
    "of what moves": moving_header,
    "with a pace": lambda size: moving_header(size, PACED),
    "with an even pace": lambda size: moving_header(size, EVEN),
    "in a layer": lambda size: obu(1, moving_header(size)[2:], extended=True),
    "to the end": lambda size: obu(1, still_header(size)[2:], sized=False),
}


@pytest.mark.parametrize("where", PLACED)
def test_a_sequence_is_found_wherever_it_lies(where: str) -> None:
    data = PLACED[where](still_header(LARGE))
    assert LARGE in found(data)
    with pytest.raises(ImageTooLarge, match="9000×8000"):
        read_header(BytesIO(data))


@pytest.mark.parametrize("what", HEADERS)
def test_a_sequence_is_read_whatever_else_it_says(what: str) -> None:
    assert found(items(TIME + HEADERS[what](LARGE))) == [LARGE]


NUMBERED = ((1, 1), (13, 4), (0, 3), (0, 7), (0, 1), (1, 1), (1, 1))
"""Frames have numbers of 16 bits, and no order."""
ON_SCREENS = ((0, 1), (0, 7), (0, 1), (0, 1), (1, 1), (1, 1))
OFF_SCREENS = ((0, 1), (0, 7), (0, 1), (0, 1), (0, 1))


def frame(text: str) -> bytes:
    return obu(3, int(text.ljust(64, "0"), 2).to_bytes(8))


@pytest.mark.parametrize(
    ("header", "plain", "overriding"),
    [
        (moving_header(SIZE), "0001000", "0001001"),
        (moving_header(SIZE), "00100000", "010000001"),
        (moving_header(SIZE), "001100100", "001100101"),
        (moving_header(SIZE), "1111111", "0111"),
        (moving_header(SIZE, PACED), "0001" + "1" * 7 + "000", "0001" + "0" * 7 + "001"),
        (moving_header(SIZE, EVEN), "0001000", "0001001"),
        (moving_header(SIZE, tools=NUMBERED), "000100" + "1" * 16 + "0", "000100" + "0" * 16 + "1"),
        (moving_header(SIZE, tools=ON_SCREENS), "000101" + "0", "000100" + "1"),
        (moving_header(SIZE, tools=OFF_SCREENS), "000100", "000101"),
        (still_header(SIZE), "1" * 64, ""),
    ],
)
def test_a_frame_that_has_a_size_of_its_own_may_be_as_large_as_it_can_say(
    header: bytes, plain: str, overriding: str
) -> None:
    assert found(items(header + frame(plain))) == [SIZE]
    if overriding:
        assert found(items(header + frame(overriding))) == [(65536, 65536)]
        for data in (items(header + frame(overriding)), track(header, frame(overriding))):
            with pytest.raises(ImageTooLarge, match="MAX_SOURCE_SIDE"):
                read_header(BytesIO(data))


ENLARGED: dict[str, Callable[[], bytes]] = {
    "an item": lambda: saying(written(SIZE), SIZE, LARGE),
    "a grid": lambda: items(struct.pack(">4xHH", *LARGE), kind=b"grid"),
    "a large grid": lambda: items(struct.pack(">BBHII", 0, 1, 0, *LARGE), kind=b"grid"),
    "a track": lambda: track(SMALL, said=LARGE),
    "a track of late times": lambda: track(SMALL, said=LARGE, version=1),
}


@pytest.mark.parametrize("what", ENLARGED)
def test_what_is_enlarged_after_decoding_counts_as_it_is_made(what: str) -> None:
    with pytest.raises(ImageTooLarge, match="9000×8000"):
        read_header(BytesIO(ENLARGED[what]()))


def test_the_tiles_of_a_picture_count_together() -> None:
    size = Size(5000, 4000)
    limits = Limits(max_pixels=5000 * 4000)
    for copies, problem in ((PARTS, UnidentifiedImage), (PARTS + 1, ImageTooLarge)):
        data = items(still_header(size), copies=copies)
        with pytest.raises(problem):
            read_header(BytesIO(data), limits)


MANY = avifs.MAX_PIECES

ENDLESS: dict[str, Callable[[], bytes]] = {
    "pieces of a stream": lambda: items(TIME * MANY),
    "boxes": lambda: items(SMALL) + box(b"free") * MANY,
    "boxes in boxes": lambda: items(SMALL, more=[box(b"iprp", box(b"ipco", box(b"free") * MANY))]),
    "rows": lambda: track(SMALL).replace(
        struct.pack(">III", 0, 1, len(SMALL)), struct.pack(">III", 0, MANY + 1, 1)
    ),
    "frames of a length": lambda: track(SMALL, same=1, per_chunk=1 << 30),
    "references": lambda: items(SMALL, more=[full(b"iref", bytes(avifs.MAX_LIST))]),
    "associations": lambda: items(
        SMALL, more=[box(b"iprp", box(b"ipco"), full(b"ipma", bytes(avifs.MAX_LIST)))]
    ),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_pieces_without_end_are_refused(what: str) -> None:
    with pytest.raises(ImageTooLarge, match="which no picture needs"):
        read_header(BytesIO(ENDLESS[what]()))


def locations_of_nothing() -> bytes:
    """Items of a hundred thousand parts that take no bytes."""
    listed = full(b"iinf", struct.pack(">H", 0))
    located = struct.pack(">HHH", 1, 0, 65535) + struct.pack(">HHH", 2, 0, 65535)
    places = full(b"iloc", b"\0\0", struct.pack(">H", 2), located)
    return box(b"ftyp", b"avif\0\0\0\0") + full(b"meta", listed, places)


def overlapping() -> bytes:
    """Items whose streams are others by a byte."""
    data = items(still_header(SIZE) + PADDING, copies=5)
    length = len(still_header(SIZE) + PADDING)
    for less in range(4):
        one = struct.pack(">II", 24, length)
        data = data.replace(one, struct.pack(">II", 24, length - less - 1), 1)
    return data


ODD: dict[str, Callable[[], bytes]] = {
    "an item made of items": lambda: items(SMALL, method=2),
    "a list twice": lambda: items(SMALL, more=[full(b"iloc", b"\x44\0\0\0")]),
    "a table twice": lambda: track(SMALL, more=[full(b"stsz", bytes(8))]),
    "both tables of chunks": lambda: track(SMALL, more=[full(b"co64", bytes(4))]),
    "chunks that begin late": lambda: track(SMALL, first=2),
    "a header that ends early": lambda: items(obu(1, moving_header(SIZE)[2:8])),
    "a pace without end": lambda: items(
        moving_header(SIZE, ((1, 1), (1, 32), (25, 32), (1, 1), (0, 33)))
    ),
    "parts of nothing": locations_of_nothing,
    "parts that overlap": overlapping,
}


@pytest.mark.parametrize("what", ODD)
def test_what_no_encoder_writes_is_refused_before_it_is_decoded(what: str) -> None:
    with pytest.raises(UnidentifiedImage, match="its header is damaged"):
        read_header(BytesIO(ODD[what]()))


def test_a_track_that_holds_no_pictures_is_none_of_ours() -> None:
    assert found(track(still_header(LARGE), kind=b"mp4a")) == [SIZE]


def test_what_a_cut_stream_says_before_its_end_counts() -> None:
    assert found(items(SMALL + b"\x32\xff")) == [SIZE]
    assert found(items(SMALL + b"\x32" + b"\xff" * 9)) == [SIZE]


def test_a_lie_within_the_limits_counts_by_what_is_decoded() -> None:
    data = saying(written((800, 600)), (800, 600), SIZE)
    recipe = Recipe((ResizeToFit(20, 20),), "PNG")
    with open_picture(BytesIO(data)) as picture:
        assert picture.size == SIZE
        assert picture.header.room == (800, 600)
        assert pixels_held(picture, [recipe]) == 800 * 600


def test_frames_that_lie_count_by_what_is_decoded() -> None:
    size = (800, 600)
    for said in (size, SIZE):
        data = saying(written(size, frames=3), size, said)
        with open_picture(BytesIO(data), Limits(max_frames_area=3 * 800 * 600)) as picture:
            assert picture.size == said
            assert animation.is_affordable(picture, None)
        with open_picture(BytesIO(data), Limits(max_frames_area=3 * 800 * 600 - 1)) as picture:
            assert not animation.is_affordable(picture, None)


LOOKED_AT = """
import json, sys
from tests.memory import peak_memory
from versatile.imaging import wholeness
from versatile.imaging.decoding import open_picture
from versatile.imaging.exceptions import ImageTooLarge
from versatile.imaging.limits import Limits
with open_picture(open(sys.argv[1], "rb")) as picture:
    picture.decode()
before, result = peak_memory(), "taken"
file = open(sys.argv[2], "rb")
try:
    with open_picture(file) as picture:
        wholeness.check(picture, file, Limits(), 1, moving=True)
except ImageTooLarge:
    result = "refused"
print(json.dumps([result, peak_memory() - before]))
"""


def test_a_file_that_lies_costs_nothing(tmp_path: Path) -> None:
    """It was taken, and cost two hundred megabytes, while only its boxes were asked."""
    small, large = tmp_path / "small.avif", tmp_path / "large.avif"
    small.write_bytes(written(SIZE))
    large.write_bytes(saying(written(LARGE), LARGE, SIZE))
    assert large.stat().st_size < 4000
    done = subprocess.run(
        [sys.executable, "-c", LOOKED_AT, str(small), str(large)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    result, kibibytes = json.loads(done.stdout)
    assert result == "refused"
    assert kibibytes < 8 * 1024


def test_damage_raises_nothing_but_errors_of_ours() -> None:
    data = animation_bytes("AVIF", draw_frames(2, "RGBA"))
    for place in range(0, len(data), 7):
        for value in (0, 1, 0x7F, 0xFF):
            damaged = data[:place] + bytes([value]) + data[place + 1 :]
            try:
                read_header(BytesIO(damaged))
            except ImageError:
                continue
