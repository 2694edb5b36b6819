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

PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "storages.backends.s3.S3Storage": {"cache_control": "CacheControl"},
    "storages.backends.azure_storage.AzureStorage": {"cache_control": "cache_control"},
    "storages.backends.gcloud.GoogleCloudStorage": {
        "cache_control": "cache_control",
        "content_type": "content_type",
    },
}
"""What the ``object_parameters`` of django-storages' classes, and of their children, call what
a file says of itself and they do not read there."""


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


def uploader(storage: Storage, content: Content) -> Storage:
    """What uploads a file to a storage with all that the file says of itself.

    The storage itself is not changed: a copy has other parameters for its objects.
    """
    kind: Any = storage.__class__  # Django's lazy default storage tells the one behind it so
    said = {word: getattr(content, name) for name, word in _words_of(kind).items()}
    parameters = tuple((word, value) for word, value in said.items() if value)
    return _with_parameters(storage, parameters) if parameters else storage


@lru_cache
def _words_of(kind: type[Storage]) -> Mapping[str, str]:
    """What the objects of a class of storages have to be told, by the attributes of a file."""
    names = (f"{base.__module__}.{base.__qualname__}" for base in kind.__mro__)
    return next((PARAMETERS[name] for name in names if name in PARAMETERS), {})


@lru_cache(maxsize=64)
def _with_parameters(storage: Any, parameters: tuple[tuple[str, str], ...]) -> Storage:
    """A copy with more parameters, which keeps its connections for the next upload."""
    twin: Any = copy.copy(storage)
    twin.object_parameters = {**storage.object_parameters, **dict(parameters)}
    found: Storage = twin
    return found
