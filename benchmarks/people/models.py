"""A person with a headshot: what the documentation of both libraries shows."""

from importlib import import_module

from django.conf import settings
from django.db import models

fields = import_module(f"{settings.SIDE.package}.fields")


class Person(models.Model):
    """The measured model."""

    name = models.CharField(max_length=40)
    headshot = fields.VersatileImageField(upload_to="photos/", ppoi_field="headshot_ppoi")
    headshot_ppoi = fields.PPOIField()


class PlainPerson(models.Model):
    """The same with Django's own field: what reading an attribute costs at least."""

    name = models.CharField(max_length=40)
    headshot = models.ImageField(upload_to="photos/")
