"""The inputs of a point: a picker over two numbers, and a choice of nine."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Script, widgets
from django.utils.translation import gettext_lazy as _

from versatile.validators import SEPARATOR, ppoi_to_text, validate_ppoi
from versatile.widgets.images import STYLES, TEMPLATES
from versatile.widgets.looks import PLAIN, Look

SCRIPT = "versatile/js/ppoi.js"

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

LABEL = _("Primary Point of Interest")

AXES = [("x", _("From the left")), ("y", _("From the top"))]
"""The two numbers of a point, by what follows the name of their inputs, and their labels."""

TEXTS = {
    "label": LABEL,
    "role": _("point on a picture"),
    "value": _("{x} from the left, {y} from the top"),
    "help": _(
        "Click on the picture or drag the ring. Arrow keys move it by 1%, with Shift by 10%. "
        "A double-click resets it to the center."
    ),
    "empty": _("Choose a picture to set its point of interest."),
    "loaded": _("The new picture is shown."),
    "unreadable": _("This picture cannot be shown. Its point can still be set by numbers."),
    "cleared": _("The picture will be removed."),
}
"""What the script says, as ``data-text-…`` attributes, so that it needs no catalogue."""


class PPOIInput(widgets.TextInput):
    """A picker of a point; without JavaScript, two numbers.

    The script sends the text as ``NAME``; without it come ``NAME_x`` and ``NAME_y``.
    """

    template_name = f"{TEMPLATES}/ppoi.html"
    look: Look = PLAIN
    label = LABEL
    hint = _("Two fractions between 0 and 1; 0.5 and 0.5 are the center.")
    reset_text = _("Reset to the center")

    class Media:
        """What a page with the input loads."""

        css = {"all": [STYLES]}
        js = [Script(SCRIPT, defer=True)]

    def __init__(self, attrs: dict[str, Any] | None = None, *, look: Look | None = None) -> None:
        super().__init__(attrs)
        self.look = look or self.look

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context, with all that the template says beside the value."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget.update(
            look=self.look,
            label=self.label,
            hint=self.hint,
            texts=TEXTS,
            reset_text=self.reset_text,
            axes=_axes(widget, self.look),
            described_by=widget["attrs"].get("aria-describedby"),
            file_id=None,
            stored=False,
            picture=None,
            crops=[],
        )
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The text as it was sent, or made of the two numbers; None where nothing was."""
        text = data.get(name)
        if text is not None:
            return text
        numbers = [data.get(f"{name}_{axis}") for axis, _label in AXES]
        if numbers == [None, None]:
            return None
        return SEPARATOR.join(number or "" for number in numbers) if any(numbers) else ""

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether neither the text nor a number was sent."""
        return self.value_from_datadict(data, files, name) is None


def _axes(widget: dict[str, Any], look: Look) -> list[dict[str, Any]]:
    """Each of the two numbers: its name, id, label, value and further attributes."""
    parts = (widget["value"] or "").split(SEPARATOR)
    attrs = {key: value for key, value in widget["attrs"].items() if key != "id"}
    attrs["class"] = look.of("number", attrs)
    id_ = widget["attrs"].get("id")
    return [
        {
            "axis": axis,
            "name": f"{widget['name']}_{axis}",
            "id": f"{id_}_{axis}" if id_ else None,
            "label": label,
            "value": parts[index].strip() if index < len(parts) else "",
            "attrs": attrs,
        }
        for index, (axis, label) in enumerate(AXES)
    ]


class PPOISelect(widgets.Select):
    """A choice of nine points, and of the present one where it is none of them."""

    template_name = f"{TEMPLATES}/ppoi_select.html"
    look: Look = PLAIN
    label = PPOIInput.label

    def __init__(self, attrs: dict[str, Any] | None = None, *, look: Look | None = None) -> None:
        super().__init__(attrs, CENTERPOINT_CHOICES)
        self.look = look or self.look

    def format_value(self, value: Any) -> list[str]:
        """The canonical text, so that 1x1 finds 1.0x1.0 among the choices."""
        return [_canonical(value)] if value else []

    def optgroups(self, name: str, value: list[Any], attrs: Any = None) -> list[Any]:
        """The nine choices; a point between them would be lost if it were none."""
        others = [text for text in value if text not in dict(CENTERPOINT_CHOICES)]
        self.choices = [*((text, text) for text in others), *CENTERPOINT_CHOICES]
        return super().optgroups(name, value, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context, with ``look`` and ``label`` for the template."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget.update(look=self.look, label=self.label)
        widget["attrs"]["class"] = self.look.of("select", widget["attrs"])
        return context


def _canonical(text: str) -> str:
    try:
        point = validate_ppoi(text, return_converted_tuple=True)
    except ValidationError:
        return text
    return ppoi_to_text((float(point[0]), float(point[1]))) if point else text
