"""Settings of the site: everything that its processes share lies where the test says."""

import os
from pathlib import Path

ROOT = Path(os.environ["SITE_ROOT"])
REDIS = os.environ["SITE_REDIS"]

SECRET_KEY = "only-for-tests"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["versatile", "tests.testapp", "tests.queues.site"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ROOT / "db.sqlite3",
        "OPTIONS": {"timeout": 20},
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"{REDIS}/1",
    }
}
MEDIA_ROOT = ROOT / "media"
MEDIA_URL = "/media/"
VERSATILE = {
    "BACKEND": "versatile.cachefiles.backends.Celery",
    "RENDITION_KEY_SETS": {
        "faces": [("full", "url"), ("small", "crop__30x30"), ("grey", "filters__grayscale")]
    },
}

CELERY_BROKER_URL = f"{REDIS}/0"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "pictures"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# What a killed worker held is handed out again soon; a real site waits for an hour.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 2,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 2,
}
