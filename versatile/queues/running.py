"""Running a job: the source is found, its keys become renditions, and they are made in one go."""

import logging
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.storage import InvalidStorageError, default_storage, storages
from django.db import InterfaceError, OperationalError
from django.db.models.fields.files import FieldFile

from versatile.exceptions import (
    InvalidSizeKey,
    JobError,
    NotRegistered,
    SourceNotFound,
    StorageError,
)
from versatile.fields import VersatileImageField
from versatile.files import VersatileImageFieldFile
from versatile.queues.job import Job, Key
from versatile.registry import generator_registry
from versatile.rendition_keys import resolve
from versatile.renditions import backends, existence, failures, generation
from versatile.renditions.outcomes import Outcome
from versatile.renditions.rendition import Rendition
from versatile.specs.cachefile import ImageCacheFile

logger = logging.getLogger(__name__)

RETRYABLE = (SourceNotFound, StorageError, OperationalError, InterfaceError)
"""What may be mended when the job is tried again."""


def run(job: Job, *, force: bool = False) -> list[Outcome]:
    """Make the renditions of a job that are missing, or all of them with ``force``.

    What cannot be made is logged once and dropped. Raises one of ``RETRYABLE`` where another
    attempt may help, after everything else was made.
    """
    try:
        file = find_source(job)
    except JobError as error:
        abandon(job, error)
        return []
    renditions = list(_renditions(job, file))
    outcomes = _make(renditions, force=force)
    again = next((item.error for item in outcomes if isinstance(item.error, RETRYABLE)), None)
    if again is not None:
        raise again
    for outcome in outcomes:
        if outcome.error is not None:
            backends.log(outcome.error)
    existence.unmark_queued(item.existence_key for item in renditions)
    return outcomes


def abandon(job: Job, error: Exception) -> None:
    """Log that a job is dropped."""
    logger.error("A job for %r is dropped: %s", job.source, error, exc_info=error)


def _make(renditions: list[Rendition], *, force: bool) -> list[Outcome]:
    for source in {item.source.name: item.source for item in renditions}.values():
        # Who tries again looks again, and does not trust what was remembered.
        if isinstance(failures.failure(source), SourceNotFound):
            failures.forget_failure(source)
    if force:
        return list(generation.make(renditions, force=True))
    return generation.generate(renditions)


def find_source(job: Job) -> FieldFile:
    """The source of a job as the file of a field; raises ``JobError``."""
    if job.model is None:
        return _plain_file(job)
    file = _file_of_row(job)
    name = file.source.name if isinstance(file, VersatileImageFieldFile) else file.name
    if name != job.source:
        raise JobError(f"{job.model} {job.pk!r} has {name!r} in place of {job.source!r} now")
    if job.ppoi is not None and isinstance(file, VersatileImageFieldFile):
        file.ppoi = job.ppoi
    return file


def _plain_file(job: Job) -> FieldFile:
    try:
        storage = storages[job.storage] if job.storage else default_storage
    except InvalidStorageError as error:
        raise JobError(f"there is no storage {job.storage!r} in STORAGES") from error
    field: Any = VersatileImageField(storage=storage)
    field.set_attributes_from_name("image")
    file = VersatileImageFieldFile(None, field, job.source)  # type: ignore[arg-type]
    if job.ppoi is not None:
        file.ppoi = job.ppoi
    return file


def _file_of_row(job: Job) -> FieldFile:
    """The file of a row; raises ``JobError``, or ``SourceNotFound`` for a row that wants it."""
    assert job.model is not None
    try:
        model: Any = apps.get_model(job.model)
        row = model._base_manager.using(job.using).get(pk=model._meta.pk.to_python(job.pk))
        file = getattr(row, job.field or "")
    except FileNotFoundError as error:  # a row without dimensions reads its file at once
        raise SourceNotFound(job.source, "the storage has no such file") from error
    except (LookupError, ValueError, ValidationError, AttributeError, ObjectDoesNotExist) as error:
        raise JobError(f"{job.model} {job.pk!r} has no {job.field}: {error}") from error
    if not isinstance(file, FieldFile):
        raise JobError(f"{job.field!r} of {job.model} holds no file")
    return file


def _renditions(job: Job, file: FieldFile) -> Iterator[Rendition]:
    """What the keys of a job lead to; each that leads nowhere is logged."""
    for key in job.keys:
        try:
            item = _resolve(file, key)
        except Exception as error:  # noqa: BLE001 - generators raise what they like
            abandon(job, JobError(f"the key {key!r} leads nowhere: {error}"))
            continue
        if isinstance(item, Rendition):
            yield item


def _resolve(file: Any, key: Key) -> Any:
    id, arguments = (key, {}) if isinstance(key, str) else key
    source = {"source": file} if file else {}
    try:
        generator = generator_registry.get(id, **source, **arguments)
    except NotRegistered as unknown:
        try:
            return resolve(file, id)
        except InvalidSizeKey:
            raise unknown from None
    return ImageCacheFile(generator).rendition
