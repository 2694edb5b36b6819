"""What is measured of renditions, written once for both sides, in public names of both."""

import shutil
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.cache import cache

from benchmarks.harness.scenario import Scenario, measured_files, media, small_photos
from benchmarks.people.models import Person, PlainPerson

SQUARE = "400x400"
PEOPLE = 300
LIST_LENGTH = 500


class Warm(Scenario):
    """Every rendition of every photo, made by the warmer; a unit is a photo."""

    def set_up(self) -> None:
        self.warmer = import_module(f"{settings.SIDE.package}.image_warmer")
        # The first picture pays for lazy imports and colour tables; it is a small one.
        [person] = small_people(1)
        self._warm(Person.objects.all(), 1)
        person.delete()
        for photo in self.photos:
            shutil.copyfile(photo, media("photos", photo.name))
            Person.objects.create(name=photo.stem, headshot=f"photos/{photo.name}")

    def reset(self) -> None:
        shutil.rmtree(media("__sized__"), ignore_errors=True)
        cache.clear()

    def run(self) -> int:
        return self._warm(Person.objects.all(), len(self.photos))

    def describe(self) -> dict[str, Any]:
        return {path.as_posix(): size for path, size in measured_files(media("__sized__"))}

    def _warm(self, people: Any, expected: int) -> int:
        created, failed = self.warmer.VersatileImageFieldWarmer(
            instance_or_queryset=people, rendition_key_set="photos", image_attr="headshot"
        ).warm()
        if failed or created != expected * len(settings.KEY_SETS["photos"]):
            raise AssertionError(f"created {created}, failed {failed}")
        return expected


class Url(Scenario):
    """One URL of each of many people just read from the database: a gallery page."""

    repeats = 15

    def set_up(self) -> None:
        small_people(PEOPLE)
        for person in Person.objects.all():
            pretend_made(person.headshot, [f"crop__{SQUARE}"])
        self.reset()
        self.run()

    def reset(self) -> None:
        self.people = list(Person.objects.all())

    def run(self) -> int:
        for person in self.people:
            _ = person.headshot.crop[SQUARE].url
        return len(self.people)


class UrlAgain(Url):
    """The same URL of the same person again and again."""

    def run(self) -> int:
        person = self.people[0]
        for _ in range(PEOPLE):
            _ = person.headshot.crop[SQUARE].url
        return PEOPLE


class Attribute(Scenario):
    """The attribute of each of many people just read from the database."""

    repeats = 15
    model: Any = Person

    def set_up(self) -> None:
        self.model.objects.bulk_create(
            [
                self.model(name=str(number), headshot=f"photos/{number}.jpg")
                for number in range(PEOPLE)
            ]
        )

    def reset(self) -> None:
        self.people = list(self.model.objects.all())

    def run(self) -> int:
        for person in self.people:
            _ = person.headshot
        return len(self.people)


class AttributeAgain(Attribute):
    """The attribute of the same person again and again."""

    def run(self) -> int:
        person = self.people[0]
        for _ in range(PEOPLE):
            _ = person.headshot
        return PEOPLE


class PlainAttribute(Attribute):
    """``Attribute`` with Django's own field."""

    model = PlainPerson


class PlainAttributeAgain(AttributeAgain):
    """``AttributeAgain`` with Django's own field."""

    model = PlainPerson


class Drf(Scenario):
    """A serialised list of people with a key set of five; a unit is a list."""

    repeats = 3

    def set_up(self) -> None:
        # Here and not above: only this scenario shall pay for Django REST framework.
        self.serializer = import_module("benchmarks.people.serializers").PersonSerializer
        small_people(LIST_LENGTH)
        for person in Person.objects.all():
            pretend_made(person.headshot, [key for _, key in settings.KEY_SETS["photos"]])
        self.reset()
        self.run()

    def reset(self) -> None:
        self.people = list(Person.objects.all())

    def run(self) -> int:
        rows = self.serializer(self.people, many=True).data
        if len(rows[-1]["headshot"]) != len(settings.KEY_SETS["photos"]):
            raise AssertionError(rows[-1])
        return 1


SCENARIOS: dict[str, type[Scenario]] = {
    "warm": Warm,
    "url": Url,
    "url_again": UrlAgain,
    "attribute": Attribute,
    "attribute_again": AttributeAgain,
    "plain_attribute": PlainAttribute,
    "plain_attribute_again": PlainAttributeAgain,
    "drf": Drf,
}


def small_people(count: int) -> list[Person]:
    """People whose photos are so small that only the bookkeeping costs anything."""
    return [Person.objects.create(name=name, headshot=name) for name in small_photos(count)]


def pretend_made(file: Any, keys: list[str]) -> None:
    """Files under the names of the renditions: making thousands would only cost time."""
    file.create_on_demand = False
    for key in keys:
        sizer, size = key.split("__")
        shutil.copyfile(media(file.name), media(getattr(file, sizer)[size].name))
