"""Images that are pickled, copied, serialised and created in bulk."""

import copy
import json
import pickle
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from tests.stored import store, upload
from tests.testapp.models import Person, Photo, Spot, Twins
from versatile.fields import PPOIField, VersatileImageField
from versatile.placeholder import OnDiscPlaceholderImage
from versatile.validators import CENTRE

pytestmark = pytest.mark.django_db

POINT = (0.25, 0.75)
PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)


@pytest.fixture
def person() -> Person:
    return Person.objects.create(name="Ada", headshot=upload(), headshot_ppoi=POINT)


def test_protocols_two_to_five_are_tested() -> None:
    assert list(PROTOCOLS) == [2, 3, 4, 5]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("read_before", [True, False])
def test_a_pickled_row_has_working_sizers(person: Person, protocol: int, read_before: bool) -> None:
    person = Person.objects.get()
    if read_before:
        person.headshot.create_on_demand = False
        assert person.headshot.crop["10x10"].url
    again = pickle.loads(pickle.dumps(person, protocol))
    assert again.headshot.name == person.headshot.name
    assert again.headshot.instance is again
    assert again.headshot.ppoi == POINT
    assert again.headshot.create_on_demand is not read_before
    again.headshot.create_on_demand = True
    assert again.headshot.crop["10x10"].exists()
    again.headshot.ppoi = (0.1, 0.2)
    again.save()
    assert Person.objects.get().headshot.ppoi == (0.1, 0.2)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_pickled_file_has_working_sizers(protocol: int) -> None:
    photo = Photo.objects.create(image=upload())
    photo.image.ppoi = POINT
    again = pickle.loads(pickle.dumps(photo.image, protocol))
    assert again.ppoi == POINT
    assert again.storage is default_storage
    assert again.crop["10x10"].name == photo.image.crop["10x10"].name
    assert again.filters.invert.crop["10x10"].exists()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_pickled_result_of_a_query_has_working_sizers(person: Person, protocol: int) -> None:
    [again] = pickle.loads(pickle.dumps(Person.objects.all(), protocol))
    assert again.headshot.crop["10x10"].url == person.headshot.crop["10x10"].url


def test_the_state_of_a_file(person: Person) -> None:
    photo = Photo.objects.create(image=upload())
    photo.image.ppoi = POINT
    photo.image.create_on_demand = False
    state = photo.image.__getstate__()
    assert state.pop("instance") is photo
    assert state.pop("field") is Photo._meta.get_field("image")
    assert state.pop("storage", default_storage) is default_storage
    assert state == {
        "name": photo.image.name,
        "closed": False,
        "_committed": True,
        "_file": None,
        "_create_on_demand": False,
        "_ppoi_value": POINT,
    }


@pytest.mark.parametrize("make_copy", [copy.copy, copy.deepcopy])
def test_a_copied_row_has_a_point_of_its_own(person: Person, make_copy: Any) -> None:
    assert person.headshot.ppoi == POINT
    again = make_copy(person)
    again.headshot.ppoi = (0.9, 0.9)
    assert person.headshot.ppoi == person.headshot_ppoi == POINT
    assert again.headshot.ppoi == again.headshot_ppoi == (0.9, 0.9)
    assert "c0-9__0-9" in again.headshot.crop["10x10"].name
    again.pk = None
    again.save()
    assert sorted(Person.objects.values_list("headshot_ppoi", flat=True)) == [POINT, (0.9, 0.9)]


@pytest.mark.parametrize("make_copy", [copy.copy, copy.deepcopy])
def test_a_copied_file_has_a_switch_of_its_own(person: Person, make_copy: Any) -> None:
    again = make_copy(person.headshot)
    again.create_on_demand = False
    assert person.headshot.create_on_demand is True
    assert not again.crop["10x10"].exists()
    assert again.crop["10x10"].name == person.headshot.crop["10x10"].name


def dump(output_format: str = "json") -> str:
    out = StringIO()
    call_command("dumpdata", "testapp.Person", format=output_format, stdout=out)
    return out.getvalue()


def test_a_dump_has_the_name_and_the_text_of_the_point(person: Person) -> None:
    [row] = json.loads(dump())
    assert row["fields"]["headshot"] == person.headshot.name
    assert row["fields"]["headshot_ppoi"] == "0.25x0.75"


