"""Sites that come to the fields with rows in their tables, through ``manage.py``."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.drawing import photo_bytes
from tests.testapp.models import Person
from versatile.fields import VersatileImageField
from versatile.placeholder import OnDiscPlaceholderImage

pytestmark = [pytest.mark.service, pytest.mark.slow]

SETTINGS = """
from pathlib import Path
SECRET_KEY = "only-for-tests"
INSTALLED_APPS = ["versatile", "gallery"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "site.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = Path(__file__).parent / "media"
USE_TZ = True
"""

BEGIN = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
import django
django.setup()
from django.core.management import call_command
from django.db import connection
"""

PLAIN = """
from django.db import models
class Picture(models.Model):
    title = models.CharField(max_length=20)
    image = models.ImageField(
        "Image", upload_to="pictures", blank=True, width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
"""

OURS = """
from django.db import models
from versatile.fields import PPOIField, VersatileImageField
from versatile.placeholder import OnDiscPlaceholderImage
class Picture(models.Model):
    title = models.CharField(max_length=20)
    image = VersatileImageField(
        "Image", upload_to="pictures", blank=True, width_field="width", height_field="height",
        {options}
    )
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
"""

POINT_AND_OPTIONS = (
    OURS.format(options='ppoi_field="focus", placeholder_image=OnDiscPlaceholderImage("/n.png")')
    + '    focus = PPOIField("Focus")\n'
)

# As django-versatileimagefield and makemigrations write it, in shorter lines.
OLD_MIGRATION = """
import versatileimagefield.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                )),
                ("title", models.CharField(max_length=20)),
                ("image", versatileimagefield.fields.VersatileImageField(
                    blank=True, height_field="height", upload_to="pictures",
                    verbose_name="Image", width_field="width",
                )),
                ("width", models.PositiveIntegerField(blank=True, null=True)),
                ("height", models.PositiveIntegerField(blank=True, null=True)),
                ("focus", versatileimagefield.fields.PPOIField(
                    default="0.5x0.5", editable=False, max_length=20, verbose_name="Focus"
                )),
            ],
        ),
    ]
"""


class Site:
    """A project in a folder of its own, run by other processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.migrations = folder / "gallery" / "migrations"
        self.migrations.mkdir(parents=True)
        for package in (folder / "gallery", self.migrations):
            (package / "__init__.py").touch()
        (folder / "settings.py").write_text(SETTINGS)

    def has(self, models: str) -> None:
        """Write the models of the site."""
        (self.folder / "gallery" / "models.py").write_text(models)

    def run(self, code: str) -> Any:
        """Run code in the site, and return what it assigns to ``result``."""
        script = BEGIN + dedent(code) + "\nprint('RESULT', json.dumps(result))\n"
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", script],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.rpartition("RESULT")[2])

    def migration(self, number: int) -> str:
        [path] = self.migrations.glob(f"{number:04}_*.py")
        return path.read_text()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


FIRST_MIGRATION = """
call_command("makemigrations", "gallery", verbosity=0)
call_command("migrate", verbosity=0)
"""

NEXT_MIGRATION = """
call_command("makemigrations", "gallery", verbosity=0)
call_command("migrate", verbosity=0)
call_command("makemigrations", "--check", "--dry-run", verbosity=0)
"""


def with_rows(site: Site, models: str) -> None:
    """A site with a picture of 48×64, stored turned, and a row without one."""
    site.has(models)
    pictures = site.folder / "media" / "pictures"
    pictures.mkdir(parents=True)
    (pictures / "a.jpg").write_bytes(photo_bytes((48, 64), orientation=6))
    code = """
        with connection.cursor() as cursor:
            for row in (("one", "pictures/a.jpg", 48, 64), ("none", "", None, None)):
                cursor.execute(
                    "INSERT INTO gallery_picture (title, image, width, height)"
                    " VALUES (%s, %s, %s, %s)", row
                )
        result = None
    """
    site.run(FIRST_MIGRATION + dedent(code))


def test_an_image_field_becomes_ours(site: Site) -> None:
    with_rows(site, PLAIN)
    site.has(OURS.format(options=""))
    code = """
        from gallery.models import Picture
        one, none = Picture.objects.order_by("pk")
        crop = one.image.crop["20x10"]
        result = [one.image.name, one.width, one.height, bool(none.image), crop.name, crop.width]
    """
    name, width, height, other, crop, crop_width = site.run(NEXT_MIGRATION + dedent(code))
    assert (name, width, height, other) == ("pictures/a.jpg", 48, 64, False)
    assert crop == "__sized__/pictures/a-crop-c0-5__0-5-20x10-70.jpg"
    assert crop_width == 20
    assert (site.folder / "media" / crop).is_file()
    assert "versatile.fields.VersatileImageField(" in site.migration(2)
    assert site.migration(2).count("migrations.AlterField(") == 1


def test_a_point_is_added_to_a_table_with_rows(site: Site) -> None:
    with_rows(site, OURS.format(options=""))
    site.has(POINT_AND_OPTIONS)
    code = """
        from gallery.models import Picture
        with connection.cursor() as cursor:
            cursor.execute("SELECT focus FROM gallery_picture ORDER BY id")
            result = [focus for (focus,) in cursor.fetchall()]
        one, none = Picture.objects.order_by("pk")
        result += [one.focus, none.focus, one.image.ppoi]
        one.image.ppoi = (0.1, 0.2)
        one.save()
        result += [Picture.objects.get(pk=one.pk).focus]
    """
    centre = [0.5, 0.5]
    expected = ["0.5x0.5", "0.5x0.5", centre, centre, centre, [0.1, 0.2]]
    assert site.run(NEXT_MIGRATION + dedent(code)) == expected
    text = site.migration(2)
    assert text.count("migrations.AddField(") == 1
    assert "AlterField" not in text
    assert "ppoi_field" not in text
    assert "placeholder" not in text


def test_a_site_that_replaced_the_prefix_has_nothing_to_migrate(site: Site) -> None:
    site.has(POINT_AND_OPTIONS)
    replaced = OLD_MIGRATION.replace("versatileimagefield.", "versatile.")
    (site.migrations / "0001_initial.py").write_text(replaced)
    code = """
        call_command("migrate", verbosity=0)
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)
        from gallery.models import Picture
        result = [Picture.objects.create(title="a").focus]
    """
    assert site.run(code) == [[0.5, 0.5]]


def test_the_way_back_leaves_an_image_field(site: Site) -> None:
    with_rows(site, PLAIN)
    site.has(POINT_AND_OPTIONS)
    code = """
        call_command("migrate", "gallery", "0001", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT title, image, width FROM gallery_picture ORDER BY id")
            result = cursor.fetchall()
    """
    rows = site.run(NEXT_MIGRATION + dedent(code))
    assert rows == [["one", "pictures/a.jpg", 48], ["none", "", None]]


def test_our_options_never_make_a_migration() -> None:
    image = OnDiscPlaceholderImage("/none.png")
    field = VersatileImageField(ppoi_field="other", placeholder_image=image)
    assert field.deconstruct() == VersatileImageField().deconstruct()


def test_changing_sets_and_sizes_never_makes_a_migration(settings: Any) -> None:
    before = [field.deconstruct() for field in Person._meta.concrete_fields]
    settings.VERSATILE = {
        "JPEG_QUALITY": 90,
        "RENDITION_KEY_SETS": {"a": [("b", "crop__1x1")]},
        "SIZED_DIRNAME": "elsewhere",
    }
    after = [field.deconstruct() for field in Person._meta.concrete_fields]
    assert before == after
