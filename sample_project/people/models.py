"""People and their headshots."""

from pathlib import Path

from django.db import models
from django.urls import reverse

from versatile.fields import PPOIField, VersatileImageField
from versatile.placeholder import OnDiscPlaceholderImage

NOBODY = Path(__file__).parent / "assets" / "nobody.jpg"


Point = tuple[float, float]


def as_percent(point: Point) -> tuple[str, str]:
    """A point as SVG wants it: ``('24%', '40%')``."""
    x, y = point
    return f"{x * 100:g}%", f"{y * 100:g}%"


class Person(models.Model):
    """Somebody with a headshot, and the point that every crop of it keeps."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    role = models.CharField(max_length=100, blank=True)
    bio = models.TextField(blank=True)
    headshot = VersatileImageField(
        upload_to="headshots",
        blank=True,
        width_field="headshot_width",
        height_field="headshot_height",
        ppoi_field="headshot_ppoi",
        placeholder_image=OnDiscPlaceholderImage(path=str(NOBODY)),
    )
    headshot_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    headshot_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    headshot_ppoi = PPOIField()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The detail page."""
        return reverse("person", kwargs={"slug": self.slug})

    @property
    def mark(self) -> tuple[str, str]:
        """The point as SVG wants it: ``('24%', '40%')``."""
        return as_percent(self.headshot_ppoi)
