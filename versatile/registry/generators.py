"""The registries of generators, of the sources they are made for, and of their files."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any, Protocol, TypeVar

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from versatile.exceptions import AlreadyRegistered, NotRegistered
from versatile.imaging.identity import canonical_json

MODULE = "imagegenerators"
"""The module that is imported from each installed app at the first look-up."""

Made = TypeVar("Made", bound=Callable[..., Any])


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
        processors = getattr(generator, "processors", ())
        if isinstance(processors, list | tuple):  # a property is known for instances alone
            canonical_json(tuple(processors))
        self._generators[id] = generator

    def register_default(self, id: str, generator: Callable[..., Any]) -> None:
        """Put a generator under an id, unless the id is taken."""
        self._generators.setdefault(id, generator)

    def unregister(self, id: str) -> None:
        """Take a generator away; raises ``NotRegistered``."""
        self.discover()
        if self._generators.pop(id, None) is None:
            raise NotRegistered(f"No generator {id!r} is registered")

    def get(self, id: str, *args: Any, **kwargs: Any) -> Any:
        """The generator of an id for its arguments; raises ``NotRegistered``."""
        self.discover()
        if id not in self._generators:
            raise NotRegistered(
                f"No generator {id!r} is registered; register it in a module {MODULE} of an app"
            )
        return self._generators[id](*args, **kwargs)

    def get_ids(self) -> list[str]:
        """All ids, in the order of registration."""
        self.discover()
        return list(self._generators)

    def __contains__(self, id: str) -> bool:
        self.discover()
        return id in self._generators

    def id_of(self, generator: object) -> str:
        """The id of a generator's class, or nothing where it is not registered."""
        self.discover()
        own = getattr(generator, "spec_id", None)
        if own in self._generators:
            return str(own)
        matching = (id for id, cls in self._generators.items() if cls is type(generator))
        return next(matching, "")

    def discover(self) -> None:
        """Import the module ``imagegenerators`` of each installed app, once."""
        if self._discovered:
            return
        self._discovered = True
        for app in apps.get_app_configs():
            if app.module is not None and module_has_submodule(app.module, MODULE):
                import_module(f"{app.name}.{MODULE}")


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
        return [group for id, group in self._groups if id == generator_id]

    def get_ids(self) -> list[str]:
        """All ids that have a group, in the order of registration."""
        return list(dict.fromkeys(id for id, _ in self._groups))

    def ids_of(self, source_group: object) -> list[str]:
        """The generators that a group has sources for."""
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
