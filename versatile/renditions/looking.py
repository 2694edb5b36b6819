"""Looking: what one read of the cache finds of all pictures of a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from versatile.exceptions import SourceError
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
    failures: dict[tuple[object, ...], SourceError]
    """Why sources failed that are not to be tried again yet, by their addresses."""
    sizes: dict[str, Size]
    """How large the files are whose sizes are remembered, by their keys."""


def look(keys: Iterable[str], sources: Iterable[Source], sized: Iterable[str]) -> Look:
    """What is known of renditions, of their sources and of the sizes of files, in one read."""
    wanted, measured = set(keys), set(sized)
    by_key = {failures.failure_key(source): source for source in sources}
    found = ask_many([*wanted, *by_key, *map(size_key, measured)])
    failed = {
        source.address: failures.noted(source, found.get(key)) for key, source in by_key.items()
    }
    sizes = {key: read_size(found.get(size_key(key))) for key in measured}
    return Look(
        frozenset(key for key in wanted if found.get(key) == existence.READY),
        {address: error for address, error in failed.items() if error is not None},
        {key: size for key, size in sizes.items() if size is not None},
    )
