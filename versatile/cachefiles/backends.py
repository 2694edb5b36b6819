"""The old path of backends, ``imagekit.cachefiles.backends``."""

from versatile.exceptions import ConfigurationError as InvalidFileBackendError
from versatile.queues.backends import BaseAsync
from versatile.queues.backends import get_default_backend as get_default_cachefile_backend
from versatile.queues.celery import Celery
from versatile.queues.celery import Celery as Async
from versatile.renditions.backends import CachedFileBackend, CacheFileState
from versatile.renditions.backends import CachedFileBackend as AbstractCacheFileBackend
from versatile.renditions.backends import Immediate as Simple

__all__ = [
    "AbstractCacheFileBackend",
    "Async",
    "BaseAsync",
    "CacheFileState",
    "CachedFileBackend",
    "Celery",
    "InvalidFileBackendError",
    "Simple",
    "get_default_cachefile_backend",
]
