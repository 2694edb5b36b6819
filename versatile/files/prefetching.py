"""Querysets that look up the renditions of all their rows in one cache read."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Self

from django.db.models import QuerySet
from django.db.models.query import ModelIterable

from versatile.rendition_keys import prefetch_renditions
from versatile.renditions.keys import get_key_set

CHUNK = 100
"""How many rows are looked up at a time where none was said and they are not kept."""

Wanted = tuple[str, str | Iterable[tuple[str, str]]]


class RenditionQuerySet(QuerySet[Any]):
    """A queryset with ``with_renditions``: ``objects = RenditionQuerySet.as_manager()``.

    It can stand before another class of querysets, too.
    """

    _wanted_renditions: tuple[Wanted, ...] = ()
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

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Django's, with one cache read for each chunk."""
        rows = super().iterator(chunk_size)
        if not self._are_models():
            yield from rows
            return
        while chunk := list(islice(rows, chunk_size or CHUNK)):
            self._look_up(chunk)
            yield from chunk

    def _clone(self) -> Self:
        twin = super()._clone()  # type: ignore[misc]
        twin._wanted_renditions = self._wanted_renditions
        return twin  # type: ignore[no-any-return]

    def _fetch_all(self) -> None:
        super()._fetch_all()
        if not self._renditions_known and self._are_models():
            self._renditions_known = True
            self._look_up(self._result_cache or [])

    def _are_models(self) -> bool:
        """Whether rows come as instances; ``values()`` and the like have no renditions."""
        kind = self._iterable_class
        return bool(self._wanted_renditions) and issubclass(kind, ModelIterable)

    def _look_up(self, rows: list[Any]) -> None:
        for image_attr, rendition_key_set in self._wanted_renditions:
            prefetch_renditions(rows, image_attr, rendition_key_set)
