"""The point has one home: what is assigned to either side is what is saved, named and shown."""

import logging
import math
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import F, Value

from tests.stored import image_of, store, upload
from tests.testapp.models import Person, Photo, Spot, Twins
from versatile.fields import PPOIField
from versatile.validators import CENTRE, ppoi_to_text

pytestmark = pytest.mark.django_db

POINT = (0.25, 0.75)
BAD_POINTS = ["", "axb", "1.5x0.5", (2, 2), [0.5, 0.5], 0.5, b"0.5x0.5", (math.nan, 0), (True, 0)]


@pytest.fixture
def person() -> Person:
    return Person.objects.create(name="Ada", headshot=upload(), headshot_ppoi=POINT)


def text_in_row(model: type[Any] = Person, column: str = "headshot_ppoi") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table}")
        [(text,)] = cursor.fetchall()
    return str(text)


def write_row(text: str | None, model: type[Any] = Person, column: str = "headshot_ppoi") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = %s", [text])


@pytest.mark.parametrize("value", [(0.1, 0.2), "0.1x0.2"])
def test_a_point_assigned_to_the_file_is_that_of_the_row(person: Person, value: Any) -> None:
    person.headshot.ppoi = value
    assert person.headshot_ppoi == (0.1, 0.2)
    person.save()
    assert text_in_row() == "0.1x0.2"
    assert Person.objects.get().headshot.ppoi == (0.1, 0.2)


@pytest.mark.parametrize("value", [(0.1, 0.2), "0.1x0.2"])
def test_a_point_assigned_to_the_row_is_that_of_the_file(person: Person, value: Any) -> None:
    held = person.headshot
    person.headshot_ppoi = value
    assert person.headshot_ppoi == (0.1, 0.2)
    assert person.headshot.ppoi == held.ppoi == (0.1, 0.2)
    person.save()
    assert text_in_row() == "0.1x0.2"


@pytest.mark.parametrize("last", ["file", "row"])
def test_the_last_assignment_is_saved(person: Person, last: str) -> None:
    person.headshot.ppoi = (0.1, 0.2) if last == "row" else (0.3, 0.4)
    person.headshot_ppoi = (0.3, 0.4) if last == "row" else (0.1, 0.2)
    if last == "file":
        person.headshot.ppoi = (0.3, 0.4)
    person.save()
    assert text_in_row() == "0.3x0.4"


def test_crops_follow_at_once(person: Person) -> None:
    name = "__sized__/headshots/a-crop-c{}-20x20-70.jpg"
    assert person.headshot.crop["20x20"].name == name.format("0-25__0-75")
    person.headshot.ppoi = (0, 1)
    assert person.headshot.crop["20x20"].name == name.format("0__1")
    person.headshot_ppoi = "1x0"
    assert person.headshot.crop["20x20"].name == name.format("1-0__0-0")
    sizer_of_filter = person.headshot.filters.invert.crop["20x20"].name
    assert sizer_of_filter.endswith("/a__invert__-crop-c1-0__0-0-20x20-70.jpg")


def test_crops_show_what_the_point_says() -> None:
    person = Person(headshot=store("headshots/a.png", (64, 48), format="PNG"))
    original = image_of("headshots/a.png")
    for point, box in {(0, 0): (0, 0, 48, 48), (1, 1): (16, 0, 64, 48)}.items():
        person.headshot.ppoi = point
        cropped = image_of(person.headshot.crop["48x48"].name)
        assert cropped.tobytes() == original.crop(box).tobytes()


def test_another_file_keeps_the_point(person: Person) -> None:
    person.headshot = upload("b.jpg")
    assert person.headshot.ppoi == POINT
    person.save()
    assert Person.objects.get().headshot.ppoi == POINT
    person.headshot.save("c.jpg", upload("c.jpg"))
    assert Person.objects.get().headshot.ppoi == POINT


def test_without_a_field_the_point_can_be_set_and_is_not_stored() -> None:
    photo = Photo.objects.create(image=upload())
    assert photo.image.ppoi == CENTRE
    photo.image.ppoi = "0.1x0.2"
    assert photo.image.ppoi == (0.1, 0.2)
    assert "c0-1__0-2" in photo.image.crop["10x10"].name
    photo.save()
    assert Photo.objects.get().image.ppoi == CENTRE


def test_point_and_switch_can_be_set_together(person: Person) -> None:
    person.headshot.build_filters_and_sizers("0.1x0.2", False)
    assert person.headshot_ppoi == (0.1, 0.2)
    assert person.headshot.create_on_demand is False
    assert not person.headshot.crop["10x10"].exists()


@pytest.mark.parametrize("value", BAD_POINTS, ids=repr)
def test_a_bad_point_is_refused_by_either_side_and_changes_nothing(
    person: Person, value: Any
) -> None:
    with pytest.raises(ValidationError, match="invalid ppoi"):
        person.headshot.ppoi = value
    with pytest.raises(ValidationError, match="invalid ppoi"):
        person.headshot_ppoi = value
    with pytest.raises(ValidationError, match="invalid ppoi"):
        Person(headshot_ppoi=value)
    assert person.headshot.ppoi == person.headshot_ppoi == POINT


