"""Namers: what a rendition is called, and whether a name is a rendition's.

The names are a contract: files that stand on storages are found by them. Sized files are
``SIZED/FOLDER/BASE-KEY.EXT``, filtered files ``FOLDER/FILTERED/BASE__FILTER__.EXT``; the rules
are applied to each other's names. Spaces are taken out of the whole path. Two sources that would
meet in one name are told apart by a digest.
"""

import enum
import hashlib
import posixpath
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from versatile.conf import conf
from versatile.exceptions import ConfigurationError
from versatile.imaging.formats import shown_extension
from versatile.renditions.addresses import KEPT
from versatile.renditions.imports import imported

Side = int | None
"""A width or a height in pixels; None where only the other one is given."""

DEFAULT_EXTENSION = "jpg"
"""The extension of renditions of a source without one."""

LONGEST = 255
"""Bytes of the last part of a name that every file system takes."""
_CUT = 100
"""Bytes that are left of the base where a name would be longer."""

_TOLD_APART = re.compile(r"~[0-9a-f]{8}(?:[0-9a-f]{8})?\Z")
"""The end of a base that looks as if it had been told apart already."""


class Wording(NamedTuple):
    """What a name says beside size and point."""

    quality: int | None = None
    """Where the extension is one that carries it; None is the setting's."""
    digest: str = ""
    """Of all that changes the picture and that a name has no words for: 8 hex digits, or none."""


PLAIN = Wording()
"""What names have always said."""


class Kind(enum.Enum):
    """Which of the three families a rendition belongs to; it decides the folder."""

    SIZED = "sized"
    FILTERED = "filtered"
    FILTERED_SIZED = "filtered and sized"


class Parts(NamedTuple):
    """A name on a storage, taken apart; the extension has no dot."""

    folder: str
    base: str
    extension: str


def split(name: str) -> Parts:
    """The parts of a name; the extension is what follows the last dot of the last part."""
    folder, filename = posixpath.split(name)
    base, dot, extension = filename.rpartition(".")
    return Parts(folder, base, extension) if dot else Parts(folder, filename, DEFAULT_EXTENSION)


@lru_cache(maxsize=KEPT)
def extension_of(name: str) -> str:
    """The extension that names of renditions of a source are made from."""
    return split(distinct(name)).extension


def sized_filename(
    filename: str, width: Side, height: Side, filename_key: str, wording: Wording = PLAIN
) -> str:
    """The last part of the name of a sized file, spaces and all."""
    base, extension = shown(split(filename))
    key = image_key(filename_key, width, height, extension, wording)
    return f"{base}-{key}.{extension}"


def filtered_filename(filename: str, filename_key: str, wording: Wording = PLAIN) -> str:
    """The last part of the name of a filtered file, spaces and all."""
    base, extension = shown(split(filename))
    return f"{base}__{filename_key}__{_tail(wording.digest)}.{extension}"


def shown(parts: Parts) -> tuple[str, str]:
    """The base, and the extension that a rendition has in place of the source's."""
    return parts.base, shown_extension(f".{parts.extension}")[1:]


def _tail(word: object) -> str:
    return "" if word in (None, "") else f"-{word}"


def image_key(
    filename_key: str, width: Side, height: Side, extension: str, wording: Wording = PLAIN
) -> str:
    """What a sized file's name says of its recipe, through the post-processor if there is one.

    A side that is None is left out.
    """
    size = f"{'' if width is None else width}x{'' if height is None else height}"
    quality = quality_of(extension, wording.quality)
    return post_process(f"{filename_key}-{size}{_tail(quality)}{_tail(wording.digest)}")


def quality_of(extension: str, given: int | None = None) -> int | None:
    """The quality that names with this extension carry: the given one, or the setting's."""
    match extension.lower():
        case "jpg" | "jpeg":
            return int(conf.JPEG_QUALITY) if given is None else given
        case "webp":
            return int(conf.WEBP_QUALITY) if given is None else given
    return None


def post_process(key: str) -> str:
    """The key as the configured function changes it."""
    path = conf.KEY_POST_PROCESSOR
    return post_processor(path)(key) if path else key


def post_processor(path: object) -> Callable[[str], str]:
    """The function at a dotted path; raises ``ConfigurationError``."""
    remedy = (
        "KEY_POST_PROCESSOR (or image_key_post_processor) has to be the dotted path of a function"
    )
    function: Callable[[str], str] = imported(path, "post-processor", remedy)
    if not callable(function):
        raise ConfigurationError(f"The post-processor {path!r} is no function; {remedy}")
    return function


def sized_name(
    path_to_image: str,
    width: Side,
    height: Side,
    filename_key: str,
    storage: object = None,
    wording: Wording = PLAIN,
) -> str:
    """The storage name of a sized file of a file. The storage has no say in it."""
    return _sized_name(path_to_image, width, height, filename_key, wording, conf.naming)


