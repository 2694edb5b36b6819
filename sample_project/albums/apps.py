"""The app of the albums."""

from django.apps import AppConfig


class AlbumsConfig(AppConfig):
    """Albums of pictures and postcards."""

    name = "albums"
    verbose_name = "Albums"
