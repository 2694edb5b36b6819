"""Pages and API of the people."""

from collections.abc import Iterator
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from rest_framework.viewsets import ReadOnlyModelViewSet

from people.forms import PersonForm
from people.keys import as_code
from people.models import Person
from people.pictures import Wish, fulfil
from people.serializers import PersonSerializer
from versatile.utils import get_rendition_key_set

ORIGINAL = "url"
"""The key of the original, which a set may hold too."""


def gallery(request: HttpRequest) -> HttpResponse:
    """Everybody; the template asks the cache once for the whole page."""
    return render(request, "people/gallery.html", {"people": Person.objects.all()})


def person(request: HttpRequest, slug: str) -> HttpResponse:
    """One person: the original beside everything that is made of it."""
    found = get_object_or_404(Person, slug=slug)
    sizes = list(fulfil(_wishes(found, "person_headshot")))
    context = {
        "person": found,
        "bytes": _bytes(found),
        "pointless": _without_point(found),
        "hero": next((picture.file for picture in sizes if picture.name == "hero"), None),
        "sizes": sizes,
        "looks": list(fulfil(_wishes(found, "person_looks"))),
    }
    return render(request, "people/person.html", context)


def add(request: HttpRequest) -> HttpResponse:
    """Somebody new, with a photo and its point."""
    return _edit(request, Person())


def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Another photo of somebody, or another point of the same."""
    return _edit(request, get_object_or_404(Person, slug=slug))


def picker(request: HttpRequest) -> HttpResponse:
    """The picker on a page without a form, with somebody's photo to begin with."""
    person = Person.objects.exclude(headshot="").first()
    return render(request, "people/picker.html", {"person": person})


def _edit(request: HttpRequest, person: Person) -> HttpResponse:
    """The form; saved, it leads to the person's page."""
    form = PersonForm(request.POST or None, request.FILES or None, instance=person)
    if request.method == "POST" and form.is_valid():
        return redirect(form.save())
    # What was sent is in the instance already, though it may be wrong; the database knows.
    known = Person.objects.filter(pk=person.pk).first()
    return render(request, "people/form.html", {"form": form, "person": known})


def _wishes(person: Person, key_set: str) -> Iterator[Wish]:
    """The renditions of a set, without the original."""
    renditions = person.headshot.renditions(key_set)
    for name, key in get_rendition_key_set(key_set):
        if key != ORIGINAL:
            yield Wish(name, as_code(key), partial(renditions.__getitem__, name))


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
