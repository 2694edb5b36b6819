"""Tasks of the sample project: run ``fab --list`` in this folder."""

import os

import django
from fabric import task
from invoke.context import Context

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sample.settings")
django.setup()


@task
def warm(context: Context, key_set: str = "person_headshot") -> None:
    """Make every rendition of everybody's headshot that is missing."""
    # Models cannot be imported before django.setup().
    from people.models import Person
    from versatile.image_warmer import VersatileImageFieldWarmer

    warmer = VersatileImageFieldWarmer(Person.objects.all(), key_set, "headshot", verbose=True)
    created, failed = warmer.warm()
    print(f"{created} renditions are ready, {len(failed)} originals failed")
