"""Files that say more than they hold, written byte by byte."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has a row of nothing."""
    content = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = png_chunk(b"IHDR", content) + png_chunk(b"IDAT", zlib.compress(bytes(100)))
    return b"\x89PNG\r\n\x1a\n" + body + png_chunk(b"IEND", b"")


def jpeg_header(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose header claims another size than it has."""
    for marker in (b"\xff\xc0", b"\xff\xc2"):
        place = data.find(marker)
        if place >= 0:
            claimed = struct.pack(">HH", height, width)
            return data[: place + 5] + claimed + data[place + 9 :]
    raise AssertionError("it has no frame")


def gif(screen: tuple[int, int], *frames: tuple[int, int], disposal: int = 2) -> bytes:
    """A GIF of frames of one byte each, which claim sizes."""
    body = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
    for width, height in frames:
        body += b"\x21\xf9\x04" + bytes([disposal << 2 | 1, 5, 0, 0, 0])
        body += b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return body + b"\x3b"


def webp_canvas(width: int, height: int) -> bytes:
    """An extended WebP that claims a canvas."""
    canvas = (
        bytes([0x02, 0, 0, 0])
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    body = b"WEBPVP8X" + struct.pack("<I", len(canvas)) + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_still(width: int, height: int, *, lossless: bool) -> bytes:
    """A simple WebP that claims a size."""
    if lossless:
        bits = (width - 1) | (height - 1) << 14
        frame = b"VP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", bits) + b"\0"
    else:
        frame = (
            b"VP8 "
            + struct.pack("<I", 10)
            + b"\x10\x00\x00\x9d\x01\x2a"
            + struct.pack("<HH", width, height)
        )
    body = b"WEBP" + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def bmp_header(width: int, height: int) -> bytes:
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info


def icon(content: bytes) -> bytes:
    """An icon that says 16×16 and holds something else."""
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(content), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + content


def tiff_header(width: int, height: int, tile: tuple[int, int] | None = None) -> bytes:
    """A grey TIFF that claims a size, in one strip, or in tiles that claim another."""
    tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 5), (262, 3, 1), (277, 3, 1)]
    if tile is None:
        tags += [(273, 4, 8), (278, 4, height), (279, 4, 8)]
    else:
        tags += [(322, 4, tile[0]), (323, 4, tile[1]), (324, 4, 8), (325, 4, 8)]
    body = struct.pack("<H", len(tags))
    for tag, kind, value in tags:
        body += struct.pack("<HHII", tag, kind, 1, value)
    return b"II*\0" + struct.pack("<I", 16) + bytes(8) + body + bytes(4)


def painted(format: str, size: tuple[int, int] = (40, 24), **options: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, format, **options)
    return file.getvalue()


def bombs() -> dict[str, bytes]:
    """A file of each format that claims 60,000 pixels on each side, or as many as it can."""
    side = 60_000
    png = png_header(side, side)
    return {
        "PNG": png,
        "JPEG": jpeg_header(painted("JPEG"), side, side),
        "progressive JPEG": jpeg_header(painted("JPEG", progressive=True), side, side),
        "GIF by its screen": gif((side, side), (4, 4)),
        "GIF by its frame": gif((4, 4), (side, side)),
        "WEBP by its canvas": webp_canvas(side, side),
        "WEBP": webp_still(16_000, 16_000, lossless=False),
        "lossless WEBP": webp_still(16_000, 16_000, lossless=True),
        "BMP": bmp_header(side, side),
        "BMP of negative height": bmp_header(side, -side),
        "ICO of a PNG": icon(png),
        "ICO of a bitmap": icon(bmp_header(side, side)[14:]),
        "ICO of an old bitmap": icon(struct.pack("<IHHHH", 12, side, side, 1, 24)),
        "TIFF": tiff_header(side, side),
        "TIFF by its tiles": tiff_header(8, 8, (32_768, 32_768)),
    }
