"""Sphinx: built with warnings as errors, without a network."""

import django
from django.conf import settings

import versatile

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "versatile"],
    USE_TZ=True,
)
django.setup()

project = "django-versatile"
author = "django-versatile contributors"
copyright = f"2026, {author}"
version = release = versatile.__version__

extensions = ["sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
highlight_language = "python"

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_default_options = {"members": True, "show-inheritance": True}

html_theme = "furo"
html_title = "django-versatile"
