"""The app of the people."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People with headshots."""

    name = "people"
    verbose_name = "People"

    def ready(self) -> None:
        """Connect the receivers: they need the models, which are only there now."""
        import_module("people.receivers")
