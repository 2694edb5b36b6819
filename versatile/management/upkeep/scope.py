"""Scope: which fields, rows and renditions a run of a verb is about."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import FileField, Model, QuerySet
from django.db.models.fields.files import FieldFile

from versatile.files.recognition import declared, declared_specs, ids_of
from versatile.files.usage import is_ours
from versatile.rendition_keys import resolve
from versatile.renditions.keys import get_key_set
from versatile.renditions.manifest import Made
from versatile.renditions.original import Original
from versatile.renditions.rendition import Rendition
from versatile.specs import targets

CHUNK = 100
"""How many rows are read at a time, and looked up in one cache read."""


@dataclasses.dataclass(frozen=True)
class Scope:
    """Which fields, rows and renditions a run is about. Without a choice: all that there are.

    Raises ``LookupError`` for models and fields that are not there, and as ``get_key_set``.
    """

    model: str | None = None
    """``app_label.Model``."""
    field: str | None = None
    """The name of an image field."""
    set: str | None = None
    """The name of a rendition key set."""
    using: str = "default"
    problems: list[tuple[str, str]] = dataclasses.field(default_factory=list, compare=False)
    """Names of sources of which something cannot even be named, with the reasons."""

    @cached_property
    def fields(self) -> list[Any]:
        """The image fields: ours, and those of Django that specs are made of."""
        models: Iterable[type[Model]] = apps.get_models()
        if self.model:
            if self.model.count(".") != 1:
                raise LookupError(f"{self.model!r} is no model; name it as app_label.ModelName")
            models = [apps.get_model(self.model)]
        if self.set:
            get_key_set(self.set)
        found = [item for model in models for item in self._of_model(model)]
        if not found:
            where = self.model or "any app"
            raise LookupError(f"{where} has no image field {self.field or ''}".rstrip())
        return found

    @property
    def is_narrow(self) -> bool:
        """Whether some fields were chosen."""
        return bool(self.model or self.field)

    def _of_model(self, model: type[Model]) -> Iterator[Any]:
        meta = model._meta
        # A named model has the fields of its parents, too; without one, the parents are met.
        fields = meta.concrete_fields if self.model else meta.local_concrete_fields
        for item in fields:
            wanted = self.field in {None, item.name} and isinstance(item, FileField)
            if wanted and (is_ours(item) or ids_of(item)):
                yield item

    def rows(self, image: Any) -> QuerySet[Any]:
        """The rows of a field, without their dimensions: looking for them would open files."""
        sizes = filter(None, (image.width_field, image.height_field)) if is_ours(image) else ()
        manager: Any = self._model(image)._base_manager
        rows: QuerySet[Any] = manager.using(self.using).order_by("pk").defer(*sizes)
        return rows

    def _model(self, image: Any) -> type[Model]:
        model: type[Model] = apps.get_model(self.model) if self.model else image.model
        return model

    def count(self) -> int:
        """How many rows there are, for each of the fields."""
        return sum(self.rows(image).count() for image in self.fields)

    def files(self, image: Any) -> Iterator[FieldFile]:
        """The file of each row of a field, streamed; some are empty."""
        for row in self.rows(image).iterator(chunk_size=CHUNK):
            file: FieldFile = getattr(row, image.attname)
            yield file

    def originals(self, skip: Callable[[], None]) -> Iterator[FieldFile]:
        """The files of all fields, streamed; ``skip`` is called for each row that has none."""
        for image in self.fields:
            for file in self.files(image):
                if file:
                    yield file
                else:
                    skip()

    def wanted(self, file: Any) -> list[Rendition]:
        """The renditions of a file in the chosen set, or all that are registered for its field."""
        names = [key for _, key in get_key_set(self.set)] if self.set else ids_of(file.field)
        found: list[Rendition] = []
        for name in names if is_ours(file.field) or not self.set else ():
            try:
                items = [resolve(file, name)] if self.set else targets.files_of(name, file)
                found += [item.rendition for item in items if not isinstance(item, Original)]
            except Exception as error:  # noqa: BLE001 - generators raise what they like
                self.problems.append((str(file.name), str(error) or repr(error)))
        return found

    def declared(self, file: FieldFile) -> Iterator[Made]:
        """All renditions of a file that somebody has declared, of the chosen set or of any."""
        if self.set:
            yield from map(Made.of, self.wanted(file))
            return
        if is_ours(file.field):
            yield from declared(file)
        yield from declared_specs(file)


def label_of(image: Any) -> str:
    """How a field is called in reports."""
    return f"{image.model._meta.label}.{image.name}"


def chunks(files: Iterable[FieldFile]) -> Iterator[list[FieldFile]]:
    """Files in parts, each of which is looked up in one cache read."""
    found = iter(files)
    while chunk := list(islice(found, CHUNK)):
        yield chunk
