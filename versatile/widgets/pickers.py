"""The widgets of an image and its point: one for each look, and one that chooses of nine."""

from collections.abc import Mapping
from typing import Any

from django.db.models.fields.files import FieldFile
from django.forms import widgets

from versatile.conf import SETTINGS_ALONE, Policy
from versatile.imaging.geometry import CENTRE
from versatile.validators import ppoi_to_text
from versatile.widgets.images import TEMPLATES, ImageInput
from versatile.widgets.looks import ADMIN, BOOTSTRAP3, BOOTSTRAP5, PLAIN, Look
from versatile.widgets.pictures import PICKER_SIZE, find_crops, make_preview
from versatile.widgets.points import PPOIInput, PPOISelect


class SizedImageCenterpointWidgetMixIn(widgets.MultiWidget):
    """Two inputs for one image: ``NAME_0`` is the file, ``NAME_1`` the text of its point."""

    template_name = f"{TEMPLATES}/versatile_image_ppoi.html"
    look: Look = PLAIN

    def decompress(self, value: Any) -> list[Any]:
        """The stored file and the text of its point, which an empty file has too."""
        return [value, ppoi_to_text(getattr(value, "ppoi", CENTRE))]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context of both inputs, with ``look`` and the ``classes`` around them."""
        self._tell_required()
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget.update(look=self.look, classes=self.look.of("name", widget["attrs"]))
        return context

    def value_from_datadict(self, data: Any, files: Mapping[str, Any], name: str) -> list[Any]:
        """The upload, or False to clear, or None; and the text as it was sent."""
        self._tell_required()
        return super().value_from_datadict(data, files, name)  # type: ignore[arg-type]

    def _tell_required(self) -> None:
        """Tell the file input, which offers to clear only what is optional."""
        self.widgets[0].is_required = self.is_required


class PPOIWidget(SizedImageCenterpointWidgetMixIn):
    """A file input and a picker of the point, in any page with our style sheet."""

    policy: Policy = SETTINGS_ALONE
    """What the model field says, where there is one."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, look: Look | None = None) -> None:
        self.look = look or self.look
        image = ImageInput(look=self.look)
        image.shows_preview = False
        super().__init__([image, PPOIInput(look=self.look)], attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context; the picker is told of its file input, picture and crops."""
        context = super().get_context(name, value, attrs)
        image, point = context["widget"]["subwidgets"]
        file = value[0] if isinstance(value, list | tuple) else value
        point["file_id"] = image["attrs"].get("id")
        point["stored"] = image["is_initial"] and isinstance(file, FieldFile)
        point["picture"] = make_preview(file, PICKER_SIZE) if point["stored"] else None
        point["crops"] = find_crops(self.policy)
        return context


class AdminPPOIWidget(PPOIWidget):
    """The same for Django's admin."""

    look = ADMIN


class Bootstrap5PPOIWidget(PPOIWidget):
    """The same with Bootstrap 5's classes."""

    look = BOOTSTRAP5


class PPOISelectWidget(SizedImageCenterpointWidgetMixIn):
    """A file input with a preview, and a choice of nine points."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, look: Look | None = None) -> None:
        self.look = look or self.look
        super().__init__([ImageInput(look=self.look), PPOISelect(look=self.look)], attrs)


class VersatileImagePPOIClickWidget(PPOIWidget):
    """The old name of ``PPOIWidget``."""


class VersatileImagePPOISelectWidget(PPOISelectWidget):
    """The old name of ``PPOISelectWidget``."""


class SizedImageCenterpointClickDjangoAdminWidget(AdminPPOIWidget):
    """The old name of ``AdminPPOIWidget``."""


class SizedImageCenterpointClickBootstrap3Widget(PPOIWidget):
    """The same with Bootstrap 3's classes."""

    look = BOOTSTRAP3
