"""GIF: blocks, most of which belong to frames. GIF89a, sections 17 to 26."""

from versatile.imaging.stripping.layout import UnknownLayout

_EXTENSION, _FRAME, _END = 0x21, 0x2C, 0x3B
_TEXT, _CONTROL, _COMMENT, _APPLICATION = 0x01, 0xF9, 0xFE, 0xFF
_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
"""Applications that say how often it is repeated, and the colour profile."""


def stripped(data: bytes, exif: bytes) -> bytes:
    """The frames, and how they follow each other; raises ``UnknownLayout``. It holds no EXIF."""
    place = 13 + _colours(data[10])
    parts = [data[:place]]
    while data[place] != _END:
        end = _end(data, place)
        block = data[place:end]
        if not _is_extension(block, _TEXT, _COMMENT, _APPLICATION) or block[3:14] in _KEPT:
            parts.append(block)
        elif block[1] == _TEXT and _is_extension(parts[-1], _CONTROL):
            parts.pop()  # it was the text that it controlled, and not the next frame
        place = end
    return b"".join([*parts, b"\x3b"])


def _is_extension(block: bytes, *kinds: int) -> bool:
    return block[0] == _EXTENSION and block[1] in kinds


def _colours(flags: int) -> int:
    """The length of a table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 128 else 0


def _end(data: bytes, place: int) -> int:
    """Where a block ends."""
    if data[place] == _EXTENSION:
        place += 2
    elif data[place] == _FRAME:
        place += 10 + _colours(data[place + 9]) + 1
    else:
        raise UnknownLayout
    while data[place]:
        place += 1 + data[place]
    return place + 1
