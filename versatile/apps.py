"""The Django app."""

from django.apps import AppConfig

import versatile.checks
import versatile.queues.celery  # noqa: F401 - registers its task, as the line above the checks
from versatile.registry import autodiscover


class VersatileImageFieldConfig(AppConfig):
    """The library as an installed app."""

    name = "versatile"
    verbose_name = "VersatileImageField"

    def ready(self) -> None:
        """Find the sizers and filters of all apps."""
        autodiscover()
