"""The settings of specs, ImageKit's among them."""

from django.conf import settings

from versatile.conf.setting import Setting

SPECS = (
    Setting(
        "SPEC_DIRNAME",
        "CACHE/images",
        "IMAGEKIT_CACHEFILE_DIR",
        "Top-level folder of what specs make.",
    ),
    Setting(
        "SPEC_NAMER",
        "versatile.cachefiles.namers.source_name_as_path",
        "IMAGEKIT_SPEC_CACHEFILE_NAMER",
        "Dotted path of the namer of specs.",
    ),
    Setting(
        "GENERATOR_NAMER",
        "versatile.cachefiles.namers.hash",
        "IMAGEKIT_CACHEFILE_NAMER",
        "Dotted path of the namer of generators without a source.",
    ),
    Setting(
        "BACKEND",
        "versatile.cachefiles.backends.Simple",
        "IMAGEKIT_DEFAULT_CACHEFILE_BACKEND",
        "Dotted path of the backend that makes the files of specs.",
    ),
    Setting(
        "STRATEGY",
        "versatile.cachefiles.strategies.JustInTime",
        "IMAGEKIT_DEFAULT_CACHEFILE_STRATEGY",
        "When the files of specs are made: a dotted path, a class, or a dictionary of callbacks.",
    ),
    Setting(
        "SPEC_STORAGE",
        None,
        "IMAGEKIT_DEFAULT_FILE_STORAGE",
        "Alias in ``STORAGES`` of the storage of what specs make, or the dotted path of a "
        "storage class. Without one, the default storage.",
    ),
    Setting(
        "SPEC_CACHE_ALIAS",
        None,
        "IMAGEKIT_CACHE_BACKEND",
        "Alias in ``CACHES`` of the cache that remembers which files of specs are there. "
        "Without one, the default cache.",
    ),
    Setting(
        "SPEC_CACHE_PREFIX",
        "imagekit:",
        "IMAGEKIT_CACHE_PREFIX",
        "What the keys of specs in that cache begin with.",
    ),
    Setting(
        "SPEC_CACHE_TIMEOUT",
        lambda: 300 if settings.DEBUG else None,
        "IMAGEKIT_CACHE_TIMEOUT",
        "Seconds for which the file of a spec is remembered as ready. Without a value for "
        "ever, or 300 under ``DEBUG``.",
    ),
    Setting(
        "SPEC_SAFE_CACHE_KEYS",
        True,
        "IMAGEKIT_USE_MEMCACHED_SAFE_CACHE_KEY",
        "Whether those keys are kept free of spaces and below 200 characters.",
    ),
)
