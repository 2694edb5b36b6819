"""Sphinx: built with warnings as errors, without a network."""

import sys
from pathlib import Path

import django
from django.conf import settings

import versatile

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent), str(HERE.parent / "sample_project")]

# The tests read these pages too, in a project of their own.
if not settings.configured:
    settings.configure(
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "rest_framework",
            "versatile",
            "people",
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        MEDIA_URL="/media/",
        USE_TZ=True,
        # Furo's colours let the root logger tell everything, and here a thousand pictures are made.
        LOGGING={
            "version": 1,
            "disable_existing_loggers": False,
            "loggers": {"versatile": {"level": "WARNING"}},
        },
    )
django.setup()

project = "django-versatile"
author = "django-versatile contributors"
copyright = f"2026, {author}"
version = release = versatile.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.doctest",
    "conformance",
    "pictures",
    "screenshots",
    "tables",
]
exclude_patterns = ["_build"]
highlight_language = "none"
default_role = None
trim_doctest_flags = True

# Links into the library have to lead somewhere; there is no network to look the others up.
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(?!versatile\.).*"),
    ("py:(class|obj)", r"versatile\.(\w+\.)*_\w+"),  # a type variable has no page
]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
add_module_names = False
python_maximum_signature_line_length = 88
python_use_unqualified_type_names = True
autodoc_default_options = {
    "members": True,
    "undoc-members": True,
    "show-inheritance": True,
    "exclude-members": "logger",
}

html_theme = "furo"
html_title = "django-versatile"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_copy_source = False
html_show_sphinx = False
