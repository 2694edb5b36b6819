"""Image formats: their names, extensions and MIME types, how each begins and what it can hold.

Format names are Pillow's (``'JPEG'``); extensions start with a dot.
"""

import re
from dataclasses import dataclass
from posixpath import splitext  # pathlib keeps every name for ever in Python 3.12

from versatile.imaging.exceptions import UnknownExtension, UnknownFormat


@dataclass(frozen=True, slots=True)
class Format:
    """One image format: how it is called and which modes it is written in."""

    name: str
    mimetypes: tuple[str, ...]
    extensions: tuple[str, ...]
    modes: tuple[str, ...]
    """Pillow modes in which the format is written; the first serves all others. None: never."""


FORMATS: dict[str, Format] = {
    item.name: item
    for item in (
        Format("JPEG", ("image/jpeg",), (".jpg", ".jpeg", ".jpe", ".jfif"), ("RGB", "L")),
        Format("PNG", ("image/png",), (".png", ".apng"), ("RGBA", "RGB", "LA", "L", "1")),
        Format("GIF", ("image/gif",), (".gif",), ("P", "L")),
        Format("WEBP", ("image/webp",), (".webp",), ("RGBA", "RGB")),
        Format("AVIF", ("image/avif",), (".avif",), ("RGBA", "RGB")),
        Format("TIFF", ("image/tiff",), (".tif", ".tiff"), ("RGBA", "RGB", "LA", "L", "1")),
        Format("BMP", ("image/bmp", "image/x-ms-bmp"), (".bmp",), ("RGB", "L", "1")),
        Format("ICO", ("image/x-icon", "image/vnd.microsoft.icon"), (".ico",), ("RGBA",)),
        Format("PPM", ("image/x-portable-anymap",), (".ppm", ".pgm"), ("RGB", "L")),
        Format("JPEG2000", ("image/jp2",), (".jp2", ".j2k"), ("RGBA", "RGB", "LA", "L")),
        Format("PCX", ("image/x-pcx",), (".pcx",), ("RGB", "L", "1")),
    )
}

READ_ONLY: dict[str, Format] = {
    item.name: item
    for item in (
        Format("HEIF", ("image/heic", "image/heif"), (".heic", ".heif", ".hif"), ()),
        Format("SVG", ("image/svg+xml",), (".svg",), ()),
    )
}
"""Formats that an original may have and no rendition is written in. Both have to be let in:
HEIF by a package, SVG by a setting. It has no pixels, and is shown as it is."""

READABLE: tuple[str, ...] = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "ICO")
"""Formats whose pixels are read. MPO, a JPEG with more pictures behind it, is read as JPEG."""

SNIFFED = 1024
"""How many bytes of a file ``sniff`` wants to see."""

_BRANDS = rb"(?s:.{4})ftyp(?s:.{4}){0,30}?"  # the brands of a file of boxes, four letters each

# Each can be read in one way only: a row of comments that could be read as one longer comment
# would be tried in as many ways as there are, which are more than a process lives to see.
_PROLOGUE = rb"<\?(?:(?!\?>).)*\?>|<!--(?:(?!-->).)*-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>"

SIGNATURES: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ("PNG", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("GIF", re.compile(rb"GIF8[79]a")),
    ("WEBP", re.compile(rb"RIFF(?s:.{4})WEBP")),
    ("AVIF", re.compile(_BRANDS + rb"avi[fs]")),
    ("HEIF", re.compile(_BRANDS + rb"(?:hei[cmsx]|hev[cmsx]|mif1|msf1)")),
    ("TIFF", re.compile(rb"II[*+]\0|MM\0[*+]")),
    ("BMP", re.compile(rb"BM")),
    ("ICO", re.compile(rb"\x00\x00\x01\x00")),
    (
        "SVG",
        re.compile(rb"(?s)(?:\xef\xbb\xbf)?(?:\s|" + _PROLOGUE + rb")*<(?:\w+:)?svg[\s>/]"),
    ),
)
"""How files begin. An AVIF may carry the brands of HEIF too, and so is asked first."""

SHOWN: frozenset[str] = frozenset(("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "ICO"))
"""Formats that browsers show, so that a rendition keeps the extension of its original."""

INSTEAD: dict[str, str] = {"HEIF": ".jpg"}
"""The extension of renditions of an original that browsers do not show, where it is no PNG's."""

BY_EXTENSION: dict[str, str] = {
    extension: item.name for item in FORMATS.values() for extension in item.extensions
}

TAKEN_EXTENSIONS: tuple[str, ...] = tuple(
    extension[1:]
    for item in (*FORMATS.values(), *READ_ONLY.values())
    for extension in item.extensions
)
"""What an original may be called by, without the dot."""

MIME_TYPE_TO_FORMAT: dict[str, str] = {
    mimetype: item.name for item in FORMATS.values() for mimetype in item.mimetypes
}


def get_format(name: str) -> Format:
    """The format of a name in any case; raises ``UnknownFormat``."""
    try:
        return FORMATS[name.upper()]
    except (KeyError, AttributeError):
        known = ", ".join(FORMATS)
        raise UnknownFormat(f"{name!r} is no image format; use one of {known}") from None


def extension_to_format(extension: str) -> str:
    """The name of the format that an extension (``'.jpg'``, any case) stands for.

    Raises ``UnknownExtension``.
    """
    try:
        return BY_EXTENSION[extension.lower()]
    except KeyError:
        known = " ".join(BY_EXTENSION)
        raise UnknownExtension(
            f"{extension!r} is no extension of an image format; use one of {known}"
        ) from None


def name_to_format(filename: str) -> str:
    """The name of the format that a file of this name holds; raises ``UnknownExtension``."""
    return extension_to_format(splitext(filename)[1])


def format_to_extension(name: str) -> str:
    """The usual extension of a format, with its dot; raises ``UnknownFormat``."""
    return get_format(name).extensions[0]


def sniff(head: bytes) -> str | None:
    """The name of the format that a file begins like, by its first ``SNIFFED`` bytes; or None."""
    for name, signature in SIGNATURES:
        if signature.match(head):
            return name
    return None


def shown_extension(extension: str) -> str:
    """The extension of renditions of an original with this one: its own where browsers show it.

    Photos of phones (``.heic``) become ``.jpg``, all else ``.png``, whatever it says it is.
    """
    own = extension.lower()
    if BY_EXTENSION.get(own) in SHOWN:
        return extension
    format = next((item.name for item in READ_ONLY.values() if own in item.extensions), "")
    return INSTEAD.get(format, ".png")


def extensions_of(name: str) -> tuple[str, ...]:
    """All extensions of a format that an original may have; raises ``UnknownFormat``."""
    return (READ_ONLY.get(name) or get_format(name)).extensions


def suggest_extension(name: str, format: str | None) -> str:
    """The extension for a file of a format that is made of a file of this name.

    The name's own where it means the same format or the format is not known.
    """
    own = splitext(name)[1].rstrip(".")  # what ends in a dot has none
    if not format:
        return own
    own_format = BY_EXTENSION.get(own.lower())
    if format.upper() not in FORMATS or own_format == format.upper():
        return own
    return format_to_extension(format)


def extension_to_mimetype(extension: str) -> str:
    """The MIME type that an extension stands for; raises ``UnknownExtension``."""
    return format_to_mimetype(extension_to_format(extension))


def format_to_mimetype(name: str) -> str:
    """The MIME type of a format; raises ``UnknownFormat``."""
    return (READ_ONLY.get(name) or get_format(name)).mimetypes[0]
