"""The admin of the albums: images in rows, in stacks, and in a fieldset that begins closed."""

from django.contrib import admin

from albums.models import Album, Picture, Postcard
from versatile.admin import RenditionAdminMixin, RenditionColumn


class PictureInline(admin.TabularInline):  # type: ignore[type-arg]  # Django's is not generic
    """Pictures in a table."""

    model = Picture
    extra = 0


class PostcardInline(admin.StackedInline):  # type: ignore[type-arg]  # Django's is not generic
    """Postcards below each other."""

    model = Postcard
    extra = 0


@admin.register(Album)
class AlbumAdmin(RenditionAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]  # Django's
    """Albums with their two images, their pictures and their postcards."""

    list_display = ["title", "shown", "lead"]
    shown = RenditionColumn("cover", "crop__160x100", short_description="Cover")
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "slug", "lead", "cover"]}),
        ("Above the page", {"fields": ["band"], "classes": ["collapse"]}),
    ]
    inlines = [PictureInline, PostcardInline]
