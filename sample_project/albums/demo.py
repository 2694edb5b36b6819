"""The albums' part of the ``demo`` command: an album of the photos that are already there."""

from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.utils.text import slugify

from albums.models import Album, Leaf, Picture, Postcard
from people.models import Person
from versatile.files import VersatileImageFieldFile

TITLE = "A year outside"
LEAD = "Eight people, and where they were when somebody had a camera."
GREETING = "The light is as they say. Wish you were here, and had brought a coat.\n\n{name}"


def collect(people: Iterable[Person]) -> Album | None:
    """An album of these people's photos, in place of the one of an earlier run."""
    seen = [person for person in people if person.headshot_width]
    if not seen:
        return None
    slug = slugify(TITLE)
    for old in Album.objects.filter(slug=slug):
        _discard(old)
    first, last = seen[0], seen[-1]
    album = Album(title=TITLE, slug=slug, lead=LEAD)
    _copy(first, album.cover)
    _copy(last, album.band)
    album.save()
    for person in seen:
        _stick(Picture(album=album, caption=f"{person.name}, {person.role}"), person)
    _stick(Postcard(album=album, greeting=GREETING.format(name=last.name)), last)
    return album


def _stick(leaf: Leaf, person: Person) -> None:
    _copy(person, leaf.image)
    leaf.save()


def _copy(person: Person, image: VersatileImageFieldFile) -> None:
    """Store a copy of somebody's photo, with its point."""
    filename = f"{person.slug}.jpg"
    # A forgotten one of that name would give the copy another.
    image.storage.delete(image.field.generate_filename(image.instance, filename))
    with person.headshot.open() as photo:
        image.save(filename, ContentFile(photo.read()), save=False)
    image.ppoi = person.headshot_ppoi


def _discard(album: Album) -> None:
    """Delete an album with its files and all that was made of them."""
    leaves = [*album.pictures.all(), *album.postcards.all()]
    for image in (album.cover, album.band, *(leaf.image for leaf in leaves)):
        if image:
            image.delete_all_created_images()
            image.delete(save=False)
    album.delete()
