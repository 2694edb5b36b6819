"""The detector at uploads: once, only where nobody chose a point, and never in anybody's way."""

import logging
from pathlib import Path
from typing import Any, cast

import pytest
from django import forms
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.test.utils import isolate_apps
from PIL import Image
from pytest_django import Settings

from tests.detect.test_detail import scene
from tests.drawing import photo_bytes
from tests.stored import put, upload
from tests.testapp.models import Person, Portrait, Restaurant, Spot, Twins
from versatile.admin import RenditionColumn
from versatile.admin.readonly import ShownFile, show_files
from versatile.checks import check_settings
from versatile.conf import Policy
from versatile.exceptions import VersatileError
from versatile.fields import PPOIField, VersatileImageField

pytestmark = pytest.mark.django_db

seen: list[tuple[int, int]] = []
FOUND = (0.125, 0.875)


def find(image: Image.Image) -> tuple[float, float]:
    seen.append(image.size)
    return FOUND


def fail(image: Image.Image) -> tuple[float, float]:
    raise KeyError("no face")


def wrong(image: Image.Image) -> Any:
    return 3, 4


nothing = 5


@pytest.fixture(autouse=True)
def detector(settings: Settings) -> list[tuple[int, int]]:
    """The detector of this module, and what it was shown."""
    settings.VERSATILE = {"PPOI_DETECTOR": f"{__name__}.find"}
    seen.clear()
    return seen


class PersonForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ("headshot",)


def sent(instance: Any = None, text: str | None = None, **files: Any) -> Any:
    data = {} if text is None else {"headshot_1": text}
    form = PersonForm(data, files, instance=instance)  # type: ignore[arg-type]
    assert form.is_valid(), form.errors
    return form.save()


def bytes_of(person: Any) -> bytes:
    with default_storage.open(person.headshot.name) as file:
        return file.read()  # type: ignore[no-any-return]


def test_a_plain_save_with_the_default_point_detects_once() -> None:
    person = Person.objects.create(headshot=upload())
    assert (person.headshot_ppoi, seen) == (FOUND, [(64, 48)])
    again = Person.objects.get()
    assert again.headshot_ppoi == FOUND
    again.save()
    person.save()
    again.headshot_ppoi = (0.5, 0.5)
    again.save()
    assert Person.objects.get().headshot_ppoi == (0.5, 0.5)
    assert len(seen) == 1


def test_a_file_saved_by_itself_is_looked_at_too() -> None:
    person = Person()
    person.headshot.save("a.jpg", ContentFile(photo_bytes((64, 48))))
    assert Person.objects.get().headshot_ppoi == FOUND
    person.headshot.save("b.jpg", ContentFile(photo_bytes((64, 48))))
    assert len(seen) == 1  # it has a point now, and code that assigns files keeps it
    person.headshot_ppoi = (0.5, 0.5)
    person.headshot.save("c.jpg", ContentFile(photo_bytes((80, 60))))
    assert seen[1:] == [(80, 60)]


def test_a_point_that_code_gives_is_kept() -> None:
    point: Any = (0.2, 0.3)
    person = Person.objects.create(headshot=upload(), headshot_ppoi=point)
    assert (person.headshot_ppoi, seen) == (point, [])


@pytest.mark.parametrize("bulk", [True, False])
def test_a_point_that_stands_before_its_image_is_found_in_time(bulk: bool) -> None:
    spot = Spot(picture=upload())
    if bulk:
        Spot.objects.bulk_create([spot])
    else:
        spot.save()
    assert Spot.objects.get().ppoi == FOUND
    assert len(seen) == 1


def test_a_default_of_its_own_is_no_choice() -> None:
    person = Person.objects.create()
    portrait = Portrait.objects.create(person=person, image=upload())
    assert portrait.ppoi == FOUND


def test_inherited_fields_are_served() -> None:
    assert Restaurant.objects.create(picture=upload()).picture_ppoi == FOUND


def test_an_upload_by_a_form_without_a_moved_point_is_looked_at() -> None:
    person = sent(text="0.5x0.5", headshot_0=upload())
    assert Person.objects.get().headshot_ppoi == FOUND
    person = sent(person, "0.125x0.875", headshot_0=upload("b.jpg", (80, 60)))
    assert seen == [(64, 48), (80, 60)]  # the point of the old picture is none of the new one
    sent(person, "")
    assert len(seen) == 2


