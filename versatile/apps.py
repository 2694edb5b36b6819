"""The Django app."""

from django.apps import AppConfig

import versatile.checks  # noqa: F401 - registers the checks
from versatile.registry import autodiscover


class VersatileImageFieldConfig(AppConfig):
    """The library as an installed app."""

    name = "versatile"
    verbose_name = "VersatileImageField"

    def ready(self) -> None:
        """Find the sizers and filters of all apps."""
        autodiscover()
