"""A site of one process: ``python -m tests.faults.site FOLDER TASK ARGUMENT...``.

What a task gives is printed as JSON. The caches come as JSON in ``SITE_CACHES``; without it each
process has a cache of its own.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings

LOCMEM = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def configure(folder: Path) -> None:
    """Settings of a site with the models of the tests, and everything else in a folder."""
    settings.configure(
        CACHES=json.loads(os.environ.get("SITE_CACHES", json.dumps(LOCMEM))),
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "db.sqlite3"),
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "versatile",
            "tests.testapp",
        ],
        MEDIA_ROOT=str(folder / "media"),
        MEDIA_URL="/media/",
        USE_TZ=True,
        VERSATILE=json.loads(os.environ.get("SITE_VERSATILE", "{}")),
    )
    django.setup()


if __name__ == "__main__":
    where, name, *arguments = sys.argv[1:]
    configure(Path(where))
    from tests.faults import tasks

    task: Any = getattr(tasks, name)
    sys.stdout.write(json.dumps(task(Path(where), *arguments)))
