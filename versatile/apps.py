"""The Django app."""

from importlib import import_module

from django.apps import AppConfig, apps

import versatile.checks
import versatile.queues.celery  # noqa: F401 - registers its task, as the line above the checks
from versatile.registry import autodiscover

DESCRIBED_TO = {"drf_spectacular": "versatile.serializers.schema"}
"""Apps that look for descriptions of what they do not know, and the module that describes ours."""


class VersatileImageFieldConfig(AppConfig):
    """The library as an installed app."""

    name = "versatile"
    verbose_name = "VersatileImageField"

    def ready(self) -> None:
        """Find the sizers and filters of all apps, and describe ours to those that ask."""
        autodiscover()
        for app, module in DESCRIBED_TO.items():
            if apps.is_installed(app):
                import_module(module)
