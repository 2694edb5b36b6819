"""Looking: what one read of the cache finds of all pictures of a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from versatile.exceptions import PictureError, RenditionError, SourceError
from versatile.imaging.geometry import Size
from versatile.renditions import existence, failures
from versatile.renditions.cache import ask_many
from versatile.renditions.sizes import read_size, size_key
from versatile.renditions.source import Source


@dataclass(frozen=True, slots=True)
class Look:
    """What one read of the cache finds of all pictures of a page."""

    ready: frozenset[str]
    """The keys of renditions that are there."""
    sources: dict[tuple[object, ...], SourceError]
    """Why sources failed that are not to be tried again yet, by their addresses."""
    renditions: dict[tuple[object, ...], dict[str, RenditionError]]
    """Why renditions of good sources failed, in the same way, by their names."""
    sizes: dict[str, Size]
    """How large the files are whose sizes are remembered, by their keys."""

    def failure(self, source: Source, name: str = "") -> PictureError | None:
        """Why a source, or its rendition of a name, is not to be tried again yet."""
        of_source = self.sources.get(source.address)
        return of_source or self.renditions.get(source.address, {}).get(name)


def look(keys: Iterable[str], sources: Iterable[Source], sized: Iterable[str]) -> Look:
    """What is known of renditions, of their sources and of the sizes of files, in one read."""
    wanted, measured = set(keys), set(sized)
    by_key = {failures.failure_key(source): source for source in sources}
    names = {failures.names_key(source): source for source in by_key.values()}
    found = ask_many([*wanted, *by_key, *names, *map(size_key, measured)])
    failed = {
        source.address: failures.noted(source, found.get(key)) for key, source in by_key.items()
    }
    of_renditions = {
        source.address: failures.noted_of_renditions(source, found.get(key))
        for key, source in names.items()
    }
    sizes = {key: read_size(found.get(size_key(key))) for key in measured}
    return Look(
        frozenset(key for key in wanted if existence.says_ready(found.get(key))),
        {address: error for address, error in failed.items() if error is not None},
        of_renditions,
        {key: size for key, size in sizes.items() if size is not None},
    )
