"""Images that a page of the admin only shows: with their preview and their point."""

from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from versatile.fields import VersatileImageField
from versatile.files import VersatileImageFieldFile
from versatile.widgets.pictures import find_url, make_preview

TEMPLATE = "versatile/admin/readonly.html"


class ShownFile(VersatileImageFieldFile):
    """A file as a page shows it that cannot change it; it never raises, and is never saved.

    Django's admin prints a file as a link to its URL around its text, and asks for the text's
    HTML first.
    """

    @property
    def url(self) -> str:
        """Where a browser finds the file; nothing where the storage fails."""
        return find_url(VersatileImageFieldFile(self.instance, self.field, self.name)) or ""

    def __html__(self) -> SafeString:
        """The preview, the name and the point. Without a line break: the admin would show it."""
        preview = make_preview(self)
        context: dict[str, Any] = {"name": self.name, "preview": preview}
        if self.options.ppoi_field:
            x, y = self.ppoi
            where = {"x": round(x * 100), "y": round(y * 100)}
            context["point"] = (
                gettext("Point of interest: %(x)d%% from the left, %(y)d%% from the top") % where
            )
            if preview:
                context["left"], context["top"] = x * preview.width, y * preview.height
        html = render_to_string(TEMPLATE, context)
        return SafeString("".join(line.strip() for line in html.splitlines()))


def show_files(instance: Model) -> None:
    """Have the files of an instance shown so; for an instance that is rendered and not saved."""
    for field in instance._meta.concrete_fields:
        if isinstance(field, VersatileImageField) and instance.__dict__.get(field.attname):
            file = getattr(instance, field.attname)
            instance.__dict__[field.attname] = ShownFile(instance, field, file.name)
