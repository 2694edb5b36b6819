"""Rendition: the file that a recipe makes of a source."""

import logging
from collections.abc import Callable
from typing import Any, Protocol, Self

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage
from django.utils.functional import cached_property

from versatile.exceptions import PictureError, SourceUnreadable
from versatile.imaging import decoding
from versatile.imaging.exceptions import ImageError
from versatile.imaging.geometry import Size
from versatile.imaging.limits import UNLIMITED
from versatile.imaging.recipe import Recipe
from versatile.renditions import announcements, causes, existence, manifest, saving, versions
from versatile.renditions.addresses import url_of
from versatile.renditions.fallbacks import Shown, instead_of
from versatile.renditions.ledgers import LEDGER, Ledger
from versatile.renditions.source import Source

logger = logging.getLogger(__name__)


class Strategy(Protocol):
    """When renditions are made."""

    def on_existence_required(self, rendition: "Rendition") -> None:
        """Somebody wants the rendition's URL, or to know that it is there."""

    def on_content_required(self, rendition: "Rendition") -> None:
        """Somebody wants the rendition's bytes."""


class Backend(Protocol):
    """By whom renditions are made."""

    def generate(self, file: Any, force: bool = False) -> None:
        """Make it, or have it made, if it is missing, or with ``force`` anyway."""


class Rendition:
    """The file that a recipe makes of a source. Asking for its URL or bytes may make it."""

    ledger: Ledger = LEDGER
    """Where existence remembers it."""
    required = False
    """Whether the strategy was asked already; a set asks it for all its renditions at once."""
    found = False
    """Whether one look at existence for a whole page found it."""
    instead: Shown | None = None
    """What is shown in its place, where it could not be made."""

    def __init__(
        self,
        source: Source,
        key: str,
        name: str,
        write_recipe: Callable[[], Recipe],
        strategy: Strategy,
        *,
        storage: Storage | None = None,
        write_file: Callable[[], bytes] | None = None,
        backend: Backend | None = None,
    ) -> None:
        self.source = source
        self.key = key
        self.name = name
        self.strategy = strategy
        self.storage: Storage = source.storage if storage is None else storage
        """Where the file lies."""
        self.write_file = write_file
        """What makes the finished file without a recipe, of a source that it opens itself."""
        self.backend = backend
        self._write_recipe = write_recipe

    @property
    def rendition(self) -> "Rendition":
        """Itself: what a backend makes."""
        return self

    @cached_property
    def recipe(self) -> Recipe:
        """What makes the rendition of its source."""
        return self._write_recipe()

    @cached_property
    def existence_key(self) -> str:
        """The key under which existence remembers the rendition."""
        return self.ledger.key_of(self.storage, self.name)

    @property
    def is_found(self) -> bool:
        """Whether one look at existence for a whole page found it."""
        known = self.source.known
        return self.found or (known is not None and known.get(self.existence_key, False))

    def generate(self, force: bool = False) -> None:
        """Have it made by its backend if it is missing, or anyway with ``force``.

        Raises ``SourceError``, ``RenditionError`` or ``StorageError``.
        """
        self.required, self.instead = False, None
        if self.backend is not None:
            self.backend.generate(self, force)

    def require(self) -> None:
        """Leave it to the strategy whether the rendition is made now; once per object.

        Raises ``SourceError``, ``RenditionError`` or ``StorageError``, unless the field or the
        setting ``ON_ERROR`` says what is shown instead.
        """
        if self.required:
            return
        try:
            self.strategy.on_existence_required(self)
        except PictureError as error:
            self.fail(error)
        self.required = True

    def fail(self, error: PictureError) -> None:
        """It could not be made: from now on something else is shown, or the error is raised."""
        self.instead = instead_of(self, error)
        self.required = True

    @property
    def url(self) -> str:
        """Where a browser finds it, or what is shown in its place; raises as ``require``."""
        self.require()
        return self.instead.url if self.instead else url_of(self.storage, self.name)

    @property
    def path(self) -> str:
        """Where the file system has it; ``NotImplementedError`` where the storage has no paths."""
        self.require()
        return self.storage.path(self.name)

    @property
    def dimensions(self) -> Size:
        """Width and height in pixels: by arithmetic where the recipe allows, else from the file.

        Where it could not be made, those of what is shown in its place.
        """
        if self.instead is None:
            try:
                return self._measured
            except PictureError as error:
                self.fail(error)
        return self.instead.dimensions if self.instead else self._measured

    @cached_property
    def _measured(self) -> Size:
        if self.write_file is None:
            size = self.recipe.output_size(self.source.read_size())
            if size is not None:
                return size
        with self.open() as file:
            try:
                return decoding.read_header(file, UNLIMITED).size
            except ImageError as error:
                raise SourceUnreadable(self.name, str(error)) from error

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.dimensions.width

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.dimensions.height

    @property
    def size(self) -> int:
        """The length of the file in bytes."""
        self.strategy.on_content_required(self)
        return self.storage.size(self.name)

    def open(self, mode: str = "rb") -> "File[bytes]":
        """The file itself."""
        self.strategy.on_content_required(self)
        return self.storage.open(self.name, mode)

    def exists(self) -> bool:
        """Whether the storage has the file now, made of what the source is now.

        Existence learns the answer. Raises ``StorageError``.
        """
        known = existence.is_ready(self.existence_key)
        found = versions.is_there(self.source, self.storage, self.name, known=known)
        if found:
            existence.remember([self.existence_key])
            self.instead = None
        else:
            self.forget()
        return found

    def ensure(self) -> Self:
        """The rendition, whose file is there now: the storage is asked, and a lost one is made.

        Raises ``SourceError``, ``RenditionError`` or ``StorageError``.
        """
        if not self.exists():
            self.generate()
        return self

    async def aensure(self) -> Self:
        """The same for asynchronous code: files are made in another thread."""
        await sync_to_async(self.ensure)()
        return self

    def delete(self) -> None:
        """Delete the file, and forget it; raises what the storage raises."""
        was_there = self.storage.exists(self.name)
        saving.remove(self.storage, self.name)
        manifest.remove(self.source, [self.name])
        self.forget()
        if was_there:
            of = self.source.name
            announcements.deleted(self.name, self.storage, source=of, cause=causes.ASKED)

    delete.alters_data = True  # type: ignore[attr-defined]

    ensure.alters_data = True  # type: ignore[attr-defined]

    def forget(self) -> None:
        """Forget that the file is there; the storage is asked again at the next need."""
        existence.forget([self.existence_key])
        self.source.note(self.existence_key, ready=False)
        self.required = self.found = False
        self.instead = None

    forget.alters_data = True  # type: ignore[attr-defined]

    def clear_cache(self) -> None:
        """The same, as django-versatileimagefield calls it."""
        self.forget()

    clear_cache.alters_data = True  # type: ignore[attr-defined]

    def __str__(self) -> str:
        """The URL; nothing, and a log record, where there is none and ``DEBUG`` is off."""
        return printed_url(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.name}>"


class Addressed(Protocol):
    """What has a name and a URL."""

    @property
    def name(self) -> str:
        """The name on the storage."""

    @property
    def url(self) -> str:
        """Where a browser finds it."""


def printed_url(item: Addressed) -> str:
    """The URL; nothing, and a log record, where there is none and ``DEBUG`` is off."""
    try:
        return item.url
    except Exception as error:
        if settings.DEBUG:
            raise
        if not getattr(error, "logged", False):
            logger.exception("There is no URL for %r", item)
        return ""
