"""The old path that migrations name, ``imagekit.models.fields``."""

from versatile.specs.fields import ImageSpecField, ProcessedImageField

__all__ = ["ImageSpecField", "ProcessedImageField"]
