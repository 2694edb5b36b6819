"""Cleanup: what was made of a file goes when its row is deleted, replaced or given another point.

Two steps. While a row changes it is noted which file it lets go of; when the transaction is
committed, the rows that are left say what is still in use, and everything else is deleted by
its exact name. Only models with an image field are listened to.
"""

import copy
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model
from django.db.models.signals import (
    post_delete,
    post_save,
    pre_delete,
    pre_save,
)

from versatile.files import predecessors, usage
from versatile.files.fieldfile import VersatileImageFieldFile
from versatile.files.recognition import declared_of_all, names_at, recogniser_of
from versatile.imaging.geometry import Point
from versatile.renditions import causes, deletion, failures, manifest
from versatile.renditions.addresses import key_of
from versatile.renditions.commits import Commits
from versatile.renditions.manifest import Made
from versatile.renditions.versions import is_outdated

logger = logging.getLogger(__name__)

_BEFORE = "_versatile_before"
"""The attribute of an instance that holds, during a save, what the database has of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Loss:
    """A file that a row lets go of, or whose point it moves."""

    file: VersatileImageFieldFile
    """As it was, with its point, on a copy of the instance."""
    cause: str
    began: str
    """Which of the files that had this name it is, where that is recorded."""
    renewed: bool = False
    """Whether the row has another file of the same name."""

    @property
    def address(self) -> str:
        """What is equal where two fields mean one file."""
        return key_of(self.file.storage, self.file.name or "")


def fields_of(model: type[Model]) -> list[Any]:
    """The image fields of a model, those of its parents among them."""
    return [field for field in model._meta.concrete_fields if usage.is_ours(field)]


def watch(sender: type[Model], **kwargs: Any) -> None:
    """Listen to a model that has image fields, unless it is one of a migration."""
    if sender.__module__ == "__fake__" or not fields_of(sender):
        return
    uid = f"versatile-cleanup:{sender._meta.label}"
    pre_save.connect(_look_before_saving, sender=sender, dispatch_uid=uid)
    post_save.connect(_note_saved, sender=sender, dispatch_uid=uid)
    pre_delete.connect(_look_before_deleting, sender=sender, dispatch_uid=uid)
    post_delete.connect(_note_deleted, sender=sender, dispatch_uid=uid)


def _look_before_saving(
    sender: type[Model],
    instance: Model,
    using: str,
    raw: bool = False,
    update_fields: Any = None,
    **kwargs: Any,
) -> None:
    """Read what the database has, where the row is known to be there and may change."""
    fields = [] if raw else [item for item in _cleaned(sender) if _may_change(instance, item)]
    if update_fields is not None:
        fields = [item for item in fields if not update_fields.isdisjoint(usage.columns_of(item))]
    _look(sender, instance, using, fields)


def _look_before_deleting(sender: type[Model], instance: Model, using: str, **kwargs: Any) -> None:
    """Read what the database has, where the instance does not say it or something else."""
    fields = [item for item in _cleaned(sender) if _may_differ(instance, item)]
    _look(sender, instance, using, fields)


def _look(sender: type[Model], instance: Model, using: str, fields: list[Any]) -> None:
    """Keep what the database has of some fields with the instance, until it is noted what goes."""
    instance.__dict__.pop(_BEFORE, None)
    if fields and instance.pk is not None:
        names = {name for field in fields for name in usage.columns_of(field)}
        rows = sender._base_manager.using(using).filter(pk=instance.pk)
        instance.__dict__[_BEFORE] = rows.values(*names).first() or dict.fromkeys(names)


def _cleaned(model: type[Model]) -> Iterator[Any]:
    return (field for field in fields_of(model) if field.policy.cleanup is not None)


def _may_change(instance: Model, field: Any) -> bool:
    """Whether a save may change the file or its point: somebody has touched one of them."""
    state, value = instance._state, instance.__dict__.get(field.attname)
    if state.adding:  # the row is new, unless it was given the key of another
        return not all(
            item.has_default() or item.has_db_default() for item in _key_fields(instance)
        )
    return getattr(state, "versatile_assigned", False) or not isinstance(value, str | None)


def _may_differ(instance: Model, field: Any) -> bool:
    """Whether an instance may say something else of a file than its row, or says nothing."""
    state, known = instance._state, instance.__dict__
    assigned = state.adding or getattr(state, "versatile_assigned", False)
    return assigned or not known.keys() >= usage.columns_of(field)


def _key_fields(instance: Model) -> Sequence[Any]:
    found: Sequence[Any] = getattr(instance._meta, "pk_fields", (instance._meta.pk,))
    return found


def _note_saved(
    sender: type[Model], instance: Model, using: str, update_fields: Any = None, **kwargs: Any
) -> None:
    """Note which of its files a row has let go of, and of which it has moved the point."""
    before = instance.__dict__.pop(_BEFORE, None)
    if update_fields is None:  # else what was assigned may still wait to be saved
        instance._state.versatile_assigned = False  # type: ignore[attr-defined]
    for field in _cleaned(sender) if before else ():
        if before.get(field.attname):
            _compare(instance, field, before, using, update_fields)
    predecessors.settle(instance, update_fields)


def _compare(
    instance: Model, field: Any, before: dict[str, Any], using: str, update_fields: Any
) -> None:
    was = before[field.attname]
    columns = usage.columns_of(field)
    saved = columns if update_fields is None else columns.intersection(update_fields)
    now: Any = getattr(instance, field.attname).name if field.attname in saved else was
    if now != was:
        _note(_as_it_was(instance, field, before), causes.REPLACED, using)
    elif field.attname in saved and predecessors.may_be_left(instance, field):
        _note(_as_it_was(instance, field, before), causes.REPLACED, using, renewed=True)
    elif any(getattr(instance, name) != before[name] for name in saved - {field.attname}):
        _note(_as_it_was(instance, field, before), causes.MOVED, using)


def _note_deleted(sender: type[Model], instance: Model, using: str, **kwargs: Any) -> None:
    """Note the files of a row that was deleted."""
    known = instance.__dict__ | instance.__dict__.pop(_BEFORE, {})
    for field in _cleaned(sender):
        values = {name: known.get(name) for name in usage.columns_of(field)}
        values[field.attname] = str(values[field.attname] or "")
        if values[field.attname]:
            _note(_as_it_was(instance, field, values), causes.DELETED, using)


def _as_it_was(instance: Model, field: Any, values: dict[str, Any]) -> VersatileImageFieldFile:
    """The file with these values, on a copy of its instance that nobody else changes."""
    twin = copy.copy(instance)
    twin.__dict__.update(values)  # an assignment would open the file to measure it
    file: VersatileImageFieldFile = getattr(twin, field.attname)
    file.create_on_demand = False
    return file


def _note(file: VersatileImageFieldFile, cause: str, using: str, *, renewed: bool = False) -> None:
    _losses.add(Loss(file, cause, manifest.read(file.source).began, renewed), using)


def clean(using: str, losses: Sequence[Loss]) -> None:
    """Delete what no row of the database needs any more, after some of them have changed.

    Nothing is raised: what cannot be deleted now is logged, and ``renditions prune`` finds it.
    """
    by_address: dict[str, list[Loss]] = {}
    for loss in losses:
        by_address.setdefault(loss.address, []).append(loss)
    points = usage.points_in_use(using, [loss.file for loss in losses])
    lister = deletion.keep_listings()  # rows that go together often lie together
    for address, group in by_address.items():
        for loss in group if points is not None else ():
            try:
                _clean_one(loss, (points or {}).get(address, set()), lister)
            except Exception:
                logger.exception("Renditions of %r may be left", loss.file.name)


_losses = Commits(clean)


def _clean_one(loss: Loss, points: set[Point], lister: deletion.Lister) -> None:
    file, source = loss.file, loss.file.source
    recorded = manifest.read(source)
    if recorded.began != loss.began:
        return  # another file has the name by now, and everything was deleted when it came
    if loss.renewed:
        recorded = replace(recorded, complete=False)
    found = deletion.find_made(
        source, recogniser_of(file), lambda: declared_of_all(file), lister=lister, recorded=recorded
    )
    if loss.renewed and points:
        found = [item for item in found if is_outdated(source, item.storage(source), item.name)]
    elif points:
        found = _outdated(file, found, points)
    deletion.delete(source, found, cause=loss.cause)
    if points:
        return
    failures.forget_failure(source)
    manifest.end(source)
    if file.field.policy.cleanup == "all":  # type: ignore[attr-defined]
        file.storage.delete(source.name)
        logger.info("Deleted the original %s (%s)", source.name, loss.cause)


def _outdated(file: VersatileImageFieldFile, found: list[Made], points: set[Point]) -> list[Made]:
    """What the file had at its old point, and has at none of the points in use."""
    keys = {item.key for item in found if item.key and not item.of_spec}
    old = names_at(file, [file.ppoi], keys)
    outdated = old - names_at(file, points, keys)
    return [item for item in found if item.name in outdated]
