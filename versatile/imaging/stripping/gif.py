"""GIF: blocks, most of which belong to frames. GIF89a, sections 17 to 26."""

_EXTENSION, _FRAME, _END = 0x21, 0x2C, 0x3B
_TEXT, _CONTROL, _APPLICATION = 0x01, 0xF9, 0xFF
_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
"""Applications that say how often it is repeated, and the colour profile."""


def stripped(data: bytes, exif: bytes) -> bytes:
    """The frames, and how they follow each other. It holds no EXIF; raises ``IndexError``."""
    place = 13 + _colours(data[10])
    parts = [data[:place]]
    while data[place] != _END:
        end = _end(data, place)
        block = data[place:end]
        if _makes_the_picture(block):
            parts.append(block)
        elif _is_extension(block, _TEXT) and _is_extension(parts[-1], _CONTROL):
            parts.pop()  # it was the text that it controlled, and not the next frame
        place = end
    return b"".join([*parts, b"\x3b"])


def _makes_the_picture(block: bytes) -> bool:
    if block[0] == _FRAME or _is_extension(block, _CONTROL):
        return True
    return _is_extension(block, _APPLICATION) and block[3:14] in _KEPT


def _is_extension(block: bytes, kind: int) -> bool:
    return block[0] == _EXTENSION and block[1] == kind


def _colours(flags: int) -> int:
    """The length of a table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 128 else 0


def _end(data: bytes, place: int) -> int:
    """Where a block ends; what stands between blocks is nothing to any reader."""
    if data[place] == _EXTENSION:
        place += 2
    elif data[place] == _FRAME:
        place += 10 + _colours(data[place + 9]) + 1
    else:
        return place + 1
    while data[place]:
        place += 1 + data[place]
    return place + 1
