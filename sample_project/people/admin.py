"""The admin of the people; the headshot's widget comes from its field."""

from django.contrib import admin

from people.models import Person
from versatile.admin import RenditionAdminMixin, RenditionColumn


@admin.register(Person)
class PersonAdmin(RenditionAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]  # Django's
    """People by name, with an address made from it."""

    list_display = ["name", "photo", "role", "headshot_ppoi"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name", "role"]
    photo = RenditionColumn("headshot", "crop__80x80", short_description="Photo")
