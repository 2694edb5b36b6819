"""Wholeness: whether all of a picture is in its file, told as cheaply as its format allows."""

import io
import math
import struct
import zlib
from typing import IO, Any

from versatile.imaging import animation, pngs, reading
from versatile.imaging.decoding import Picture, decoding_errors
from versatile.imaging.exceptions import TruncatedImage
from versatile.imaging.geometry import Size
from versatile.imaging.limits import Limits

CHEAP = 64_000_000
"""Bytes that decoding may take for nothing but to see that it can be done."""

_PIECE = 65536
_CHANNELS = {2: 3, 4: 2, 6: 4}
"""Levels of a pixel by the colour type of a PNG, where they are more than one."""
_SMALL_MODES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "LA": 4}
_TWICE = ("WEBP", "AVIF", "HEIF", "GIF")
"""Formats whose decoders hold the pixels a second time."""
_BESIDE = 16
"""Bytes for a pixel of a frame: in full colour, before, behind and beside the one before it."""


def check(
    picture: Picture, file: IO[bytes], limits: Limits, scale: int, *, moving: bool = True
) -> None:
    """Judge what has to be decoded at 1/``scale``, and then whether the file is whole.

    A JPEG is decoded at an eighth, and an animation frame by frame where it is ``moving``. What
    would take much memory to be decoded is looked through by its structure instead. Raises
    ``ImageTooLarge``, ``TruncatedImage`` or ``TruncatedAnimation``.
    """
    image, stored = picture.image, picture.header.stored
    if image.format != "JPEG":
        limits.check_size(stored)
        limits.check_size(reading.tile(image))
        if _cost(image) > CHEAP:
            _LOOKS.get(image.format or "", _look_at_nothing)(file, image)
            return
        if moving and _moves(picture):
            for _ in animation.frames(picture):
                pass  # none of them is kept
        else:
            _load(image)
        return
    with decoding_errors():
        reading.shrink(image, 8, limits)
        limits.check_size(Size(-(-stored.width // scale), -(-stored.height // scale)))
    _load(image)


def _cost(image: Any) -> int:
    each = _SMALL_MODES.get(image.mode, 4) * (2 if image.format in _TWICE else 1)
    return int(max(math.prod(image.size), math.prod(reading.tile(image))) * each)


def _load(image: Any) -> None:
    with decoding_errors():
        image.load()


def _moves(picture: Picture) -> bool:
    """Whether all frames are shown, and can be looked at one after another."""
    room = picture.header.room or picture.header.stored
    cheap = picture.header.frames > 1 and math.prod(room) * _BESIDE <= CHEAP
    return cheap and animation.is_affordable(picture, None)


def _look_at_nothing(file: IO[bytes], image: Any) -> None:
    """Nothing can be told without decoding."""


def _look_at_png(file: IO[bytes], image: Any) -> None:
    """Whether the compressed pixels of a PNG are all there; none of them is kept."""
    file.seek(16)
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", file.read(13))
    row = (width * bits * _CHANNELS.get(colour, 1) + 7) // 8 + 1
    missing = 1 << 62 if interlaced else row * height  # rows in passes are not counted
    inflate = zlib.decompressobj()
    with decoding_errors():
        for kind, length in pngs.chunks(file):
            if missing <= 0 or inflate.eof:
                break
            if kind == b"IDAT":
                missing -= _inflate(inflate, file, length)
    if not inflate.eof if interlaced else missing > 0:
        raise TruncatedImage("it is truncated: its pixels end early")


def _inflate(inflate: Any, file: IO[bytes], length: int) -> int:
    """Go through one chunk; how many bytes its content is."""
    found = 0
    while length > 0:
        piece = file.read(min(length, _PIECE))
        if not piece:
            raise TruncatedImage("it is truncated: its file ends early")
        length -= len(piece)
        while piece and not inflate.eof:
            found += len(inflate.decompress(piece, _PIECE))
            piece = inflate.unconsumed_tail
    return found


def _look_at_webp(file: IO[bytes], image: Any) -> None:
    """Whether a WebP is as long as it says."""
    file.seek(4)
    (length,) = struct.unpack("<I", file.read(4))
    _check_length(file, length + 8)


def _look_at_boxes(file: IO[bytes], image: Any) -> None:
    """Whether the boxes of an AVIF or a HEIC end where the file does."""
    end, place = file.seek(0, io.SEEK_END), 0
    while place < end:
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            raise TruncatedImage("it is truncated: its file ends early")
        (length,) = struct.unpack(">I", head[:4])
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack(">Q", head[8:])
        if length == 0:
            return
        if length < 8:
            raise TruncatedImage("it is damaged: it has a box of no length")
        place += length
    _check_length(file, place)


def _look_at_bmp(file: IO[bytes], image: Any) -> None:
    """Whether a bitmap is as long as its pixels, which are packed in rows."""
    if image.tile and image.tile[0][0] == "raw":
        arguments = image.tile[0].args
        stride = arguments[1] if isinstance(arguments, tuple) and arguments[1] else 0
        _check_length(file, image.tile[0].offset + stride * image.height)


def _check_length(file: IO[bytes], length: int) -> None:
    if file.seek(0, io.SEEK_END) < length:
        raise TruncatedImage("it is truncated: its file ends early")


_LOOKS = {
    "PNG": _look_at_png,
    "WEBP": _look_at_webp,
    "AVIF": _look_at_boxes,
    "HEIF": _look_at_boxes,
    "BMP": _look_at_bmp,
}
