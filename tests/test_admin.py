import logging
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.widgets import AdminFileWidget
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.drawing import photo_bytes
from tests.testapp.models import Person, Photo, Portrait

pytestmark = pytest.mark.django_db

ADD = "/admin/testapp/person/add/"


def upload(name: str = "new.jpg", size: tuple[int, int] = (64, 48)) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo_bytes(size), "image/jpeg")


@pytest.fixture
def person() -> Any:
    point: Any = (0.2, 0.3)
    return Person.objects.create(name="Ann", headshot=upload("old.jpg"), headshot_ppoi=point)


def change(person: Any) -> str:
    return f"/admin/testapp/person/{person.pk}/change/"


def sent(person: Any | None = None, **data: Any) -> dict[str, Any]:
    """What a browser sends for the page of a person, with all its inlines."""
    portraits = list(person.portraits.all()) if person else []
    form: dict[str, Any] = {"name": "Ann"}
    for prefix, count in [("portraits", len(portraits)), ("photos", 0)]:
        form |= {f"{prefix}-TOTAL_FORMS": count + 1, f"{prefix}-INITIAL_FORMS": count}
    form["portraits-0-image_1"] = form[f"portraits-{len(portraits)}-image_1"] = "0.3x0.4"
    form |= {f"portraits-{i}-id": item.pk for i, item in enumerate(portraits)}
    form |= {f"portraits-{i}-person": item.person_id for i, item in enumerate(portraits)}
    return form | data


def save(client: Client, url: str, form: dict[str, Any]) -> Any:
    response = client.post(url, form)
    if response.status_code == 200:
        context = response.context
        formsets = [formset.formset.errors for formset in context["inline_admin_formsets"]]
        pytest.fail(f"{context['adminform'].form.errors} {formsets}")
    return Person.objects.get()


def test_the_add_page_saves_an_upload_with_its_point(admin_client: Client) -> None:
    html = admin_client.get(ADD).content.decode()
    assert 'type="file" name="headshot_0"' in html
    assert 'name="headshot_1" value="0.5x0.5"' in html
    assert "versatile/css/versatile.css" in html
    form = sent(headshot_0=upload(), headshot_1="0.1x0.9")
    saved = save(admin_client, ADD, form)
    assert saved.headshot.name == "headshots/new.jpg"
    assert saved.headshot.ppoi == (0.1, 0.9)
    assert not saved.portraits.exists()


def test_the_change_page_shows_image_and_point(admin_client: Client, person: Any) -> None:
    html = admin_client.get(change(person)).content.decode()
    assert "__sized__/headshots/old-thumbnail-640x640-70.jpg" in html
    assert 'width="64" height="48"' in html
    assert 'name="headshot_1" value="0.2x0.3"' in html
    assert 'name="headshot_0-clear"' in html


def test_a_page_that_is_sent_as_it_was_changes_nothing(admin_client: Client, person: Any) -> None:
    saved = save(admin_client, change(person), sent(headshot_1="0.2x0.3"))
    assert (saved.headshot.name, saved.headshot.ppoi) == ("headshots/old.jpg", (0.2, 0.3))


def test_a_moved_point_is_saved(admin_client: Client, person: Any) -> None:
    saved = save(admin_client, change(person), sent(headshot_1="0.6x0.7"))
    assert (saved.headshot.name, saved.headshot.ppoi) == ("headshots/old.jpg", (0.6, 0.7))


def test_an_image_is_cleared(admin_client: Client, person: Any) -> None:
    form = sent(**{"headshot_0-clear": "on", "headshot_1": "0.2x0.3"})
    saved = save(admin_client, change(person), form)
    assert not saved.headshot
    assert saved.headshot.ppoi == (0.5, 0.5)


def test_a_bad_point_is_an_error_of_its_field(admin_client: Client, person: Any) -> None:
    response = admin_client.post(change(person), sent(headshot_1="nowhere"))
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert list(errors) == ["headshot"]
    html = response.content.decode()
    assert 'value="nowhere"' in html
    assert "old-thumbnail-640x640-70.jpg" in html
    assert Person.objects.get().headshot_ppoi == (0.2, 0.3)


def test_a_moved_point_alone_saves_an_inline(admin_client: Client, person: Any) -> None:
    Portrait.objects.create(person=person, image=upload("face.jpg"))
    html = admin_client.get(change(person)).content.decode()
    assert "face-thumbnail-640x640-70.jpg" in html
    form = sent(person, **{"headshot_1": "0.2x0.3", "portraits-0-image_1": "0.8x0.9"})
    saved = save(admin_client, change(person), form)
    assert saved.portraits.get().image.ppoi == (0.8, 0.9)


def test_an_inline_row_is_added(admin_client: Client, person: Any) -> None:
    form = sent(person, **{"portraits-0-image_0": upload("face.jpg")})
    form |= {"portraits-0-image_1": "0.8x0.9", "photos-0-image": upload("plain.jpg")}
    saved = save(admin_client, change(person), form)
    portrait = saved.portraits.get()
    assert (portrait.image.name, portrait.image.ppoi) == ("portraits/face.jpg", (0.8, 0.9))
    assert saved.photos.get().image.name == "photos/plain.jpg"


def test_a_required_image_of_an_inline_cannot_be_cleared(admin_client: Client, person: Any) -> None:
    Portrait.objects.create(person=person, image=upload("face.jpg"))
    assert "portraits-0-image_0-clear" not in admin_client.get(change(person)).content.decode()
    form = sent(person, **{"headshot_1": "0.2x0.3", "portraits-0-image_0-clear": "on"})
    assert save(admin_client, change(person), form).portraits.get().image


def test_missing_and_broken_files_cost_their_previews_only(
    admin_client: Client, person: Any, media_root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    portrait = Portrait.objects.create(person=person, image=upload("face.jpg"))
    (media_root / "headshots/old.jpg").unlink()
    (media_root / "portraits/face.jpg").write_bytes(b"no picture")
    with caplog.at_level(logging.ERROR):
        response = admin_client.get(change(person))
    html = response.content.decode()
    assert response.status_code == 200
    assert "headshots/old.jpg" in html
    assert str(portrait.image) in html
    assert "sizedimage-preview" not in html
    assert len(caplog.records) == 2


def test_a_missing_file_can_be_replaced(
    admin_client: Client, person: Any, media_root: Path
) -> None:
    (media_root / "headshots/old.jpg").unlink()
    form = sent(headshot_0=upload(), headshot_1="0.2x0.3")
    assert save(admin_client, change(person), form).headshot.name == "headshots/new.jpg"


def test_a_field_without_a_point_has_the_admins_own_widget(
    admin_client: Client, person: Any
) -> None:
    Photo.objects.create(person=person, image=upload("plain.jpg"))
    response = admin_client.get(change(person))
    photos = response.context["inline_admin_formsets"][1].formset
    assert type(photos.forms[0].fields["image"].widget) is AdminFileWidget
    assert 'name="photos-0-image"' in response.content.decode()


def test_the_list_of_changes_names_the_image(admin_client: Client, person: Any) -> None:
    save(admin_client, change(person), sent(headshot_1="0.6x0.7"))
    history = admin_client.get(f"/admin/testapp/person/{person.pk}/history/").content.decode()
    assert "Headshot" in history
