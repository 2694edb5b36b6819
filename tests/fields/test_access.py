"""What reading the attribute of an image costs: what Django's own field costs, and no more."""

import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from tests.stored import counted_cache_calls, store, upload
from tests.testapp.models import (
    Person,
    Photo,
    Place,
    Plain,
    ProxyPlace,
    Restaurant,
    Spot,
    Twins,
)
from versatile.exceptions import EmptyField
from versatile.fields import PPOIDescriptor, PPOIField
from versatile.files import VersatileImageFieldFile, VersatileImageFileDescriptor
from versatile.testing import assert_storage_calls
from versatile.validators import CENTRE

pytestmark = pytest.mark.django_db

POINT = (0.25, 0.75)


@pytest.fixture
def person() -> Person:
    return Person.objects.create(name="Ada", headshot=upload(), headshot_ppoi=POINT)


@pytest.fixture
def plain() -> Plain:
    return Plain.objects.create(name="Ada", headshot=upload())


def queries(action: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


def python_calls(action: Callable[[], Any]) -> int:
    """How many Python functions an action calls: its cost, on any machine."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    action()  # whatever the interpreter has to look up for the first time
    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


def first_reads(model: type[Model]) -> Callable[[], Any]:
    """Reads the attribute of an instance that came from the database and was not read yet."""
    fresh = iter([model._default_manager.get(), model._default_manager.get()])
    return lambda: next(fresh).headshot  # type: ignore[attr-defined]


def test_the_first_read_calls_as_many_functions_as_djangos(person: Person, plain: Plain) -> None:
    assert python_calls(first_reads(Person)) == python_calls(first_reads(Plain))


def test_further_reads_call_as_many_functions_as_djangos(person: Person, plain: Plain) -> None:
    assert python_calls(lambda: person.headshot) == python_calls(lambda: plain.headshot)


def test_reading_asks_neither_database_nor_storage_nor_cache(person: Person) -> None:
    loaded = Person.objects.get()
    with assert_storage_calls(0), counted_cache_calls() as cache_calls:
        assert queries(lambda: (bool(loaded.headshot), loaded.headshot.url)) == 0
    assert cache_calls == []


def test_nothing_is_built_until_it_is_asked_for(person: Person) -> None:
    with (
        mock.patch("versatile.files.fieldfile.build_sizer") as build_sizer,
        mock.patch("versatile.files.fieldfile.FilterLibrary") as library,
    ):
        file = Person.objects.get().headshot
        assert file.url
        assert file.ppoi == POINT
        file.ppoi = "0.1x0.2"
        file.create_on_demand = False
        assert build_sizer.mock_calls == []
        file.crop  # noqa: B018
        assert len(build_sizer.mock_calls) == 1
        assert library.mock_calls == []


def test_loading_rows_reads_no_files_where_dimensions_are_known(person: Person) -> None:
    with assert_storage_calls(0):
        assert queries(lambda: [item.headshot for item in Person.objects.all()]) == 1


@pytest.mark.parametrize(
    ("narrow", "fields", "cost"),
    [
        ("only", ["name"], 1),
        ("only", ["headshot"], 0),
        ("only", ["headshot_ppoi"], 1),
        ("only", ["headshot", "headshot_width", "headshot_height"], 0),
        ("defer", ["headshot"], 1),
        ("defer", ["headshot_ppoi"], 0),
        ("defer", ["headshot", "headshot_ppoi"], 1),
        ("defer", ["headshot_width"], 0),
    ],
)
def test_partial_rows_cost_no_more_queries_than_djangos(
    person: Person, plain: Plain, narrow: str, fields: list[str], cost: int
) -> None:
    def read(model: type[Any]) -> tuple[int, int]:
        rows: list[Any] = []
        narrowed = getattr(model.objects.all(), narrow)(*fields)
        loading = queries(lambda: rows.extend(narrowed))
        return loading, queries(lambda: rows[0].headshot.name)

    assert read(Person) == (1, cost)
    assert sum(read(Plain)) >= 1 + cost


def test_deferred_dimensions_are_read_when_they_are_asked_for(person: Person) -> None:
    loaded = Person.objects.only("headshot").get()
    assert loaded.get_deferred_fields() >= {"headshot_width", "headshot_height"}
    assert (loaded.headshot_width, loaded.headshot_height) == (64, 48)


def test_another_file_fills_deferred_dimensions(person: Person) -> None:
    loaded = Person.objects.only("headshot").get()
    loaded.headshot = upload("b.jpg", (30, 20))
    loaded.save()
    again = Person.objects.get()
    assert (again.headshot_width, again.headshot_height) == (30, 20)


def test_a_deferred_image_costs_one_query(person: Person) -> None:
    loaded = Person.objects.defer("headshot").get()
    assert queries(lambda: loaded.headshot) == 1
    assert loaded.headshot.name == person.headshot.name
    assert loaded.headshot.ppoi == POINT


def test_a_deferred_point_costs_one_query_and_only_when_it_is_needed(person: Person) -> None:
    loaded = Person.objects.defer("headshot_ppoi").get()
    assert queries(lambda: loaded.headshot.url) == 0
    assert queries(lambda: loaded.headshot.ppoi) == 1
    assert queries(lambda: loaded.headshot.crop["10x10"].url) == 0
    assert loaded.headshot.ppoi == POINT


@pytest.mark.parametrize("deferred", ["headshot", "headshot_ppoi"])
def test_saving_a_partial_row_keeps_what_was_not_loaded(person: Person, deferred: str) -> None:
    loaded = Person.objects.defer(deferred).get()
    loaded.name = "Bo"
    loaded.save()
    again = Person.objects.get()
    assert again.name == "Bo"
    assert again.headshot.name == person.headshot.name
    assert again.headshot_ppoi == POINT


def test_refreshing_takes_everything_from_the_row(person: Person) -> None:
    held = person.headshot
    other = Person.objects.get()
    other.headshot = upload("other.jpg", (30, 40))
    other.headshot.ppoi = (0.1, 0.2)
    other.save()
    person.refresh_from_db()
    assert person.headshot.name == other.headshot.name
    assert person.headshot.ppoi == person.headshot_ppoi == (0.1, 0.2)
    assert (person.headshot_width, person.headshot_height) == (30, 40)
    assert held.ppoi == (0.1, 0.2)


def test_refreshing_the_point_alone_moves_the_crops(person: Person) -> None:
    Person.objects.update(headshot_ppoi=(0.1, 0.2))
    before = person.headshot.crop["10x10"].name
    person.refresh_from_db(fields=["headshot_ppoi"])
    assert "c0-25__0-75" in before
    assert "c0-1__0-2" in person.headshot.crop["10x10"].name


def test_refreshing_drops_a_change_that_was_not_saved(person: Person) -> None:
    person.headshot.ppoi = (0.9, 0.9)
    person.refresh_from_db()
    assert person.headshot.ppoi == POINT


def test_the_class_gives_the_descriptors() -> None:
    assert isinstance(Person.headshot, VersatileImageFileDescriptor)
    assert isinstance(Person.headshot_ppoi, PPOIDescriptor)
    assert isinstance(Person.headshot_ppoi.field, PPOIField)
    assert Person.headshot.field is Person._meta.get_field("headshot")


def test_a_null_row_can_be_read_and_saved() -> None:
    photo = Photo.objects.create()
    Photo.objects.update(image=None)
    assert Photo.objects.filter(image=None).exists()
    loaded = Photo.objects.get(pk=photo.pk)
    assert isinstance(loaded.image, VersatileImageFieldFile)
    assert not loaded.image
    assert loaded.image.ppoi == CENTRE
    loaded.save()
    loaded.refresh_from_db()
    assert not loaded.image


def test_a_null_row_with_a_point_has_it_in_the_centre() -> None:
    spot = Spot.objects.create(ppoi=POINT)
    Spot.objects.update(picture=None)
    spot = Spot.objects.get()
    assert not spot.picture
    spot.save()
    assert Spot.objects.get().ppoi == CENTRE


def test_an_empty_field_raises_a_typed_error_for_sizers_and_filters() -> None:
    for file in (Person().headshot, Photo(image=None).image):
        with pytest.raises(EmptyField, match="empty"):
            file.crop["10x10"]
        with pytest.raises(EmptyField):
            file.filters.invert.crop["10x10"]
        with pytest.raises(EmptyField):
            file.filters.invert.url  # noqa: B018
        with pytest.raises(ValueError, match="no file associated"):
            file.url  # noqa: B018


@pytest.mark.parametrize("model", [Place, ProxyPlace, Restaurant])
def test_abstract_proxy_and_multi_table_models_keep_the_point(model: type[Place]) -> None:
    made = model.objects.create(picture=upload("p.jpg"), picture_ppoi=POINT)
    loaded = model.objects.get(pk=made.pk)
    assert loaded.picture.ppoi == POINT
    assert "crop-c0-25__0-75-" in loaded.picture.crop["10x10"].name
    loaded.picture.ppoi = (0.1, 0.2)
    loaded.save()
    assert Place.objects.get(pk=made.pk).picture.ppoi == (0.1, 0.2)
    assert Place.objects.get(pk=made.pk).picture.crop["10x10"].exists()
    loaded.picture = None
    loaded.save()
    assert Place.objects.get(pk=made.pk).picture_ppoi == CENTRE


def test_the_parts_of_a_multi_table_row_see_one_point() -> None:
    restaurant = Restaurant.objects.create(picture=upload("p.jpg"), picture_ppoi=POINT)
    Restaurant.objects.filter(stars=0).update(picture_ppoi="0.9x0.1")
    place: Any = restaurant
    assert place.place_ptr.picture.name == restaurant.picture.name
    assert Place.objects.get().picture.ppoi == (0.9, 0.1)
    assert ProxyPlace.objects.get().picture.ppoi == (0.9, 0.1)


def test_several_images_with_one_point_read_one_point() -> None:
    twins = Twins.objects.create(left=upload("l.jpg"), right=upload("r.jpg"), point=POINT)
    twins.left.ppoi = (0.1, 0.2)
    assert twins.right.ppoi == twins.point == (0.1, 0.2)
    twins.save()
    loaded = Twins.objects.get()
    assert loaded.left.ppoi == loaded.right.ppoi == (0.1, 0.2)
    assert "c0-1__0-2" in loaded.right.crop["10x10"].name


def test_names_that_are_no_sizer_are_no_attribute(person: Person) -> None:
    assert not hasattr(person.headshot, "nope")
    assert not hasattr(person.headshot, "_crop")
    with pytest.raises(AttributeError, match="VersatileImageFieldFile has no attribute"):
        person.headshot.nope  # noqa: B018


def test_a_file_without_an_instance_has_a_point_of_its_own() -> None:
    field = Person._meta.get_field("headshot")
    file = VersatileImageFieldFile(None, field, store("headshots/loose.jpg"))  # type: ignore[arg-type]
    assert file.ppoi == CENTRE
    file.ppoi = "0x1"
    assert file.ppoi == (0.0, 1.0)
    assert file.crop["20x20"].exists()
