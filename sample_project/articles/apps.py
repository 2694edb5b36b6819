"""The app of the articles."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Articles with photos."""

    name = "articles"
    verbose_name = "Articles"
