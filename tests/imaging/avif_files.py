"""AVIFs that lie, box by box: what Pillow writes says other sizes, or streams are written here."""

import struct
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image

SIZE = (100, 60)
LARGE = (9000, 8000)
"""More than may be read."""


def written(size: tuple[int, int], mode: str = "RGB", frames: int = 1, **options: Any) -> bytes:
    """Frames of a colour each, as Pillow writes them."""
    first, *others = (
        Image.new("RGBA", size, (90, 120, 30 * index, 200)).convert(mode) for index in range(frames)
    )
    moving = {"save_all": True, "append_images": others} if others else {}
    file = BytesIO()
    first.save(file, "AVIF", quality=10, speed=10, subsampling="4:4:4", **moving, **options)
    return file.getvalue()


def saying(data: bytes, size: tuple[int, int], said: tuple[int, int]) -> bytes:
    """The same file whose boxes, though not its streams, say another size."""
    for old, new in (
        (b"ispe" + struct.pack(">III", 0, *size), b"ispe" + struct.pack(">III", 0, *said)),
        (fixed(size), fixed(said)),
    ):
        data = data.replace(old, new)
    return data


def fixed(size: tuple[int, int]) -> bytes:
    """A size as tracks have it."""
    return struct.pack(">II", *(side << 16 for side in size))


def bits(*numbers: tuple[int, int]) -> bytes:
    """Numbers of so many bits each, and a bit behind the last."""
    text = "".join(format(number, f"0{length}b") for number, length in numbers if length) + "1"
    return int(text.ljust(-(-len(text) // 8) * 8, "0"), 2).to_bytes(-(-len(text) // 8))


def obu(kind: int, content: bytes = b"", *, sized: bool = True, extended: bool = False) -> bytes:
    head = bytes([kind << 3 | extended << 2 | sized << 1]) + b"\0" * extended
    length, rest = len(content) & 127, len(content) >> 7
    return head + (bytes([length | 128, rest] if rest else [length]) if sized else b"") + content


def still_header(size: tuple[int, int]) -> bytes:
    """The sequence header of a still picture."""
    sides = ((side - 1, 16) for side in size)
    return obu(1, bits((0, 3), (3, 2), (5, 5), (15, 4), (15, 4), *sides))


PLAIN = ((0, 1), (0, 1), (0, 5), (0, 12), (8, 5), (0, 1))
"""No pace, no delay, and one operating point."""
PACED = (
    *((1, 1), (1, 32), (25, 32), (0, 1), (1, 1), (9, 5), (1, 32), (4, 5), (6, 5)),
    *((1, 1), (1, 5)),
    *((0, 12), (9, 5), (1, 1), (1, 1), (3, 10), (4, 10), (0, 1), (1, 1), (9, 4)),
    *((0, 12), (7, 5), (0, 1), (0, 1)),
)
"""A pace, the model of a decoder, a delay, and two operating points."""
EVEN = ((1, 1), (1, 32), (25, 32), (1, 1), (5, 5), (0, 1), (0, 1), (0, 5), (0, 12), (7, 5))
"""A pace of pictures that are all shown as long."""


def moving_header(
    size: tuple[int, int],
    pace: Sequence[tuple[int, int]] = PLAIN,
    tools: Sequence[tuple[int, int]] = ((0, 1), (0, 7), (1, 1), (0, 2), (1, 1), (1, 1)),
) -> bytes:
    """The sequence header of pictures that move; a side has 16 bits."""
    sides = ((side - 1, 16) for side in size)
    return obu(1, bits((0, 3), (0, 2), *pace, (15, 4), (15, 4), *sides, *tools, (6, 3)))


def box(kind: bytes, *content: bytes, long: bool = False) -> bytes:
    inside = b"".join(content)
    if long:
        return struct.pack(">I4sQ", 1, kind, 16 + len(inside)) + inside
    return struct.pack(">I4s", 8 + len(inside), kind) + inside


def full(kind: bytes, *content: bytes, version: int = 0) -> bytes:
    return box(kind, bytes([version, 0, 0, 0]), *content)


def items(
    stream: bytes,
    *,
    parts: int = 1,
    method: int = 0,
    kind: bytes = b"av01",
    copies: int = 1,
    more: Sequence[bytes] = (),
    long: bool = False,
) -> bytes:
    """A file whose items all lie in one stream, in the file or beside the list of items."""
    ftyp, length = box(b"ftyp", b"avif\0\0\0\0"), -(-len(stream) // parts)
    start = 0 if method else len(ftyp) + (16 if long else 8)
    ends = [min(length * (index + 1), len(stream)) for index in range(parts)]
    begins = [0, *ends[:-1]]
    places = b"".join(
        struct.pack(">II", start + begin, end - begin)
        for begin, end in zip(begins, ends, strict=True)
    )
    located, listed = b"", b""
    for number in range(copies):
        listed += full(b"infe", struct.pack(">HH4s", number, 0, kind), version=2)
        located += struct.pack(">HHHH", number, method, 0, parts) + places
    count = struct.pack(">H", copies)
    meta = full(
        b"meta",
        full(b"iinf", count, listed),
        full(b"iloc", b"\x44\x00", count, located, version=1),
        box(b"idat", stream),
        *more,
    )
    return ftyp + box(b"mdat", stream, long=long) + meta


def track(
    *samples: bytes,
    same: int = 0,
    large: bool = False,
    per_chunk: int = 1,
    first: int = 1,
    kind: bytes = b"av01",
    configuration: bytes = b"",
    more: Sequence[bytes] = (),
    said: tuple[int, int] = SIZE,
    version: int = 0,
) -> bytes:
    """A file with an animation, of so many frames in each chunk."""
    ftyp = box(b"ftyp", b"avis\0\0\0\0")
    places, place = [], len(ftyp) + 8
    for sample in samples:
        places.append(place)
        place += len(sample)
    chunks = places[::per_chunk]
    letter = "Q" if large else "I"
    entry = box(kind, bytes(78), box(b"av1C", bytes(4), configuration))
    lengths = () if same else [len(sample) for sample in samples]
    tables = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), entry),
        full(b"stsz", struct.pack(f">II{len(lengths)}I", same, len(samples), *lengths)),
        full(b"stsc", struct.pack(">IIII", 1, first, per_chunk, 1)),
        full(
            b"co64" if large else b"stco",
            struct.pack(f">I{len(chunks)}{letter}", len(chunks), *chunks),
        ),
        *more,
    )
    head = full(b"tkhd", bytes(84 if version else 72), fixed(said), version=version)
    movie = box(b"moov", box(b"trak", head, box(b"mdia", box(b"minf", tables))))
    return ftyp + box(b"mdat", *samples) + movie
