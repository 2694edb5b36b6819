"""Photos on a storage, and counters of what is asked of the cache and of the decoder."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile

from tests.drawing import photo_bytes
from versatile.imaging import plugins
from versatile.imaging.decoding import Picture

CACHE_METHODS = ("get", "get_many", "set", "set_many", "add", "delete", "delete_many", "touch")


def upload(
    name: str = "a.jpg",
    size: tuple[int, int] = (64, 48),
    *,
    content: bytes | None = None,
    **drawing: Any,
) -> Any:
    """A photo, or any content, as a form receives it; ``drawing`` goes to ``photo_bytes``."""
    content = photo_bytes(size, **drawing) if content is None else content
    return SimpleUploadedFile(name, content, "image/jpeg")


def store(
    name: str = "d/x.jpg",
    size: tuple[int, int] = (64, 48),
    *,
    storage: Storage = default_storage,
    **drawing: Any,
) -> str:
    """A photo on a storage, and its name there; ``drawing`` goes to ``photo_bytes``."""
    return put(name, photo_bytes(size, **drawing), storage=storage)


def put(name: str, content: bytes, *, storage: Storage = default_storage) -> str:
    """Any bytes on a storage under exactly this name."""
    saved = storage.save(name, ContentFile(content))
    assert saved == name
    return name


def files_below(folder: Path) -> set[str]:
    """The names of all files below a folder, hidden ones too."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def image_of(name: str, storage: Storage = default_storage) -> Image.Image:
    """The picture that a storage has under a name."""
    with storage.open(name) as file:
        image = Image.open(BytesIO(file.read()))
    image.load()
    return image


@contextmanager
def counted_cache_calls(alias: str = "default") -> Iterator[list[str]]:
    """A list that fills with the calls of a cache; what it calls on itself does not count."""
    backend = caches[alias]
    calls: list[str] = []
    depth = 0

    def spy(method: str) -> Any:
        original = getattr(backend, method)

        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal depth
            if not depth:
                calls.append(method)
            depth += 1
            try:
                return original(*args, **kwargs)
            finally:
                depth -= 1

        return call

    with ExitStack() as stack:
        for method in CACHE_METHODS:
            stack.enter_context(mock.patch.object(backend, method, spy(method)))
        yield calls


def noted_loads(monkeypatch: pytest.MonkeyPatch, attribute: str) -> list[Any]:
    """A list that fills with an attribute of each picture that Pillow decodes."""
    seen: list[Any] = []
    load = plugins.STEADY.load

    def noted(image: ImageFile.ImageFile) -> Any:
        if image.tile:
            seen.append(getattr(image, attribute))
        return load(image)

    monkeypatch.setattr(plugins.STEADY, "load", noted)
    return seen


@contextmanager
def counted_decodes() -> Iterator[list[int]]:
    """A list that fills with the scale of each decoding of a picture."""
    scales: list[int] = []
    original = Picture.decode

    def decode(self: Picture, scale: int = 1) -> None:
        scales.append(scale)
        original(self, scale)

    with mock.patch.object(Picture, "decode", decode):
        yield scales