def test_an_upload_by_a_form_with_a_moved_point_is_left_alone() -> None:
    person = sent(text="0.1x0.2", headshot_0=upload())
    assert (person.headshot_ppoi, seen) == ((0.1, 0.2), [])
    person = sent(person, "0.5x0.5", headshot_0=upload("b.jpg"))
    assert Person.objects.get().headshot_ppoi == (0.5, 0.5)
    assert seen == []


def test_a_point_that_an_editor_put_back_to_the_centre_stays_there() -> None:
    person = sent(text="0.5000x0.5000", headshot_0=upload())  # as the picker writes it
    assert (person.headshot_ppoi, seen) == ((0.5, 0.5), [])


def test_a_point_moved_later_is_kept() -> None:
    person = sent(text="0.5x0.5", headshot_0=upload())
    sent(person, "0.5x0.5")
    assert Person.objects.get().headshot_ppoi == (0.5, 0.5)
    assert len(seen) == 1


def test_a_point_that_two_pictures_share_is_not_taken_from_the_first() -> None:
    twins = Twins.objects.create(left=upload("l.jpg"))
    assert (twins.point, len(seen)) == (FOUND, 1)
    point: Any = (0.3, 0.3)
    Twins.objects.update(point=point)

    class TwinsForm(forms.ModelForm):
        class Meta:
            model = Twins
            fields = ("left", "right")

    data = {"left_1": "0.3x0.3", "right_1": "0.3x0.3"}
    files: Any = {"right_0": upload("r.jpg")}
    form = TwinsForm(data, files, instance=Twins.objects.get())
    assert form.is_valid(), form.errors
    form.save()
    assert Twins.objects.get().point == point
    assert len(seen) == 1


