"""Registry: which sizers and filters there are, and by which names.

It stores, and imports neither: the modules of sizers and of filters hand it the base class
that it accepts.
"""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from versatile.exceptions import (
    AlreadyRegistered,
    ConfigurationError,
    InvalidFilteredImageSubclass,
    InvalidSizedImageSubclass,
    NotRegistered,
    UnallowedFilterName,
    UnallowedSizerName,
)

MODULE = "versatileimagefield"
"""The module that is imported from each installed app."""

_FILE_ATTRIBUTES = """
    build_filters_and_sizers chunks close closed create_on_demand delete encoding field file fileno
    filters flush get_filtered_root_folder get_sized_root_folder get_filtered_sized_root_folder
    delete_matching_files_from_storage delete_filtered_images delete_sized_images
    delete_filtered_sized_images delete_all_created_images height instance isatty multiple_chunks
    name newlines open path ppoi read readinto readline readlines renditions save seek size
    softspace storage tell truncate url validate_ppoi width write writelines xreadlines
"""
_FURTHER_ATTRIBUTES = """
    aensure attr_name bind clear_cache downstream ensure exists file_name filename_key forget
    get_processors known moved_to options path_to_image placeholder placeholder_image prefetched
    preprocess preprocess_GIF preprocess_JPEG preprocess_WEBP process_image rendition
    retrieve_image save_image save_options saved_as settle_ppoi source steps unsaid upstream
    version wording
"""
RESERVED_SIZER_NAMES = frozenset((_FILE_ATTRIBUTES + _FURTHER_ATTRIBUTES).split())
"""Attributes of every file and every filter, behind which a sizer could not be reached."""


@dataclass
class Shelf:
    """Registered classes of one sort, by name."""

    what: str
    reserved: frozenset[str]
    unallowed: type[ConfigurationError]
    invalid: type[ConfigurationError]
    base: type = object
    classes: dict[str, type[Any]] = field(default_factory=dict)
    defaults: set[str] = field(default_factory=set)
    """Names of built-ins that give way to whatever an app registers."""

    def register(self, name: str, cls: type[Any], *, default: bool) -> None:
        """Put a class on the shelf; a default neither replaces anything nor stands in the way."""
        self._validate(name, cls)
        if name in self.classes and default:
            return
        if name in self.classes and name not in self.defaults:
            raise AlreadyRegistered(
                f"A {self.what} {name!r} is registered already; unregister it first"
            )
        self.classes[name] = cls
        self.defaults.discard(name)
        if default:
            self.defaults.add(name)

    def unregister(self, name: str) -> None:
        """Take a class off the shelf."""
        if name not in self.classes:
            raise NotRegistered(f"No {self.what} {name!r} is registered")
        del self.classes[name]
        self.defaults.discard(name)

    def snapshot(self) -> tuple[dict[str, type[Any]], set[str]]:
        """What is on the shelf, for ``restore``."""
        return dict(self.classes), set(self.defaults)

    def restore(self, state: tuple[dict[str, type[Any]], set[str]]) -> None:
        """Go back to a ``snapshot``, in the same dictionary."""
        classes, defaults = state
        self.classes.clear()
        self.classes.update(classes)
        self.defaults = set(defaults)

    def _validate(self, name: str, cls: object) -> None:
        if name.startswith("_") or name in self.reserved:
            taken = f", nor be one of: {', '.join(sorted(self.reserved))}" if self.reserved else ""
            rule = f"it must not begin with an underscore{taken}"
            raise self.unallowed(f"{name!r} is no name for a {self.what}: {rule}")
        if not (isinstance(cls, type) and issubclass(cls, self.base)):
            raise self.invalid(f"{cls!r} is no subclass of {self.base.__name__}")


class VersatileImageFieldRegistry:
    """The sizers and the filters of a site."""

    def __init__(self) -> None:
        self.discovered = False
        self.sizers = Shelf(
            "sizer", RESERVED_SIZER_NAMES, UnallowedSizerName, InvalidSizedImageSubclass
        )
        self.filters = Shelf(
            "filter", frozenset(), UnallowedFilterName, InvalidFilteredImageSubclass
        )

    @property
    def _sizedimage_registry(self) -> dict[str, type[Any]]:
        return self.sizers.classes

    @property
    def _filter_registry(self) -> dict[str, type[Any]]:
        return self.filters.classes

    def register_sizer(
        self, attr_name: str, sizedimage_cls: type[Any], *, default: bool = False
    ) -> None:
        """Make a subclass of ``SizedImage`` an attribute of every image.

        Raises ``UnallowedSizerName``, ``InvalidSizedImageSubclass``, ``AlreadyRegistered``.
        """
        self.sizers.register(attr_name, sizedimage_cls, default=default)

    def unregister_sizer(self, attr_name: str) -> None:
        """Take a sizer away; raises ``NotRegistered``."""
        self.sizers.unregister(attr_name)

    def register_filter(
        self, attr_name: str, filterimage_cls: type[Any], *, default: bool = False
    ) -> None:
        """Make a subclass of ``FilteredImage`` an attribute of ``image.filters``.

        Raises ``UnallowedFilterName``, ``InvalidFilteredImageSubclass``, ``AlreadyRegistered``.
        """
        self.filters.register(attr_name, filterimage_cls, default=default)

    def unregister_filter(self, attr_name: str) -> None:
        """Take a filter away; raises ``NotRegistered``."""
        self.filters.unregister(attr_name)

    def all_sizers(self) -> dict[str, type[Any]]:
        """Every sizer by its name, after discovery."""
        self._discover()
        return self.sizers.classes

    def all_filters(self) -> dict[str, type[Any]]:
        """Every filter by its name, after discovery."""
        self._discover()
        return self.filters.classes

    def _discover(self) -> None:
        if not self.discovered:
            autodiscover()


versatileimagefield_registry = VersatileImageFieldRegistry()


def autodiscover() -> None:
    """Import the module ``versatileimagefield`` of each installed app, in order.

    If one fails to import, the registry is as it was before that app, and the error goes on.
    The library's own module is one of them, and is imported last where it is no installed app.
    """
    registry = versatileimagefield_registry
    registry.discovered = True
    shelves = (registry.sizers, registry.filters)
    for app in apps.get_app_configs():
        before = [shelf.snapshot() for shelf in shelves]
        try:
            import_module(f"{app.name}.{MODULE}")
        except Exception:
            for shelf, state in zip(shelves, before, strict=True):
                shelf.restore(state)
            if app.module is not None and module_has_submodule(app.module, MODULE):
                raise
    import_module(f"versatile.{MODULE}")
