"""The mixin for a ``ModelAdmin``: one cache read for a change list, and images that are shown."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.forms import Media, ModelForm
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
    """Written before ``ModelAdmin``: change lists look up all their columns in one cache read.

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
            columns = [
                column
                for name in page.list_display
                if isinstance(column := self._column(name), AdminThumbnail)
            ]
            if columns:
                look_up(columns, page.result_list)
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

    def _column(self, name: Any) -> Any:
        return getattr(self, name, None) if isinstance(name, str) else name

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of an object, with its images ready to be shown."""
        for form in _forms(context):
            show_files(form.instance)
        return super().render_change_form(request, context, *args, **kwargs)


def _forms(context: dict[str, Any]) -> Iterator["ModelForm[Any]"]:
    """The form of a page, and those of its inlines."""
    yield context["adminform"].form
    for inline in context.get("inline_admin_formsets", ()):
        yield from inline.formset.forms
