"""The serializer field of an image: reads the URLs of a key set, writes a file and its point."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.files.base import File
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty, get_error_detail
from rest_framework.serializers import ValidationError

from versatile.conf import SETTINGS_ALONE
from versatile.exceptions import ImageError
from versatile.fields import VersatileImageField
from versatile.files import VersatileImageFieldFile
from versatile.files.detection import choose
from versatile.forms import VersatileImageFormField
from versatile.imaging.geometry import Point
from versatile.rendition_keys import follow, get_urls, prefetch
from versatile.renditions.keys import get_key_set
from versatile.serializers.uploads import IMAGE, PARTS, POINT, NotBase64, gather, read_file
from versatile.validators import INVALID_IMAGE_ERROR_MESSAGE, refusal, validate_ppoi


class VersatileImageFieldSerializer(serializers.ImageField):
    """The URLs of a rendition key set, by name and in order; it takes a file and its point.

    Absolute where the context has a request; ``{}`` for an empty field without a placeholder;
    null in place of a rendition that could not be made. A list asks the cache once.
    Raises ``UnknownRenditionKeySet``, ``InvalidSizeKeySet`` or ``InvalidSizeKey``.

    It is sent a file, or ``{"image": ..., "ppoi": "0.2x0.7"}`` with a file, a base64 data URI or
    null; a form has ``NAME.image`` and ``NAME.ppoi``. The point alone moves that of the stored
    file. The validated value is a file, whose ``chosen_ppoi`` is the point sent with it.
    """

    default_error_messages = {
        "invalid_image": INVALID_IMAGE_ERROR_MESSAGE,
        "not_base64": _("Send a file, or a base64 data URI such as data:image/png;base64,iVBO…"),
        "unknown_part": _("An image is sent as image and ppoi; this is neither."),
        "no_point": _("This image has no point of interest."),
    }

    def __init__(self, sizes: str | Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        self.sizes = get_key_set(sizes)
        self._looked_up: Any = None
        super().__init__(*args, **kwargs)
        self._DjangoImageField: Any = self._form_field

    def _form_field(self) -> VersatileImageFormField:
        """What judges an upload: by what the model's field says, where there is one."""
        field = self.model_field
        return VersatileImageFormField(policy=SETTINGS_ALONE if field is None else field.policy)

    @property
    def model_field(self) -> VersatileImageField | None:
        """The field of the model that is written, where the serializer is that of a model."""
        model = getattr(getattr(self.parent, "Meta", None), "model", None)
        try:
            field = model._meta.get_field(self.source) if model is not None else None
        except FieldDoesNotExist:
            return None
        return field if isinstance(field, VersatileImageField) else None

    def get_value(self, dictionary: Mapping[Any, Any]) -> Any:
        """What was sent: a file, null, nothing, or the parts of an image."""
        return gather(dictionary, self.field_name or "", super().get_value(dictionary))

    def run_validation(self, data: Any = empty) -> Any:
        """The checked file; errors of parts stand under ``image`` and ``ppoi``."""
        if isinstance(data, Mapping):
            if any(value != "" for value in data.values()):
                return self._run_parts(data)
            data = empty
        return self._run_image(data, None)

    def get_attribute(self, instance: Any) -> Any:
        """The file of an instance; the first of a list has all of them looked up."""
        page = self.root.instance
        if page is not self._looked_up:
            self._looked_up = page
            prefetch(self._files(page), self.sizes)
        return super().get_attribute(instance)

    def to_internal_value(self, data: Any) -> Any:
        """The checked upload: by the framework's rules, and by those of the model's field."""
        field = self.model_field
        if self.max_length is None and field is not None:
            self.max_length = field.max_length
        upload = super().to_internal_value(data)
        if field is not None:
            file = field.attr_class(None, field, upload.name)  # type: ignore[arg-type]
            file.file, file._committed = upload, False  # type: ignore[attr-defined]
            field.run_validators(file)
        return upload

    def _run_parts(self, data: Mapping[str, Any]) -> Any:
        """The file with its point, null, or the stored file with another point."""
        errors: dict[str, Any] = {
            str(name): [self.error_messages["unknown_part"]] for name in data if name not in PARTS
        }
        point = _collect(errors, POINT, self._run_point, data.get(POINT))
        image = data.get(IMAGE, empty)
        if image is empty and point is None:
            value = None if errors else self._run_image(empty, None)
        elif image is empty:
            value = _collect(errors, IMAGE, self._moved, point)
        else:
            value = _collect(errors, IMAGE, lambda sent: self._run_image(sent, point), image)
        if errors:
            raise ValidationError(errors)
        return value

    def _run_image(self, sent: Any, point: Point | None) -> Any:
        try:
            data = read_file(sent if sent != "" or not self.allow_null else None, self._name)
        except NotBase64:
            self.fail("not_base64")
        except ImageError as error:
            raise refusal(error, self.error_messages) from error
        upload = super().run_validation(data)
        if isinstance(upload, File):
            choose(upload, point)
        return upload

    @property
    def _name(self) -> str:
        return self.field_name or IMAGE

    def _run_point(self, sent: Any) -> Point | None:
        if sent is None or sent == "":
            return None
        field = self.model_field
        if field is not None and not field.ppoi_field:
            self.fail("no_point")
        pair = tuple(sent) if isinstance(sent, list) else sent
        return validate_ppoi(pair, return_converted_tuple=True)

    def _moved(self, point: Point | None) -> Any:
        """The stored file, to be assigned with another point."""
        stored = self._stored()
        if not stored:
            self.fail("required")
        file = type(stored)(None, stored.field, stored.name)  # type: ignore[arg-type]
        file.moved_to = point
        choose(file, point)
        return file

    def _stored(self) -> VersatileImageFieldFile | None:
        """The file that the serializer's instance has now."""
        instance = getattr(self.parent, "instance", None)
        if not isinstance(instance, Model):
            return None
        file = super().get_attribute(instance)
        return file if isinstance(file, VersatileImageFieldFile) else None

    def _files(self, page: Any) -> Iterator[VersatileImageFieldFile]:
        """All files of lists that this field will be asked for, as far as they are loaded."""
        nodes: list[Any] = [self]
        while nodes[-1].parent is not None:
            nodes.append(nodes[-1].parent)
        if not any(isinstance(node, serializers.ListSerializer) for node in nodes):
            return
        names = [name for node in reversed(nodes) for name in getattr(node, "source_attrs", ())]
        path = ".".join(filter(None, names))
        for row in page if isinstance(page, list | tuple | QuerySet) else (page,):
            # A wrong name is reported by the field itself, in better words.
            with suppress(AttributeError):
                for file in follow(row, path, loaded_only=True):
                    if isinstance(file, VersatileImageFieldFile):
                        yield file

    def to_representation(  # type: ignore[override]
        self, value: Any
    ) -> dict[str, str | None]:
        """The URLs by name."""
        return get_urls(value, self.sizes, self.context.get("request"))

    to_native = to_representation


def _collect(errors: dict[str, Any], part: str, clean: Callable[[Any], Any], value: Any) -> Any:
    """The cleaned value of a part; what is wrong with it joins the errors."""
    try:
        return clean(value)
    except ValidationError as error:
        errors[part] = error.detail
    except DjangoValidationError as error:
        errors[part] = get_error_detail(error)
    return None
