from django.contrib import admin

from tests.testapp.models import Person, Photo, Portrait, Twins


class PortraitInline(admin.StackedInline):
    model = Portrait
    extra = 1


class PhotoInline(admin.TabularInline):
    model = Photo
    extra = 1


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    inlines = (PortraitInline, PhotoInline)


admin.site.register(Twins)
