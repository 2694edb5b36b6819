"""The list that the DRF scenario serialises."""

from importlib import import_module

from django.conf import settings
from rest_framework.serializers import ModelSerializer

from benchmarks.people.models import Person

serializers = import_module(f"{settings.SIDE.package}.serializers")


class PersonSerializer(ModelSerializer):
    """A person with the URLs of the key set."""

    headshot = serializers.VersatileImageFieldSerializer(sizes="photos")

    class Meta:
        model = Person
        fields = ("name", "headshot")
