"""Albums, and the pictures and postcards that are in them, each image with its own point."""

from django.db import models
from django.urls import reverse

from versatile.fields import PPOIField, VersatileImageField


class Album(models.Model):
    """A named album with two images of its own: its cover, and a band above its page."""

    title = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    lead = models.CharField(max_length=200, blank=True)
    cover = VersatileImageField(
        upload_to="covers",
        width_field="cover_width",
        height_field="cover_height",
        ppoi_field="cover_ppoi",
    )
    cover_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    cover_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    cover_ppoi = PPOIField()
    band = VersatileImageField(
        upload_to="bands",
        blank=True,
        width_field="band_width",
        height_field="band_height",
        ppoi_field="band_ppoi",
        help_text="A wide crop of it stands above the page.",
    )
    band_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    band_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    band_ppoi = PPOIField()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the album."""
        return reverse("album", kwargs={"slug": self.slug})


def folder_of(leaf: models.Model, filename: str) -> str:
    """Where the image of a leaf is stored: each kind in a folder of its own."""
    return f"{leaf._meta.model_name}s/{filename}"


class Leaf(models.Model):
    """What an album holds: an image with its point."""

    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="%(class)ss")
    image = VersatileImageField(
        upload_to=folder_of,
        width_field="image_width",
        height_field="image_height",
        ppoi_field="image_ppoi",
    )
    image_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    image_ppoi = PPOIField()

    class Meta:
        abstract = True
        ordering = ["pk"]


class Picture(Leaf):
    """A picture with a caption."""

    caption = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.caption


class Postcard(Leaf):
    """A picture that somebody has written on."""

    greeting = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.greeting
