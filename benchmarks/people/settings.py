"""Settings of the measured site; the environment says which library it uses."""

import os

from benchmarks.harness.sides import SIDES

SIDE = SIDES[os.environ["BENCHMARK_SIDE"]]
KEY_SETS = {
    "photos": [
        ("banner", "crop__1200x600"),
        ("large", "thumbnail__800x800"),
        ("square", "crop__400x400"),
        ("small", "thumbnail__200x200"),
        ("icon", "crop__100x100"),
    ]
}

SCENARIOS = "benchmarks.harness.scenarios"

SECRET_KEY = "measured, never served"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "rest_framework",
    SIDE.package,
    "benchmarks.people",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = os.environ["BENCHMARK_MEDIA"]
MEDIA_URL = "/media/"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Room for every mark of the longest list, so that nothing is culled while it is timed.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
VERSATILEIMAGEFIELD_SETTINGS = {
    "create_images_on_demand": os.environ.get("BENCHMARK_ON_DEMAND", "1") == "1",
}
VERSATILEIMAGEFIELD_RENDITION_KEY_SETS = KEY_SETS
USE_TZ = True
