"""EXIF: the few tags that are read, and a block that holds nothing else.

Pillow's reader warns, raises what it likes and follows every pointer; this one reads the first
directory alone. Formula source: TIFF 6.0, section 2, which EXIF 2.3 builds on.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping

from PIL import Image

from versatile.imaging.exceptions import InvalidArgument

ORIENTATION = 0x0112

TEXTS: dict[str, int] = {
    "description": 0x010E,
    "software": 0x0131,
    "datetime": 0x0132,
    "artist": 0x013B,
    "copyright": 0x8298,
}
"""The tags that may be kept, by the names that settings call them."""

Tags = dict[int, int | str]

MAX_TEXT = 4096
"""The most bytes of a text that are read: more is no copyright."""

MAX_ENTRIES = 512
"""The most entries of a directory that are looked at."""

_IPTC = 0x0404
"""Where Photoshop's resources hold the record of IPTC."""
_MARKER = 0x1C
_IPTC_TEXTS = {120: 0x010E, 80: 0x013B, 116: 0x8298}
_PNG_TEXTS = {
    0x010E: "Description",
    0x0131: "Software",
    0x0132: "Creation Time",
    0x013B: "Author",
    0x8298: "Copyright",
}

_HEADER = b"Exif\x00\x00"
_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
_ASCII, _SHORT, _LONG = 2, 3, 4


def read(block: bytes) -> Tags:
    """The orientation and the texts in a block of EXIF, or in a TIFF; nothing of a damaged one."""
    tiff = block.removeprefix(_HEADER)
    order = _ORDERS.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return {}
    wanted = {ORIENTATION, *TEXTS.values()}
    found: Tags = {}
    for tag, kind, count, value in _entries(tiff, order):
        if tag not in wanted:
            continue
        content = _content(tiff, order, kind, count, value)
        if content is not None:
            found.setdefault(tag, content)
    return found


def check_names(names: Iterable[str]) -> None:
    """Refuse what is no text that can be kept; raises ``InvalidArgument``."""
    for name in names:
        if name not in TEXTS:
            raise InvalidArgument("keep_metadata", name, f"some of {', '.join(TEXTS)}")


def kept(image: Image.Image, names: Iterable[str]) -> Tags:
    """The texts of an opened picture that are kept, by tag: from EXIF, TIFF, PNG or IPTC.

    Raises ``InvalidArgument`` for a name that is none of ``TEXTS``.
    """
    names = tuple(names)
    check_names(names)
    if not names:
        return {}
    found = _texts(image)
    return {TEXTS[name]: found[TEXTS[name]] for name in names if TEXTS[name] in found}


def _texts(image: Image.Image) -> Tags:
    """All texts of a picture; EXIF is believed first."""
    found: Tags = {}
    photoshop = image.info.get("photoshop")
    if isinstance(photoshop, dict) and isinstance(photoshop.get(_IPTC), bytes):
        found |= _iptc(photoshop[_IPTC])
    for tag, key in _PNG_TEXTS.items():
        if isinstance(image.info.get(key), str):
            found[tag] = _clean(image.info[key])
    directory = getattr(image, "tag_v2", None) or {}
    for tag in TEXTS.values():
        if isinstance(directory.get(tag), str):
            found[tag] = _clean(_decoded(directory[tag].encode("latin-1", "replace")))
    block = image.info.get("exif")
    if isinstance(block, bytes):
        found |= read(block)
    return {tag: text for tag, text in found.items() if text}


def _iptc(block: bytes) -> Tags:
    """The texts of an IPTC record: markers 28 and 2, the number of a set, its length, its bytes."""
    found: Tags = {}
    place = block.find(b"\x1c\x02")
    while place >= 0 and place + 5 <= len(block) and block[place] == _MARKER:
        number, length = block[place + 2], int.from_bytes(block[place + 3 : place + 5])
        text = block[place + 5 : place + 5 + min(length, MAX_TEXT)]
        if number in _IPTC_TEXTS:
            found.setdefault(_IPTC_TEXTS[number], _clean(_decoded(text)))
        place += 5 + length
    return found


def write(tags: Mapping[int, int | str]) -> bytes:
    """A block of EXIF with these tags alone; nothing for none."""
    if not tags:
        return b""
    entries, texts = b"", b""
    start = 8 + 2 + 12 * len(tags) + 4
    for tag, value in sorted(tags.items()):
        if isinstance(value, int):
            entries += struct.pack("<HHIHH", tag, _SHORT, 1, value, 0)
            continue
        text = value.encode() + b"\x00"
        place = text.ljust(4, b"\x00") if len(text) <= 4 else struct.pack("<I", start + len(texts))
        entries += struct.pack("<HHI", tag, _ASCII, len(text)) + place
        if len(text) > 4:
            texts += text + b"\x00" * (len(text) % 2)
    directory = struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)
    return _HEADER + b"II*\x00" + struct.pack("<I", 8) + directory + texts


def _entries(tiff: bytes, order: str) -> Iterator[tuple[int, int, int, bytes]]:
    """The entries of the first directory: tag, type, count, and the four bytes of the value."""
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    if start + 2 > len(tiff):
        return
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for index in range(min(count, MAX_ENTRIES)):
        place = start + 2 + 12 * index
        if place + 12 > len(tiff):
            return
        yield struct.unpack_from(f"{order}HHI4s", tiff, place)


def _content(tiff: bytes, order: str, kind: int, count: int, value: bytes) -> int | str | None:
    """A number, or a text without what is no text in it; None for all else."""
    number: int
    if kind in (_SHORT, _LONG) and count == 1:
        (number,) = struct.unpack_from(f"{order}{'H' if kind == _SHORT else 'I'}", value)
        return number
    if kind != _ASCII or count < 1:
        return None
    (start,) = struct.unpack(f"{order}I", value)
    raw = value if count <= 4 else tiff[start : start + min(count, MAX_TEXT)]
    text = _decoded(raw[:count].split(b"\x00")[0])
    return _clean(text) or None


def _clean(text: str) -> str:
    """What of a text can be shown."""
    return "".join(letter for letter in text[:MAX_TEXT] if letter.isprintable()).strip()


def _decoded(raw: bytes) -> str:
    """Text as UTF-8, which cameras write though the standard says ASCII, else as Latin-1."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
