"""JPEG: segments behind markers, and pixels behind some of them. ITU-T T.81, annex B."""

import struct
from collections.abc import Iterator

from versatile.imaging.layout import UnknownLayout

_PREFIX = 0xFF
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE
_ALONE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a segment."""


def stripped(data: bytes, exif: bytes) -> bytes:
    """The first picture in a file with this block of EXIF alone; raises ``UnknownLayout``."""
    segments = [segment for marker, segment in _segments(data) if _is_kept(marker, segment[4:])]
    head = b"\xff\xd8"
    if segments[0][1] == _APP0:  # which has to be the first
        head += segments.pop(0)
    if exif:
        head += b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    return head + b"".join(segments)


def _is_kept(marker: int, content: bytes) -> bool:
    """Whether it is JFIF, the colour profile, Adobe's colours, or a part of the picture."""
    if marker == _APP0:
        return content.startswith(b"JFIF\x00")
    if marker == _APP2:
        return content.startswith(b"ICC_PROFILE\x00")
    if marker == _APP14:
        return content.startswith(b"Adobe")
    return not (_APP0 <= marker <= _APP15 or marker == _COMMENT)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments up to the end of the picture, with the pixels that follow those of scans."""
    place, marker = 2, _SOI
    while marker != _EOI:
        place = _marker(data, place)
        marker = data[place + 1]
        end = _end(data, place, marker)
        segment = data[place:end]
        if marker == _APP0 and segment[4:9] == b"JFIF\x00":
            segment = b"\xff\xe0\x00\x10" + segment[4:16] + b"\x00\x00"  # without its thumbnail
        yield marker, segment
        place = end


def _marker(data: bytes, place: int) -> int:
    """Where the next marker stands; anything may stand before it, as for any reader."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0:
            raise UnknownLayout
        if data[place + 1] not in (0, _PREFIX):
            return place
        place += 1


def _end(data: bytes, place: int, marker: int) -> int:
    end = place + 2
    if marker == _EOI or marker in _ALONE:
        return end
    (length,) = struct.unpack_from(">H", data, end)
    end += length
    if marker == _SOS:
        end = _end_of_scan(data, end)
    if end > len(data) or marker == _SOI:
        raise UnknownLayout
    return end


def _end_of_scan(data: bytes, place: int) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            raise UnknownLayout
        following = data[place + 1]
        if following == _PREFIX:
            place += 1
        elif following == 0 or following in _ALONE:
            place += 2
        else:
            return place
