"""What a web process of the site does: ``python -m tests.queues.site publish 6``."""

import json
import sys

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from tests.drawing import photo_bytes  # noqa: E402
from tests.queues.site.celery import app  # noqa: E402
from tests.testapp.models import Photo  # noqa: E402
from versatile.registry import generator_registry  # noqa: E402
from versatile.specs.cachefile import ImageCacheFile  # noqa: E402

SPECS = ("site:wide", "site:tiny")


def files_of(photo: Photo) -> list[ImageCacheFile]:
    return [ImageCacheFile(generator_registry.get(id, source=photo.image)) for id in SPECS]


def publish(count: int) -> list[str]:
    """Save photos, and ask for their files in the same transaction; the names of the files."""
    names = []
    for number in range(count):
        with transaction.atomic():
            photo = Photo()
            content = ContentFile(photo_bytes((90, 60), seed=number))
            photo.image.save(f"p{number}.jpg", content)
            for file in files_of(photo):
                assert not file
                assert file.url
                names.append(file.name or "")
    return names


def ask() -> list[bool]:
    """Ask for all files again; whether they are there."""
    return [bool(file) for photo in Photo.objects.order_by("pk") for file in files_of(photo)]


if __name__ == "__main__":
    app.set_current()
    match sys.argv[1:]:
        case ["migrate"]:
            call_command("migrate", run_syncdb=True, verbosity=0)
        case ["publish", count]:
            sys.stdout.write(json.dumps(publish(int(count))))
        case ["ask"]:
            sys.stdout.write(json.dumps(ask()))
