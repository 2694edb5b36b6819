"""Namers: what a rendition is called, and whether a name is a rendition's.

The names are a contract: files that stand on storages are found by them. Sized files are
``SIZED/FOLDER/BASE-KEY.EXT``, filtered files ``FOLDER/FILTERED/BASE__FILTER__.EXT``; the rules
are applied to each other's names. Spaces are taken out of the whole path.
"""

import enum
import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from django.utils.module_loading import import_string

from versatile.conf import conf
from versatile.exceptions import ConfigurationError
from versatile.renditions.addresses import KEPT
from versatile.renditions.keys import SEPARATOR

Side = int | None
"""A width or a height in pixels; None where only the other one is given."""

DEFAULT_EXTENSION = "jpg"
"""The extension of renditions of a source without one."""


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


def sized_filename(filename: str, width: Side, height: Side, filename_key: str) -> str:
    """The last part of the name of a sized file, spaces and all."""
    parts = split(filename)
    key = image_key(filename_key, width, height, parts.extension)
    return f"{parts.base}-{key}.{parts.extension}"


def filtered_filename(filename: str, filename_key: str) -> str:
    """The last part of the name of a filtered file, spaces and all."""
    parts = split(filename)
    return f"{parts.base}__{filename_key}__.{parts.extension}"


def image_key(filename_key: str, width: Side, height: Side, extension: str) -> str:
    """What a sized file's name says of its recipe, through the post-processor if there is one.

    A side that is None is left out.
    """
    size = f"{'' if width is None else width}x{'' if height is None else height}"
    quality = quality_of(extension)
    tail = "" if quality is None else f"-{quality}"
    return post_process(f"{filename_key}-{size}{tail}")


def quality_of(extension: str) -> int | None:
    """The quality that names with this extension carry."""
    match extension.lower():
        case "jpg" | "jpeg":
            return int(conf.JPEG_QUALITY)
        case "webp":
            return int(conf.WEBP_QUALITY)
    return None


def post_process(key: str) -> str:
    """The key as the configured function changes it."""
    path = conf.KEY_POST_PROCESSOR
    return post_processor(path)(key) if path else key


@lru_cache
def post_processor(path: str) -> Callable[[str], str]:
    """The function at a dotted path; raises ``ConfigurationError``."""
    try:
        function: Callable[[str], str] = import_string(path)
    except ImportError as error:
        raise ConfigurationError(
            f"The post-processor {path!r} cannot be imported; KEY_POST_PROCESSOR (or "
            "image_key_post_processor) has to be the dotted path of a function"
        ) from error
    return function


def sized_name(
    path_to_image: str, width: Side, height: Side, filename_key: str, storage: object = None
) -> str:
    """The storage name of a sized file of a file. The storage has no say in it."""
    settings = (conf.SIZED_DIRNAME, conf.JPEG_QUALITY, conf.WEBP_QUALITY, conf.KEY_POST_PROCESSOR)
    return _sized_name(path_to_image, width, height, filename_key, settings)


@lru_cache(maxsize=KEPT)
def _sized_name(
    path_to_image: str, width: Side, height: Side, filename_key: str, settings: object
) -> str:
    """The same, kept for as long as no setting changes that is part of a name."""
    filename = sized_filename(distinct(path_to_image), width, height, filename_key)
    return _joined(conf.SIZED_DIRNAME, posixpath.dirname(path_to_image), filename)


def filtered_name(path_to_image: str, filename_key: str, storage: object = None) -> str:
    """The storage name of a filtered file of a file. The storage has no say in it."""
    filename = filtered_filename(distinct(path_to_image), filename_key)
    return _joined(posixpath.dirname(path_to_image), conf.FILTERED_DIRNAME, filename)


def distinct(name: str) -> str:
    """The last part of a name, told apart where the rules would let two names meet.

    They meet where spaces are taken out or an extension is added; there the base gets ``~``
    and the first 8 hex digits of the SHA-256 of the whole name.
    """
    filename = posixpath.basename(name)
    if " " not in name and "." in filename:
        return filename
    parts = split(filename)
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{parts.base}~{digest}.{parts.extension}"


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


class Recogniser:
    """Tells the renditions of one source by their names, and never a neighbour's.

    ``sizers`` has, by the names of sizers, expressions for what they write into names.
    """

    def __init__(self, name: str, sizers: Mapping[str, str], filters: Iterable[str]) -> None:
        parts = split(distinct(name).replace(" ", ""))
        self._sizers = {item: re.compile(pattern) for item, pattern in sizers.items() if pattern}
        keys = "|".join(pattern.pattern for pattern in self._sizers.values()) or "(?!)"
        plain = f"(?P<key>{keys})-(?P<size>[0-9]*x[0-9]*)(?:-[0-9]+)?"
        self._start = parts.base  # looked at first, for folders may be large
        self._base, self._end = re.escape(parts.base), re.escape(f".{parts.extension}")
        self._filtered = f"__({'|'.join(map(re.escape, filters)) or '(?!)'})__"
        self._sized = f"-(?:{plain}|{_hashed_key()})"

    @classmethod
    def of_anybody(cls, sizers: Mapping[str, str], filters: Iterable[str]) -> "Recogniser":
        """One that tells the renditions of any source from files that are none."""
        recogniser = cls("x", sizers, filters)
        recogniser._start, recogniser._base, recogniser._end = "", ".+?", r"\.[^.]+"
        return recogniser

    def recognises(self, kind: Kind, depth: int, filename: str) -> bool:
        """Whether a file of this kind, below ``depth`` filter folders, is the source's."""
        return self.read(kind, depth, filename) is not None

    def read(self, kind: Kind, depth: int, filename: str) -> str | None:
        """The rendition key that the name of such a file tells; None where it is not the source's.

        Empty where the name holds a digest of the key.
        """
        if not filename.startswith(self._start):
            return None
        tags = self._filtered * depth
        if kind is not Kind.FILTERED:
            tags += self._sized
        match = re.fullmatch(self._base + tags + self._end, filename)
        if match is None:
            return None
        said = match.groupdict()
        filters = [part for name in match.groups()[:depth] for part in ("filters", name)]
        if kind is Kind.FILTERED:
            return SEPARATOR.join(filters)
        if not said["key"]:
            return ""
        sizer = next(name for name, key in self._sizers.items() if key.fullmatch(said["key"]))
        return SEPARATOR.join([*filters, sizer, said["size"]])


def _hashed_key() -> str:
    """An expression for keys that went through the post-processor.

    It matches where all of them are hexadecimal digits of one length, as digests are; other
    keys cannot be told from what a neighbour may be called, so that nothing is taken for one.
    """
    if not conf.KEY_POST_PROCESSOR:
        return "(?!)"
    samples = [post_process(f"crop-c0-5__0-5-{side}x{side}-70") for side in (1, 20, 3000)]
    lengths = set(map(len, samples))
    if len(lengths) == 1 and len(set(samples)) == 3 and re.fullmatch("[0-9a-f]+", "".join(samples)):
        return f"[0-9a-f]{{{lengths.pop()}}}"
    return "(?!)"
