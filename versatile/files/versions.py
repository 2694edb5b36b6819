"""The version of a model's original: a digest of its bytes, in a column beside it."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Model
from django.db.models.signals import class_prepared, post_save

from versatile.renditions import versions

if TYPE_CHECKING:
    from versatile.files.fieldfile import VersatileImageFieldFile

logger = logging.getLogger(__name__)


class VersionField(models.CharField):  # type: ignore[type-arg]
    """The version of an image: the first 16 hexadecimal digits of the SHA-256 of its bytes.

    It is taken when a file is uploaded, and read from the storage where a row is saved that got
    another file in any other way. Empty where there is no file, or where it cannot be read.
    """

    description = "Version of an image"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", versions.DIGITS)
        kwargs.setdefault("default", "")
        kwargs["blank"] = True
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Called by the name that a model says."""
        name, _, args, kwargs = super().deconstruct()
        del kwargs["blank"], kwargs["editable"]
        return name, "versatile.fields.VersionField", args, kwargs

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        """The version of the file, which is saved first if it was only assigned until now."""
        for image in _images(type(model_instance), self.name):
            if image.attname in model_instance.__dict__:
                file = image.pre_save(model_instance, add)
                if file and not getattr(model_instance, self.attname):
                    setattr(model_instance, self.attname, _read(file))
        return super().pre_save(model_instance, add)


def owner_of(value: Any, *, besides: Model) -> Any:
    """The other instance that a file was taken from, as ``refresh_from_db`` does; or None."""
    owner = getattr(value, "instance", None)
    return None if owner is besides else owner


def follow(instance: Model, name: str, before: Any, value: Any) -> None:
    """Another file was assigned to an image: its version is known by its row, or not yet.

    ``name`` is that of the version field.
    """
    owner = owner_of(value, besides=instance)
    if owner == instance and name not in owner.__dict__:
        instance.__dict__.pop(name, None)  # what the row has is read when it is asked for
    elif owner is not None:
        instance.__dict__[name] = owner.__dict__.get(name, "")
    elif not value or str(value) != str(before or ""):
        instance.__dict__[name] = ""


def _images(model: type[Model], name: str | None = None) -> Iterator[Any]:
    """The image fields of a model that have a version field, or the one of this name."""
    for field in model._meta.concrete_fields:
        companion = getattr(field, "version_field", None)
        if companion is not None and name in (None, companion):
            yield field


def _read(file: "VersatileImageFieldFile") -> str:
    """The version of a file that lies on its storage."""
    try:
        with file.storage.open(file.source.name, "rb") as stored:
            return versions.digest(stored)
    except Exception as error:  # noqa: BLE001 - storages raise what they like, and the row is saved
        logger.warning("%r has no version, for it cannot be read: %r", file.name, error)
        return ""


def _watch(sender: type[Model], **kwargs: Any) -> None:
    """Listen to a model that has version fields, unless it is one of a migration."""
    if sender.__module__ != "__fake__" and any(_images(sender)):
        uid = f"versatile-version:{sender._meta.label}"
        post_save.connect(_complete, sender=sender, dispatch_uid=uid)


class_prepared.connect(_watch)


def _complete(
    sender: type[Model],
    instance: Model,
    using: str,
    update_fields: Any = None,
    raw: bool = False,
    **kwargs: Any,
) -> None:
    """Save the version too where ``update_fields`` names its image alone."""
    if update_fields is None or raw:
        return
    values = {}
    for image in _images(sender):
        version = sender._meta.get_field(image.version_field)
        if image.name in update_fields and version.name not in update_fields:
            values[version.name] = version.pre_save(instance, False)  # type: ignore[union-attr]
    if values:
        sender._base_manager.using(using).filter(pk=instance.pk).update(**values)
