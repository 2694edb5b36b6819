"""Form widgets of an image: its file input with a preview, and the same with a PPOI beside it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.fields.files import FieldFile
from django.forms import widgets
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from versatile.imaging.geometry import CENTRE
from versatile.renditions import namers
from versatile.renditions.source import Source
from versatile.renditions.writing import Upstream
from versatile.sizers import build_sizer
from versatile.validators import ppoi_to_text, validate_ppoi

logger = logging.getLogger(__name__)

PREVIEW_SIZER = "thumbnail"
PREVIEW_SIZE = "300x300"
TEMPLATES = "versatile/forms/widgets"
STYLES = "versatile/css/versatile.css"

CENTERPOINT_CHOICES = [
    ("0.0x0.0", _("Top Left")),
    ("0.5x0.0", _("Top Center")),
    ("1.0x0.0", _("Top Right")),
    ("0.0x0.5", _("Middle Left")),
    ("0.5x0.5", _("Middle Center")),
    ("1.0x0.5", _("Middle Right")),
    ("0.0x1.0", _("Bottom Left")),
    ("0.5x1.0", _("Bottom Center")),
    ("1.0x1.0", _("Bottom Right")),
]
"""The texts of nine points, row by row, and what editors call them."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A small rendition, as an ``<img>`` shows it; sides in pixels."""

    url: str
    width: int
    height: int
    alt: str


def make_preview(file: FieldFile) -> Preview | None:
    """The preview of a stored file, made on demand; None, and one log record, for any failure."""
    try:
        upstream = getattr(file, "upstream", None) or _upstream(file)
        sizer = build_sizer(PREVIEW_SIZER, upstream, create_on_demand=True)
        rendition = sizer[PREVIEW_SIZE]
        if getattr(rendition, "instead", None) is not None:  # what pages show is no preview
            return None
        alt = gettext("Preview of %(name)s") % {"name": file.name}
        return Preview(rendition.url, rendition.width, rendition.height, alt)
    except Exception as error:  # noqa: BLE001 - a form has to open, or nobody can mend the file
        _log(error, "The preview of %r is not made: %s", file.name)
        return None


def _upstream(file: FieldFile) -> Upstream:
    """What the sizer starts from for a file of Django's own field."""
    name = file.name or ""
    return Upstream(Source(file.storage, name), namers.of_source(name))


def _find_url(file: Any) -> str | None:
    """The URL of a stored file; None, and one log record, where the storage fails."""
    try:
        url: str = file.url
    except Exception as error:  # noqa: BLE001 - storages raise what they like
        _log(error, "The file %r has no URL: %s", getattr(file, "name", file))
        return None
    return url


def _log(error: Exception, message: str, name: object) -> None:
    if not getattr(error, "logged", False):
        logger.error(message, name, error, exc_info=error)


class ClearableFileInputWithImagePreview(widgets.ClearableFileInput):
    """Django's clearable file input, with a preview of the stored image."""

    template_name = f"{TEMPLATES}/versatile_image.html"
    upload_text = _("Image")
    """The label of the file input as long as nothing is stored."""

    class Media:
        """What a page with the input loads."""

        css = {"all": [STYLES]}

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/*", **(attrs or {})})

    def is_initial(self, value: Any) -> bool:
        """Whether there is a stored file, whatever its storage says of its URL."""
        return bool(value) if isinstance(value, FieldFile) else super().is_initial(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context, with ``url``, ``preview`` and ``upload_text`` for the template."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        stored = widget["is_initial"]
        widget["upload_text"] = self.input_text if stored else self.upload_text
        widget["url"] = _find_url(value) if stored else None
        widget["preview"] = make_preview(value) if isinstance(value, FieldFile) and stored else None
        return context


class Bootstrap3ClearableFileInputWithImagePreview(ClearableFileInputWithImagePreview):
    """The same with Bootstrap 3's classes."""

    template_name = f"{TEMPLATES}/versatile_image_bootstrap.html"


class PPOIInput(widgets.TextInput):
    """The text of a point, with a label."""

    template_name = f"{TEMPLATES}/ppoi.html"
    label = _("Primary Point of Interest")
    hint = _("from the left x from the top, as fractions: 0.5x0.5 is the center")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context, with ``label`` and ``hint`` for the template."""
        context = super().get_context(name, value, attrs)
        context["widget"].update(label=self.label, hint=self.hint)
        return context


class Bootstrap3PPOIInput(PPOIInput):
    """The same with Bootstrap 3's classes."""

    template_name = f"{TEMPLATES}/ppoi_bootstrap.html"


class PPOISelect(widgets.Select):
    """A choice of nine points, and of the present one where it is none of them."""

    template_name = f"{TEMPLATES}/ppoi_select.html"
    label = PPOIInput.label

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, CENTERPOINT_CHOICES)

    def format_value(self, value: Any) -> list[str]:
        """The canonical text, so that 1x1 finds 1.0x1.0 among the choices."""
        return [_canonical(value)] if value else []

    def optgroups(self, name: str, value: list[Any], attrs: Any = None) -> list[Any]:
        """The nine choices; a point between them would be lost if it were none."""
        others = [text for text in value if text not in dict(CENTERPOINT_CHOICES)]
        self.choices = [*((text, text) for text in others), *CENTERPOINT_CHOICES]
        return super().optgroups(name, value, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context, with ``label`` for the template."""
        context = super().get_context(name, value, attrs)
        context["widget"]["label"] = self.label
        return context


def _canonical(text: str) -> str:
    try:
        point = validate_ppoi(text, return_converted_tuple=True)
    except ValidationError:
        return text
    return ppoi_to_text((float(point[0]), float(point[1]))) if point else text


class SizedImageCenterpointWidgetMixIn(widgets.MultiWidget):
    """Two inputs for one image: ``NAME_0`` is the file, ``NAME_1`` the text of its point."""

    template_name = f"{TEMPLATES}/versatile_image_ppoi.html"

    def decompress(self, value: Any) -> list[Any]:
        """The stored file and the text of its point, which an empty file has too."""
        return [value, ppoi_to_text(getattr(value, "ppoi", CENTRE))]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context of both inputs."""
        self._tell_required()
        return super().get_context(name, value, attrs)

    def value_from_datadict(self, data: Any, files: Mapping[str, Any], name: str) -> list[Any]:
        """The upload, or False to clear, or None; and the text as it was sent."""
        self._tell_required()
        return super().value_from_datadict(data, files, name)  # type: ignore[arg-type]

    def _tell_required(self) -> None:
        """Tell the file input, which offers to clear only what is optional."""
        self.widgets[0].is_required = self.is_required


class VersatileImagePPOIClickWidget(SizedImageCenterpointWidgetMixIn):
    """A file input with a preview, and the text of the point."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__([ClearableFileInputWithImagePreview(), PPOIInput()], attrs)


class SizedImageCenterpointClickDjangoAdminWidget(VersatileImagePPOIClickWidget):
    """The same for Django's admin."""


class SizedImageCenterpointClickBootstrap3Widget(SizedImageCenterpointWidgetMixIn):
    """The same with Bootstrap 3's classes."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        inputs = [Bootstrap3ClearableFileInputWithImagePreview(), Bootstrap3PPOIInput()]
        super().__init__(inputs, attrs)


class VersatileImagePPOISelectWidget(SizedImageCenterpointWidgetMixIn):
    """A file input, and a choice of nine points."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__([ClearableFileInputWithImagePreview(), PPOISelect()], attrs)
