"""Keeping what a page changes for all: the registries of generators are as before afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from versatile.registry import cachefile_registry, generator_registry, source_group_registry
from versatile.specs import sourcegroups


@contextmanager
def registries() -> Iterator[None]:
    """What is registered within the block is gone after it."""
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
