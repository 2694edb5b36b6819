"""What the rows of a site do whose files two libraries clean up; what is left is printed."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.cleaning.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from tests.stored import upload  # noqa: E402
from tests.testapp.models import Keepsake, Person  # noqa: E402


def person() -> Person:
    ada = Person.objects.create(headshot=upload(), headshot_ppoi=(0.25, 0.25))
    for image in (ada.headshot, ada.headshot.filters.invert):
        for name in (image.crop["9x9"].url, image.fit["9x9"].url):
            assert name
    return ada


def delete() -> None:
    person().delete()


def replace() -> None:
    ada = Person.objects.get(pk=person().pk)
    ada.headshot = upload("b.jpg")
    ada.save()
    assert ada.headshot.fit["9x9"].url


def correct() -> None:
    """Each upload is a JPEG with the extension of something else."""
    ada = Person.objects.get(pk=person().pk)
    ada.headshot = upload("b.png")
    ada.save()
    assert ada.headshot.fit["9x9"].url
    ada.headshot = upload("c.gif")
    ada.save()
    assert ada.headshot.fit["9x9"].url


def move() -> None:
    ada = Person.objects.get(pk=person().pk)
    ada.headshot.ppoi = (0.5, 0.5)
    ada.save()


def share() -> None:
    ada = person()
    Person.objects.create(headshot=ada.headshot.name, headshot_ppoi=(0.25, 0.25))
    ada.delete()


def roll_back() -> None:
    ada = person()
    with transaction.atomic():
        ada.delete()
        transaction.set_rollback(True)


def delete_all() -> None:
    keepsake = Keepsake.objects.create(whole=upload())
    assert keepsake.whole.fit["9x9"].url
    Keepsake.objects.get().delete()


SCENES: list[Callable[[], None]] = [delete, replace, correct, move, share, roll_back, delete_all]


def main() -> None:
    """Play one scene."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    next(scene for scene in SCENES if scene.__name__ == sys.argv[1])()
    media = Path(os.environ["SITE_MEDIA"])
    left = (path.relative_to(media) for path in media.rglob("*") if path.is_file())
    sys.stdout.write(json.dumps(sorted(map(str, left))))


main()
