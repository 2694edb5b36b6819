"""Living: the originals that rows have, found by what their renditions are named after."""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from versatile.files.recognition import declared, recogniser_of, rendition_at
from versatile.files.usage import columns_of, fields_everywhere, is_ours
from versatile.imaging.geometry import CENTRE
from versatile.registry import cachefile_registry, source_group_registry
from versatile.renditions.addresses import home_of
from versatile.renditions.namers import distinct, split
from versatile.renditions.recogniser import Recogniser
from versatile.specs import targets


class Row(NamedTuple):
    """What a row says of one of its images: the values of some columns, in their order."""

    field: Any
    names: tuple[str, ...]
    values: tuple[Any, ...]

    def file(self, using: str) -> Any:
        """The file, on an instance that knows nothing else of its row."""
        instance = self.field.model.from_db(using, self.names, self.values)
        return getattr(instance, self.field.attname)


@dataclass
class Living:
    """The originals of all databases, seen from one storage that has them or their renditions."""

    using: str
    """The database that instances are told to be of; they are never read again."""
    place: str
    names: set[str] = field(default_factory=set)
    """What they are called, that none of them is taken for a rendition."""
    by_base: dict[str, list[Row]] = field(default_factory=dict)
    """By folder and base, as these stand in the names of renditions."""
    by_stem: dict[str, list[Row | None]] = field(default_factory=dict)
    """By name without extension, as it stands in the names of specs; on all storages."""
    began: datetime = field(default_factory=timezone.now)
    """When they began to be read."""
    kept: set[str] = field(default_factory=set)
    """Files that an app gives as those of its generators."""

    def owners(self, folder: str, filename: str) -> Iterator[tuple[Any, Recogniser]]:
        """The files that may be the original of a rendition, each at each of its points."""
        tags = (at for at in range(1, len(filename)) if filename.startswith(("-", "__"), at))
        for at in tags:
            for row in self.by_base.get(posixpath.join(folder, filename[:at]), ()):
                file = row.file(self.using)
                yield file, recogniser_of(file)

    def is_current(self, file: Any, key: str, name: str) -> bool:
        """Whether a file has a rendition of this name, and here, by now."""
        rendition = rendition_at(file, key)
        return rendition is not None and rendition.name == name and self._is_here(rendition.storage)

    def declares(self, file: Any, name: str) -> bool:
        """Whether a key set of a file has a rendition of this name, and here."""
        found = (item for item in declared(file) if item.name == name)
        return any(self._is_here(item.storage(file.source)) for item in found)

    def _is_here(self, storage: Storage) -> bool:
        return home_of(storage) == self.place

    def add(self, row: Row) -> None:
        """One more original, unless another database has told of it."""
        file = row.file(self.using)
        name = str(file.name)
        stem = posixpath.splitext(name)[0]
        alike = self.by_stem.setdefault(stem, [])
        if row in alike:
            return
        alike.append(row)
        own = self._is_here(file.storage)
        if own:
            self.names.add(name)
        if is_ours(row.field) and (own or self._is_here(file.source.renditions_storage)):
            named = file.upstream.name
            folder, base, _ = split(posixpath.join(posixpath.dirname(named), distinct(named)))
            key = posixpath.join(folder, base).replace(" ", "")
            # Most are called like their originals, and one text in memory will do.
            self.by_base.setdefault(stem if key == stem else key, []).append(row)


def read(using: str, storage: Storage) -> Living:
    """All originals of all databases, whatever field has them, and placeholders of fields."""
    found = Living(using, home_of(storage))
    for alias, image in fields_everywhere():
        for row in _rows(alias, image):
            found.add(row)
    for file in _of_groups():
        found.by_stem.setdefault(posixpath.splitext(str(file.name))[0], []).append(None)
    for id in targets.all_ids():
        found.kept.update(str(file.name) for file in cachefile_registry.get(id))
    return found


def _rows(using: str, image: Any) -> Iterator[Row]:
    wanted = columns_of(image)
    names = tuple(item.attname for item in image.model._meta.concrete_fields if item.name in wanted)
    manager = image.model._base_manager.using(using)
    rows = manager.exclude(**{image.attname: ""}).exclude(**{image.attname: None})
    for values in rows.values_list(*names).distinct().iterator():
        yield Row(image, names, values)
    placeholder = getattr(image, "placeholder_image_name", None)
    if placeholder:
        known = {image.attname: placeholder, image.ppoi_field: CENTRE}
        yield Row(image, names, tuple(known.get(name, "") for name in names))


def _of_groups() -> Iterable[FieldFile]:
    """The sources of all groups but those of models, which are read once already."""
    groups = {
        id(group): group for key in targets.all_ids() for group in source_group_registry.get(key)
    }
    for group in groups.values():
        if not hasattr(group, "model_class"):
            yield from group.files()
