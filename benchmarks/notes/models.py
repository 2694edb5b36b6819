"""A note, on a site that may have models with specs beside it."""

from django.db import models


class Note(models.Model):
    """A model without images."""

    title = models.CharField(max_length=40)
    text = models.TextField(blank=True)
