"""Models with spec fields, one for each way in which a site uses them."""

from django.db import models

from versatile.models import ImageSpecField, ProcessedImageField
from versatile.processors import ResizeToFill, ResizeToFit
from versatile.specs import ImageSpec


class Small(ImageSpec):
    processors = [ResizeToFit(20, 20)]
    format = "PNG"


class Untouched(models.Model):
    """A model without anything of the library."""

    name = models.CharField(max_length=9, default="")
    picture = models.ImageField(upload_to="untouched", blank=True)

    class Meta:
        app_label = "testapp"


class Snap(models.Model):
    """One image; its source is found."""

    picture = models.ImageField(upload_to="snaps", blank=True)
    note = models.CharField(max_length=9, default="")
    small = ImageSpecField([ResizeToFit(30, 30)])
    eager = ImageSpecField(
        [ResizeToFit(10, 10)],
        format="PNG",
        cachefile_strategy="versatile.cachefiles.strategies.Optimistic",
    )
    shared = ImageSpecField(spec=Small, id="Testapp:Shared")
    named = ImageSpecField(source="picture", id="Testapp:Shared")
    called_back = ImageSpecField(
        [ResizeToFit(9, 9)], cachefile_strategy={"on_existence_required": lambda file: None}
    )

    class Meta:
        app_label = "testapp"


class Shot(models.Model):
    """An abstract base, with a source and without one."""

    picture = models.ImageField(upload_to="shots", blank=True)
    told = ImageSpecField([ResizeToFit(30, 30)], source="picture")
    found = ImageSpecField([ResizeToFit(30, 30)])

    class Meta:
        app_label = "testapp"
        abstract = True


class Near(Shot):
    class Meta:
        app_label = "testapp"


class Nearest(Near):
    zoom = models.IntegerField(default=1)

    class Meta:
        app_label = "testapp"


class NearProxy(Near):
    class Meta:
        app_label = "testapp"
        proxy = True


class Far(Shot):
    found = ImageSpecField([ResizeToFit(40, 40)], source="picture")

    class Meta:
        app_label = "testapp"


class Upload(models.Model):
    """Images that are processed when they are uploaded."""

    width = models.IntegerField(null=True)
    picture = ProcessedImageField(
        [ResizeToFill(20, 10)],
        format="JPEG",
        options={"quality": 60},
        upload_to="uploads",
        width_field="width",
        height_field="height",
        blank=True,
    )
    height = models.IntegerField(null=True)
    as_it_is = ProcessedImageField([ResizeToFit(20, 20)], upload_to="uploads", blank=True)

    class Meta:
        app_label = "testapp"
