"""GIF: blocks, most of which belong to frames. GIF89a, sections 17 to 26."""

import io

from versatile.imaging import gifs
from versatile.imaging.layout import UnknownLayout

_TEXT, _APPLICATION = 0x01, 0xFF
_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
"""Applications that say how often it is repeated, and the colour profile."""


def stripped(data: bytes, exif: bytes) -> bytes:
    """The frames, and how they follow each other. It holds no EXIF; raises ``UnknownLayout``."""
    parts, kind = [data[: 13 + gifs.length_of_colours(data[10])]], 0
    for kind, start, end in gifs.blocks(io.BytesIO(data)):
        block = data[start:end]
        if kind != gifs.EXTENSION or _makes_the_picture(block):
            parts.append(block)
        elif _is_extension(block, _TEXT) and _is_extension(parts[-1], gifs.CONTROL):
            parts.pop()  # it was the text that it controlled, and not the next frame
    if kind != gifs.END:
        raise UnknownLayout
    return b"".join(parts)


def _makes_the_picture(block: bytes) -> bool:
    if _is_extension(block, gifs.CONTROL):
        return True
    return _is_extension(block, _APPLICATION) and block[3:14] in _KEPT


def _is_extension(block: bytes, kind: int) -> bool:
    return block[0] == gifs.EXTENSION and block[1] == kind
