"""The model's dimension fields hold the size of the upright picture."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction

from tests.drawing import photo_bytes
from tests.stored import put, store, upload
from tests.testapp.models import Person, Photo, Plain
from versatile.testing import assert_storage_calls

pytestmark = pytest.mark.django_db

SIZE = (64, 48)
"""What a viewer shows; five to eight are stored as 48×64."""
each_orientation = pytest.mark.parametrize("orientation", range(1, 9))


def dimensions(person: Any) -> tuple[int | None, int | None]:
    return person.headshot_width, person.headshot_height


def by_save(content: bytes) -> Person:
    person = Person()
    person.headshot.save("a.jpg", ContentFile(content))
    return person


def by_save_of_named_content(content: bytes) -> Person:
    person = Person()
    person.headshot.save("a.jpg", ContentFile(content, name="other.jpg"))
    return person


def by_assignment_of_an_upload(content: bytes) -> Person:
    person = Person()
    person.headshot = upload(content=content)
    return person


def by_assignment_of_a_large_upload(content: bytes) -> Person:
    file = TemporaryUploadedFile("a.jpg", "image/jpeg", len(content), None)
    file.write(content)
    person = Person()
    person.headshot = file
    assert dimensions(person) == SIZE
    person.save()
    file.close()
    return person


def by_assignment_of_named_content(content: bytes) -> Person:
    person = Person()
    person.headshot = ContentFile(content, name="a.jpg")
    return person


def by_assignment_of_a_name(content: bytes) -> Person:
    person = Person()
    person.headshot = put("headshots/a.jpg", content)
    return person


def by_construction_with_an_upload(content: bytes) -> Person:
    return Person(headshot=upload(content=content))


def by_construction_with_a_name(content: bytes) -> Person:
    return Person(headshot=put("headshots/a.jpg", content))


def by_replacing_another(content: bytes) -> Person:
    person = Person.objects.create(headshot=upload("first.jpg", (10, 20)))
    person.headshot = ContentFile(content, name="a.jpg")
    return person


@each_orientation
@pytest.mark.parametrize(
    "make",
    [
        by_save,
        by_save_of_named_content,
        by_assignment_of_an_upload,
        by_assignment_of_a_large_upload,
        by_assignment_of_named_content,
        by_assignment_of_a_name,
        by_construction_with_an_upload,
        by_construction_with_a_name,
        by_replacing_another,
    ],
)
def test_the_fields_hold_the_upright_size_from_the_start(
    make: Callable[[bytes], Person], orientation: int
) -> None:
    content = photo_bytes(SIZE, orientation=orientation)
    person = make(content)
    assert dimensions(person) == SIZE
    assert (person.headshot.width, person.headshot.height) == SIZE
    person.save()
    loaded = Person.objects.get(pk=person.pk)
    assert dimensions(loaded) == SIZE
    with loaded.headshot.open() as file:
        assert file.read() == content


@each_orientation
def test_a_file_without_dimension_fields_has_the_upright_size(orientation: int) -> None:
    photo = Photo.objects.create(image=store("photos/a.jpg", SIZE, orientation=orientation))
    assert (photo.image.width, photo.image.height) == SIZE


def test_unset_fields_are_filled_when_a_row_is_loaded() -> None:
    Person.objects.create(headshot=upload(size=SIZE, orientation=6))
    Person.objects.update(headshot_width=None, headshot_height=0)
    assert dimensions(Person.objects.get()) == SIZE


def test_filling_them_from_a_missing_file_raises_as_django_does() -> None:
    for model in (Person, Plain):
        with pytest.raises(FileNotFoundError):
            model(headshot="headshots/nowhere.jpg")


def test_another_file_that_is_missing_raises_as_django_does() -> None:
    person = Person.objects.create(headshot=upload())
    with pytest.raises(FileNotFoundError):
        person.headshot = "headshots/nowhere.jpg"


def test_the_same_file_may_be_lost_meanwhile() -> None:
    Person.objects.create(headshot=upload(size=SIZE))
    person = Person.objects.get()
    Path(person.headshot.path).unlink()
    person.headshot = person.headshot
    assert dimensions(person) == SIZE


def test_set_fields_are_believed() -> None:
    with assert_storage_calls(0):
        person = Person(headshot="nowhere.jpg", headshot_width=5, headshot_height=7)
        assert dimensions(person) == (5, 7)


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_emptied_field_has_no_dimensions(nothing: str | None) -> None:
    person = Person.objects.create(headshot=upload())
    person.headshot = nothing
    assert dimensions(person) == (None, None)
    person.save()
    assert dimensions(Person.objects.get()) == (None, None)


def test_a_deleted_file_has_no_dimensions() -> None:
    person = Person.objects.create(headshot=upload())
    name = str(person.headshot.name)
    person.headshot.delete()
    assert dimensions(Person.objects.get()) == (None, None)
    assert not default_storage.exists(name)


@pytest.mark.parametrize(
    "content", [b"", b"no picture", photo_bytes(SIZE)[:20]], ids=["empty", "text", "header"]
)
def test_what_is_no_picture_has_no_dimensions(content: bytes) -> None:
    person = Person(headshot=ContentFile(content, name="a.jpg"))
    assert dimensions(person) == (None, None)
    person.save()
    assert dimensions(Person.objects.get()) == (None, None)


def test_reading_the_size_closes_what_it_opened() -> None:
    photo = Photo.objects.create(image=store("photos/a.jpg", SIZE))
    assert photo.image.closed
    assert photo.image.width == SIZE[0]
    assert photo.image.closed


def test_reading_the_size_leaves_an_open_file_open_at_its_start() -> None:
    content = photo_bytes(SIZE)
    photo = Photo.objects.create(image=put("photos/a.jpg", content))
    with photo.image.open() as file:
        assert photo.image.height == SIZE[1]
        assert not photo.image.closed
        assert file.read() == content


def test_the_size_is_read_once() -> None:
    photo = Photo.objects.create(image=store("photos/a.jpg", SIZE))
    with assert_storage_calls(1):
        assert (photo.image.width, photo.image.height) == SIZE
        assert photo.image.width == SIZE[0]


def test_a_picture_opened_from_disk_can_be_assigned() -> None:
    name = store("elsewhere/a.jpg", SIZE, orientation=8)
    person = Person()
    with default_storage.open(name) as stored:
        person.headshot = ImageFile(stored, name="b.jpg")
        assert dimensions(person) == SIZE
        person.save()
    assert Person.objects.get().headshot.name == "headshots/b.jpg"


def test_content_without_a_name_is_refused_as_django_refuses_it() -> None:
    for model in (Person, Plain):
        person: Any = model()
        person.headshot = ContentFile(photo_bytes(SIZE))
        with pytest.raises(FieldError, match="must have the name attribute"), transaction.atomic():
            person.save()
        assert not model.objects.exists()
    assert default_storage.listdir("") == ([], [])
