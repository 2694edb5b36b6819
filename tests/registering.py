"""Sizers and filters that are registered for a while."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from versatile.filters import FilteredImage
from versatile.registry import versatileimagefield_registry
from versatile.sizers import SizedImage


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
