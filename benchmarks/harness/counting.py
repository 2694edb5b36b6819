"""Counts of what a stretch of code asks of Pillow, of the storage and of the cache.

The calls are patched only while they are counted, so that timing never pays for it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from django.core.cache.backends.locmem import LocMemCache
from django.core.files.storage import FileSystemStorage
from PIL import Image, ImageFile

from versatile.imaging import plugins, reading

COUNTS = ("image_opens", "decodes", "storage_opens", "storage_calls", "cache_calls")
STORAGE_CALLS = ("open", "save", "exists", "delete", "listdir", "size", "get_modified_time")
CACHE_CALLS = (
    *("get", "set", "add", "touch", "delete", "has_key", "incr", "clear"),
    *("get_many", "set_many", "delete_many", "get_or_set"),
)


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """The counts of the ``with`` block, by the names of ``COUNTS``."""
    counts: Counter[str] = Counter(dict.fromkeys(COUNTS, 0))
    with ExitStack() as patches:
        for owner, name in ((Image, "open"), (reading, "open_image")):
            opening = _each(getattr(owner, name), counts, "image_opens")
            patches.enter_context(patch.object(owner, name, opening))
        for kind in (ImageFile.ImageFile, plugins.STEADY):
            load = _decodes(kind.load, counts)
            patches.enter_context(patch.object(kind, "load", load))
        _count_outermost(patches, FileSystemStorage, STORAGE_CALLS, counts, "storage_calls")
        _count_outermost(patches, LocMemCache, CACHE_CALLS, counts, "cache_calls")
        opened = _each(FileSystemStorage.open, counts, "storage_opens")
        patches.enter_context(patch.object(FileSystemStorage, "open", opened))
        yield counts


def _each(call: Callable[..., Any], counts: Counter[str], name: str) -> Callable[..., Any]:
    def counting(*args: Any, **kwargs: Any) -> Any:
        counts[name] += 1
        return call(*args, **kwargs)

    return counting


def _decodes(load: Callable[..., Any], counts: Counter[str]) -> Callable[..., Any]:
    """``load`` that counts only where bytes become pixels: a loaded picture has no tiles."""

    def counting(image: Any, *args: Any, **kwargs: Any) -> Any:
        counts["decodes"] += bool(image.tile)
        return load(image, *args, **kwargs)

    return counting


def _count_outermost(
    patches: ExitStack, owner: type, names: tuple[str, ...], counts: Counter[str], total: str
) -> None:
    """Counts each call from outside once: a backend's calls to itself reach no server."""
    depth = 0

    def outermost(call: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*args: Any, **kwargs: Any) -> Any:
            nonlocal depth
            counts[total] += depth == 0
            depth += 1
            try:
                return call(*args, **kwargs)
            finally:
                depth -= 1

        return counting

    for name in names:
        patches.enter_context(patch.object(owner, name, outermost(getattr(owner, name))))
