"""Looks of the inputs of an image: the CSS classes that a framework wants beside our own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Look:
    """CSS classes, each a text for a ``class`` attribute, which the templates add to our own."""

    name: str = ""
    """What the outermost element is called, for rules of one look alone."""
    part: str = ""
    """Around a label and its input."""
    label: str = ""
    hint: str = ""
    file: str = ""
    """The file input."""
    number: str = ""
    """The two inputs of the point."""
    select: str = ""
    check: str = ""
    """Around the box that clears the image and its label."""
    box: str = ""
    """The box itself."""
    box_label: str = ""
    button: str = ""
    invalid: str = ""
    """Added to inputs, and around all of them, after a mistake."""

    def of(self, part: str, attrs: Mapping[str, Any]) -> str | bool:
        """The class attribute of an input: what its attributes say already, and that of the part.

        False, which Django's templates leave out, where there is none.
        """
        invalid = self.invalid if attrs.get("aria-invalid") == "true" else ""
        classes = f"{attrs.get('class') or ''} {getattr(self, part)} {invalid}".split()
        return " ".join(dict.fromkeys(classes)) or False


PLAIN = Look()
"""Our own style sheet and nothing else."""

ADMIN = Look(name="versatileimagefield-admin", button="button")
"""Django's admin, whose own variables give the colours."""

BOOTSTRAP3 = Look(
    name="versatileimagefield-bootstrap",
    part="form-group",
    label="control-label",
    hint="help-block",
    number="form-control",
    select="form-control",
    check="checkbox",
    button="btn btn-default btn-sm",
)
"""Bootstrap 3."""

BOOTSTRAP5 = Look(
    name="versatileimagefield-bootstrap",
    label="form-label",
    hint="form-text",
    file="form-control",
    number="form-control form-control-sm",
    select="form-select",
    check="form-check",
    box="form-check-input",
    box_label="form-check-label",
    button="btn btn-secondary btn-sm",
    invalid="is-invalid",
)
"""Bootstrap 5."""
