"""The file of a ``VersatileImageField``, as a model instance gives it."""

from collections.abc import Iterable
from typing import Any, cast

from django.core.files.base import File
from django.db.models.fields.files import ImageFieldFile

from versatile.conf import conf
from versatile.files import detection, predecessors, uploads
from versatile.files.created import CreatedImages
from versatile.files.dimensions import read_dimensions
from versatile.files.options import FieldOptions
from versatile.filters import FilterLibrary
from versatile.imaging.geometry import CENTRE, Point, Size
from versatile.placeholder import PlaceholderImage, PlaceholderSource
from versatile.registry import versatileimagefield_registry
from versatile.rendition_keys import RenditionSet, rendition_set, resolve
from versatile.renditions import failures, keys, strategies, version_namer, versions
from versatile.renditions.source import Source
from versatile.renditions.writing import Upstream
from versatile.sizers import SizedImage, build_sizer
from versatile.validators import validate_ppoi


class VersatileImageFieldFile(CreatedImages, ImageFieldFile):
    """An image with a sizer as each further attribute, ``filters``, a PPOI and its renditions.

    Creating one costs what Django's own costs: all else is looked up when it is asked for.
    """

    known: dict[str, bool] | None = None
    """What one batched look at existence found for the page."""
    prefetched: RenditionSet | None = None
    """The set that was looked up for the page."""
    _create_on_demand: bool | None = None
    _ppoi_value: Point = CENTRE
    moved_to: Point | None = None
    """Where the point of the stored file goes when this is assigned; a file never stored alone."""
    _is_settled = False

    @property
    def options(self) -> FieldOptions:
        """The model field, by what is asked of it here."""
        return cast(FieldOptions, self.field)

    @property
    def create_on_demand(self) -> bool:
        """Whether asking for a rendition makes it; the setting's value until it is set."""
        switch = self._create_on_demand
        return bool(conf.CREATE_ON_DEMAND) if switch is None else switch

    @create_on_demand.setter
    def create_on_demand(self, value: bool) -> None:
        if not isinstance(value, bool):
            raise ValueError(f"create_on_demand must be a boolean, not {value!r}")
        self._create_on_demand = value

    @property
    def ppoi(self) -> Point:
        """The point that crops keep: that of the model's PPOI field, or else the file's own."""
        name = self.options.ppoi_field
        if not name or self.instance is None:
            return self._ppoi_value
        point: Point = getattr(self.instance, name)
        return point

    @ppoi.setter
    def ppoi(self, value: Point | str) -> None:
        point = validate_ppoi(value, return_converted_tuple=True)
        assert point is not None
        if self.options.ppoi_field and self.instance is not None:
            setattr(self.instance, self.options.ppoi_field, point)
        else:
            self._ppoi_value = point

    def settle_ppoi(self, content: "File[bytes] | None" = None) -> None:
        """Give a new file the point chosen for it, or what a detector finds in it; once.

        Called before the file or its point is saved, whichever comes first.
        """
        name, instance = self.options.ppoi_field, self.instance
        is_new = content is not None or (self and not self._committed)
        if self._is_settled or not is_new or not name or instance is None:
            return
        self._is_settled = True
        point = detection.point_for(
            self.file if content is None else content,
            self.options.policy.ppoi_detector,
            limits=self.source.limits,
            is_new_point=self.options.has_default_ppoi(instance),
            is_shared=self.options.shares_ppoi(instance),
        )
        if point is not None:
            self.ppoi = point

    @property
    def placeholder(self) -> PlaceholderImage | None:
        """What stands in for the file, if it is empty."""
        return None if self else self.options.placeholder_image

    @property
    def source(self) -> Source:
        """The file as renditions see it: itself, or its placeholder where it is empty."""
        options = self.options
        image = options.placeholder_image
        if image is not None and not self:
            return PlaceholderSource(
                self.storage,
                image.name,
                self.ppoi,
                known=self.known,
                policy=options.policy,
                image=image,
            )
        return Source(
            self.storage,
            self.name or "",
            self.ppoi,
            self._known_size(options),
            self.known,
            options.policy,
            self._stand_in if image else None,
            self._known_version() if options.version_field else "",
        )

    def _stand_in(self, key: str) -> Any:
        """What the placeholder has at a rendition key."""
        empty = type(self)(self.instance, self.field, None)
        empty.create_on_demand = self.create_on_demand
        return resolve(empty, key)

    def _row(self) -> dict[str, Any]:
        """What the instance has, if what it has is this file and no other."""
        values: dict[str, Any] = getattr(self.instance, "__dict__", {})
        return values if values.get(self.field.attname) is self else {}

    def _known_size(self, options: FieldOptions) -> Size | None:
        """The size that the dimension fields tell, if they tell of this file."""
        if not options.width_field or not options.height_field:
            return None
        row = self._row()
        width, height = row.get(options.width_field), row.get(options.height_field)
        return Size(width, height) if width and height else None

    def _known_version(self) -> str:
        """The version that the version field tells, if it tells of this file."""
        name = self.options.version_field or ""
        return str(getattr(self.instance, name) or "") if self._row() else ""

    def _base_name(self) -> str:
        """What the renditions of the file are named after."""
        plain = version_namer.is_plain(self.options.policy)
        return (self.name or "") if plain else version_namer.base_name(self.source)

    @property
    def upstream(self) -> Upstream:
        """What the file's sizers and filters start from."""
        source = self.source
        return Upstream(source, version_namer.base_name(source))

    @property
    def filters(self) -> FilterLibrary:
        """The registered filters, as attributes and as items."""
        return FilterLibrary.starting_from(self.upstream, create_on_demand=self.create_on_demand)

    def __getattr__(self, name: str) -> SizedImage:
        if name.startswith("_") or name not in versatileimagefield_registry.all_sizers():
            raise AttributeError(f"{type(self).__name__} has no attribute or sizer {name!r}")
        return build_sizer(name, self.upstream, create_on_demand=self.create_on_demand)

    def build_filters_and_sizers(self, ppoi_value: Point | str, create_on_demand: bool) -> None:
        """Set the point and the switch; sizers and filters follow at once."""
        self.ppoi = ppoi_value
        self.create_on_demand = create_on_demand

    def renditions(self, rendition_key_set: str | Iterable[tuple[str, str]]) -> RenditionSet:
        """The renditions at a set's keys by name: one cache read, and missing ones in one decode.

        Raises ``UnknownRenditionKeySet``, ``InvalidSizeKeySet``, ``InvalidSizeKey``.
        """
        return rendition_set(self, keys.get_key_set(rendition_key_set))

    @property
    def url(self) -> str:
        """Where a browser finds the file, or its placeholder; ``ValueError`` where it is empty."""
        image = self.placeholder
        if image is None:
            return super().url
        if self.create_on_demand and not strategies.is_on_event_loop(self):
            image.ensure(self.storage, self.known)
        return self.storage.url(image.name)

    def save(self, name: str, content: "File[bytes]", save: bool = True) -> None:
        """Save a new file; what was made of another of its name goes, as far as that is known."""
        self.settle_ppoi(content)  # before what is noted on the upload is prepared away
        name, content = uploads.prepared(name, content, self.options.policy)
        version = versions.digest(content) if self.options.version_field else ""
        super().save(name, content, save=False)
        self._is_settled = False  # the next file has a point of its own
        if self.options.version_field and self.instance is not None:
            setattr(self.instance, self.options.version_field, version)
        source = self.source
        versions.renew(source)
        failures.forget_failure(source)
        predecessors.drop(self, source)
        self.known = self.prefetched = None
        if save:
            self.instance.save()

    save.alters_data = True  # type: ignore[attr-defined]

    def _set_instance_attribute(self, name: str, content: "File[bytes]") -> None:
        """Django's, but content without a name is no empty field and has dimensions too."""
        named = content if content.name else File(content.file, name)
        super()._set_instance_attribute(name, named)  # type: ignore[misc]

    def _get_image_dimensions(self) -> tuple[int | None, int | None]:
        """The upright size, where Django's own would give the stored one."""
        if not hasattr(self, "_dimensions_cache"):
            self._dimensions_cache = read_dimensions(self)
        return self._dimensions_cache

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        state["_create_on_demand"] = self._create_on_demand
        state["_ppoi_value"] = self._ppoi_value
        return state
