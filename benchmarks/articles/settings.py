"""Settings of the site of the specs; the environment says which library it uses, if any."""

from benchmarks.people.settings import (
    CACHES,
    DATABASES,
    DEFAULT_AUTO_FIELD,
    MEDIA_ROOT,
    MEDIA_URL,
    SECRET_KEY,
    SIDE,
    USE_TZ,
)

__all__ = [
    "CACHES",
    "DATABASES",
    "DEFAULT_AUTO_FIELD",
    "INSTALLED_APPS",
    "MEDIA_ROOT",
    "MEDIA_URL",
    "SCENARIOS",
    "SECRET_KEY",
    "SIDE",
    "USE_TZ",
]
INSTALLED_APPS = ["django.contrib.contenttypes", "benchmarks.notes"]
if SIDE.package:
    INSTALLED_APPS += [SIDE.package, "benchmarks.articles"]
SCENARIOS = "benchmarks.harness.spec_scenarios"
