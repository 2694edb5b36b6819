"""Spec leftovers: files of specs that are there, under our names or as django-imagekit left them.

Names of the latter are digests that nobody can compute again. A file is taken for that of a
spec where it lies in the folder of its original, and its format and size can only be that spec's.
"""

import posixpath
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice

from django.core.files.storage import Storage, default_storage
from django.db.models.fields.files import FieldFile

from versatile.conf import conf
from versatile.exceptions import VersatileError
from versatile.files.recognition import spec_ids_of
from versatile.imaging import decoding
from versatile.imaging.geometry import Size
from versatile.management.upkeep.folders import each_once
from versatile.management.upkeep.leftovers import Leftover, lying_at
from versatile.renditions import manifest
from versatile.renditions.deletion import Lister, list_folder
from versatile.renditions.manifest import Made
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source
from versatile.specs import targets

Header = tuple[str, Size]
"""The format and the size of a picture."""


def of_specs(file: FieldFile, source: Source, lister: Lister) -> tuple[list[Leftover], list[str]]:
    """The files of specs, and the names of those for which several files or specs are alike."""
    specs = list(_specs(file))
    found = [
        item
        for spec in specs
        for item in islice(lying_at(_places(spec, source), Made.of(spec), [spec.name]), 1)
    ]
    there = {item.made.name for item in found}
    unclear: list[str] = []
    if there != {spec.name for spec in specs}:
        known = manifest.read(source).names | {spec.name for spec in specs}
        for spec, candidates, is_alone in _candidates(source, specs, known, lister):
            if spec.name in there or not candidates:
                continue
            if is_alone and len(candidates) == 1:
                found += candidates
            else:
                unclear.append(spec.name)
    return found, unclear


def _specs(file: FieldFile) -> Iterator[Rendition]:
    for id in spec_ids_of(file.field):
        renditions = (item.rendition for item in targets.files_of(id, file))
        yield from (rendition for rendition in renditions if rendition.write_file is None)


def _places(spec: Rendition, source: Source) -> list[Storage]:
    """Where the file of a spec belongs, and where django-imagekit, or we before, have put it."""
    return each_once([spec.storage, default_storage, source.storage])


def _candidates(
    source: Source, specs: list[Rendition], known: Collection[str], lister: Lister
) -> Iterator[tuple[Rendition, list[Leftover], bool]]:
    """The files that may be each spec's, and whether they may be no other spec's.

    Files of our own names are nobody else's.
    """
    try:
        size = source.read_size()
    except (VersatileError, OSError):
        return
    expected = {spec.name: _expected(spec, size) for spec in specs}
    alike = Counter(expected.values())
    places = each_once(place for spec in specs for place in _places(spec, source))
    shelves = [(place, _headers(place, source.name, known, lister)) for place in places]
    for spec in specs:
        made, own = Made.of(spec), _places(spec, source)
        found = {
            name: Leftover(made, spec.storage, place, name)
            for place, headers in reversed(shelves)
            for name, header in headers.items()
            if place in own and header == expected[spec.name]
        }
        yield spec, list(found.values()), alike[expected[spec.name]] == 1


def _expected(rendition: Rendition, source: Size) -> Header | None:
    """The format and the size of what a spec makes, without making it."""
    try:
        recipe = rendition.recipe
        size = recipe.output_size(source)
    except (VersatileError, OSError):
        return None
    return None if size is None else (recipe.format, size)


def _headers(
    storage: Storage, name: str, known: Collection[str], lister: Lister
) -> dict[str, Header]:
    """What django-imagekit may have put on a storage for an original, and what it shows."""
    stem = posixpath.splitext(name)[0]
    folder = posixpath.join(conf.SPEC_DIRNAME, stem)
    found = [posixpath.join(folder, item) for item in list_folder(storage, folder)[1]]
    beside, base = posixpath.split(stem)
    folder = posixpath.join(conf.SPEC_DIRNAME, beside)
    found += [posixpath.join(folder, item) for item in lister(storage, folder, (f"{base}.",))[1]]
    headers = ((item, _header(storage, item)) for item in found if item not in known)
    return {item: header for item, header in headers if header is not None}


def _header(storage: Storage, name: str) -> Header | None:
    try:
        with storage.open(name, "rb") as file:
            header = decoding.read_header(file)
    except (VersatileError, OSError):
        return None
    return header.format, header.size
