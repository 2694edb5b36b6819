"""What a spec leaves open: the storage, and by whom the file is made."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, default_storage, storages
from django.utils.module_loading import import_string

from versatile.conf import conf, translate
from versatile.exceptions import ConfigurationError


def choose_storage(given: Any) -> Storage:
    """The storage that is given, or that the setting names: an alias, or a dotted path.

    Raises ``ConfigurationError``.
    """
    if given is not None and not isinstance(given, str):
        storage: Storage = given
        return storage
    name = given or conf.SPEC_STORAGE
    if not name or name == "default":
        return default_storage
    return storages[name] if name in settings.STORAGES else _made_once(translate(name))


@lru_cache
def _made_once(path: str) -> Storage:
    made: Storage = _imported(path, "storage")()
    return made


def choose_backend(given: Any) -> Any:
    """The backend that is given, or that the setting names by its dotted path.

    Raises ``ConfigurationError``.
    """
    found = given or conf.BACKEND
    if isinstance(found, str):
        found = _imported(translate(found), "backend")
    return _instance(found) if isinstance(found, type) else found


@lru_cache
def _instance(cls: type[Any]) -> Any:
    return cls()


def _imported(path: str, what: str) -> Any:
    try:
        return import_string(path)
    except ImportError as error:
        raise ConfigurationError(
            f"The {what} {path!r} cannot be imported; name a class by its dotted path"
        ) from error
