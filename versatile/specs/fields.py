"""The model fields of specs: ``ImageSpecField`` and ``ProcessedImageField``."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, overload

from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models import Model
from django.db.models.fields.files import ImageFieldFile
from django.db.models.signals import class_prepared, pre_save
from django.utils.functional import cached_property

from versatile.conf import Policy
from versatile.exceptions import ConfigurationError
from versatile.imaging.formats import suggest_extension
from versatile.registry import register
from versatile.specs.cachefile import ImageCacheFile
from versatile.specs.generators import ImageSpec
from versatile.specs.host import SpecHost
from versatile.specs.sourcegroups import ImageFieldSourceGroup
from versatile.validators import VersatileImageFormField, validate_image

DOOR = Policy(allow_svg=False, correct_extension=False)
"""How uploads are judged that are to be processed, as far as the settings do not say it."""


class ImageSpecFileDescriptor:
    """The attribute of a model: the field on the class, a cache file on an instance."""

    def __init__(self, field: "ImageSpecField", attname: str) -> None:
        self.field = field
        self.attname = attname

    def __get__(self, instance: Model | None, owner: type[Model]) -> Any:
        if instance is None:
            return self.field
        name = self.field.source or self.field.source_name(type(instance))
        source = getattr(instance, name)
        file = ImageCacheFile(self.field.get_spec(source))
        instance.__dict__[self.attname] = file
        return file

    def __set__(self, instance: Model, value: Any) -> None:
        instance.__dict__[self.attname] = value


class ImageSpecField(SpecHost):
    """A virtual field: the file that a spec makes of another field's image.

    ``source`` may be left out where the model has one image field. Raises ``TypeError`` for a
    spec together with attributes of one.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the arguments are ImageKit's
        self,
        processors: Sequence[Any] | None = None,
        format: str | None = None,
        options: dict[str, Any] | None = None,
        source: str | None = None,
        cachefile_storage: Any = None,
        autoconvert: bool | None = None,
        cachefile_backend: Any = None,
        cachefile_strategy: Any = None,
        spec: type[ImageSpec] | None = None,
        id: str | None = None,
    ) -> None:
        self.source = source
        self.name = ""
        self._given_id = id
        self._abstract: type[Model] | None = None
        super().__init__(
            spec=spec,
            processors=processors,
            format=format,
            options=options,
            autoconvert=autoconvert,
            cachefile_storage=cachefile_storage,
            cachefile_backend=cachefile_backend,
            cachefile_strategy=cachefile_strategy,
        )

    if TYPE_CHECKING:  # what stands on the model is an ImageSpecFileDescriptor

        @overload
        def __get__(self, instance: None, owner: type[Model]) -> Self: ...

        @overload
        def __get__(self, instance: Model, owner: type[Model]) -> ImageCacheFile: ...

        def __get__(self, instance: Any, owner: Any) -> Any: ...

    def contribute_to_class(self, cls: type[Model], name: str) -> None:
        """Become an attribute of the model, and register when the model is complete."""
        self.name = name
        setattr(cls, name, ImageSpecFileDescriptor(self, name))
        if not cls._meta.abstract:
            class_prepared.connect(self._prepared, sender=cls)
            return
        self._register(cls)  # abstract models are never said to be prepared
        if not self.source:
            self._abstract = cls
            class_prepared.connect(self._prepared_below)

    def _prepared(self, sender: type[Model], **kwargs: Any) -> None:
        self._register(sender)

    def _prepared_below(self, sender: type[Model], **kwargs: Any) -> None:
        """Find the image field of each topmost model below an abstract one."""
        is_below = self._abstract is not None and issubclass(sender, self._abstract)
        concrete = (item for item in sender.__mro__[1:] if hasattr(item, "_meta"))
        has_own = getattr(sender, self.name, None) is not self
        if not is_below or has_own or any(not item._meta.abstract for item in concrete):
            return
        group = ImageFieldSourceGroup(sender, self.source_name(sender))
        register.source_group(self.spec_id or "", group)

    def _register(self, cls: type[Model]) -> None:
        is_clear = self.source or not cls._meta.abstract
        source = self.source_name(cls) if is_clear else None  # or nothing is registered
        id = self.settle_spec_id(self._given_id, cls, self.name)
        if source:
            register.source_group(id, ImageFieldSourceGroup(cls, source))

    def source_name(self, model: type[Model]) -> str:
        """The name of the image field; raises ``ConfigurationError`` where it is not clear."""
        if self.source:
            return self.source
        names = [item.name for item in model._meta.fields if isinstance(item, models.ImageField)]
        if len(names) != 1:
            found = f"several: {', '.join(names)}" if names else "none"
            raise ConfigurationError(
                f"{model.__name__}.{self.name} needs source= with the name of an image field; "
                f"the model has {found}"
            )
        return names[0]


