"""The registries of generators, of the sources they are made for, and of their files."""

import threading
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from inspect import signature
from typing import Any, NamedTuple, Protocol, TypeVar

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule

from versatile.exceptions import AlreadyRegistered, NotRegistered
from versatile.imaging.identity import canonical_json

MODULE = "imagegenerators"
"""The module that is imported from each installed app at the first look-up."""

Made = TypeVar("Made", bound=Callable[..., Any])


CALL = "_versatile_call"
"""The attribute of a generator that holds how it was looked up: what its address is read from."""


class Address(NamedTuple):
    """By which id, and with which arguments beside the source, a generator was looked up."""

    id: str
    arguments: dict[str, Any]


def _named(
    generator: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """The arguments by their names, without the source."""
    given = signature(generator).bind(*args, **kwargs).arguments if args else kwargs
    return {name: value for name, value in given.items() if name != "source"}


class GeneratorRegistry:
    """Generators by their ids: classes, or functions that give one for some arguments."""

    def __init__(self) -> None:
        self._generators: dict[str, Callable[..., Any]] = {}
        self._discovered = False

    def register(self, id: str, generator: Callable[..., Any]) -> None:
        """Put a generator under an id; again under the same id is no change.

        Raises ``AlreadyRegistered``, and ``UnknownIdentity`` for processors without identity.
        """
        known = self._generators.get(id)
        if known is not None and known is not generator:
            raise AlreadyRegistered(f"A generator {id!r} is registered already; unregister it")
        check_identity(generator)
        self._generators[id] = generator

    def register_default(self, id: str, generator: Callable[..., Any]) -> None:
        """Put a generator under an id, unless the id is taken; raises ``UnknownIdentity``."""
        if id not in self._generators:
            self.register(id, generator)

    def unregister(self, id: str) -> None:
        """Take a generator away; raises ``NotRegistered``."""
        self.discover()
        if self._generators.pop(id, None) is None:
            raise NotRegistered(f"No generator {id!r} is registered")

    def get(self, id: str, *args: Any, **kwargs: Any) -> Any:
        """The generator of an id for its arguments; raises ``NotRegistered``."""
        if not self._discovered:
            self.discover()
        generator = self._generators.get(id)
        if generator is None:
            raise NotRegistered(
                f"No generator {id!r} is registered; register it in a module {MODULE} of an app"
            )
        made = generator(*args, **kwargs)
        try:  # noqa: SIM105 - each read of a spec comes by here, and suppress costs as much again
            setattr(made, CALL, (id, args, kwargs))
        except (AttributeError, TypeError):  # what takes no attributes has no address
            pass
        return made

    def get_ids(self) -> list[str]:
        """All ids, in the order of registration."""
        self.discover()
        return list(self._generators)

    def __contains__(self, id: str) -> bool:
        self.discover()
        return id in self._generators

    def address_of(self, generator: object) -> Address | None:
        """The address at which another process finds this generator, if it is registered."""
        call = getattr(generator, CALL, None)
        if call is not None and call[0] in self._generators:
            id, args, kwargs = call
            return Address(id, _named(self._generators[id], args, kwargs))
        id = self.id_of(generator)
        return Address(id, {}) if id else None

    def id_of(self, generator: object) -> str:
        """The id of a generator's class, or nothing where it is not registered."""
        if not self._discovered:
            self.discover()
        own = getattr(generator, "spec_id", None)
        if own in self._generators:
            return str(own)
        matching = (id for id, cls in self._generators.items() if cls is type(generator))
        return next(matching, "")

    def discover(self) -> None:
        """Import the module ``imagegenerators`` of each installed app, once.

        If one fails to import, what it had registered is gone, the error goes on, and the next
        look-up tries again. Threads that come meanwhile wait at the import.
        """
        if self._discovered or getattr(_importing, "now", False):
            return
        _importing.now = True
        try:
            for app in apps.get_app_configs():
                self._import(app)
        finally:
            _importing.now = False
        self._discovered = True

    def _import(self, app: AppConfig) -> None:
        if app.module is None or not module_has_submodule(app.module, MODULE):
            return
        before = dict(self._generators)
        try:
            import_module(f"{app.name}.{MODULE}")
        except BaseException:
            self._generators = before
            raise


_importing = threading.local()
"""Whether this thread is importing: what is imported may look ids up."""


def check_identity(generator: Any) -> None:
    """Raise ``UnknownIdentity`` where the name of a spec's file could not be computed.

    A property is known for instances alone, and is not looked at.
    """
    keywords = getattr(generator, "keywords", {})  # of a partial class
    given = {**keywords, **keywords.get("attributes", {})}
    for name in ("processors", "options"):
        value = given.get(name, getattr(generator, name, None))
        if isinstance(value, list | tuple | dict):
            canonical_json(value)


class SourceGroup(Protocol):
    """Where the sources of a generator come from: any object with ``files()``."""

    def files(self) -> Iterable[Any]:
        """The files."""


class SourceGroupRegistry:
    """The source groups of each generator."""

    def __init__(self) -> None:
        self._groups: list[tuple[str, SourceGroup]] = []

    def register(self, generator_id: str, source_group: SourceGroup) -> None:
        """Make a generator for all sources of a group; twice is no change."""
        if (generator_id, source_group) not in self._groups:
            self._groups.append((generator_id, source_group))

    def unregister(self, generator_id: str, source_group: SourceGroup) -> None:
        """Take a group from a generator; raises ``NotRegistered``."""
        try:
            self._groups.remove((generator_id, source_group))
        except ValueError:
            raise NotRegistered(
                f"{source_group!r} is no source group of {generator_id!r}"
            ) from None

    def get(self, generator_id: str) -> list[SourceGroup]:
        """The groups of a generator."""
        generator_registry.discover()
        return [group for id, group in self._groups if id == generator_id]

    def get_ids(self) -> list[str]:
        """All ids that have a group, in the order of registration."""
        generator_registry.discover()
        return list(dict.fromkeys(id for id, _ in self._groups))

    def ids_of(self, source_group: object) -> list[str]:
        """The generators that a group has sources for."""
        generator_registry.discover()
        return [id for id, group in self._groups if group == source_group]


class CacheFileRegistry:
    """Functions that give the cache files of each generator."""

    def __init__(self) -> None:
        self._callables: list[tuple[str, Callable[[], Iterable[Any]]]] = []

    def register(self, generator_id: str, cachefiles: Callable[[], Iterable[Any]]) -> None:
        """Add a function that gives cache files of a generator; twice is no change."""
        if (generator_id, cachefiles) not in self._callables:
            self._callables.append((generator_id, cachefiles))

    def unregister(self, generator_id: str, cachefiles: Callable[[], Iterable[Any]]) -> None:
        """Take a function away; raises ``NotRegistered``."""
        try:
            self._callables.remove((generator_id, cachefiles))
        except ValueError:
            raise NotRegistered(f"{cachefiles!r} gives no files of {generator_id!r}") from None

    def get(self, generator_id: str) -> Iterator[Any]:
        """The cache files of a generator."""
        generator_registry.discover()
        for id, cachefiles in self._callables:
            if id == generator_id:
                yield from cachefiles()


generator_registry = GeneratorRegistry()
source_group_registry = SourceGroupRegistry()
cachefile_registry = CacheFileRegistry()


class Register:
    """``register.generator``, ``register.source_group`` and ``register.cachefiles``."""

    def generator(self, id: str, generator: Any = None) -> Any:
        """Put a generator under an id; without one, a decorator of a class."""
        if generator is not None:
            generator_registry.register(id, generator)
            return generator

        def decorate(cls: Made) -> Made:
            generator_registry.register(id, cls)
            return cls

        return decorate

    def source_group(self, generator_id: str, source_group: SourceGroup) -> None:
        """Make a generator for all sources of a group."""
        source_group_registry.register(generator_id, source_group)

    def cachefiles(self, generator_id: str, cachefiles: Callable[[], Iterable[Any]]) -> None:
        """Add a function that gives cache files of a generator."""
        cachefile_registry.register(generator_id, cachefiles)


class Unregister:
    """The twins of ``Register``."""

    def generator(self, id: str, generator: Any = None) -> None:
        """Take a generator away; raises ``NotRegistered``."""
        generator_registry.unregister(id)

    def source_group(self, generator_id: str, source_group: SourceGroup) -> None:
        """Take a group from a generator; raises ``NotRegistered``."""
        source_group_registry.unregister(generator_id, source_group)

    def cachefiles(self, generator_id: str, cachefiles: Callable[[], Iterable[Any]]) -> None:
        """Take a function away; raises ``NotRegistered``."""
        cachefile_registry.unregister(generator_id, cachefiles)


register = Register()
unregister = Unregister()
