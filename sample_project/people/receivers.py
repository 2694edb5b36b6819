"""Receivers: whoever saves a person finds the headshot's renditions ready."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from people.models import Person
from versatile.image_warmer import VersatileImageFieldWarmer


@receiver(post_save, sender=Person)
def warm_headshot(instance: Person, *, raw: bool = False, **kwargs: Any) -> None:
    """Make the renditions of a saved person; a fixture's files may not be there yet."""
    if not raw:
        VersatileImageFieldWarmer(instance, "person_headshot", "headshot").warm()
