"""What is registered for a while: sizers and filters, and generators with their sources."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from versatile.filters import FilteredImage
from versatile.registry import (
    cachefile_registry,
    generator_registry,
    source_group_registry,
    versatileimagefield_registry,
)
from versatile.sizers import SizedImage
from versatile.specs import sourcegroups


@contextmanager
def kept_registry() -> Iterator[None]:
    """What a block registers and unregisters is undone after it."""
    shelves = (versatileimagefield_registry.sizers, versatileimagefield_registry.filters)
    before = [shelf.snapshot() for shelf in shelves]
    try:
        yield
    finally:
        for shelf, state in zip(shelves, before, strict=True):
            shelf.restore(state)


@contextmanager
def registered(
    *,
    sizers: Mapping[str, type[SizedImage]] | None = None,
    filters: Mapping[str, type[FilteredImage]] | None = None,
) -> Iterator[None]:
    """Sizers and filters that are there within a block."""
    with kept_registry():
        for name, sizer in (sizers or {}).items():
            versatileimagefield_registry.register_sizer(name, sizer)
        for name, item in (filters or {}).items():
            versatileimagefield_registry.register_filter(name, item)
        yield


@contextmanager
def kept_generators() -> Iterator[None]:
    """What a block registers and unregisters of generators, groups and files is undone after it.

    The modules of apps are imported before: they are imported once, and what they register within
    the block would be lost for good.
    """
    generator_registry.discover()
    generators = dict(generator_registry._generators)
    lists: tuple[list[Any], ...] = (
        source_group_registry._groups,
        cachefile_registry._callables,
        sourcegroups._router._groups,
    )
    before = [list(items) for items in lists]
    try:
        yield
    finally:
        generator_registry._generators = generators
        for items, state in zip(lists, before, strict=True):
            items[:] = state
