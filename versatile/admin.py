"""The admin: a column of thumbnails in a change list."""

import logging
from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from versatile.exceptions import ConfigurationError, PictureError

logger = logging.getLogger(__name__)


class AdminThumbnail:
    """A callable for ``list_display`` and ``readonly_fields``: the linked thumbnail of an object.

    ``image_field`` is the name of an attribute that gives an image, or a function of the object
    that does. The ``template`` is given ``model``, ``thumbnail`` and ``original_image``. It asks
    no database, and where a picture cannot be made the cell stays empty.
    """

    short_description = gettext_lazy("Thumbnail")
    template = "imagekit/admin/thumbnail.html"

    def __init__(
        self, image_field: str | Callable[[Any], Any], template: str | None = None
    ) -> None:
        self.image_field = image_field
        self.template = template or self.template

    def __call__(self, obj: Model) -> SafeString:
        """The HTML of one cell; raises ``ConfigurationError`` for an unknown attribute."""
        try:
            thumbnail = self._thumbnail(obj)
            original = _original(thumbnail)
            context = {"model": obj, "thumbnail": thumbnail, "original_image": original}
            return render_to_string(self.template, context)
        except (PictureError, OSError) as error:
            if not getattr(error, "logged", False):
                logger.error("There is no thumbnail for %r: %s", obj, error)
            return SafeString()

    def _thumbnail(self, obj: Model) -> Any:
        if callable(self.image_field):
            return self.image_field(obj)
        try:
            return getattr(obj, self.image_field)
        except AttributeError as error:
            raise ConfigurationError(
                f"{type(obj).__name__} has no attribute {self.image_field!r} to show; give "
                "AdminThumbnail the name of an image field or a function of the object"
            ) from error


def _original(thumbnail: Any) -> Any:
    """What a thumbnail was made of, where that has a URL, or else the thumbnail itself."""
    made_by = getattr(thumbnail, "generator", None)
    source = getattr(made_by, "source", None)
    return source or thumbnail
