"""The lazy cache file: one that is known by the id of its generator alone."""

from typing import Any

from django.utils.functional import SimpleLazyObject, empty

from versatile.registry import generator_registry
from versatile.specs.cachefile import ImageCacheFile


class LazyImageCacheFile(SimpleLazyObject):  # type: ignore[type-arg]
    """A cache file that looks its generator up, by its id and arguments, when it is used."""

    def __init__(self, generator_id: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            lambda: ImageCacheFile(generator_registry.get(generator_id, *args, **kwargs))
        )

    def __repr__(self) -> str:
        if self._wrapped is empty:
            self._setup()
        return repr(self._wrapped)
