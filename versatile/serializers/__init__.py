"""Fields for Django REST framework."""

try:
    import rest_framework  # noqa: F401
except ImportError as error:
    raise ImportError(
        "versatile.serializers needs Django REST framework: pip install 'django-versatile[drf]'"
    ) from error

from versatile.serializers.fields import VersatileImageFieldSerializer

__all__ = ["VersatileImageFieldSerializer"]
