"""What is measured of specs, written once for all sides: only public names that both have.

The side without a library has notes alone.
"""

import io
import shutil
from importlib import import_module
from typing import Any

from django.core.cache import cache
from django.core.management import call_command

from benchmarks.harness.scenario import Scenario, measured_files, media, small_photos
from benchmarks.notes.models import Note

ARTICLES = 300
NOTES = 3000
SAVED_NOTES = 300
CACHE_FOLDER = "CACHE"


def articles() -> Any:
    """The module of the measured model, which not all sides have."""
    return import_module("benchmarks.articles.models")


class SpecAttribute(Scenario):
    """The spec of each of many articles just read from the database."""

    repeats = 15

    def set_up(self) -> None:
        self.model = articles().Article
        names = small_photos(ARTICLES)
        self.model.objects.bulk_create([self.model(title=name, photo=name) for name in names])

    def reset(self) -> None:
        self.articles = list(self.model.objects.all())

    def run(self) -> int:
        for article in self.articles:
            _ = article.square
        return len(self.articles)


class SpecAttributeAgain(SpecAttribute):
    """The spec of the same article again and again."""

    def run(self) -> int:
        article = self.articles[0]
        for _ in range(ARTICLES):
            _ = article.square
        return ARTICLES


class SpecUrl(SpecAttribute):
    """One URL of each of many articles just read from the database: a page of a blog."""

    def set_up(self) -> None:
        super().set_up()
        self.reset()
        self.run()  # makes the files, and existence knows them

    def run(self) -> int:
        for article in self.articles:
            _ = article.square.url
        return len(self.articles)


class SpecUrlAgain(SpecUrl):
    """The same URL of the same article again and again."""

    def run(self) -> int:
        article = self.articles[0]
        for _ in range(ARTICLES):
            _ = article.square.url
        return ARTICLES


class SpecWarm(Scenario):
    """Every file of every photo, made by ``generateimages``; a unit is a photo."""

    def set_up(self) -> None:
        model = articles().Article
        # The first picture pays for lazy imports and colour tables; it is a small one.
        model.objects.create(title="small", photo=small_photos(1)[0])
        self._generate(1)
        model.objects.all().delete()
        for photo in self.photos:
            shutil.copyfile(photo, media("photos", photo.name))
            model.objects.create(title=photo.stem, photo=f"photos/{photo.name}")

    def reset(self) -> None:
        shutil.rmtree(media(CACHE_FOLDER), ignore_errors=True)
        cache.clear()

    def run(self) -> int:
        return self._generate(len(self.photos))

    def describe(self) -> dict[str, Any]:
        # The names hold hashes, which are each library's own.
        found = measured_files(media(CACHE_FOLDER))
        return {f"{path.parent.name} {size[0]}x{size[1]}": size for path, size in found}

    def _generate(self, expected: int) -> int:
        call_command("generateimages", stdout=io.StringIO())
        made = sum(path.is_file() for path in media(CACHE_FOLDER).rglob("*.jpg"))
        if made != expected * articles().SPECS:
            raise AssertionError(f"made {made}")
        return expected


class Notes(Scenario):
    """A model without images, created in memory."""

    repeats = 15

    def set_up(self) -> None:
        """Nothing: notes need neither rows nor files."""

    def run(self) -> int:
        for _ in range(NOTES):
            Note(title="a note", text="nothing to see")
        return NOTES


class SavedNotes(Notes):
    """A model without images, created in the database, whose own times vary most."""

    repeats = 45

    def reset(self) -> None:
        Note.objects.all().delete()

    def run(self) -> int:
        for _ in range(SAVED_NOTES):
            Note.objects.create(title="a note", text="nothing to see")
        return SAVED_NOTES


SCENARIOS: dict[str, type[Scenario]] = {
    "spec_warm": SpecWarm,
    "spec_url": SpecUrl,
    "spec_url_again": SpecUrlAgain,
    "spec_attribute": SpecAttribute,
    "spec_attribute_again": SpecAttributeAgain,
    "notes": Notes,
    "saved_notes": SavedNotes,
}
