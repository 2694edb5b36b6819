"""What fields hold: a spec by its id, given as a class or by its attributes."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import Model

from versatile.exceptions import MissingGeneratorId
from versatile.registry import generator_registry
from versatile.specs.generators import ImageSpec

ATTRIBUTES = (
    "processors",
    "format",
    "options",
    "autoconvert",
    "cachefile_storage",
    "cachefile_backend",
    "cachefile_strategy",
)
"""What can be said of a spec without writing a class."""


class ConfiguredSpec(ImageSpec):
    """A spec whose attributes were given to a field."""

    spec_id: str
    """The id of the field's spec."""

    def __init__(self, source: Any, attributes: Mapping[str, Any]) -> None:
        self.source = source
        vars(self).update(attributes)

    def __getstate__(self) -> dict[str, Any]:
        """The id alone, for what a field was given may hold functions; it is looked up again."""
        return {"source": self.source, "spec_id": self.spec_id}

    def __setstate__(self, state: dict[str, Any]) -> None:
        made = generator_registry.get(state["spec_id"], source=None)
        attributes = {name: getattr(made, name) for name in ATTRIBUTES if hasattr(made, name)}
        self.__dict__.update(attributes | state)


class SpecHost:
    """Holds a spec under an id, and gives it a source.

    Raises ``TypeError`` for a spec together with attributes of one.
    """

    def __init__(
        self, spec: type[ImageSpec] | None = None, spec_id: str | None = None, **attributes: Any
    ) -> None:
        given = {name: value for name, value in attributes.items() if value is not None}
        if spec is not None and given:
            raise TypeError(
                f"Give either a spec or its attributes, not a spec and {', '.join(sorted(given))}"
            )
        self._spec = spec
        self._attributes = given
        self.spec_id: str | None = None
        if spec_id:
            self.set_spec_id(spec_id)

    @property
    def is_bare(self) -> bool:
        """Whether it says nothing of a spec, and only names one by its id."""
        return self._spec is None and not self._attributes

    def settle_spec_id(self, given: str | None, model: type[Model], name: str) -> str:
        """The id of a model's field: the given one, or else one made of its place.

        The spec is registered under it, unless a given id only names one.
        """
        id = given or f"{model._meta.app_label}:{model._meta.model_name}:{name}".lower()
        if given and self.is_bare:
            self.spec_id = id
        else:
            self.set_spec_id(id)
        return id

    def set_spec_id(self, id: str) -> None:
        """Register the spec under an id; what is registered there already stays."""
        self.spec_id = id
        attributes = {**self._attributes, "spec_id": id}
        made = self._spec or partial(ConfiguredSpec, attributes=attributes)
        generator_registry.register_default(id, made)

    def get_spec(self, source: Any) -> Any:
        """The spec for a source; raises ``MissingGeneratorId`` or ``NotRegistered``."""
        if not self.spec_id:
            raise MissingGeneratorId("The field has no spec id; give it one with spec_id=")
        return generator_registry.get(self.spec_id, source=source)


def create_spec_class(class_attrs: dict[str, Any]) -> type[ImageSpec]:
    """A spec class of some attributes."""
    return type("Spec", (ImageSpec,), dict(class_attrs))