class ProcessedImageFieldFile(ImageFieldFile):
    """A file that is processed when it is saved: only the result is stored."""

    field: "ProcessedImageField"

    def save(self, name: str, content: "File[bytes]", save: bool = True) -> None:
        """Process a new upload, and store the result under the extension of its format."""
        if not content.name:
            content.name = name
        spec = self.field.get_spec(content)
        processed = ContentFile(spec.generate().read(), name)
        fitting = suggest_extension(name, spec.output_format(name))
        super().save(f"{os.path.splitext(name)[0]}{fitting}", processed, save)

    save.alters_data = True  # type: ignore[attr-defined]


class ProcessedImageField(models.ImageField, SpecHost):
    """An image field whose new uploads are processed once; a plain save changes nothing."""

    attr_class = ProcessedImageFieldFile

    def __init__(  # noqa: PLR0913, PLR0917 - the arguments are ImageKit's
        self,
        processors: Sequence[Any] | None = None,
        format: str | None = None,
        options: dict[str, Any] | None = None,
        verbose_name: str | None = None,
        name: str | None = None,
        width_field: str | None = None,
        height_field: str | None = None,
        autoconvert: bool | None = None,
        spec: type[ImageSpec] | None = None,
        spec_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        SpecHost.__init__(
            self,
            spec=spec,
            processors=processors,
            format=format,
            options=options,
            autoconvert=autoconvert,
        )
        self._given_id = spec_id
        self._has_dimensions = bool(width_field or height_field)
        models.ImageField.__init__(self, verbose_name, name, width_field, height_field, **kwargs)

    def deconstruct(self) -> Any:
        """The arguments of an image field, under a path that stays whatever moves here."""
        name, path, args, kwargs = super().deconstruct()
        if type(self) is ProcessedImageField:
            path = "versatile.models.ProcessedImageField"
        return name, path, args, kwargs

    @cached_property
    def validators(self) -> list[Any]:
        """Django's, and that a new file is a whole picture within the limits."""
        return [*super().validators, self.validate_upload]

    def validate_upload(self, file: Any) -> None:
        """Raise ``ValidationError`` for a new file that cannot be processed."""
        validate_image(file, DOOR)

    def formfield(self, **kwargs: Any) -> Any:
        """A form field that asks no parser but ours."""
        form_class = kwargs.setdefault("form_class", VersatileImageFormField)
        if issubclass(form_class, VersatileImageFormField):
            kwargs.setdefault("policy", DOOR)
        return super().formfield(**kwargs)

    def contribute_to_class(  # type: ignore[override]
        self, cls: type[Model], name: str, **kwargs: Any
    ) -> None:
        """Register the spec under the id of the field."""
        self.settle_spec_id(self._given_id, cls, name)
        super().contribute_to_class(cls, name, **kwargs)
        if self._has_dimensions and not cls._meta.abstract:
            pre_save.connect(self._process_first, sender=cls)
            class_prepared.connect(self._prepared_below)

    def _prepared_below(self, sender: type[Model], **kwargs: Any) -> None:
        if issubclass(sender, self.model) and sender is not self.model:
            pre_save.connect(self._process_first, sender=sender)

    def _process_first(
        self, instance: Model, raw: bool = False, update_fields: Any = None, **kwargs: Any
    ) -> None:
        """Process before the fields are stored one by one: dimensions may come before the image."""
        excluded = update_fields is not None and self.name not in update_fields
        if not raw and not excluded and self.attname in instance.__dict__:
            self.pre_save(instance, False)
