"""Leftovers: files of sizers and filters that are there, and what each of them is by now.

Names of django-versatileimagefield are our own, but where two originals could share one, and
where a namer puts a version into them. There a file is found under its old name, unless
another original could have made it.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from django.core.files.storage import Storage

from versatile.files.recognition import listed, recogniser_at, rendition_at
from versatile.files.usage import fields_everywhere, is_ours
from versatile.management.upkeep.folders import each_once
from versatile.management.upkeep.scope import Scope
from versatile.renditions import deletion, namers
from versatile.renditions.deletion import Lister
from versatile.renditions.manifest import Made
from versatile.renditions.source import Source


@dataclass(frozen=True, slots=True)
class Leftover:
    """A file that is there, and the rendition that it is by now."""

    made: Made
    home: Storage
    """Where it belongs, under the name of the rendition."""
    storage: Storage
    """Where it lies."""
    name: str
    """What it is called there."""

    @property
    def is_in_place(self) -> bool:
        """Whether it lies where pages look for it."""
        return self.name == self.made.name and self.storage == self.home


class Namesakes:
    """Originals whose renditions had one name in django-versatileimagefield: by that name.

    All originals of all databases are read, whatever was chosen: any may have made a file.
    """

    def __init__(self) -> None:
        self.known: dict[str, set[str]] = {}
        for using, image in fields_everywhere():
            if not is_ours(image):
                continue
            rows = image.model._base_manager.using(using)
            for name in filter(None, rows.values_list(image.attname, flat=True).iterator()):
                self.known.setdefault(flat_name(name), set()).add(name)

    def are_none(self, source: Source) -> bool:
        """Whether no other original can have had the files of this one.

        The storage may have one that no row has: nobody deleted originals.
        """
        flat = flat_name(source.name)
        if self.known.get(flat, set()) - {source.name}:
            return False
        return flat == source.name or not source.storage.exists(flat)


def flat_name(name: str) -> str:
    """A name as django-versatileimagefield wrote it into those of renditions."""
    parts = namers.split(name)
    return posixpath.join(parts.folder, f"{parts.base}.{parts.extension}").replace(" ", "")


def of_sizers(scope: Scope, file: Any, namesakes: Namesakes, lister: Lister) -> Iterator[Leftover]:
    """The files of sizers and filters: declared ones, and those that listings show."""
    if not is_ours(file.field):
        return
    places = each_once([file.source.renditions_storage, file.source.storage])
    old_name = _old_namer(file, namesakes)
    wanted = {item.name: item for item in scope.declared(file) if not item.of_spec}
    for place in places if not scope.set else ():
        here = _lister_at(place, lister)
        wanted |= {item.name: item for item in listed(file, here)}
        if old_name is not None:
            wanted |= {item.name: item for item in _listed(file, here, old_name)}
    for item in wanted.values():
        names = [item.name, *([old_name(item.name)] if old_name is not None else [])]
        yield from islice(lying_at(places, item, names), 1)


def lying_at(places: Sequence[Storage], made: Made, names: Iterable[str]) -> Iterator[Leftover]:
    """Where a rendition lies under one of some names; it belongs to the first place."""
    for place in places:
        for name in names:
            if place.exists(name):
                yield Leftover(made, places[0], place, name)


def _lister_at(place: Storage, lister: Lister) -> Lister:
    """What lists a place, whatever storage it is asked of."""
    return lambda _, folder, starts: lister(place, folder, starts)


def _old_namer(file: Any, namesakes: Namesakes) -> Callable[[str], str] | None:
    """What gives the old name of a rendition; None where it is the same, or may be another's."""
    mine = namers.split(namers.distinct(file.upstream.name).replace(" ", "")).base
    old = namers.split(flat_name(file.name)).base
    return partial(_renamed, mine, old) if mine != old and namesakes.are_none(file.source) else None


def _renamed(mine: str, old: str, name: str) -> str:
    folder, filename = posixpath.split(name)
    return posixpath.join(folder, old + filename.removeprefix(mine))


def _listed(file: Any, lister: Lister, old_name: Callable[[str], str]) -> Iterator[Made]:
    """What a listing shows of a file under old names, and by now has others."""
    recogniser = recogniser_at(flat_name(file.name))
    for item in deletion.listed(file.source, recogniser, lister):
        rendition = rendition_at(file, item.key)
        if rendition is not None and old_name(rendition.name) == item.name:
            yield Made.of(rendition)
