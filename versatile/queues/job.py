"""A job: one source and the keys to make of it, as plain JSON."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile

from versatile.exceptions import ConfigurationError, MissingGeneratorId
from versatile.registry import generator_registry
from versatile.renditions.addresses import alias_of
from versatile.renditions.backends import HasRendition
from versatile.specs.cachefile import ImageCacheFile

Key = str | tuple[str, Mapping[str, Any]]
"""A rendition key, the id of a spec, or the id of a generator with its arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One source and the keys to make of it.

    The source is a name on a storage. Where it belongs to a row, ``model``, ``pk``, ``using``
    and ``field`` say to which; else the alias in ``STORAGES`` says where it lies.
    """

    model: str | None = None
    pk: int | str | None = None
    using: str | None = None
    field: str | None = None
    storage: str | None = None
    source: str
    ppoi: tuple[float, float] | None = None
    keys: tuple[Key, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The job as what JSON can hold."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        values["ppoi"] = list(self.ppoi) if self.ppoi else None
        values["keys"] = [key if isinstance(key, str) else list(key) for key in self.keys]
        return values

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Job":
        """The job that was written as JSON; raises ``ConfigurationError`` for anything else."""
        try:
            values = {item.name: data[item.name] for item in fields(cls)}
            values["ppoi"] = tuple(values["ppoi"]) if values["ppoi"] else None
            keys = values["keys"]
            values["keys"] = tuple(key if isinstance(key, str) else _pair(*key) for key in keys)
        except (TypeError, KeyError) as error:
            names = ", ".join(item.name for item in fields(cls))
            raise ConfigurationError(f"{data!r} is no job; a job has {names}") from error
        return cls(**values)

    @classmethod
    def for_files(cls, files: Iterable[HasRendition], owner: Any = None) -> "list[Job]":
        """One job for each source of some renditions and cache files.

        ``owner`` is the field's file that the renditions were made from, where it is known.
        Raises ``ConfigurationError`` for what no other process could find.
        """
        jobs: list[Job] = []
        for file in files:
            address = _address_of(owner if owner is not None else _source_of(file))
            key = key_of(file)
            at = next((at for at, job in enumerate(jobs) if _meet(job, address)), None)
            if at is None:
                jobs.append(replace(address, keys=(key,)))
            else:
                owned = jobs[at] if jobs[at].model else address
                known = tuple(item for item in jobs[at].keys if item != key)
                jobs[at] = replace(owned, keys=(*known, key))
        for job in jobs:
            _check(job)
        return jobs


def key_of(file: HasRendition) -> Key:
    """The key of a rendition or a cache file.

    Raises ``MissingGeneratorId`` and ``ConfigurationError`` where a key cannot say it.
    """
    if not isinstance(file, ImageCacheFile):
        return file.rendition.key
    address = generator_registry.address_of(file.generator)
    if address is None:
        raise MissingGeneratorId(
            f"{file!r} cannot be queued, for its generator has no id; register it in a module "
            "imagegenerators of an app"
        )
    usual = ImageCacheFile(file.generator)
    if (usual.name, usual.storage) != (file.name, file.storage):
        raise ConfigurationError(
            f"{file!r} cannot be queued, for it was given a name or a storage of its own; let "
            "its generator choose them"
        )
    try:
        arguments = json.loads(json.dumps(address.arguments))
    except (TypeError, ValueError) as error:
        raise ConfigurationError(
            f"The arguments {address.arguments!r} of {address.id!r} cannot be queued: {error}"
        ) from error
    return _pair(address.id, arguments) if arguments else address.id


def _pair(id: str, arguments: Mapping[str, Any]) -> Key:
    return id, dict(arguments)


def _source_of(file: HasRendition) -> Any:
    """A field's file or any other, where it is known, or the engine's source."""
    if isinstance(file, ImageCacheFile):
        return getattr(file.generator, "source", None) or file.rendition.source
    return file.rendition.source


def _address_of(source: Any) -> Job:
    """A job without keys."""
    storage = getattr(source, "storage", None) or default_storage
    ppoi = getattr(source, "ppoi", None)
    return Job(
        **_row_of(source),
        storage=alias_of(storage),
        source=str(getattr(source, "source", source).name or ""),
        ppoi=tuple(ppoi) if ppoi else None,
    )


def _row_of(source: Any) -> dict[str, Any]:
    instance = source.instance if isinstance(source, FieldFile) else None
    if instance is None or instance.pk is None:
        return {}
    meta = instance._meta
    pk = instance.pk
    return {
        "model": meta.label,
        "pk": pk if type(pk) in {int, str} else meta.pk.value_to_string(instance),
        "using": instance._state.db,
        "field": source.field.name,
    }


def _meet(job: Job, address: Job) -> bool:
    """Whether two jobs have one source. One of them may not know its row."""
    if (job.storage, job.source) != (address.storage, address.source):
        return False
    if job.ppoi != address.ppoi and job.ppoi and address.ppoi:
        return False
    rows = {(item.model, item.pk, item.using, item.field) for item in (job, address) if item.model}
    return len(rows) < 2


def _check(job: Job) -> None:
    if job.model is None and job.storage is None:
        raise ConfigurationError(
            f"{job.source!r} cannot be queued, for its storage has no alias; add it to STORAGES"
        )
