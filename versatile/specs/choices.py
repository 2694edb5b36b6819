"""What a spec leaves open: the storage, by whom the file is made, and when."""

import logging
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, default_storage, storages

from versatile.conf import conf
from versatile.registry import generator_registry
from versatile.renditions import addresses, strategies
from versatile.renditions.imports import imported

logger = logging.getLogger(__name__)


def choose_storage(given: Any = None) -> Storage:
    """The storage that is given, or that a setting names: an alias, or a dotted path.

    Raises ``ConfigurationError``.
    """
    if given is not None and not isinstance(given, str):
        storage: Storage = given
        return storage
    name = given or conf.SPEC_STORAGE or conf.RENDITIONS_STORAGE
    if not name or name == "default":
        return default_storage
    if name in settings.STORAGES:
        return storages[name]
    made: Storage = made_once(name, "storage")
    return made


def storages_of_specs() -> Iterator[Storage]:
    """The storages that the setting and registered specs name for the files of specs."""
    yield choose_storage()
    found = (_storage_of(id) for id in generator_registry.get_ids())
    yield from (storage for storage in found if storage is not None)


def _storage_of(id: str) -> Storage | None:
    """The storage that a generator names, if it says so without a source and arguments."""
    try:
        given = getattr(generator_registry.get(id, source=None), "cachefile_storage", None)
        return choose_storage(given() if callable(given) else given)
    except Exception as error:  # noqa: BLE001 - generators raise what they like
        logger.debug("Nobody knows on which storage the files of %r lie: %r", id, error)
        return None


addresses.finders.append(storages_of_specs)  # files know nothing of specs


def choose_backend(given: Any) -> Any:
    """The backend that is given, or that the setting names by its dotted path.

    Raises ``ConfigurationError``.
    """
    found = given or conf.BACKEND
    if isinstance(found, str):
        return made_once(found, "backend")
    return _instance(found) if isinstance(found, type) else found


def choose_strategy(given: Any) -> Any:
    """The strategy that is given, or that the setting names.

    Raises ``ConfigurationError``.
    """
    found = given or conf.STRATEGY
    return _strategy_at(found) if isinstance(found, str) else strategies.load_strategy(found)


@lru_cache
def _strategy_at(path: str) -> Any:
    """The one strategy of a dotted path, which every page asks for."""
    return strategies.load_strategy(path)


def made_once(path: str, what: str) -> Any:
    """The one instance of the class at a dotted path; raises ``ConfigurationError``."""
    return _instance(imported(path, what))


@lru_cache
def _instance(cls: Callable[[], Any]) -> Any:
    return cls()
