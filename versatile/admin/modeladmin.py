"""The mixin for a ``ModelAdmin``: one cache read for a page, and images that are shown."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.forms import Media
from django.http import HttpRequest, HttpResponse

from versatile.admin.cells import look_up
from versatile.admin.columns import AdminThumbnail
from versatile.admin.readonly import show_files
from versatile.files.dimensions import optional_dimensions

STYLES = "versatile/css/admin.css"

if TYPE_CHECKING:
    Base = ModelAdmin[Any]
else:
    Base = object


class RenditionAdminMixin(Base):
    """Written before ``ModelAdmin``: a page looks up all its columns in one cache read.

    Those are the columns of a change list, and the read-only ones of an object and its inlines.
    Images that a user may only see, on the page itself and in its inlines, are shown with their
    preview and their point.
    """

    @property
    def media(self) -> Media:
        """The admin's own, and the style of what is shown."""
        return super().media + Media(css={"all": [STYLES]})

    # Whose file is gone, and whose dimensions nobody knows, has to be seen, mended and deleted.
    @optional_dimensions()
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The change list, whose pictures are looked up before it is rendered."""
        response = super().changelist_view(request, extra_context)
        page = (getattr(response, "context_data", None) or {}).get("cl")
        if page is not None:
            look_up([(_columns(self, page.list_display), page.result_list)])
        return response

    @optional_dimensions()
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of an object."""
        return super().changeform_view(request, object_id, form_url, extra_context)

    @optional_dimensions()
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page that asks before an object is deleted."""
        return super().delete_view(request, object_id, extra_context)

    @optional_dimensions()
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of what was done to an object."""
        return super().history_view(request, object_id, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of an object, with its columns looked up and its images ready to be shown."""
        tables = list(_tables(context))
        look_up(tables)
        for _, rows in tables:
            for row in rows:
                show_files(row)
        return super().render_change_form(request, context, *args, **kwargs)


def _tables(context: dict[str, Any]) -> Iterator[tuple[list[AdminThumbnail], list[Model]]]:
    """The read-only columns and the rows of a page: of its object, and of its inlines."""
    page = context["adminform"]
    yield _columns(page.model_admin, page.readonly_fields), [page.form.instance]
    for inline in context.get("inline_admin_formsets", ()):
        rows = [form.instance for form in inline.formset.forms]
        yield _columns(inline.opts, inline.readonly_fields), rows


def _columns(owner: Any, names: Iterable[Any]) -> list[AdminThumbnail]:
    """Those of the names, or of what stands there itself, that are columns of pictures."""
    named = (getattr(owner, name, None) if isinstance(name, str) else name for name in names)
    return [column for column in named if isinstance(column, AdminThumbnail)]
