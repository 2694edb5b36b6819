"""Articles and what is made of their photos."""

from django.db import models
from django.urls import reverse

from versatile.fields import VersatileImageField
from versatile.models import ImageSpecField, ProcessedImageField
from versatile.processors import (
    Adjust,
    ColorOverlay,
    Reflection,
    ResizeToFill,
    ResizeToFit,
    SmartResize,
)

QUALITY = {"quality": 78}


class Article(models.Model):
    """Something to read, with a photo and five specs of it."""

    title = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    lead = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    photo = VersatileImageField(
        upload_to="articles", width_field="photo_width", height_field="photo_height"
    )
    photo_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    photo_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    author = models.CharField(max_length=100, blank=True)
    # Only the result is stored: whatever is uploaded becomes a small square WebP.
    avatar = ProcessedImageField(
        upload_to="avatars",
        blank=True,
        processors=[SmartResize(160, 160)],
        format="WEBP",
        options={"quality": 85},
    )

    card = ImageSpecField(
        source="photo", processors=[ResizeToFill(720, 450)], format="JPEG", options=QUALITY
    )
    square = ImageSpecField(
        source="photo", processors=[SmartResize(400, 400)], format="JPEG", options=QUALITY
    )
    hero = ImageSpecField(
        source="photo",
        processors=[ResizeToFill(1200, 500), Adjust(color=1.2, contrast=1.1)],
        format="JPEG",
        options=QUALITY,
    )
    mirrored = ImageSpecField(
        source="photo",
        processors=[ResizeToFit(480, 480), Reflection(background_color="#faf7f3", size=0.3)],
        format="JPEG",
        options=QUALITY,
    )
    # Made when the photo is saved, and believed to be there ever after.
    dusk = ImageSpecField(
        source="photo",
        processors=[ResizeToFill(480, 320), ColorOverlay("#3a1d5c", overlay_opacity=0.35)],
        format="JPEG",
        options=QUALITY,
        cachefile_strategy="versatile.cachefiles.strategies.Optimistic",
    )

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The detail page."""
        return reverse("article", kwargs={"slug": self.slug})