@lru_cache(maxsize=KEPT)
def _sized_name(
    path_to_image: str,
    width: Side,
    height: Side,
    filename_key: str,
    wording: Wording,
    settings: object,
) -> str:
    """The same, kept for as long as no setting changes that is part of a name."""

    def named(filename: str) -> str:
        return sized_filename(filename, width, height, filename_key, wording)

    filename = _fitting(named, path_to_image)
    return _joined(conf.SIZED_DIRNAME, posixpath.dirname(path_to_image), filename)


def filtered_name(
    path_to_image: str, filename_key: str, storage: object = None, wording: Wording = PLAIN
) -> str:
    """The storage name of a filtered file of a file. The storage has no say in it."""
    return _filtered_name(path_to_image, filename_key, wording, conf.FILTERED_DIRNAME)


@lru_cache(maxsize=KEPT)
def _filtered_name(path_to_image: str, filename_key: str, wording: Wording, dirname: str) -> str:
    def named(filename: str) -> str:
        return filtered_filename(filename, filename_key, wording)

    filename = _fitting(named, path_to_image)
    return _joined(posixpath.dirname(path_to_image), dirname, filename)


def _fitting(named: Callable[[str], str], path_to_image: str) -> str:
    """The last part of a rendition's name, of a shorter base where it would be too long."""
    filename = distinct(path_to_image)
    if len(_bytes(named(filename).replace(" ", ""))) <= LONGEST:
        return named(filename)
    return named(shortened(path_to_image))


@lru_cache(maxsize=KEPT)
def distinct(name: str) -> str:
    """The last part of a name, told apart where the rules would let two names meet.

    They meet where spaces are taken out, or an extension is added or replaced; there the base
    gets ``~`` and the first 8 hex digits of the SHA-256 of the whole name. So it does
    where it ends like that already, because anybody may upload a file of such a name.
    """
    filename = posixpath.basename(name)
    parts = split(filename)
    base, extension = shown(parts)
    as_it_is = "." in filename and extension == parts.extension
    if as_it_is and " " not in name and not _TOLD_APART.search(base):
        return filename
    return f"{base}~{_digest(name)}.{extension}"


def shortened(name: str) -> str:
    """The same of a name that is too long: the beginning of its base, and 16 digits."""
    base, extension = shown(split(distinct(name)))
    beginning = _bytes(base.replace(" ", ""))[:_CUT].decode(errors="ignore")
    return f"{beginning}~{_digest(name, 16)}.{extension}"


def of_source(name: str) -> str:
    """What the names of a source's renditions are made from: its name.

    A source that is called like the file of a filter is told apart from it.
    """
    if "__." not in name:
        return name
    folder, base, extension = split(name)
    if not base.endswith("__") or posixpath.basename(folder) != conf.FILTERED_DIRNAME:
        return name
    return posixpath.join(folder, f"{base}~{_digest(name)}.{extension}")


def is_reserved(folder: str) -> bool:
    """Whether renditions or placeholders may lie in a folder, on file systems of any kind."""
    path = f"{folder.strip('/').casefold()}/"
    above = (conf.SIZED_DIRNAME, conf.PLACEHOLDER_DIRNAME)
    anywhere = f"/{conf.FILTERED_DIRNAME.casefold()}/" in f"/{path}"
    return anywhere or any(path.startswith(f"{name.casefold()}/") for name in above)


def _digest(name: str, digits: int = 8) -> str:
    return hashlib.sha256(_bytes(name)).hexdigest()[:digits]


def _bytes(name: str) -> bytes:
    return name.encode(errors="surrogatepass")


def _joined(*parts: str) -> str:
    return posixpath.join(*(part for part in parts if part)).replace(" ", "")


def folder(name: str, kind: Kind) -> str:
    """The folder in which renditions of this kind of the file ``name`` lie."""
    above = posixpath.dirname(name)
    parts = {
        Kind.SIZED: (conf.SIZED_DIRNAME, above),
        Kind.FILTERED: (above, conf.FILTERED_DIRNAME),
        Kind.FILTERED_SIZED: (conf.SIZED_DIRNAME, above, conf.FILTERED_DIRNAME),
    }
    return _joined(*parts[kind])


def kind_of(name: str, rendition: str) -> Kind | None:
    """The kind of a rendition of the file ``name``, by its folder; chains lie deeper."""
    above = posixpath.dirname(rendition)
    if above == folder(name, Kind.SIZED):
        return Kind.SIZED
    for kind in (Kind.FILTERED, Kind.FILTERED_SIZED):
        place = folder(name, kind)
        if above == place or above.startswith(f"{place}/{conf.FILTERED_DIRNAME}"):
            return kind
    return None
