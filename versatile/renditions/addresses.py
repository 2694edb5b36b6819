"""Addresses: the URL of a file and its existence key, as pure functions of storage and name.

A page asks for the same ones again and again, so that they are computed once and kept.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import md5
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import (
    DefaultStorage,
    FileSystemStorage,
    InvalidStorageError,
    Storage,
    storages,
)
from django.utils.encoding import filepath_to_uri
from django.utils.functional import empty

from versatile.conf import conf

logger = logging.getLogger(__name__)

LONGEST_KEY = 200
"""Characters from which on a key is shortened; memcached refuses 250."""

KEPT = 8192
"""How many addresses are kept: those of some hundred pages."""

_UNSAFE = re.compile(r"[\x00-\x20\x7f\s]")
_PLACE = ("bucket_name", "azure_container", "location")
"""Attributes by which storages without a base URL say where they keep their files."""
_PLAIN_URL = FileSystemStorage.url


def url_of(storage: Storage, name: str) -> str:
    """Where a browser finds a file: what ``storage.url`` says.

    Of a plain file system storage it is kept; any other is asked at each call, because what it
    says may be signed.
    """
    behind = _behind(storage)
    base = getattr(behind, "base_url", None)
    plain = getattr(type(behind), "url", None) is _PLAIN_URL and "url" not in vars(behind)
    return _joined(base, name) if plain and isinstance(base, str) else storage.url(name)


def key_of(storage: Storage, name: str, suffix: str = "") -> str:
    """The cache key of a file: its URL on a plain storage, and never a signed URL.

    ``CACHE_KEY_PREFIX`` stands before it.
    """
    base = getattr(_behind(storage), "base_url", None)
    if isinstance(base, str):
        return shorten(conf.CACHE_KEY_PREFIX + _joined(base, name) + suffix)
    place = "/".join(str(getattr(storage, item)) for item in _PLACE if hasattr(storage, item))
    kind = type(storage)
    path = filepath_to_uri(name).lstrip("/")
    address = f"{kind.__module__}.{kind.__qualname__}/{place}/{path}{suffix}"
    return shorten(conf.CACHE_KEY_PREFIX + address)


def home_of(storage: Storage) -> str:
    """What is equal for two storages that keep their files in one place."""
    return key_of(storage, "")


def alias_of(storage: Storage) -> str | None:
    """The alias in ``STORAGES`` of a storage, if it has one."""
    return next((alias for alias, item in storages_by_alias() if item == storage), None)


def storages_by_alias() -> Iterator[tuple[str, Storage]]:
    """The storages in ``STORAGES`` that can be made, the default one first."""
    for alias in sorted(settings.STORAGES, key=lambda name: name != "default"):
        try:
            storage = storages[alias]
        except Exception as error:  # noqa: BLE001 - storages raise what they like
            logger.debug("The storage %r cannot be made, so nothing lies on it: %r", alias, error)
        else:
            yield alias, storage


finders: list[Callable[[], Iterable[Storage]]] = []
"""What tells of storages that files may lie on and no alias may lead to."""


def word_of(storage: Storage) -> str:
    """What records call a storage: its alias, or else where it keeps its files."""
    return alias_of(storage) or home_of(storage)


def storage_called(word: str) -> Storage | None:
    """The storage that records call so, if the site still has it."""
    with suppress(InvalidStorageError):
        return storages[word]
    known = (storage for find in finders for storage in find())
    return next((storage for storage in known if home_of(storage) == word), None)


@lru_cache(maxsize=KEPT)
def shorten(key: str) -> str:
    """A key that every cache takes: no spaces, and a digest for its end if it is long."""
    clean = _UNSAFE.sub("", key)
    if len(clean) < LONGEST_KEY:
        return clean
    digest = md5(key.encode(), usedforsecurity=False).hexdigest()
    return f"{clean[: LONGEST_KEY - len(digest) - 1]}:{digest}"


def _behind(storage: Any) -> Storage:
    """The storage behind Django's lazy default one, where each attribute costs a detour."""
    found: Any = storage._wrapped if type(storage) is DefaultStorage else storage
    return storage if found is empty else found  # type: ignore[no-any-return]


@lru_cache(maxsize=KEPT)
def _joined(base: str, name: str) -> str:
    return urljoin(base, filepath_to_uri(name).lstrip("/"))
