"""The admin of the articles, with a column of thumbnails."""

from django.contrib import admin

from articles.models import Article
from versatile.admin import AdminThumbnail, RenditionAdminMixin


@admin.register(Article)
class ArticleAdmin(RenditionAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]  # Django's
    """Articles by title, with their squares."""

    list_display = ["title", "author", "thumbnail"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["thumbnail"]
    search_fields = ["title", "author"]
    thumbnail = AdminThumbnail(image_field="square", template="articles/admin_thumbnail.html")
