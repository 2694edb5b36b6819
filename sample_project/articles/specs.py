"""The specs of an article: their files, and what their processors are called."""

from collections.abc import Iterator
from typing import Any

from articles.models import Article
from versatile.cachefiles import ImageCacheFile
from versatile.registry import generator_registry

FIELDS = ("card", "square", "hero", "mirrored", "dusk")
POSTER = "articles:poster"


def files(article: Article) -> Iterator[tuple[str, ImageCacheFile]]:
    """Each file of an article's photo, by the name of its field or of its generator."""
    for name in FIELDS:
        yield name, getattr(article, name)
    yield POSTER, ImageCacheFile(generator_registry.get(POSTER, source=article.photo))


def processors(file: ImageCacheFile) -> str:
    """The processors of a file: ``ResizeToFill + Adjust``."""
    items: list[Any] = list(file.generator.processors)
    return " + ".join(type(item).__name__ for item in items)
