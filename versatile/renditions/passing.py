"""Passed through: the rendition of an original that is shown as it is, whatever is asked for."""

from versatile.renditions.addresses import url_of
from versatile.renditions.original import Original
from versatile.renditions.source import Source


class _File:
    """A source with a URL."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.storage = source.storage

    @property
    def url(self) -> str:
        return url_of(self.storage, self.source.name)


class PassedThrough(Original):
    """The original in place of a rendition. It is always there, and never deleted by this."""

    def __init__(self, source: Source, key: str) -> None:
        super().__init__(_File(source))
        self.key = key

    def require(self) -> None:
        """It is there already."""

    def delete(self) -> None:
        """Nothing: the original stays."""

    delete.alters_data = True  # type: ignore[attr-defined]

    def clear_cache(self) -> None:
        """Nothing: existence knows nothing of it."""

    clear_cache.alters_data = True  # type: ignore[attr-defined]
