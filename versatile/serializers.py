"""Fields for Django REST framework."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from rest_framework import serializers

from versatile.conf import SETTINGS_ALONE
from versatile.files import VersatileImageFieldFile
from versatile.forms import VersatileImageFormField
from versatile.rendition_keys import follow, get_urls, prefetch
from versatile.renditions.keys import get_key_set


class VersatileImageFieldSerializer(serializers.ImageField):
    """The URLs of a rendition key set, by name and in order.

    Absolute where the context has a request; ``{}`` for an empty field without a placeholder;
    null in place of a rendition that could not be made. A list asks the cache once. An upload is
    judged as in forms.
    Raises ``UnknownRenditionKeySet``, ``InvalidSizeKeySet`` or ``InvalidSizeKey``.
    """

    def __init__(self, sizes: str | Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        self.sizes = get_key_set(sizes)
        self._looked_up: Any = None
        super().__init__(*args, **kwargs)
        self._DjangoImageField: Any = self._form_field

    def _form_field(self) -> VersatileImageFormField:
        """What judges an upload: by what the model's field says, where there is one."""
        model = getattr(getattr(self.parent, "Meta", None), "model", None)
        try:
            field = model._meta.get_field(self.source) if model is not None else None
        except FieldDoesNotExist:
            field = None
        return VersatileImageFormField(policy=getattr(field, "policy", SETTINGS_ALONE))

    def get_attribute(self, instance: Any) -> Any:
        """The file of an instance; the first of a list has all of them looked up."""
        page = self.root.instance
        if page is not self._looked_up:
            self._looked_up = page
            prefetch(self._files(page), self.sizes)
        return super().get_attribute(instance)

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
