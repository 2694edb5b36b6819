"""Fields for Django REST framework."""

from versatile.serializers.fields import VersatileImageFieldSerializer

__all__ = ["VersatileImageFieldSerializer"]
