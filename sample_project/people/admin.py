"""The admin of the people; the headshot's widget comes from its field."""

from django.contrib import admin

from people.models import Person


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django's is not generic
    """People by name, with an address made from it."""

    list_display = ["name", "role", "headshot_ppoi"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name", "role"]
