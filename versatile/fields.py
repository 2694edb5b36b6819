"""The model fields: ``VersatileImageField`` and its companion ``PPOIField``."""

import logging
from typing import TYPE_CHECKING, Any, Self, overload

from django.contrib.admin.widgets import AdminFileWidget
from django.core import checks
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model
from django.db.models.expressions import Combinable
from django.db.models.fields.files import ImageField
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import class_prepared
from django.utils.functional import cached_property

from versatile.conf import PER_FIELD, Policy
from versatile.files import (
    VersatileImageFieldFile,
    VersatileImageFileDescriptor,
    VersionField,
    checking,
    cleanup,
    dimensions,
    uploads,
)
from versatile.files.detection import choose
from versatile.forms import (
    SizedImageCenterpointClickDjangoAdminField,
    SizedImageCenterpointMixIn,
    VersatileImageFormField,
)
from versatile.imaging.geometry import CENTRE, Point
from versatile.placeholder import PlaceholderImage
from versatile.validators import ppoi_to_text, round_ppoi, validate_image, validate_ppoi
from versatile.widgets import PPOIWidget

__all__ = ["PPOIDescriptor", "PPOIField", "VersatileImageField", "VersionField"]

logger = logging.getLogger(__name__)

class_prepared.connect(cleanup.watch)


