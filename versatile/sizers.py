"""Sizers: attributes of an image that write a recipe for a size, as in ``crop['400x400']``."""

import re
from functools import lru_cache
from typing import Any, NamedTuple, Never, cast

from django.core.files.storage import Storage

from versatile.conf import SETTINGS_ALONE, Policy, conf
from versatile.exceptions import EmptyField, MalformedSizedImageKey
from versatile.imaging import geometry
from versatile.imaging.exceptions import InvalidGeometry
from versatile.imaging.geometry import CENTRE, Bounds, Point
from versatile.placeholder import DrawnImage
from versatile.registry import versatileimagefield_registry
from versatile.renditions import namers
from versatile.renditions.keys import OPTIONS, ordered_options
from versatile.renditions.namers import Wording
from versatile.renditions.passing import PassedThrough
from versatile.renditions.rendition import Rendition
from versatile.renditions.writing import ProcessedImage, Upstream


class _Reading(NamedTuple):
    """What the key of a size says."""

    size: str
    bounds: Bounds
    options: str
    wording: Wording


class SizedImage(ProcessedImage, dict[str, Rendition]):  # type: ignore[misc]
    """A sizer: ``sizer['400x300']`` is the rendition of that size. As a dictionary it is empty.

    A subclass has a ``filename_key``, and ``get_processors(width, height)`` or the old
    ``process_image(image, image_format, save_kwargs, width, height)``. Where ``one_side`` is
    true a side may be left out, and is None.
    """

    filename_key: str = ""
    """What the names of renditions say of the sizer."""
    filename_key_regex: str = ""
    """What matches all its filename keys, where they vary."""
    one_side: bool = False
    """Whether ``'400x'`` and ``'x300'`` are sizes too."""

    def __init__(
        self,
        path_to_image: str | None,
        storage: Storage,
        create_on_demand: bool,
        ppoi: Point | None = None,
    ) -> None:
        super().__init__(path_to_image, storage, create_on_demand)
        self.ppoi: Point = ppoi or CENTRE
        if not self.filename_key:
            self.get_filename_key()  # which tells what is missing

    def get_filename_key(self) -> str:
        """What the names of renditions say of the sizer and its settings."""
        if not self.filename_key:
            raise NotImplementedError(
                f"{type(self).__name__} needs a filename_key, or a method get_filename_key()"
            )
        return self.filename_key

    @classmethod
    def get_filename_key_regex(cls) -> str:
        """What matches all filename keys of the sizer, so that its files can be deleted."""
        return cls.filename_key_regex or re.escape(cls.filename_key)

    def ppoi_as_str(self) -> str:
        """The point as names carry it: ``0-5__0-5``."""
        return _point_in_names(*self.ppoi)

    @classmethod
    def parse(cls, key: str, policy: Policy = SETTINGS_ALONE) -> Bounds:
        """The two sides of a size key; raises ``MalformedSizedImageKey``."""
        limits = {"max_side": policy.max_side, "max_area": policy.max_area}
        try:
            bounds = geometry.parse_size(key, **limits)
            if None in bounds and not cls.one_side:
                raise InvalidGeometry("this sizer needs both sides")
        except (InvalidGeometry, TypeError) as error:
            raise MalformedSizedImageKey(
                f"{key!r} is no size for {cls.__name__}: {error}. "
                "Keys have the format `width`x`height`, with integers in pixels"
            ) from error
        return bounds

    def rendition(self, key: str, options: str = "") -> Rendition:
        """The rendition of a size, without asking whether it is there.

        ``options``, or what follows a ``?`` in the key, say how it is saved: ``'quality=85'``.
        """
        upstream = self.upstream
        if not upstream.source.name or upstream.source.passed_through:
            return self._without_file(key)
        extension = namers.extension_of(upstream.name)
        size, bounds, options, wording = self._read(upstream, key, options, extension)
        name = namers.sized_name(upstream.name, *bounds, self.get_filename_key(), wording=wording)
        address = f"{upstream.key}{self.attr_name}__{size}"
        return self.write(name, address, *bounds, options=options)

    def _read(self, upstream: Upstream, key: object, options: str, extension: str) -> _Reading:
        """What a key and its options say, which is kept: a page says the same of each picture."""
        kept = upstream.source.policy.kept
        asked = (type(self), key, options, extension, *map(type, upstream.filters))
        found: _Reading | None = kept.get(asked) if isinstance(key, str) else None
        if found is None:
            size, own = _parted(key)
            bounds = self.parse(size, upstream.source.policy)
            options = ordered_options(own or options)
            wording = self.wording(extension, options, sized=True)
            found = kept[asked] = _Reading(size, bounds, options, wording)
        return found

    def _without_file(self, key: str) -> Rendition:
        """What stands for the rendition of nothing, or of what is shown as it is."""
        source = self.upstream.source
        size, _ = _parted(key)
        bounds = self.parse(size, source.policy)
        if source.name:
            address = f"{self.upstream.key}{self.attr_name}__{size}"
            return cast(Rendition, PassedThrough(source, address))
        if not conf.DRAW_PLACEHOLDERS:
            raise EmptyField(self.attr_name)
        return cast(Rendition, DrawnImage(*bounds))

    def __getitem__(self, key: str) -> Rendition:
        """The rendition of a size, made if it is missing and may be made.

        Raises ``MalformedSizedImageKey``, ``SourceError``, ``RenditionError``, ``StorageError``.
        """
        rendition = self.rendition(key)
        rendition.require()
        return rendition

    def __setitem__(self, key: str, value: object) -> Never:
        raise NotImplementedError(f"{type(self).__name__} instances do not take items")

    def __ne__(self, other: object) -> bool:
        # A dictionary's own answer would be that all sizers are equally empty.
        return not self == other


def _parted(key: object) -> tuple[Any, str]:
    """A size and its options; what is no text is no size either, and told as it is."""
    if not isinstance(key, str):
        return key, ""
    size, _, options = key.partition(OPTIONS)
    return size, options


@lru_cache(maxsize=1024, typed=True)  # by type too: 1 and 1.0 are equal, and named apart
def _point_in_names(x: float, y: float) -> str:
    return f"{x}__{y}".replace(".", "-")


def build_sizer(name: str, upstream: Upstream, *, create_on_demand: bool) -> SizedImage:
    """The sizer registered under a name, starting from an upstream; raises ``KeyError``."""
    cls = versatileimagefield_registry.all_sizers()[name]
    source = upstream.source
    sizer: SizedImage = cls(
        path_to_image=upstream.name,
        storage=source.storage,
        create_on_demand=create_on_demand,
        ppoi=source.ppoi,
    )
    sizer.bind(upstream, name)
    return sizer


def filename_key_patterns() -> dict[str, str]:
    """By their names, regular expressions for the filename keys of all registered sizers."""
    classes: dict[str, Any] = versatileimagefield_registry.all_sizers()
    return {name: cls.get_filename_key_regex() for name, cls in classes.items()}


versatileimagefield_registry.sizers.base = SizedImage
