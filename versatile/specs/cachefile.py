"""The cache file: the file of a generator, as ImageKit's users know it, over a rendition."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.images import ImageFile
from django.core.files.storage import Storage
from django.dispatch import Signal
from django.utils.functional import cached_property

from versatile.conf import conf
from versatile.exceptions import MissingSource, PictureError
from versatile.imaging.geometry import Size
from versatile.imaging.recipe import Recipe
from versatile.registry import generator_registry
from versatile.renditions import spec_namers, strategies
from versatile.renditions.addresses import url_of
from versatile.renditions.backends import IMMEDIATE
from versatile.renditions.fallbacks import Shown
from versatile.renditions.ledgers import SPEC_LEDGER
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source
from versatile.signals import content_required, existence_required
from versatile.specs.choices import choose_backend, choose_storage, choose_strategy
from versatile.specs.content import BaseIKFile
from versatile.specs.generators import ImageSpec
from versatile.specs.source import source_of

_UNSAID = object()
"""Where a generator does not say how its file is called; None is a file without a name."""


class SpecRendition(Rendition):
    """The rendition of a generator, remembered by ImageKit's keys."""

    ledger = SPEC_LEDGER


class ImageCacheFile(BaseIKFile, ImageFile):
    """The file of a generator. Creating one makes nothing, and asks nobody.

    ``url``, ``path`` and ``bool()`` send ``existence_required`` first; ``read``, ``open``,
    ``width``, ``height``, ``size`` and ``file`` send ``content_required``.
    """

    def __init__(
        self,
        generator: Any,
        name: str | None = None,
        storage: Any = None,
        cachefile_backend: Any = None,
        cachefile_strategy: Any = None,
    ) -> None:
        self.generator = generator
        # Nothing else is done here: a page makes one of these at each read of an attribute.
        self._given_name = name
        self._given_storage = storage
        self._given_backend = cachefile_backend
        self._given_strategy = cachefile_strategy

    @cached_property
    def name(self) -> str | None:  # type: ignore[override]
        """The name on the storage: given, the generator's own, or a namer's."""
        if self._given_name:
            return str(self._given_name)
        named: Any = getattr(self.generator, "cachefile_name", _UNSAID)
        if named is not _UNSAID:
            return None if named is None else str(named)
        made: str = spec_namers.load_namer(conf.GENERATOR_NAMER)(self.generator)
        return made

    @cached_property
    def storage(self) -> Storage:  # type: ignore[override]
        """Where the file lies: given, the generator's, or the setting's."""
        given = self._given_storage or getattr(self.generator, "cachefile_storage", None)
        return choose_storage(given() if callable(given) else given)

    @property
    def cachefile_backend(self) -> Any:
        """By whom it is made: given, the generator's, or the setting's."""
        given = self._given_backend
        return choose_backend(given or getattr(self.generator, "cachefile_backend", None))

    @property
    def cachefile_strategy(self) -> Any:
        """When it is made: given, the generator's, or the setting's."""
        given = self._given_strategy
        return choose_strategy(given or getattr(self.generator, "cachefile_strategy", None))

    @property
    def existence_key(self) -> str:
        """The key under which existence remembers it; raises ``MissingSource``."""
        return SPEC_LEDGER.key_of(self.storage, self._named())

    @property
    def is_found(self) -> bool:
        """Whether one look at existence for a whole page found it."""
        # The rendition itself is not written for it: a page needs it for what is missing alone.
        rendition: Rendition | None = self.__dict__.get("rendition")
        known = getattr(getattr(self.generator, "source", None), "known", None)
        found = rendition is not None and rendition.found
        return found or (known is not None and known.get(self.existence_key, False))

    @cached_property
    def rendition(self) -> Rendition:
        """The file as the engine makes it; raises ``MissingSource``."""
        generator, name = self.generator, self.name or ""
        source = getattr(generator, "source", None)
        is_spec = isinstance(generator, ImageSpec)
        is_recipe = is_spec and type(generator).generate is ImageSpec.generate
        if is_spec and not source:
            raise generator.MissingSource(generator)
        return SpecRendition(
            source_of(source) if source else Source(self.storage, ""),
            generator_registry.id_of(generator),
            name,
            self._write_recipe,
            strategies.MANUAL,
            storage=self.storage,
            write_file=None if is_recipe else self._write_file,
            backend=IMMEDIATE,
        )

    def _write_recipe(self) -> Recipe:
        recipe: Recipe = self.generator.recipe(self.name or "")
        return recipe

    def _write_file(self) -> bytes:
        content = self.generator.generate()
        content.seek(0)
        written: bytes = content.read()
        return written

    def generate(self, force: bool = False) -> None:
        """Have it made by its backend, if it is missing, or with ``force`` anyway."""
        if force or self._file is None:
            if self.instead is not None:
                self.rendition.instead = None
            self.cachefile_backend.generate(self, force)

    def ensure(self) -> "ImageCacheFile":
        """The file, which is there now: the storage is asked, and a lost one is made here.

        Raises ``SourceError``, ``RenditionError`` or ``StorageError``.
        """
        self.rendition.ensure()
        return self

    async def aensure(self) -> "ImageCacheFile":
        """The same for asynchronous code: the file is made in another thread."""
        await self.rendition.aensure()
        return self

    @property
    def instead(self) -> Shown | None:
        """What is shown in its place, where it could not be made."""
        rendition: Rendition | None = self.__dict__.get("rendition")
        return rendition.instead if rendition is not None else None

    def _ask(self, event: Signal) -> Shown | None:
        """Send a signal, and give what is shown instead of what cannot be made.

        It is what ``ON_ERROR`` says; a missing source is the caller's.
        """
        instead = self.instead
        if instead is not None:
            return instead
        try:
            event.send(sender=self, file=self)
        except MissingSource:
            raise
        except PictureError as error:
            self.rendition.fail(error)
            instead = self.instead
        return instead

    def tell_strategy(self, event: str) -> None:
        """Call the strategy's method for an event, if it has one."""
        strategies.tell(self.cachefile_strategy, event, self)

    def _require_existence(self) -> None:
        if self._file is None and self.instead is None:
            existence_required.send(sender=self, file=self)

    @property
    def url(self) -> str:
        """Where a browser finds it, or what is shown in its place by ``ON_ERROR``."""
        instead = self._ask(existence_required) if self._file is None else self.instead
        return instead.url if instead else url_of(self.storage, self._named())

    @property
    def path(self) -> str:
        """Where the file system has it."""
        self._require_existence()
        return super().path

    def _named(self) -> str:
        return self.name or self.rendition.name

    def __bool__(self) -> bool:
        if not self.name or self.instead is not None:
            return False
        try:
            self._require_existence()
        except PictureError:
            return False  # it was logged when it failed
        verify = getattr(self.cachefile_strategy, "should_verify_existence", None)
        backend = self.cachefile_backend
        if verify(self) if verify is not None else backend.is_async:
            return bool(backend.exists(self))
        known_to_be_absent = getattr(backend, "is_known_to_be_absent", None)
        return known_to_be_absent is None or not known_to_be_absent(self)

    def _opened(self) -> Any:
        content_required.send(sender=self, file=self)
        return super()._opened()

    @cached_property
    def dimensions(self) -> Size:
        """Width and height in pixels: by arithmetic where the recipe allows, else from the file."""
        self._ask(content_required)
        return self.rendition.dimensions

    def _get_image_dimensions(self) -> Size:
        """What Django's ``width`` and ``height`` are read from."""
        return self.dimensions

    @property
    def size(self) -> int:
        """The length of the file in bytes."""
        content_required.send(sender=self, file=self)
        return super().size

    def __str__(self) -> str:
        return self.name or ""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.name or None}>"

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.file)

    def __getstate__(self) -> dict[str, Any]:
        kept = ("generator", "_given_name", "_given_backend", "_given_strategy")
        state = {name: getattr(self, name) for name in kept} | {"_given_storage": None}
        if self._given_storage is not None and self.storage != choose_storage(None):
            state["_given_storage"] = self.storage  # what was callable may be a lambda
        return state | {"_file": None}


def _pass_on(event: str) -> Callable[..., None]:
    def receive(sender: ImageCacheFile, file: ImageCacheFile, **kwargs: Any) -> None:
        if generator_registry.id_of(file.generator):
            file.tell_strategy(event)

    return receive


existence_required.connect(_pass_on("on_existence_required"), weak=False)
content_required.connect(_pass_on("on_content_required"), weak=False)
