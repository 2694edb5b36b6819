"""People as JSON."""

from rest_framework import serializers

from people.models import Person
from versatile.serializers import VersatileImageFieldSerializer


class PersonSerializer(serializers.ModelSerializer[Person]):
    """A person with the URL of every rendition in the key set."""

    headshot = VersatileImageFieldSerializer(sizes="person_headshot", read_only=True)
    headshot_ppoi = serializers.ListField(child=serializers.FloatField(), read_only=True)

    class Meta:
        model = Person
        fields = ["name", "slug", "role", "bio", "headshot", "headshot_ppoi"]
