"""Stores: on which storage renditions lie, and what an object store is told of a file."""

import copy
import posixpath
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InvalidStorageError, Storage, storages

from versatile.exceptions import ConfigurationError
from versatile.imaging import formats
from versatile.imaging.exceptions import UnknownExtension

CACHE_CONTROL: Mapping[str, str] = {
    "storages.backends.s3.S3Storage": "CacheControl",
    "storages.backends.gcloud.GoogleCloudStorage": "cache_control",
    "storages.backends.azure_storage.AzureStorage": "cache_control",
}
"""How the ``object_parameters`` of django-storages' classes, and of their children, call it."""


class Content(ContentFile):  # type: ignore[type-arg]
    """A finished file, which says of itself what an object store sends with it."""

    def __init__(self, content: bytes, name: str, cache_control: str | None = None) -> None:
        super().__init__(content, name)
        self.content_type = content_type(name)
        """The MIME type; None where the name does not say it."""
        self.cache_control = cache_control
        """The Cache-Control header, for storages of your own that look for it; or None."""


def content_type(name: str) -> str | None:
    """The MIME type of what lies under a name; None where it says no format that we know."""
    try:
        return formats.extension_to_mimetype(posixpath.splitext(name)[1])
    except UnknownExtension:
        return None


def store_at(alias: str) -> Storage:
    """The storage of an alias in ``STORAGES``; raises ``ConfigurationError``."""
    try:
        return storages[alias]
    except InvalidStorageError as error:
        raise ConfigurationError(
            f"RENDITIONS_STORAGE is {alias!r}, of which no storage can be made: {error} "
            "Correct the alias, or add it to STORAGES."
        ) from error


def store_of(storage: Storage, alias: str | None) -> Storage:
    """Where the renditions of a source on a storage lie: at the alias, or beside it."""
    return storage if alias is None else store_at(alias)


def uploader(storage: Storage, cache_control: str | None) -> Storage:
    """What uploads to a storage with a Cache-Control header, as far as it can be told.

    The storage itself is not changed: a copy has other parameters for its objects.
    """
    kind: Any = storage.__class__  # Django's lazy default storage tells the one behind it so
    word = _word_of(kind) if cache_control else None
    return storage if word is None else _with_parameter(storage, word, cache_control)


@lru_cache
def _word_of(kind: type[Storage]) -> str | None:
    """How a class of storages calls the header, if its objects have one."""
    names = (f"{base.__module__}.{base.__qualname__}" for base in kind.__mro__)
    return next((CACHE_CONTROL[name] for name in names if name in CACHE_CONTROL), None)


@lru_cache(maxsize=64)
def _with_parameter(storage: Any, word: str, value: str | None) -> Storage:
    """A copy with one more parameter, which keeps its connections for the next upload."""
    twin: Any = copy.copy(storage)
    twin.object_parameters = {**storage.object_parameters, word: value}
    found: Storage = twin
    return found
