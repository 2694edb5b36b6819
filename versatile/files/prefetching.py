"""Querysets that look up the renditions of all their rows in one cache read."""

from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice
from typing import Any, Self

from asgiref.sync import sync_to_async
from django.db.models import QuerySet
from django.db.models.query import ModelIterable

from versatile.exceptions import ConfigurationError
from versatile.rendition_keys import prefetch_renditions
from versatile.renditions import existence
from versatile.renditions.keys import get_key_set
from versatile.specs.cachefile import ImageCacheFile

CHUNK = 100
"""How many rows are looked up at a time where none was said and they are not kept."""

Wanted = tuple[str, str | Iterable[tuple[str, str]]]


def prefetch_specs(objects: Iterable[Any], *names: str) -> list[Any]:
    """The objects, whose files of each named ``ImageSpecField`` are looked up in one cache read.

    Raises ``ConfigurationError`` for a name that is no such field.
    """
    found = list(objects)
    files = [_spec_file(item, name) for item in found for name in names]
    renditions = [file.rendition for file in files if file is not None]
    ready = existence.read({item.existence_key for item in renditions})
    for item in renditions:
        item.source.note(item.existence_key, ready=ready[item.existence_key])
    return found


def _spec_file(instance: Any, name: str) -> ImageCacheFile | None:
    """The cache file of a field, whose source has a place for what is found; None without one."""
    file = getattr(instance, name, None)
    if not isinstance(file, ImageCacheFile):
        raise ConfigurationError(f"{name!r} of {instance!r} is no ImageSpecField")
    source = getattr(file.generator, "source", None)
    if not source:
        return None
    if getattr(source, "known", None) is None:
        source.known = {}
    return file


class RenditionQuerySet(QuerySet[Any]):
    """A queryset with ``with_renditions``: ``objects = RenditionQuerySet.as_manager()``.

    It can stand before another class of querysets, too.
    """

    _wanted_renditions: tuple[Wanted, ...] = ()
    _wanted_specs: tuple[str, ...] = ()
    _renditions_known = False

    def with_renditions(
        self, image_attr: str, rendition_key_set: str | Iterable[tuple[str, str]]
    ) -> Self:
        """The same rows, whose renditions are looked up in one cache read when they are fetched.

        ``image_attr`` is the name of an image field, or a dotted path to one that may lead over
        relations. Raises ``UnknownRenditionKeySet``, ``InvalidSizeKeySet``, ``InvalidSizeKey``.
        """
        get_key_set(rendition_key_set)  # so that a mistake is told here
        rows = self._chain()  # type: ignore[attr-defined]
        rows._wanted_renditions = (*self._wanted_renditions, (image_attr, rendition_key_set))
        return rows  # type: ignore[no-any-return]

    def with_specs(self, *names: str) -> Self:
        """The same rows, whose specs are looked up in one cache read when they are fetched.

        ``names`` are those of an ``ImageSpecField`` each. Fetching raises
        ``ConfigurationError`` for another name.
        """
        rows = self._chain()  # type: ignore[attr-defined]
        rows._wanted_specs = (*self._wanted_specs, *names)
        return rows  # type: ignore[no-any-return]

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Django's, with one cache read for each chunk."""
        rows = super().iterator(chunk_size)
        if not self._are_models():
            yield from rows
            return
        while chunk := list(islice(rows, chunk_size or CHUNK)):
            self._look_up(chunk)
            yield from chunk

    async def aiterator(self, chunk_size: int = 2000) -> AsyncIterator[Any]:
        """Django's, with one cache read for each chunk, which no event loop waits for."""
        rows = super().aiterator(chunk_size)
        if not self._are_models():
            async for row in rows:
                yield row
            return
        while chunk := [row async for row in _next(rows, chunk_size)]:
            await sync_to_async(self._look_up)(chunk)
            for row in chunk:
                yield row

    def _clone(self) -> Self:
        twin = super()._clone()  # type: ignore[misc]
        twin._wanted_renditions = self._wanted_renditions
        twin._wanted_specs = self._wanted_specs
        return twin  # type: ignore[no-any-return]

    def _fetch_all(self) -> None:
        super()._fetch_all()
        if not self._renditions_known and self._are_models():
            self._renditions_known = True
            self._look_up(self._result_cache or [])

    def _are_models(self) -> bool:
        """Whether rows come as instances; ``values()`` and the like have no renditions."""
        kind = self._iterable_class
        wanted = self._wanted_renditions or self._wanted_specs
        return bool(wanted) and issubclass(kind, ModelIterable)

    def _look_up(self, rows: list[Any]) -> None:
        for image_attr, rendition_key_set in self._wanted_renditions:
            prefetch_renditions(rows, image_attr, rendition_key_set)
        if self._wanted_specs:
            prefetch_specs(rows, *self._wanted_specs)


async def _next(rows: AsyncIterator[Any], most: int) -> AsyncIterator[Any]:
    """The next of the rows, so many at most."""
    for _ in range(most):
        try:
            yield await anext(rows)
        except StopAsyncIteration:
            return
