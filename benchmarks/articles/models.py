"""An article with specs of its photo: what django-imagekit's documentation shows."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import models

fields = import_module(f"{settings.SIDE.package}.models")
processors = import_module(f"{settings.SIDE.package}.processors")


def spec(processor: Any) -> Any:
    """A spec field of the photo: one processor, saved as a JPEG of quality 70."""
    return fields.ImageSpecField(
        source="photo", processors=[processor], format="JPEG", options={"quality": 70}
    )


class Article(models.Model):
    """The measured model."""

    title = models.CharField(max_length=40)
    photo = models.ImageField(upload_to="photos/")
    banner = spec(processors.ResizeToFill(1200, 600))
    large = spec(processors.ResizeToFit(800, 800))
    square = spec(processors.ResizeToFill(400, 400))
    small = spec(processors.ResizeToFit(200, 200))
    icon = spec(processors.Thumbnail(100, 100))


SPECS = 5
