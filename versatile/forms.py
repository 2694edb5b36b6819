"""Form fields of an image: processed when it is cleaned, or with its PPOI."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.boundfield import BoundField

from versatile.conf import SETTINGS_ALONE, Policy
from versatile.exceptions import EncodingError, InvalidGeometry, RenditionError, SourceError
from versatile.imaging.geometry import CENTRE, Point
from versatile.specs.generators import ImageSpec
from versatile.specs.host import SpecHost
from versatile.validators import (
    VersatileImageFormField,
    ppoi_to_text,
    refusal,
    validate_ppoi,
)
from versatile.widgets import (
    AdminPPOIWidget,
    Bootstrap5PPOIWidget,
    PPOIWidget,
    SizedImageCenterpointClickBootstrap3Widget,
    SizedImageCenterpointClickDjangoAdminWidget,
    VersatileImagePPOIClickWidget,
)


class ProcessedImageField(VersatileImageFormField, SpecHost):
    """A form field of an image that is processed when it is cleaned; it keeps its name.

    Raises ``TypeError`` without a ``spec_id``, and for a spec together with attributes of one.
    """

    def __init__(
        self,
        processors: Sequence[Any] | None = None,
        format: str | None = None,
        options: dict[str, Any] | None = None,
        autoconvert: bool = True,
        spec_id: str | None = None,
        spec: type[ImageSpec] | None = None,
        **kwargs: Any,
    ) -> None:
        if not spec_id:
            raise TypeError("forms.ProcessedImageField needs spec_id=, the id of its spec")
        VersatileImageFormField.__init__(self, **kwargs)  # first, for it calls whatever follows it
        SpecHost.__init__(
            self,
            spec=spec,
            spec_id=spec_id,
            processors=processors,
            format=format,
            options=options,
            autoconvert=None if autoconvert else False,  # True is what a spec says anyway
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The processed upload; raises ``ValidationError`` for what is no image, or would grow.

        Raises ``RenditionError`` where the spec fails on a good one.
        """
        upload = super().clean(data, initial)
        if not upload or upload is initial:
            return upload
        try:
            content = self.get_spec(upload).generate().read()
        except SourceError as error:
            raise refusal(error.__cause__ or error, self.error_messages) from error
        except RenditionError as error:
            if isinstance(error.__cause__, InvalidGeometry | EncodingError):
                raise refusal(error.__cause__, self.error_messages) from error
            raise  # a mistake in the spec is not the user's
        return SimpleUploadedFile(upload.name, content, getattr(upload, "content_type", ""))


class PPOIText(str):
    """The canonical text of a point, and whether an editor has moved it, be it to and fro.

    A form sends what nobody touched just as it was shown; the picker writes four decimals.
    """

    __slots__ = ("moved",)

    moved: bool

    def __new__(cls, text: str, *, moved: bool = True) -> Self:
        """The text with its answer; a copy gets that of the original afterwards."""
        self = super().__new__(cls, text)
        self.moved = moved
        return self


class PPOIFormField(forms.CharField):
    """The text of a point; an empty one leaves the point where it is."""

    def to_python(self, value: Any) -> str:
        """The canonical text; raises ``ValidationError`` for what is no point."""
        return _canonical(super().to_python(value))


def _canonical(text: str | None) -> str:
    point = validate_ppoi(text, return_converted_tuple=True) if text else None
    return ppoi_to_text(point) if point else ""


