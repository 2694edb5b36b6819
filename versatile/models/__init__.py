"""The old path of the model fields of specs, ``imagekit.models``. There are no models."""

from versatile.specs.fields import ImageSpecField, ProcessedImageField

__all__ = ["ImageSpecField", "ProcessedImageField"]
