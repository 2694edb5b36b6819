"""What widgets show of a stored image: a small rendition, its URL, and the shapes of its crops."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import gcd
from typing import Any

from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext

from versatile.conf import Policy
from versatile.renditions import namers
from versatile.renditions.keys import configured_key_sets, get_key_set, parse_key
from versatile.renditions.source import Source
from versatile.renditions.writing import Upstream
from versatile.sizers import build_sizer

logger = logging.getLogger(__name__)

PREVIEW_SIZER = "thumbnail"
PREVIEW_SIZE = "300x300"
"""Of a preview beside a file input."""
PICKER_SIZE = "640x640"
"""Of the picture on which a point is picked: sharp on a dense screen."""
MAX_CROPS = 6


@dataclass(frozen=True, slots=True)
class Preview:
    """A small rendition, as an ``<img>`` shows it; sides in pixels."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Crop:
    """The shape of a crop: the name of its key and its size, ``400x300``."""

    name: str
    size: str


def make_preview(file: FieldFile, size: str = PREVIEW_SIZE) -> Preview | None:
    """The preview of a stored file, made on demand; None, and one log record, for any failure."""
    try:
        upstream = getattr(file, "upstream", None) or _upstream(file)
        sizer = build_sizer(PREVIEW_SIZER, upstream, create_on_demand=True)
        rendition = sizer[size]
        alt = gettext("Preview of %(name)s") % {"name": file.name}
        preview = Preview(rendition.url, rendition.width, rendition.height, alt)
        # What pages show in its place is no preview of it.
        return preview if getattr(rendition, "instead", None) is None else None
    except Exception as error:  # noqa: BLE001 - a form has to open, or nobody can mend the file
        _log(error, "The preview of %r is not made: %s", file.name)
        return None


def _upstream(file: FieldFile) -> Upstream:
    """What the sizer starts from for a file of Django's own field."""
    name = file.name or ""
    return Upstream(Source(file.storage, name), namers.of_source(name))


def find_url(file: Any) -> str | None:
    """The URL of a stored file; None, and one log record, where the storage fails."""
    try:
        url: str = file.url
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        _log(error, "The file %r has no URL: %s", getattr(file, "name", file))
        return None
    return url


def _log(error: Exception, message: str, name: object) -> None:
    if not getattr(error, "logged", False):
        logger.error(message, name, error, exc_info=error)


def find_crops(policy: Policy) -> list[Crop]:
    """The crops that a picker shows, each ratio once, six at most.

    Those of the set that ``PPOI_PREVIEWS`` names, else of all that are configured. Raises
    ``UnknownRenditionKeySet``, ``InvalidSizeKeySet``, ``InvalidSizeKey`` for a named one.
    """
    named = policy.ppoi_previews
    sets = configured_key_sets() if named is None else [get_key_set(named)]
    crops: dict[tuple[int, int], Crop] = {}
    for pairs in sets:
        for ratio, crop in _crops_of(pairs):
            crops.setdefault(ratio, crop)
    return list(crops.values())[:MAX_CROPS]


def _crops_of(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[int, int], Crop]]:
    for name, key in pairs:
        parsed = parse_key(key)
        sides = [int(side) for side in parsed.size.split("x") if side.isdecimal()]
        if parsed.sizer == "crop" and len(sides) == 2 and all(sides):
            width, height = sides
            divisor = gcd(width, height)
            yield (width // divisor, height // divisor), Crop(name, parsed.size)
