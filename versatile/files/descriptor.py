"""The attribute of a model with a ``VersatileImageField``."""

from contextlib import nullcontext
from typing import Any, cast

from django.db.models.fields.files import ImageFileDescriptor

from versatile.files import versions
from versatile.files.dimensions import optional_dimensions
from versatile.files.options import FieldOptions


class VersatileImageFileDescriptor(ImageFileDescriptor):
    """The attribute of the model: Django's own, but None assigned gives the point back.

    A file that only says where its point goes moves the point, and the stored file stays.
    """

    def __set__(self, instance: Any, value: Any) -> None:
        point = getattr(value, "moved_to", None)
        if point is not None:
            getattr(instance, self.field.attname).ppoi = point
            return
        previous = instance.__dict__.get(self.field.attname)
        state = instance.__dict__.get("_state")
        if state is not None and not state.adding:
            state.versatile_assigned = True  # so that the next save looks what goes
        # A form gives back the file that is there; one that is lost must not close the form.
        with optional_dimensions() if value is previous else nullcontext():
            super().__set__(instance, value)
        if previous is None:
            return
        options = cast(FieldOptions, self.field)
        if options.version_field:
            versions.follow(instance, options.version_field, previous, value)
        if not value and versions.owner_of(value, besides=instance) is None:
            options.reset_ppoi(instance)
