"""Columns of pictures for change lists and read-only fields."""

import logging
from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from versatile.admin.cells import FAULTS, Cell, cell_of
from versatile.conf import conf
from versatile.exceptions import ConfigurationError, EmptyField
from versatile.files import VersatileImageFieldFile
from versatile.rendition_keys import follow, resolve
from versatile.renditions.keys import parse_key

logger = logging.getLogger(__name__)


class AdminThumbnail:
    """A callable for ``list_display`` and ``readonly_fields``: the linked thumbnail of an object.

    ``image_field`` is the name of an attribute that gives an image, or a function of the object
    that does. The ``template`` is given ``model``, ``thumbnail``, ``original_image`` and
    ``size``. It asks no database, and where a picture cannot be made the cell stays empty.
    """

    short_description: str | Promise = gettext_lazy("Thumbnail")
    template = "imagekit/admin/thumbnail.html"

    def __init__(
        self, image_field: str | Callable[[Any], Any], template: str | None = None
    ) -> None:
        self.image_field = image_field
        self.template = template or self.template
        # What the admin calls the column in its CSS classes.
        self.__name__ = image_field if isinstance(image_field, str) else "thumbnail"

    def __call__(self, obj: Any) -> SafeString:
        """The HTML of one cell; raises ``ConfigurationError`` for an unknown attribute."""
        cell = cell_of(self, obj)
        try:
            cell.measure()
            if cell.error is not None:
                raise cell.error
            html = render_to_string(self.template, self.get_context(obj, cell))
            return SafeString(html.strip())
        except FAULTS as error:
            if not getattr(error, "logged", False):
                logger.error("There is no thumbnail for %r: %s", obj, error)
            return SafeString()

    def get_context(self, obj: Any, cell: Cell) -> dict[str, Any]:
        """What the template is given."""
        return {
            "model": obj,
            "thumbnail": cell.picture,
            "original_image": _original(cell.picture),
            "size": cell.size,
        }

    def find(self, row: Any) -> Cell:
        """The cell of a row, with its URL asked for."""
        cell = Cell()
        try:
            cell.picture = self.get_picture(row)
            if cell.picture is not None and cell.file is None:
                cell.picture.url  # noqa: B018 - asks for it
        except (EmptyField, ValueError):
            cell.picture = None
        except FAULTS as error:
            cell.error = error
        return cell

    def get_picture(self, row: Any) -> Any:
        """The image of a row; raises ``ConfigurationError`` for an unknown attribute."""
        if callable(self.image_field):
            return self.image_field(row)
        try:
            return getattr(row, self.image_field)
        except AttributeError as error:
            raise ConfigurationError(
                f"{type(row).__name__} has no attribute {self.image_field!r} to show; give "
                f"{type(self).__name__} the name of an image field or a function of the object"
            ) from error


class RenditionColumn(AdminThumbnail):
    """A callable for ``list_display`` and ``readonly_fields``: the rendition at a key.

    ``image_field`` is the name of a ``VersatileImageField``, or a dotted path to one over
    relations that the change list selects. Raises ``InvalidSizeKey`` for what is no key.
    """

    template = "versatile/admin/rendition.html"

    def __init__(
        self,
        image_field: str,
        key: str,
        *,
        short_description: str | Promise | None = None,
        admin_order_field: str | None = None,
        template: str | None = None,
    ) -> None:
        parse_key(key)
        super().__init__(image_field, template)
        self.path = image_field
        self.key = key
        self.__name__ = image_field.replace(".", "__")
        self.short_description = short_description or self.short_description
        self.admin_order_field = admin_order_field

    def get_picture(self, row: Any) -> Any:
        """The rendition of a row, or None where there is no file."""
        try:
            file = next(follow(row, self.path), None)
        except AttributeError as error:
            raise self._wrong(row) from error
        if file is not None and not isinstance(file, VersatileImageFieldFile):
            raise self._wrong(row)
        if file is None or not (file or file.placeholder or conf.DRAW_PLACEHOLDERS):
            return None
        return resolve(file, self.key)

    def _wrong(self, row: Any) -> ConfigurationError:
        return ConfigurationError(
            f"{type(row).__name__} has no VersatileImageField {self.path!r} to show; give "
            "RenditionColumn the name of one, or a path to one such as 'person.headshot'"
        )


def _original(thumbnail: Any) -> Any:
    """What a thumbnail was made of, where that has a URL, or else the thumbnail itself."""
    made_by = getattr(thumbnail, "generator", None)
    source = getattr(made_by, "source", None)
    return source or thumbnail
