"""Pages and API of the people."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from rest_framework.viewsets import ReadOnlyModelViewSet

from people.keys import as_code
from people.models import Person
from people.serializers import PersonSerializer
from versatile.exceptions import PictureError
from versatile.renditions.rendition import Rendition
from versatile.utils import get_rendition_key_set


@dataclass(frozen=True)
class Picture:
    """A rendition under the name that its set gives it, and the code that asks for it."""

    name: str
    code: str
    rendition: Rendition


def gallery(request: HttpRequest) -> HttpResponse:
    """Everybody; the template asks the cache once for the whole page."""
    return render(request, "people/gallery.html", {"people": Person.objects.all()})


def person(request: HttpRequest, slug: str) -> HttpResponse:
    """One person: the original beside everything that is made of it."""
    found = get_object_or_404(Person, slug=slug)
    sizes = list(_pictures(found, "person_headshot"))
    context = {
        "person": found,
        "bytes": _bytes(found),
        "pointless": _without_point(found),
        "hero": next((picture.rendition for picture in sizes if picture.name == "hero"), None),
        "sizes": sizes,
        "looks": list(_pictures(found, "person_looks")),
    }
    return render(request, "people/person.html", context)


def _pictures(person: Person, key_set: str) -> Iterator[Picture]:
    """The renditions of a set; those that cannot be made are logged and left out."""
    renditions = person.headshot.renditions(key_set)
    for name, key in get_rendition_key_set(key_set):
        try:
            rendition = renditions[name]
        except PictureError:
            continue
        # The original is in the set too, under the key "url".
        if isinstance(rendition, Rendition):
            yield Picture(name, as_code(key), rendition)


def _bytes(person: Person) -> int | None:
    """The length of the original, if there is one and its file is there."""
    try:
        return person.headshot.size if person.headshot else None
    except OSError:
        return None


def _without_point(person: Person) -> Person:
    """Somebody with the same photo and no point: what crops would show around the middle."""
    return Person(
        headshot=person.headshot.name,
        headshot_width=person.headshot_width,
        headshot_height=person.headshot_height,
    )


class PersonViewSet(ReadOnlyModelViewSet[Person]):
    """Everybody, with URLs of their renditions."""

    queryset = Person.objects.all()
    serializer_class = PersonSerializer
    lookup_field = "slug"
