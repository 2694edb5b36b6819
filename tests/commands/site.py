"""A process that makes the renditions of a site, and stops itself in the middle if told to."""

import os
import signal
import sys
from pathlib import Path

import django
from django.conf import settings

ROWS = 60


def main(media: Path, what: str) -> None:
    """Make the renditions of many rows by four workers."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    settings.MEDIA_ROOT = media
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"people": [("small", "crop__20x20")]}}
    django.setup()

    from django.core.management import call_command

    from tests.stored import store
    from tests.testapp.models import Person
    from versatile.signals import rendition_created

    call_command("migrate", run_syncdb=True, verbosity=0)
    for number in range(ROWS):
        name = f"headshots/{number}.jpg"
        Person.objects.create(headshot=name if (media / name).exists() else store(name))
    made = []

    def interrupt(sender: object, **facts: object) -> None:
        made.append(facts)
        if len(made) == ROWS // 4:
            os.kill(os.getpid(), signal.SIGINT)

    if what == "stop":
        rendition_created.connect(interrupt, weak=False)
    words = ("generate", "--model", "testapp.Person", "--set", "people", "--workers", "4")
    call_command("renditions", *words, "--json")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
