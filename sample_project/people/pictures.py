"""Pictures: what a page shows of a made file, whichever face of the library made it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from versatile.cachefiles import ImageCacheFile
from versatile.exceptions import PictureError
from versatile.renditions.rendition import Rendition

Made: TypeAlias = Rendition | ImageCacheFile


@dataclass(frozen=True)
class Wish:
    """A file to show under a name: the code that asks for it, and what makes it."""

    name: str
    code: str
    make: Callable[[], Made]


@dataclass(frozen=True)
class Picture:
    """A made file under its name, and the code that asked for it."""

    name: str
    code: str
    file: Made


def fulfil(wishes: Iterable[Wish]) -> Iterator[Picture]:
    """A picture for every wish; those that cannot be made are logged and left out."""
    for wish in wishes:
        try:
            file = wish.make()
        except PictureError:
            continue
        yield Picture(wish.name, wish.code, file)
