"""A site on which django-cleanup is installed, too."""

import os

from tests.settings import *  # noqa: F403 - all but one of its settings
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django_cleanup.apps.CleanupConfig"]
MEDIA_ROOT = os.environ.get("SITE_MEDIA", "")