@pytest.mark.parametrize("serializer", ["json", "jsonl", "xml"])
def test_a_dump_can_be_loaded_again(person: Person, tmp_path: Path, serializer: str) -> None:
    fixture = tmp_path / f"people.{serializer}"
    fixture.write_text(dump(serializer))
    # What a site without the media folder does, too.
    default_storage.delete(str(person.headshot.name))
    Person.objects.all().delete()
    call_command("loaddata", fixture, verbosity=0)
    loaded = Person.objects.get()
    assert loaded.headshot.name == person.headshot.name
    assert loaded.headshot.ppoi == POINT
    assert (loaded.headshot_width, loaded.headshot_height) == (64, 48)


def test_rows_created_in_bulk_have_their_files_and_points() -> None:
    people = [
        Person(name=f"{number}", headshot=upload(f"{number}.jpg"), headshot_ppoi=f"0.{number}x0.5")
        for number in (1, 2)
    ]
    people.append(Person(name="3", headshot_ppoi=POINT))
    Person.objects.bulk_create(people)
    first, second, empty = Person.objects.order_by("name")
    assert first.headshot.name == "headshots/1.jpg"
    assert first.headshot.ppoi == (0.1, 0.5)
    assert second.headshot.ppoi == (0.2, 0.5)
    assert (second.headshot_width, second.headshot_height) == (64, 48)
    assert second.headshot.crop["10x10"].exists()
    assert empty.headshot_ppoi == CENTRE


def test_rows_updated_in_bulk_have_their_points(person: Person) -> None:
    person.headshot.ppoi = (0.1, 0.2)
    Person.objects.bulk_update([person], ["headshot_ppoi"])
    assert Person.objects.get().headshot_ppoi == (0.1, 0.2)


def test_the_field_is_django_s_to_migrations() -> None:
    field = VersatileImageField(
        "portrait",
        upload_to="p",
        blank=True,
        width_field="w",
        height_field="h",
        ppoi_field="point",
        placeholder_image=OnDiscPlaceholderImage("/none.png"),
    )
    _, path, args, kwargs = field.deconstruct()
    assert path == "versatile.fields.VersatileImageField"
    assert list(args) == []
    assert kwargs == {
        "verbose_name": "portrait",
        "upload_to": "p",
        "blank": True,
        "width_field": "w",
        "height_field": "h",
    }


def test_a_clone_has_none_of_our_options_and_a_copy_has_all() -> None:
    field = Person._meta.get_field("headshot")
    assert isinstance(field, VersatileImageField)
    clone = field.clone()
    assert (clone.ppoi_field, clone.placeholder_image) == (None, None)
    assert (clone.width_field, clone.upload_to) == ("headshot_width", "headshots")
    image = OnDiscPlaceholderImage("/none.png")
    original = VersatileImageField(ppoi_field="point", placeholder_image=image)
    for again in (copy.copy(original), copy.deepcopy(original)):
        assert again.ppoi_field == "point"
        assert again.placeholder_image is image


def test_a_clone_of_a_point_keeps_everything() -> None:
    field = Spot._meta.get_field("ppoi")
    assert isinstance(field, PPOIField)
    for again in (field.clone(), copy.copy(field), copy.deepcopy(field)):
        assert (again.default, again.max_length, again.editable) == ("0.25x0.75", 11, False)


def test_a_row_that_shares_the_file_of_another_has_its_own_point(person: Person) -> None:
    other = Person.objects.create(headshot=person.headshot.name, headshot_ppoi=(0.9, 0.9))
    assert other.headshot == person.headshot
    assert "c0-9__0-9" in other.headshot.crop["10x10"].name
    assert "c0-25__0-75" in person.headshot.crop["10x10"].name


def test_a_file_taken_from_another_row_keeps_the_points_apart() -> None:
    store("twins/l.jpg")
    one = Twins.objects.create(left="twins/l.jpg", point=POINT)
    two = Twins(point=(0.9, 0.9))
    two.left = one.left.name
    two.save()
    assert Twins.objects.get(pk=two.pk).left.ppoi == (0.9, 0.9)
    assert Twins.objects.get(pk=one.pk).left.ppoi == POINT
