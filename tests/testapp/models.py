"""Models of the tests, one for each way in which a site uses the fields."""

from django.db import models

from versatile.fields import PPOIField, VersatileImageField, VersionField
from versatile.files import RenditionQuerySet
from versatile.models import ImageSpecField
from versatile.processors import Adjust, ResizeToFill, ResizeToFit


class Person(models.Model):
    """A model with everything: dimensions, a point, renditions in sets."""

    name = models.CharField(max_length=50, default="")
    headshot = VersatileImageField(
        upload_to="headshots",
        blank=True,
        width_field="headshot_width",
        height_field="headshot_height",
        ppoi_field="headshot_ppoi",
    )
    headshot_width = models.PositiveIntegerField(null=True, blank=True)
    headshot_height = models.PositiveIntegerField(null=True, blank=True)
    headshot_ppoi = PPOIField()

    def __str__(self) -> str:
        return self.name


class Photo(models.Model):
    """A child to reach over relations; its image has no point, no dimensions, and may be null."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="photos", null=True, blank=True
    )
    image = VersatileImageField(upload_to="photos", null=True, blank=True)

    def __str__(self) -> str:
        return f"Photo {self.pk}"


class Twins(models.Model):
    """Two images with one point."""

    left = VersatileImageField(upload_to="twins", blank=True, ppoi_field="point")
    point = PPOIField()
    right = VersatileImageField(upload_to="twins", blank=True, ppoi_field="point")


class Pictured(models.Model):
    """An abstract base."""

    picture = VersatileImageField(upload_to="pictured", blank=True, ppoi_field="picture_ppoi")
    picture_ppoi = PPOIField()

    class Meta:
        abstract = True


class Place(Pictured):
    """A concrete child of an abstract base."""


class Restaurant(Place):
    """A multi-table child."""

    stars = models.IntegerField(default=0)


class ProxyPlace(Place):
    """A proxy."""

    class Meta:
        proxy = True


class Portrait(models.Model):
    """A child with a point, for inlines; its image is required."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="portraits")
    image = VersatileImageField(upload_to="portraits", ppoi_field="ppoi")
    ppoi = PPOIField(default=(0.3, 0.4))

    def __str__(self) -> str:
        return f"Portrait {self.pk}"


class Article(models.Model):
    """One image that three specs are made of, and renditions beside them."""

    title = models.CharField(max_length=50, default="")
    photo = VersatileImageField(upload_to="articles", blank=True)
    small = ImageSpecField([ResizeToFit(90, 90)], source="photo", format="JPEG")
    wide = ImageSpecField([ResizeToFill(120, 40)], source="photo", format="PNG")
    grey = ImageSpecField([Adjust(color=0.0), ResizeToFit(60, 60)], source="photo")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/articles/{self.pk}/?a=1&b=2"


class Plain(models.Model):
    """Django's own field, to measure ours against: the columns of a ``Person``."""

    name = models.CharField(max_length=50, default="")
    headshot = models.ImageField(
        upload_to="plain",
        blank=True,
        width_field="headshot_width",
        height_field="headshot_height",
    )
    headshot_width = models.PositiveIntegerField(null=True, blank=True)
    headshot_height = models.PositiveIntegerField(null=True, blank=True)
    headshot_ppoi = models.CharField(max_length=20, default="0.5x0.5")


class Spot(models.Model):
    """A point that stands before its image, with little room for decimals."""

    ppoi = PPOIField(max_length=11, default="0.25x0.75")
    picture = VersatileImageField(upload_to="spots", null=True, blank=True, ppoi_field="ppoi")


class Album(models.Model):
    """Many photos to reach over a relation."""

    title = models.CharField(max_length=50, default="")
    photos = models.ManyToManyField(Photo, related_name="albums")


class Keepsake(models.Model):
    """Images of which nothing is ever cleaned up, and one of which all is."""

    kept = VersatileImageField(upload_to="kept", blank=True, cleanup=None)
    whole = VersatileImageField(upload_to="whole", blank=True, cleanup="all")


class Portrayed(models.Model):
    """An image whose renditions are named after its bytes; the column stands before it."""

    digest = VersionField()
    photo = VersatileImageField(
        upload_to="portrayed",
        blank=True,
        version_field="digest",
        namer="versioned",
    )
    thumbnail = ImageSpecField([ResizeToFit(20, 20)], source="photo", format="JPEG")
    objects = RenditionQuerySet.as_manager()


class Framed(Portrayed):
    """A multi-table child."""

    frame = models.CharField(max_length=20, default="")
