"""The file input of an image: Django's clearable one, with a preview of what is stored."""

from typing import Any

from django.db.models.fields.files import FieldFile
from django.forms import widgets
from django.utils.translation import gettext_lazy as _

from versatile.imaging import formats, reading
from versatile.widgets.looks import BOOTSTRAP3, PLAIN, Look
from versatile.widgets.pictures import find_url, make_preview

TEMPLATES = "versatile/forms/widgets"
STYLES = "versatile/css/versatile.css"


class ImageInput(widgets.ClearableFileInput):
    """Django's clearable file input in a look, with a preview of the stored image."""

    template_name = f"{TEMPLATES}/versatile_image.html"
    look: Look = PLAIN
    shows_preview = True
    """Whether the preview stands here; a picker shows the picture itself."""
    upload_text = _("Image")
    """The label of the file input as long as nothing is stored."""

    class Media:
        """What a page with the input loads."""

        css = {"all": [STYLES]}

    def __init__(self, attrs: dict[str, Any] | None = None, *, look: Look | None = None) -> None:
        super().__init__({"accept": _accepted(), **(attrs or {})})
        self.look = look or self.look

    def is_initial(self, value: Any) -> bool:
        """Whether there is a stored file, whatever its storage says of its URL."""
        return bool(value) if isinstance(value, FieldFile) else super().is_initial(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's, with ``look``, ``url``, ``preview`` and ``upload_text`` for the template."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        stored = widget["is_initial"]
        widget["look"] = self.look
        widget["attrs"]["class"] = self.look.of("file", widget["attrs"])
        widget["upload_text"] = self.input_text if stored else self.upload_text
        widget["url"] = find_url(value) if stored else None
        shown = self.shows_preview and stored and isinstance(value, FieldFile)
        widget["preview"] = make_preview(value) if shown else None
        return context


def _accepted() -> str:
    """What a file dialog offers: pictures, and HEICs where they can be read.

    Browsers on desktops take a HEIC for no ``image/*`` and would not let it be chosen. An iPhone
    may then send its HEIC and not the JPEG that it makes of it where no HEIC is listed: that is
    no loss, it is read here, half as large and not compressed twice.
    """
    heic = formats.extensions_of("HEIF") if "HEIC" in reading.known() else ()
    return ",".join(["image/*", *heic])


class ClearableFileInputWithImagePreview(ImageInput):
    """The old name of ``ImageInput``."""


class Bootstrap3ClearableFileInputWithImagePreview(ImageInput):
    """The same with Bootstrap 3's classes."""

    look = BOOTSTRAP3
