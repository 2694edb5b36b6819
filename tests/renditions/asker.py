"""A process that asks for one rendition: ``python -m tests.renditions.asker FOLDER CACHE``.

It says that it is ready by a file of its own, and starts when there is a file ``go``. With the
name of a management command behind, it runs that instead.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command


def caches(folder: Path, kind: str) -> dict[str, dict[str, Any]]:
    """The caches that processes share."""
    place = str(folder / "cache") if kind.startswith("filebased") else "cache"
    return {"default": {"BACKEND": f"django.core.cache.backends.{kind}", "LOCATION": place}}


def databases(folder: Path) -> dict[str, dict[str, Any]]:
    """A database in a file, in which two never write at a time."""
    return {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "db.sqlite3"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30},
        }
    }


def configure(folder: Path, cache: str) -> None:
    """Settings of a site with nothing but a cache and a media folder."""
    settings.configure(
        CACHES=caches(folder, cache),
        DATABASES=databases(folder),
        MEDIA_ROOT=str(folder / "media"),
        MEDIA_URL="/media/",
        USE_TZ=True,
    )
    django.setup()


def ask(folder: Path) -> str:
    """The URL of the rendition, which is slow to make."""
    from django.core.files.storage import default_storage

    from tests.renditions.making import Recording, rendition_of
    from versatile.renditions.source import Source

    def note() -> None:
        with open(folder / "runs", "a", encoding="utf-8") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(0.3)

    source = Source(default_storage, "d/x.jpg")
    rendition = rendition_of(source, processors=[Recording(during=note)])
    (folder / f"ready-{os.getpid()}").touch()
    while not (folder / "go").exists():
        time.sleep(0.001)
    return rendition.url


if __name__ == "__main__":
    where = Path(sys.argv[1])
    configure(where, sys.argv[2])
    for command in sys.argv[3:]:
        call_command(command)
    if not sys.argv[3:]:
        sys.stdout.write(ask(where))
