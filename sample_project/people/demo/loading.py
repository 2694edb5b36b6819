"""Loading: drawn photos or a folder of somebody's own become people, again and again the same."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.db.models import QuerySet
from django.utils.text import slugify

from people.models import Person
from people.photos import CAST, Sitter, develop, take_photo

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
FIELDS = ["name", "role", "bio"]
HEADSHOT_FIELDS = ["headshot", "headshot_width", "headshot_height", "headshot_ppoi"]


def draw_cast(long_side: int) -> Iterator[str]:
    """Draw and store every sitter's photo and give their slugs; the newcomer has none yet."""
    for sitter in CAST:
        photo = develop(take_photo(sitter, long_side), sitter.orientation)
        person = _person_of(sitter)
        store(person, ContentFile(photo, f"{person.slug}.jpg"))
        yield person.slug
    newcomer = {"name": "Robin Okafor", "role": "New here", "bio": "The photo follows."}
    Person.objects.update_or_create(slug="robin-okafor", defaults=newcomer)


def load_folder(folder: Path) -> Iterator[str]:
    """Store every picture of a folder with its point in the middle, and give their slugs."""
    paths = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES]
    for path, slug in zip(paths, _slugs(path.stem for path in paths), strict=True):
        name = path.stem.replace("_", " ").replace("-", " ").title()
        person = Person(name=name, slug=slug, role="Your own photo")
        with path.open("rb") as file:
            store(person, File(file, f"{slug}{path.suffix.lower()}"))
        yield slug


def _slugs(names: Iterable[str]) -> list[str]:
    """A slug for each name; names that become the same word are numbered."""
    slugs: list[str] = []
    for name in names:
        word = slug = slugify(name)[:40] or "photo"
        number = 1
        while slug in slugs:
            number += 1
            slug = f"{word}-{number}"
        slugs.append(slug)
    return slugs


def people_of(slugs: Iterable[str]) -> QuerySet[Person]:
    """The people that were loaded."""
    return Person.objects.filter(slug__in=list(slugs))


def store(person: Person, photo: "File[bytes]") -> None:
    """Save a person with a photo in place of all that an earlier run left of them."""
    _clear(person, str(photo.name))
    person.headshot.save(str(photo.name), photo, save=False)
    # bulk_create sends no post_save, so nothing is made before the warming that is timed.
    Person.objects.bulk_create(
        [person],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=[*FIELDS, *HEADSHOT_FIELDS],
    )


def _clear(person: Person, filename: str) -> None:
    """Delete the person's photo and a forgotten one of the same name, with all made of them."""
    known = Person.objects.filter(slug=person.slug).first()
    names = {known.headshot.name if known else "", _storage_name(person, filename)}
    for name in filter(None, names):
        if person.headshot.storage.exists(name):
            # Sides that are known: nothing has to be read, so a broken file does not matter.
            owner = Person(headshot=name, headshot_width=1, headshot_height=1)
            owner.headshot.delete_all_created_images()
            owner.headshot.delete(save=False)


def _storage_name(person: Person, filename: str) -> str:
    return str(person.headshot.field.generate_filename(person, filename))


def _person_of(sitter: Sitter) -> Person:
    return Person(
        name=sitter.name,
        slug=slugify(sitter.name),
        role=sitter.role,
        bio=sitter.bio,
        headshot_ppoi=sitter.face,
    )
