"""Settings of the sample project: SQLite, a local media folder, a cache in memory."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
# Everything that a run writes lies below this folder, so that tests can choose their own.
DATA_DIR = Path(os.environ.get("SAMPLE_DATA", BASE_DIR))

DEBUG = os.environ.get("DEBUG", "1") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY", "only-for-the-sample-project-on-your-own-machine")
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "versatile",
    "people",
    "articles",
    "albums",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sample.csp.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "sample.urls"
WSGI_APPLICATION = "sample.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "db.sqlite3"},
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"

USE_TZ = True
# The admin and the picker speak German and French too: SAMPLE_LANGUAGE=de make run
LANGUAGE_CODE = os.environ.get("SAMPLE_LANGUAGE", "en-us")
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"]}

VERSATILE = {
    "RENDITION_KEY_SETS": {
        "person_headshot": [
            ("full", "url"),
            ("hero", "crop__1200x600"),
            ("large", "thumbnail__800x800"),
            ("square", "crop__400x400"),
            ("small", "thumbnail__200x200"),
            ("tiny", "crop__100x100"),
        ],
        "person_looks": [
            ("grayscale", "filters__grayscale__crop__400x400"),
            ("sepia", "filters__sepia__thumbnail__400x"),
            ("invert", "filters__invert__crop__400x400"),
            ("dream", "filters__grayscale__filters__blur__crop__400x400"),
            ("pad", "pad__300x300"),
            ("fit", "fit__300x300"),
            ("cover", "cover__300x300"),
        ],
        "album": [
            ("band", "crop__1200x300"),
            ("wide", "crop__800x500"),
            ("square", "crop__400x400"),
        ],
    },
}
