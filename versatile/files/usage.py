"""Usage: which files the rows of a database need, whatever model they belong to."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connections, router, transaction
from django.db.models import FileField, Model
from django.db.models.fields.files import FieldFile

from versatile.files.fieldfile import VersatileImageFieldFile
from versatile.imaging.geometry import CENTRE, Point
from versatile.renditions.addresses import home_of, key_of

logger = logging.getLogger(__name__)

CHUNK = 500
"""How many names one query asks for."""


def is_ours(field: Any) -> bool:
    """Whether a field is a ``VersatileImageField``, for those who may not import it."""
    return issubclass(getattr(field, "attr_class", object), VersatileImageFieldFile)


def columns_of(field: Any) -> set[str]:
    """The fields that say which file a row has, and what its renditions are called."""
    companions = (getattr(field, name, None) for name in ("ppoi_field", "version_field"))
    return {field.attname, *filter(None, companions)}


def points_in_use(using: str, files: Sequence[FieldFile]) -> dict[str, set[Point]] | None:
    """By address, the points that rows keep of those of some files that a row has.

    All models of the database are asked, and all kinds of file fields: a file that two rows
    share is in use until both are gone. None where a query fails, and nobody can tell.
    """
    names = sorted({file.name for file in files if file.name})
    found: dict[str, set[Point]] = {}
    for field in fields_beside(using, files):
        try:
            for name, point in _rows(using, field, names):
                found.setdefault(key_of(field.storage, name), set()).add(point)
        except DatabaseError:
            logger.exception("Nothing is deleted, for %s may still use some of it", field)
            return None
    return found


def fields_beside(using: str, files: Iterable[FieldFile]) -> list[Any]:
    """All file fields of a database whose files lie on the storages of some files."""
    found = list(files)
    places = {home_of(file.storage) for file in found}
    own = {_own_model(file.field) for file in found}
    return [item for item in file_fields(using, own) if home_of(item.storage) in places]


def file_fields(using: str, more: Iterable[type[Model]] = ()) -> list[Any]:
    """All file fields of a database, each with the model whose table holds it."""
    found = fields_of({*apps.get_models(), *more})
    return [field for field in found if is_in(using, field.model)]


def fields_everywhere() -> Iterator[tuple[str, Any]]:
    """All file fields that any database has rows of, with the alias of the database.

    Routers are not asked: what they allow to be migrated is not all that there is.
    """
    for using in connections:
        for field in fields_of(apps.get_models()):
            if has_table(using, field.model):
                yield using, field


def is_in(using: str, model: type[Model]) -> bool:
    """Whether a database has a model: its router says so, and where nobody migrates it, a look."""
    allowed: bool = router.allow_migrate_model(using, model)
    return allowed and (model._meta.managed or has_table(using, model))


def has_table(using: str, model: type[Model]) -> bool:
    """Whether a database has the table of a model; raises what a database raises that fails."""
    try:
        with transaction.atomic(using):
            model._base_manager.using(using).exists()
    except DatabaseError:
        if model._meta.db_table in connections[using].introspection.table_names():
            raise
        return False
    return True


def fields_of(models: Iterable[type[Model]]) -> Iterator[Any]:
    """The file fields of some models, each with the model that has its column."""
    for model in sorted(models, key=lambda model: model._meta.label):
        for field in () if model._meta.proxy else model._meta.local_concrete_fields:
            if isinstance(field, FileField):
                yield field


def _own_model(field: Any) -> type[Model]:
    model: type[Model] = field.model
    return model


def _rows(using: str, field: Any, names: Sequence[str]) -> Iterator[tuple[str, Point]]:
    """The names among some that rows of a field have, each with a point that is kept of it."""
    ppoi_field = getattr(field, "ppoi_field", None)
    rows = field.model._base_manager.using(using)
    for chunk in _batched(names):
        asked = rows.filter(**{f"{field.attname}__in": chunk})
        if ppoi_field:
            yield from asked.values_list(field.attname, ppoi_field).distinct()
        else:
            yield from ((name, CENTRE) for name in asked.values_list(field.attname, flat=True))


def _batched(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + CHUNK] for start in range(0, len(names), CHUNK))
