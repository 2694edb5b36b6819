"""The sample project inside the suite: its own settings and addresses, folders of the test."""

from collections.abc import Callable, Iterator

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from people.models import Person
from people.photos import CAST, develop, take_photo
from sample import settings as sample_settings
from tests.stored import counted_cache_calls

SMALL = 400
"""Pixels of the long side of photos drawn in tests."""


@pytest.fixture(autouse=True)
def sample(settings: Settings) -> Settings:
    """The sample project's settings where they differ from the suite's."""
    settings.ROOT_URLCONF = sample_settings.ROOT_URLCONF
    settings.VERSATILE = sample_settings.VERSATILE
    settings.REST_FRAMEWORK = sample_settings.REST_FRAMEWORK
    return settings


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A small drawn photo, stored turned as a camera does."""
    return develop(take_photo(CAST[1], SMALL), CAST[1].orientation)


@pytest.fixture
def make_person(db: None, photo: bytes) -> Callable[..., Person]:
    """Makes people with a photo, saved as anybody would save them."""

    def make(slug: str = "ada", **fields: object) -> Person:
        person = Person(slug=slug, name=slug.title(), headshot_ppoi=CAST[1].face, **fields)
        person.headshot.save(f"{slug}.jpg", ContentFile(photo))
        return person

    return make


@pytest.fixture
def cache_calls() -> Iterator[list[str]]:
    """The names of all calls of the cache, in order; not those that it makes of itself."""
    with counted_cache_calls() as calls:
        yield calls
