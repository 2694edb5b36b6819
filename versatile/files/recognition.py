"""Recognition: which renditions a file of a field has by now, by keys and by names."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile

from versatile.exceptions import ConfigurationError, VersatileError
from versatile.imaging.geometry import Point
from versatile.registry import source_group_registry, versatileimagefield_registry
from versatile.rendition_keys import RenditionSet, resolve
from versatile.renditions import deletion
from versatile.renditions.deletion import Lister
from versatile.renditions.keys import configured_key_sets
from versatile.renditions.manifest import Made
from versatile.renditions.recogniser import Recogniser
from versatile.renditions.rendition import Rendition
from versatile.sizers import filename_key_patterns
from versatile.specs import targets
from versatile.specs.sourcegroups import ImageFieldSourceGroup


def recogniser_of(file: Any) -> Recogniser:
    """What tells the names of a file's renditions from all others."""
    return recogniser_at(file.upstream.name)


def recogniser_at(name: str) -> Recogniser:
    """What tells the names of the renditions of an original of this name."""
    filters = versatileimagefield_registry.all_filters()
    return Recogniser(name, filename_key_patterns(), filters)


def declared(file: Any) -> Iterator[Made]:
    """All renditions of a file in the configured key sets."""
    for pairs in configured_key_sets():
        with suppress(ConfigurationError):  # of which manage.py check tells
            yield from map(Made.of, RenditionSet(file, pairs).renditions)


def declared_of_all(file: Any) -> Iterator[Made]:
    """All renditions of a file in the configured key sets, and the files of its specs."""
    yield from declared(file)
    yield from declared_specs(file)


def declared_near_and_far(file: Any) -> tuple[list[Made], list[Made]]:
    """The same in two parts: what lies on file systems, and what lies elsewhere."""
    near: list[Made] = []
    far: list[Made] = []
    for item in declared_of_all(file):
        local = isinstance(item.storage(file.source), FileSystemStorage)
        (near if local else far).append(item)
    return near, far


def ids_of(field: Any) -> list[str]:
    """The ids of the specs and key sets that are registered for a field."""
    return [
        id
        for id in targets.all_ids()
        for group in source_group_registry.get(id)
        if isinstance(group, ImageFieldSourceGroup)
        and group.image_field == field.name
        and _meet(group.model_class, field.model)
    ]


def spec_ids_of(field: Any) -> list[str]:
    """The ids of the specs alone."""
    return [id for id in ids_of(field) if not targets.is_key_set(id)]


def _meet(one: type, other: type) -> bool:
    return issubclass(one, other) or issubclass(other, one)


def declared_specs(file: FieldFile) -> Iterator[Made]:
    """The files of all specs that are registered for the field of a file."""
    for id in spec_ids_of(file.field):
        with suppress(VersatileError):  # of which generateimages tells
            yield from (Made.of(item.rendition) for item in targets.files_of(id, file))


def rendition_at(file: Any, key: str) -> Rendition | None:
    """The rendition of a file at a key, if there can be one."""
    try:
        found = resolve(file, key)
    except VersatileError:
        return None
    return found if isinstance(found, Rendition) else None


def names_at(file: Any, points: Iterable[Point], keys: Iterable[str]) -> set[str]:
    """What the renditions of a file at some keys are called while its point is one of some."""
    wanted = list(keys)
    names: set[str] = set()
    for point in points:
        file.ppoi = point
        found = (rendition_at(file, key) for key in wanted)
        names.update(item.name for item in found if item is not None)
    return names


def listed(file: Any, lister: Lister | None = None) -> Iterator[Made]:
    """What a listing shows of a file as it is now.

    Files of another point, of other settings and of hashed names are left out: their keys
    lead to other names.
    """
    for item in deletion.listed(file.source, recogniser_of(file), lister):
        rendition = rendition_at(file, item.key)
        if rendition is not None and rendition.name == item.name:
            yield Made.of(rendition)
