"""Image formats: their names, extensions and MIME types, and what each can hold.

Format names are Pillow's (``'JPEG'``); extensions start with a dot.
"""

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
    """Pillow modes in which the format is written; the first serves all others."""


FORMATS: dict[str, Format] = {
    item.name: item
    for item in (
        Format("JPEG", ("image/jpeg",), (".jpg", ".jpeg", ".jpe", ".jfif"), ("RGB", "L")),
        Format("PNG", ("image/png",), (".png",), ("RGBA", "RGB", "LA", "L", "1")),
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

READABLE: tuple[str, ...] = tuple(FORMATS)
"""Formats that an original may have. MPO, a JPEG with more pictures behind it, opens as JPEG."""

BY_EXTENSION: dict[str, str] = {
    extension: item.name for item in FORMATS.values() for extension in item.extensions
}

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
    return get_format(name).mimetypes[0]