class SizedImageCenterpointMixIn(forms.MultiValueField):
    """An image and the text of its point; cleaned, a pair of both.

    The first is an upload, None for no change, or False to clear. ``required``,
    ``max_length``, ``validators`` and ``error_messages`` are those of the image.
    """

    widget: Any = PPOIWidget

    def __init__(
        self,
        fields: Sequence[forms.Field] = (),
        *,
        max_length: int | None = None,
        allow_empty_file: bool = False,
        validators: Iterable[Any] = (),
        policy: Policy = SETTINGS_ALONE,
        **kwargs: Any,
    ) -> None:
        kwargs["require_all_fields"] = False
        image = VersatileImageFormField(
            policy=policy,
            max_length=max_length,
            allow_empty_file=allow_empty_file,
            validators=validators,
            required=kwargs.get("required", True),
            error_messages=kwargs.get("error_messages"),
        )
        super().__init__(fields or [image, PPOIFormField(required=False)], **kwargs)
        self._stored: tuple[Any, Point] | None = None

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        """Django's bound field, when the field has noted what is stored.

        Validation moves the instance's point, so that later nothing would seem to have moved.
        """
        bound = super().get_bound_field(form, field_name)
        # An add form has no initial file, but its new instance has the point's default.
        file = bound.initial or getattr(getattr(form, "instance", None), field_name, None)
        self._stored = (bound.initial, _point_of(file))
        self.fields[0].required = self.required
        return bound

    def prepare_value(self, value: Any) -> Any:
        """What the widget shows: of nothing stored the point alone."""
        if value or not isinstance(self.widget, forms.MultiWidget):
            return value
        return [value, self._stored_text(value)]

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is shown again: the stored file, for no browser keeps an upload, and the text."""
        if self.disabled or not isinstance(self.widget, forms.MultiWidget):
            return initial
        _, text = _pair(data)
        return [initial, self._stored_text(initial) if text is None else text]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether there is an upload, something to clear, or another point."""
        if self.disabled:
            return False
        upload, text = _pair(data)
        return self.fields[0].has_changed(None, upload) or self._is_moved(initial, text)

    def clean(self, value: Any) -> tuple[Any, str]:
        """The pair; raises ``ValidationError`` with all that is wrong with either."""
        if self.disabled:
            return None, PPOIText(self._stored_text(None), moved=False)
        upload, text = _pair(value)
        errors: list[ValidationError] = []
        image = _collect(errors, self._clean_image, upload)
        point = _collect(errors, self._clean_point, text)
        if errors:
            raise ValidationError(errors)
        return image, point

    def _clean_image(self, upload: Any) -> Any:
        stored = self._stored[0] if self._stored else None
        image = cast(forms.FileField, self.fields[0])
        image.required = self.required
        cleaned = image.clean(upload, stored)
        return None if cleaned is stored else cleaned

    def _clean_point(self, text: Any) -> PPOIText:
        cleaned = _canonical(self.fields[1].clean(text))
        return PPOIText(cleaned, moved=bool(cleaned) and text != self._stored_text(None))

    def _is_moved(self, initial: Any, text: Any) -> bool:
        try:
            return bool(text) and _canonical(text) != _canonical(self._stored_text(initial))
        except ValidationError:
            return True

    def _stored_text(self, initial: Any) -> str:
        return ppoi_to_text(self._stored[1] if self._stored else _point_of(initial))


def _point_of(initial: Any) -> Point:
    """The point of a stored file, empty or not."""
    point: Point = getattr(initial, "ppoi", CENTRE)
    return point


def _pair(data: Any) -> tuple[Any, Any]:
    """What a widget gives; one that is only a file input gives no text."""
    upload, text = (*data, None, None)[:2] if isinstance(data, list | tuple) else (data, None)
    return upload, text


def _collect(errors: list[ValidationError], clean: Callable[[Any], Any], value: Any) -> Any:
    """The cleaned value; what is wrong with it joins the errors."""
    try:
        return clean(value)
    except ValidationError as error:
        errors.extend(error.error_list)


class PPOIImageField(SizedImageCenterpointMixIn):
    """An image and its point, in any form."""


class AdminPPOIImageField(PPOIImageField):
    """An image and its point in Django's admin."""

    widget = AdminPPOIWidget


class Bootstrap5PPOIImageField(PPOIImageField):
    """An image and its point in a form with Bootstrap 5's classes."""

    widget = Bootstrap5PPOIWidget


class VersatileImagePPOIClickField(PPOIImageField):
    """The old name of ``PPOIImageField``."""

    widget = VersatileImagePPOIClickWidget


class SizedImageCenterpointClickDjangoAdminField(AdminPPOIImageField):
    """The old name of ``AdminPPOIImageField``, and what a model field with ``ppoi_field`` gives."""

    widget = SizedImageCenterpointClickDjangoAdminWidget


class SizedImageCenterpointClickBootstrap3Field(PPOIImageField):
    """The same with Bootstrap 3's classes."""

    widget = SizedImageCenterpointClickBootstrap3Widget


__all__ = [
    "AdminPPOIImageField",
    "Bootstrap5PPOIImageField",
    "PPOIFormField",
    "PPOIImageField",
    "PPOIText",
    "ProcessedImageField",
    "SizedImageCenterpointClickBootstrap3Field",
    "SizedImageCenterpointClickDjangoAdminField",
    "SizedImageCenterpointMixIn",
    "VersatileImageFormField",
    "VersatileImagePPOIClickField",
]