def test_a_file_that_is_only_named_is_no_upload() -> None:
    name = put("headshots/there.jpg", photo_bytes((64, 48)))
    assert Person.objects.create(headshot=name).headshot_ppoi == (0.5, 0.5)
    assert seen == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("fail", "no face"),
        ("wrong", "invalid ppoi"),
        ("nowhere", "nowhere"),
        ("nothing", "no funct"),
    ],
)
def test_a_detector_that_fails_costs_a_log_record(
    path: str, reason: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.VERSATILE = {"PPOI_DETECTOR": f"{__name__}.{path}"}
    person = sent(text="0.5x0.5", headshot_0=upload())
    assert Person.objects.get().headshot_ppoi == (0.5, 0.5)
    assert person.headshot.storage.exists(person.headshot.name)
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert reason in record.getMessage()
    assert "a.jpg" in record.getMessage()


@pytest.mark.parametrize("content", [b"no picture", b"", photo_bytes((64, 48))[:700]])
def test_what_is_no_picture_is_stored_all_the_same(
    content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    person = Person(headshot=upload(content=content))
    person.save()
    assert person.headshot_ppoi == (0.5, 0.5)
    assert bytes_of(person) == content
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert issubclass(caplog.records[0].exc_info[0], VersatileError)  # type: ignore[index,arg-type]


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_detector_sees_the_picture_upright_and_of_a_moderate_size(
    orientation: int, detector: list[tuple[int, int]]
) -> None:
    content = photo_bytes((3000, 1500), orientation=orientation)
    person = Person.objects.create(headshot=upload(content=content))
    assert detector == [(1024, 512)]
    assert bytes_of(person) == content


def test_the_detector_that_is_shipped(settings: Settings) -> None:
    settings.VERSATILE = {"PPOI_DETECTOR": "versatile.detect.entropy"}
    photo = scene((0.2, 0.7), (800, 600))
    file = ContentFile(b"", "a.png")
    photo.save(file, "PNG")
    person = Person.objects.create(headshot=file)
    assert person.headshot_ppoi == pytest.approx((0.2, 0.7), abs=0.05)


def test_a_field_may_have_a_detector_of_its_own() -> None:
    with isolate_apps("tests.testapp"):
        field = VersatileImageField(ppoi_field="p", ppoi_detector=find)

        class Own(Person):
            image = field
            p = PPOIField()
            lost = VersatileImageField(ppoi_field="p", ppoi_detector="no.where")

            class Meta:
                app_label = "testapp"

        assert field.policy.ppoi_detector is find
        assert field.check() == []
        [message] = Own._meta.get_field("lost").check()
    assert message.id == "versatile.E007"
    assert "ppoi_detector" not in field.deconstruct()[3]


def test_without_a_detector_nothing_is_looked_at(settings: Settings) -> None:
    settings.VERSATILE = {}
    assert sent(text="0.5x0.5", headshot_0=upload()).headshot_ppoi == (0.5, 0.5)
    assert seen == []


def test_a_wrong_path_is_found_by_the_system_check(settings: Settings) -> None:
    assert check_settings() == []
    settings.VERSATILE = {"PPOI_DETECTOR": "no.where"}
    [message] = check_settings()
    assert (message.id, "no.where" in message.msg) == ("versatile.E007", True)


def test_a_detector_reads_no_more_than_the_field_takes(
    detector: list[tuple[int, int]], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    content = photo_bytes((640, 480))
    for limit, reason in [
        ({"MAX_SOURCE_BYTES": 1000}, "more than 1000 may be read"),
        ({"MAX_SOURCE_SIDE": 100}, "more than 100 may be read"),
    ]:
        caplog.clear()
        settings.VERSATILE = {"PPOI_DETECTOR": f"{__name__}.find", **limit}
        person = Person(headshot=upload(content=photo_bytes((640, 480), format="PNG")))
        person.save()
        assert person.headshot_ppoi == (0.5, 0.5)
        assert reason in caplog.text
    assert detector == []
    settings.VERSATILE = {"PPOI_DETECTOR": f"{__name__}.find"}
    assert Person.objects.create(headshot=upload(content=content)).headshot_ppoi == FOUND


def test_a_drawing_has_nothing_to_be_detected(
    detector: list[tuple[int, int]],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    field = Person._meta.get_field("headshot")
    monkeypatch.setattr(field, "policy", Policy(allow_svg=True))
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'
    person = Person(headshot=upload("x.svg", content=drawing))
    person.save()
    assert person.headshot_ppoi == (0.5, 0.5)
    assert (person.headshot_width, person.headshot_height) == (40, 30)
    assert detector == []
    assert caplog.records == []


def test_a_closed_upload_is_opened_for_a_detector(
    detector: list[tuple[int, int]], tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(photo_bytes((64, 48)))
    with path.open("rb") as opened:
        file = File(opened, str(path))
    person = Person()
    person.headshot.save("a.jpg", file)
    file.close()
    assert person.headshot_ppoi == FOUND
    assert detector == [(64, 48)]


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_point_is_kept_by_what_is_stripped_and_renamed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = Person._meta.get_field("headshot")
    monkeypatch.setattr(field, "policy", Policy(strip_metadata=True))
    person = sent(text="0.25x0.75", headshot_0=upload(name, orientation=6))
    assert person.headshot.name == "headshots/a.jpg"
    assert person.headshot_ppoi == (0.25, 0.75)
    assert (person.headshot_width, person.headshot_height) == (64, 48)
    assert sent(headshot_0=upload(name, orientation=6)).headshot_ppoi == FOUND


def test_a_picker_shows_a_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    field = Person._meta.get_field("headshot")
    monkeypatch.setattr(field, "policy", Policy(allow_svg=True))
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'
    form_class: Any = forms.modelform_factory(Person, fields=["headshot"])
    form = form_class({"headshot_1": "0.25x0.75"}, {"headshot_0": upload("x.png", content=drawing)})
    assert form.is_valid(), form.errors
    person = form.save()
    assert person.headshot_ppoi == (0.25, 0.75)
    html = str(form_class(instance=person))
    assert 'src="/media/headshots/x.svg" width="40" height="30"' in html
    show_files(person)
    shown = cast(ShownFile, person.headshot).__html__()
    assert '<img src="/media/headshots/x.svg" width="40" height="30"' in shown
    column = RenditionColumn("headshot", "crop__60x60")
    html = column(Person.objects.get(pk=person.pk))
    assert '<img src="/media/headshots/x.svg" width="40" height="30"' in html
