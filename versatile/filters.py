"""Filters: ``image.filters.invert``, a picture of the original's size with something done to it."""

from typing import Any, cast

from django.core.files import File
from django.core.files.storage import Storage

from versatile.conf import conf
from versatile.exceptions import EmptyField, InvalidFilter, InvalidFilterAttribute
from versatile.registry import versatileimagefield_registry
from versatile.renditions import namers
from versatile.renditions.keys import ordered_options
from versatile.renditions.passing import PassedThrough
from versatile.renditions.rendition import Rendition
from versatile.renditions.writing import ProcessedImage, Upstream
from versatile.sizers import SizedImage, build_sizer


class FilteredImage(ProcessedImage):
    """A filter, with every sizer as an attribute, and ``filters`` to go on.

    Its own file is made when its name, URL, path or bytes are asked for, and never for a sizer
    taken from it. A subclass has ``get_processors()`` or the old
    ``process_image(image, image_format, save_kwargs)``.
    """

    def __init__(
        self, path_to_image: str | None, storage: Storage, create_on_demand: bool, filename_key: str
    ) -> None:
        super().__init__(path_to_image, storage, create_on_demand)
        self.filename_key = filename_key

    @property
    def file_name(self) -> str:
        """The name of the filter's own file, without making it."""
        return self._file_name("")

    def _file_name(self, options: str) -> str:
        extension = namers.extension_of(self.upstream.name)
        wording = self.wording(extension, options, sized=False)
        return namers.filtered_name(self.upstream.name, self.filename_key, wording=wording)

    @property
    def downstream(self) -> "Upstream":
        """What sizers and filters taken from this filter start from."""
        upstream = self.upstream
        # How its own file is saved is nothing to those that are taken from it.
        return Upstream(
            upstream.source,
            namers.filtered_name(upstream.name, self.filename_key),
            f"{upstream.key}filters__{self.filename_key}__",
            (*upstream.filters, self),
        )

    def rendition(self, options: str = "") -> Rendition:
        """The filter's own file, without asking whether it is there.

        ``options`` say how it is saved, as in rendition keys: ``'quality=85'``.
        """
        if not self.upstream.source.name:
            raise EmptyField(self.filename_key)
        options = ordered_options(options)
        address = f"{self.upstream.key}filters__{self.filename_key}"
        if self.upstream.source.passed_through:
            return cast(Rendition, PassedThrough(self.upstream.source, address))
        return self.write(self._file_name(options), address, options=options)

    def _required(self) -> Rendition:
        rendition = self.rendition()
        rendition.require()
        return rendition

    @property
    def name(self) -> str:
        """The storage name of the filter's own file."""
        return self._required().name

    @property
    def url(self) -> str:
        """Where a browser finds the filter's own file."""
        return self._required().url

    @property
    def path(self) -> str:
        """Where the file system has the filter's own file."""
        return self._required().path

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.rendition().width

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.rendition().height

    @property
    def size(self) -> int:
        """The length of the filter's own file in bytes."""
        return self.rendition().size

    def open(self, mode: str = "rb") -> "File[bytes]":
        """The filter's own file."""
        return self.rendition().open(mode)

    def exists(self) -> bool:
        """Whether the storage has the filter's own file now."""
        return self.rendition().exists()

    def delete(self) -> None:
        """Delete the filter's own file, and forget it."""
        self.rendition().delete()

    delete.alters_data = True  # type: ignore[attr-defined]

    def ensure(self) -> Rendition:
        """The filter's own file, which is there now; raises as ``Rendition.ensure``."""
        return self.rendition().ensure()

    ensure.alters_data = True  # type: ignore[attr-defined]

    async def aensure(self) -> Rendition:
        """The same for asynchronous code: the file is made in another thread."""
        return await self.rendition().aensure()

    def forget(self) -> None:
        """Forget that the filter's own file is there."""
        self.rendition().forget()

    forget.alters_data = True  # type: ignore[attr-defined]

    def clear_cache(self) -> None:
        """The same, as django-versatileimagefield calls it."""
        self.rendition().clear_cache()

    clear_cache.alters_data = True  # type: ignore[attr-defined]

    @property
    def filters(self) -> "FilterLibrary":
        """The filters that may follow."""
        return FilterLibrary.starting_from(self.downstream, create_on_demand=self.create_on_demand)

    def __getattr__(self, name: str) -> SizedImage:
        if name.startswith("_") or name not in versatileimagefield_registry.all_sizers():
            raise AttributeError(f"{type(self).__name__} has no attribute or sizer {name!r}")
        return build_sizer(name, self.downstream, create_on_demand=self.create_on_demand)

    def __str__(self) -> str:
        """The URL of the filter's own file; nothing for an empty field, or outside ``DEBUG``."""
        return str(self.rendition()) if self.upstream.source.name else ""


class DummyFilter(FilteredImage):
    """A filter of an empty field whose pictures are drawn: it has no file, its sizers draw."""

    name = ""
    url = ""

    def get_processors(self, *arguments: Any) -> tuple[()]:
        """Nothing is done to nothing."""
        return ()


class FilterLibrary(dict[str, FilteredImage]):
    """The filters of an image, by name: as attributes and as items. Each is built when used."""

    upstream: Upstream
    create_on_demand: bool

    @classmethod
    def starting_from(cls, upstream: Upstream, *, create_on_demand: bool) -> "FilterLibrary":
        """The filters that start from an upstream."""
        library = cls()
        library.upstream = upstream
        library.create_on_demand = create_on_demand
        return library

    def __missing__(self, name: str) -> FilteredImage:
        cls = self._find(name)
        if cls is None:
            known = ", ".join(sorted(versatileimagefield_registry.all_filters()))
            raise InvalidFilter(f"`{name}` is an invalid filter. Registered are: {known}")
        upstream = self.upstream
        built: FilteredImage = cls(
            path_to_image=upstream.name,
            storage=upstream.source.storage,
            create_on_demand=self.create_on_demand,
            filename_key=name,
        )
        built.bind(upstream, name)
        self[name] = built
        return built

    def _find(self, name: str) -> type[Any] | None:
        cls = versatileimagefield_registry.all_filters().get(name)
        nothing = cls is not None and not self.upstream.source.name
        return DummyFilter if nothing and conf.DRAW_PLACEHOLDERS else cls

    def __getattr__(self, name: str) -> FilteredImage:
        try:
            return self[name]
        except InvalidFilter as error:
            raise InvalidFilterAttribute(*error.args) from None


versatileimagefield_registry.filters.base = FilteredImage
