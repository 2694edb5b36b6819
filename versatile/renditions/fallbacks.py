"""Fallbacks: what is shown in place of a rendition that cannot be made."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from versatile.conf import PER_FIELD, Policy
from versatile.exceptions import ConfigurationError, PictureError, SourceError, VersatileError
from versatile.imaging.geometry import Size
from versatile.imaging.recipe import Recipe
from versatile.renditions.addresses import url_of
from versatile.renditions.drawn import DrawnImage
from versatile.renditions.source import Source

UNKNOWN = Size(0, 0)
"""The size of what nobody can measure."""

_LARGE = Size(4096, 4096)


class Shown(Protocol):
    """What has a URL and a size."""

    @property
    def url(self) -> str:
        """Where a browser finds it."""

    @property
    def dimensions(self) -> Size:
        """Width and height in pixels; 0×0 where nobody knows."""

    def require(self) -> None:
        """Have it made, if it has to be; raises what hinders it."""


class Failed(Protocol):
    """What is asked of a rendition that cannot be made."""

    source: Source
    key: str

    @property
    def recipe(self) -> Recipe:
        """What would have made it."""


@dataclass(frozen=True, slots=True)
class _Nothing:
    """No picture, which has no URL."""

    url: str = ""
    dimensions: Size = UNKNOWN

    def require(self) -> None:
        """Nobody can make it."""


@dataclass(frozen=True, slots=True)
class _Original:
    """The original, whose size is told without its file where it failed before."""

    source: Source
    error: PictureError

    @property
    def url(self) -> str:
        return url_of(self.source.storage, self.source.name)

    @property
    def dimensions(self) -> Size:
        return _size_of(self.source, self.error) or UNKNOWN

    def require(self) -> None:
        """It is there already, or never will be."""


def policy_of(policy: Policy) -> str:
    """What a field or the setting says of errors; raises ``ConfigurationError``."""
    problem = PER_FIELD["on_error"].misfit(policy.on_error)
    if problem is not None:
        raise ConfigurationError(f"ON_ERROR (or on_error) {problem}")
    return str(policy.on_error)


def instead_of(rendition: Failed, error: PictureError) -> Shown:
    """What is shown in place of a rendition; raises the error where that is wanted."""
    match policy_of(rendition.source.policy):
        case "placeholder":
            return _placeholder(rendition, error)
        case "original":
            return _Original(rendition.source, error)
        case "empty":
            return _Nothing()
    raise error


def _placeholder(rendition: Failed, error: PictureError) -> Shown:
    """The same of the field's placeholder, or else a grey picture of the size."""
    find = rendition.source.stand_in
    if find is not None:
        with suppress(VersatileError):  # it is logged, and the page needs something
            found: Shown = find(rendition.key)
            found.require()
            return found
    return DrawnImage(*_expected_size(rendition, error))


def _expected_size(rendition: Failed, error: PictureError) -> Size:
    """The size that it would have had, as far as that can be told without the original."""
    known = _size_of(rendition.source, error)
    try:
        size = rendition.recipe.output_size(known or _LARGE)
    except VersatileError:
        return UNKNOWN
    return UNKNOWN if size is None or (known is None and size == _LARGE) else size


def _size_of(source: Source, error: PictureError) -> Size | None:
    """The size of an original; whoever failed on its file has read what can be read of it."""
    if source.size is None and isinstance(error, SourceError):
        return Size(*error.size) if error.size else None
    try:
        return source.read_size()
    except PictureError:
        return None