def test_none_is_the_centre_for_the_row_and_no_point_for_the_file(person: Person) -> None:
    with pytest.raises(ValidationError, match="invalid ppoi"):
        person.headshot.ppoi = None  # type: ignore[assignment]
    person.headshot_ppoi = None
    assert person.headshot_ppoi == person.headshot.ppoi == CENTRE


@pytest.mark.parametrize("text", ["", "nonsense", "1.5x0.5", "0.5x0.5x0.5", "nanx0"])
def test_a_bad_point_in_the_database_is_the_centre_and_is_logged(
    person: Person, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    write_row(text)
    assert list(Person.objects.values_list("headshot_ppoi", flat=True)) == [CENTRE]
    caplog.clear()
    loaded = Person.objects.get()
    assert loaded.headshot_ppoi == loaded.headshot.ppoi == CENTRE
    assert "c0-5__0-5" in loaded.headshot.crop["10x10"].name
    [record] = [item for item in caplog.records if item.name == "versatile.fields"]
    assert record.levelno == logging.ERROR
    assert "testapp.Person.headshot_ppoi" in record.getMessage()
    assert repr(text) in record.getMessage()
    loaded.save()
    assert text_in_row() == "0.5x0.5"


THIRDS = (1 / 3, 2 / 3)


@pytest.mark.parametrize("side", ["file", "row", "new row"])
@pytest.mark.parametrize(
    ("model", "image", "column", "rounded", "in_name"),
    [
        (Person, "headshot", "headshot_ppoi", (0.3333333, 0.6666667), "c0-3333333__0-6666667"),
        (Spot, "picture", "ppoi", (0.333, 0.667), "c0-333__0-667"),
    ],
)
def test_a_long_point_is_rounded_and_name_row_and_picture_agree(
    model: type[Any],
    image: str,
    column: str,
    rounded: tuple[float, float],
    in_name: str,
    side: str,
) -> None:
    store("a.png", (600, 90), format="PNG")
    row = model(**{image: "a.png"}, **{column: THIRDS if side == "new row" else POINT})
    if side == "file":
        getattr(row, image).ppoi = THIRDS
    if side == "row":
        setattr(row, column, "x".join(map(str, THIRDS)))
    crops = []
    for step in range(3):  # not saved yet, saved, loaded again
        if step == 1:
            row.save()
        if step == 2:
            row = model.objects.get()
        file = getattr(row, image)
        assert file.ppoi == getattr(row, column) == rounded
        crop = file.crop["90x90"]
        assert crop.name == f"__sized__/a-crop-{in_name}-90x90.png"
        crops.append(image_of(crop.name).tobytes())
        crop.delete()
    assert text_in_row(model, column) == ppoi_to_text(rounded)
    assert crops[0] == crops[1] == crops[2]
    # The window starts at int(600 × x) - 45, which is 154 or 155 for all roundings of a third.
    left = int(600 * rounded[0]) - 45
    assert crops[0] == image_of("a.png").crop((left, 0, left + 90, 90)).tobytes()


def test_values_that_bypass_the_attribute_are_rounded_alike(person: Person) -> None:
    Person.objects.update(headshot_ppoi=THIRDS)
    assert text_in_row() == "0.3333333x0.6666667"
    assert Person.objects.filter(headshot_ppoi=THIRDS).exists()


def test_points_can_be_looked_up(person: Person) -> None:
    other = Person.objects.create(name="Bo", headshot=upload("b.jpg"))
    assert Person.objects.get(headshot_ppoi=POINT) == person
    assert Person.objects.get(headshot_ppoi="0.5x0.5") == other
    assert Person.objects.exclude(headshot_ppoi=CENTRE).get() == person
    assert Person.objects.filter(headshot_ppoi__in=[POINT, CENTRE]).count() == 2
    assert Person.objects.filter(headshot_ppoi__startswith="0.25x").get() == person
    assert list(Person.objects.order_by("pk").values_list("headshot_ppoi", flat=True)) == [
        POINT,
        CENTRE,
    ]


def test_expressions_of_the_database_are_saved(person: Person) -> None:
    Person.objects.update(name="0.1x0.2")
    person.headshot_ppoi = F("name")
    person.save()
    person.refresh_from_db()
    assert person.headshot.ppoi == person.headshot_ppoi == (0.1, 0.2)
    Person.objects.update(headshot_ppoi=Value("0.3x0.4"))
    person.refresh_from_db()
    assert person.headshot.ppoi == (0.3, 0.4)


def test_reading_a_row_again_takes_its_point_whatever_its_image_was_before() -> None:
    """The column stands before that of the image, which another process has emptied meanwhile."""
    spot = Spot.objects.create(picture=upload())
    Spot.objects.update(picture="", ppoi="0.3x0.4")
    spot.refresh_from_db()
    assert (bool(spot.picture), spot.ppoi) == (False, (0.3, 0.4))


def test_validation_of_a_row_leaves_the_point(person: Person) -> None:
    person.full_clean()
    assert person.headshot_ppoi == POINT


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_emptied_field_gives_its_point_back(person: Person, nothing: Any) -> None:
    person.headshot = nothing
    assert person.headshot_ppoi == CENTRE
    person.save()
    assert text_in_row() == "0.5x0.5"


def test_a_deleted_file_gives_its_point_back(person: Person) -> None:
    person.headshot.delete()
    assert text_in_row() == "0.5x0.5"


def test_a_row_without_a_file_is_saved_with_the_centre() -> None:
    Person.objects.create(headshot_ppoi=POINT)
    assert text_in_row() == "0.5x0.5"


@pytest.fixture
def twins() -> Twins:
    return Twins.objects.create(left=upload("l.jpg"), right=upload("r.jpg"), point=POINT)


@pytest.mark.parametrize("cleared", ["left", "right"])
@pytest.mark.parametrize("nothing", [None, ""])
def test_clearing_one_image_keeps_a_point_that_another_uses(
    twins: Twins, cleared: str, nothing: Any
) -> None:
    setattr(twins, cleared, nothing)
    assert twins.point == POINT
    twins.save()
    loaded = Twins.objects.get()
    assert not getattr(loaded, cleared)
    assert loaded.point == loaded.left.ppoi == loaded.right.ppoi == POINT


@pytest.mark.parametrize("deleted", ["left", "right"])
def test_deleting_one_file_keeps_a_point_that_another_uses(twins: Twins, deleted: str) -> None:
    getattr(twins, deleted).delete()
    assert Twins.objects.get().point == POINT


@pytest.mark.parametrize("filled", ["left", "right"])
def test_saving_one_empty_image_keeps_a_point_that_another_uses(filled: str) -> None:
    twins = Twins.objects.create(**{filled: upload()}, point=POINT)
    twins.save()
    assert Twins.objects.get().point == POINT


def test_clearing_the_last_image_gives_the_point_back(twins: Twins) -> None:
    twins.left = None
    twins.right = None
    assert twins.point == CENTRE
    twins.save()
    assert Twins.objects.get().point == CENTRE


@pytest.mark.parametrize("loaded", ["left", "right"])
def test_an_image_that_is_not_loaded_may_use_the_point(twins: Twins, loaded: str) -> None:
    partial = Twins.objects.only(loaded).get()
    getattr(partial, loaded).delete()
    again = Twins.objects.get()
    assert not getattr(again, loaded)
    assert again.point == POINT


def test_a_row_of_a_migration_keeps_its_point() -> None:
    """The models of migrations have none of our options, so nothing there uses the point."""
    state = ProjectState()
    state.add_model(ModelState.from_model(Person))
    historical = state.apps.get_model("testapp", "Person")
    historical.objects.create(headshot_ppoi=POINT)
    assert text_in_row() == "0.25x0.75"


@pytest.mark.parametrize(
    ("default", "text"),
    [
        ((0.25, 0.75), "0.25x0.75"),
        ((0, 1), "0x1"),
        ("0.25x0.75", "0.25x0.75"),
        ("0.250 x .75", "0.250 x .75"),
        (THIRDS, "0.3333333x0.6666667"),
        ((Fraction(1, 4), Fraction(1)), "0.25x1.0"),
    ],
)
def test_a_default_is_kept_as_text(default: Any, text: str) -> None:
    assert PPOIField(default=default).default == text


def test_the_default_of_the_default() -> None:
    field = PPOIField("a label")
    assert (field.default, field.max_length, field.editable) == ("0.5x0.5", 20, False)
    assert field.verbose_name == "a label"
    assert field.description == "Primary Point of Interest"


def test_a_default_can_be_a_function() -> None:
    field = PPOIField(default=lambda: "0.1x0.2")
    assert field.get_default() == "0.1x0.2"


@pytest.mark.parametrize("default", [value for value in BAD_POINTS if value != ""], ids=repr)
def test_a_bad_default_is_an_error_at_construction(default: Any) -> None:
    with pytest.raises(ValidationError, match="invalid ppoi"):
        PPOIField(default=default)


def test_a_point_is_never_editable() -> None:
    assert PPOIField(editable=True).editable is False


def test_migrations_see_three_arguments() -> None:
    _, path, args, kwargs = PPOIField(default=(0.1, 0.2), max_length=30).deconstruct()
    assert path == "versatile.fields.PPOIField"
    assert list(args) == []
    assert kwargs == {"default": "0.1x0.2", "editable": False, "max_length": 30}


def test_values_for_the_database() -> None:
    field = PPOIField()
    assert field.get_prep_value((0.5, 1)) == "0.5x1"
    assert field.get_prep_value("0.5x1") == "0.5x1"
    assert field.get_prep_value(None) is None
    assert field.to_python("0.5x1") == (0.5, 1.0)
    assert field.from_db_value(None, None, None) is None