class VersatileImageField(ImageField):
    """Django's ``ImageField``, whose files have sizers, filters, a PPOI and a placeholder.

    ``ppoi_field`` is the name of a ``PPOIField`` of the model, ``version_field`` that of a
    ``VersionField``. Each setting that a field may decide for itself is an option by its name in
    lower case: ``matte="black"``. None of them ever appears in a migration.
    """

    attr_class = VersatileImageFieldFile
    descriptor_class = VersatileImageFileDescriptor
    description = "Versatile Image Field"
    width_field: str | None
    height_field: str | None

    def __init__(
        self,
        verbose_name: str | None = None,
        name: str | None = None,
        width_field: str | None = None,
        height_field: str | None = None,
        ppoi_field: str | None = None,
        placeholder_image: PlaceholderImage | None = None,
        *,
        version_field: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.ppoi_field = ppoi_field
        self.version_field = version_field
        self.placeholder_image = placeholder_image
        self.policy = Policy(**{name: kwargs.pop(name) for name in PER_FIELD if name in kwargs})
        super().__init__(verbose_name, name, width_field, height_field, **kwargs)

    if TYPE_CHECKING:  # what the attribute of a model gives

        @overload  # type: ignore[override]
        def __get__(self, instance: None, owner: Any) -> VersatileImageFileDescriptor: ...
        @overload
        def __get__(self, instance: Model, owner: Any) -> VersatileImageFieldFile: ...
        @overload
        def __get__(self, instance: Any, owner: Any) -> Self: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...

    @property
    def placeholder_image_name(self) -> str | None:
        """The storage name of the placeholder's copy."""
        return self.placeholder_image.name if self.placeholder_image else None

    def reset_ppoi(self, instance: Model) -> None:
        """Give the point of an emptied field back, unless another field still uses it."""
        if self.ppoi_field and not _is_used(instance, self.ppoi_field):
            setattr(instance, self.ppoi_field, CENTRE)

    def has_default_ppoi(self, instance: Model) -> bool:
        """Whether nobody gave the instance its point."""
        field = instance._meta.get_field(self.ppoi_field or "")
        default = field.to_python(field.get_default())  # type: ignore[union-attr]
        return bool(getattr(instance, field.name) == default)

    def shares_ppoi(self, instance: Model) -> bool:
        """Whether another field of the instance holds a file that has the same point."""
        return _is_used(instance, self.ppoi_field or "", besides=self)

    def update_dimension_fields(
        self, instance: Model, force: bool = False, *args: Any, **kwargs: Any
    ) -> None:
        """Django's, but deferred dimensions stay deferred: reading them costs queries per row."""
        names = filter(None, (self.width_field, self.height_field))
        if not force and any(name not in instance.__dict__ for name in names):
            return
        try:
            super().update_dimension_fields(instance, force, *args, **kwargs)
        except Exception as error:
            name = str(instance.__dict__.get(self.attname))
            if not dimensions.are_optional(name, error):
                raise

    @cached_property
    def validators(self) -> list[Any]:
        """Django's, and that a new file is a picture of which renditions can be made."""
        return [*super().validators, self.validate_upload]

    def validate_upload(self, file: Any) -> None:
        """Raise ``ValidationError`` for a new file that no rendition could be made of."""
        validate_image(file, self.policy)

    def generate_filename(self, instance: Any, filename: Any) -> str:
        """Django's, outside of the folders where renditions lie, and harmless."""
        name = uploads.outside(super().generate_filename(instance, filename))
        return uploads.harmless(name) if self.policy.correct_extension else name

    def save_form_data(self, instance: Model, data: Any) -> None:
        """Take what the form field gives: a file, or a pair of a file and a point."""
        upload, point = data if isinstance(data, tuple) else (data, None)
        super().save_form_data(instance, upload)
        moved = getattr(point, "moved", True)  # what the form field says of its text
        if upload and point is not None:
            choose(upload, point if moved else None)
        if point and moved and upload is not False:
            getattr(instance, self.attname).ppoi = point

    def formfield(self, **kwargs: Any) -> Any:
        """With a PPOI field a form field of both; otherwise that of an image."""
        if self.ppoi_field:
            kwargs.setdefault("form_class", SizedImageCenterpointClickDjangoAdminField)
            if kwargs.get("widget") is AdminFileWidget:
                del kwargs["widget"]
        form_class = kwargs.setdefault("form_class", VersatileImageFormField)
        if issubclass(form_class, VersatileImageFormField | SizedImageCenterpointMixIn):
            kwargs.setdefault("policy", self.policy)
        field: Any = super().formfield(**kwargs)
        if isinstance(field.widget, PPOIWidget):
            field.widget.policy = self.policy
        return field

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Django's checks, and that options and companions name what there is."""
        return [
            *super().check(**kwargs),
            *checking.check_companion(self, "ppoi_field", PPOIField, ("E001", "E002")),
            *checking.check_companion(self, "version_field", VersionField, ("E008", "E009")),
            *checking.check_policy(self),
        ]


class PPOIDescriptor(DeferredAttribute):
    """The attribute of a point: a pair of numbers, whatever was assigned."""

    field: "PPOIField"

    def __set__(self, instance: Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.to_point(value)
        if not instance._state.adding:
            instance._state.versatile_assigned = True  # type: ignore[attr-defined]


class PPOIField(models.CharField):  # type: ignore[type-arg]
    """A primary point of interest: (x, y) as fractions of the displayed image, from the top left.

    In Python a pair of numbers, in the database text such as ``0.5x0.5``.
    """

    description = "Primary Point of Interest"
    if TYPE_CHECKING:  # what the attribute of a model takes and gives
        _pyi_private_set_type: Point | str | Combinable | None  # type: ignore[assignment]
        _pyi_private_get_type: Point  # type: ignore[assignment]

    descriptor_class = PPOIDescriptor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        default = kwargs.setdefault("default", CENTRE)
        max_length = kwargs.setdefault("max_length", 20)
        point = None if callable(default) else validate_ppoi(default, return_converted_tuple=True)
        if point and isinstance(default, tuple):
            kwargs["default"] = ppoi_to_text(round_ppoi(point, max_length))
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def to_point(self, value: Any) -> Any:
        """The pair for what was assigned; None is the centre, a database expression stays.

        Raises ``ValidationError`` for what is no point. Decimals are rounded to what
        ``max_length`` can hold.
        """
        if value is None:
            return CENTRE
        if hasattr(value, "resolve_expression"):
            return value
        point = validate_ppoi(value, return_converted_tuple=True)
        assert point is not None
        return round_ppoi(point, self.max_length)

    def to_python(self, value: Any) -> Any:
        """The pair for a text or a pair."""
        return self.to_point(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Point | None:
        """The pair; for a text that is no point the centre, and a log record."""
        if value is None:
            return None
        try:
            return validate_ppoi(value, return_converted_tuple=True)
        except ValidationError as error:
            logger.error("A row of %s holds no point, taking the centre: %s", self, error)
            return CENTRE

    def get_prep_value(self, value: Any) -> Any:
        """The text of a pair, rounded as an assignment rounds it; other values as they are."""
        value = super(models.CharField, self).get_prep_value(value)
        if isinstance(value, tuple):
            return ppoi_to_text(round_ppoi(value, self.max_length))
        return value

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        """The centre where no image field that uses the point holds a file."""
        for field in _users(model_instance, self.name):  # whose files may be saved after it
            if field.attname in model_instance.__dict__:
                getattr(model_instance, field.attname).settle_ppoi()
        if _users(model_instance, self.name) and not _is_used(model_instance, self.name):
            setattr(model_instance, self.attname, CENTRE)
        return super().pre_save(model_instance, add)

    def value_to_string(self, obj: Any) -> str:
        """The text, for Django's serializers."""
        return ppoi_to_text(self.value_from_object(obj))


def _users(instance: Model, ppoi_field: str) -> list[VersatileImageField]:
    return [
        field
        for field in instance._meta.concrete_fields
        if isinstance(field, VersatileImageField) and field.ppoi_field == ppoi_field
    ]


def _is_used(instance: Model, ppoi_field: str, besides: VersatileImageField | None = None) -> bool:
    """Whether an image field with this point holds a file; one not loaded may."""
    values = instance.__dict__
    users = [field for field in _users(instance, ppoi_field) if field is not besides]
    return any(field.attname not in values or bool(values[field.attname]) for field in users)
