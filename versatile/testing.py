"""Helpers for the tests of projects that use the library."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from threading import local
from typing import Any
from unittest import mock

from django.core.files.storage import Storage

from versatile.placeholder import PlaceholderImage
from versatile.renditions import generation
from versatile.renditions.outcomes import Outcome
from versatile.renditions.rendition import Rendition

STORAGE_METHODS = (
    "exists",
    "open",
    "save",
    "delete",
    "listdir",
    "size",
    "get_accessed_time",
    "get_created_time",
    "get_modified_time",
)
"""What reaches a storage's files; ``url`` and ``path`` only compute names."""


@contextmanager
def assert_storage_calls(number: int) -> Iterator[list[str]]:
    """Fail with ``AssertionError`` unless the block calls storages exactly so many times.

    Gives a list that fills with the calls, as ``'exists d/x.jpg'``. What a storage calls on
    itself does not count.
    """
    calls: list[str] = []
    running = local()
    with ExitStack() as stack:
        for cls in _storage_classes(Storage):
            for method in STORAGE_METHODS:
                if method in vars(cls):
                    counted = _counted(vars(cls)[method], calls, running)
                    stack.enter_context(mock.patch.object(cls, method, counted))
        yield calls
    if len(calls) != number:
        listed = "\n".join(calls)
        raise AssertionError(f"{len(calls)} storage calls, {number} expected:\n{listed}")


def _storage_classes(cls: type[Storage]) -> Iterator[type[Storage]]:
    yield cls
    for child in cls.__subclasses__():
        yield from _storage_classes(child)


def _counted(method: Callable[..., Any], calls: list[str], running: local) -> Callable[..., Any]:
    @wraps(method)
    def call(self: Storage, *args: Any, **kwargs: Any) -> Any:
        if getattr(running, "yes", False):
            return method(self, *args, **kwargs)
        name = str(next(iter((*args, *kwargs.values())), ""))
        calls.append(f"{method.__name__} {name}")
        running.yes = True
        try:
            return method(self, *args, **kwargs)
        finally:
            running.yes = False

    return call


@contextmanager
def override_renditions() -> Iterator[None]:
    """Hand out the URLs of renditions and placeholders, and make none of them."""
    with (
        mock.patch.object(PlaceholderImage, "ensure", _ensure_nothing),
        mock.patch.object(generation, "make", _make_nothing),
        mock.patch.object(generation, "generate", _make_nothing),
    ):
        yield


def _make_nothing(renditions: Iterable[Rendition], *, force: bool = False) -> list[Outcome]:
    return []


def _ensure_nothing(image: PlaceholderImage, *args: Any, **kwargs: Any) -> None:
    pass
