"""Images that a page only shows: their preview and their point, for who may see and not change."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.core.files.storage import storages
from django.test import Client
from django.urls import clear_url_caches, path
from django.utils import translation

from tests import urls
from tests.stored import counted_cache_calls, store, upload
from tests.testapp.models import Person, Photo, Portrait
from versatile.admin import RenditionAdminMixin, RenditionColumn
from versatile.admin.readonly import ShownFile

pytestmark = pytest.mark.django_db


class PortraitInline(admin.StackedInline):
    model = Portrait
    extra = 1


class PhotoInline(admin.TabularInline):
    model = Photo
    extra = 0
    readonly_fields = ("image",)


class PersonAdmin(RenditionAdminMixin, admin.ModelAdmin):
    fields = ("name", "headshot", "face")
    readonly_fields = ("headshot", "face")
    inlines = (PortraitInline, PhotoInline)
    face = RenditionColumn("headshot", "crop__60x60", short_description="Face")


class OpenAdmin(RenditionAdminMixin, admin.ModelAdmin):
    inlines = (PortraitInline,)


@pytest.fixture
def shown() -> Iterator[Any]:
    """Puts an admin of people in the place of the test app's own."""
    own = type(admin.site._registry[Person])

    def show(model_admin: type[admin.ModelAdmin]) -> None:
        admin.site.unregister(Person)
        admin.site.register(Person, model_admin)
        urls.urlpatterns[0] = path("admin/", admin.site.urls)
        clear_url_caches()

    yield show
    show(own)


@pytest.fixture
def ada() -> Person:
    point: Any = (0.2, 0.75)
    person = Person.objects.create(
        name="Ada", headshot=upload("ada.jpg", (640, 480)), headshot_ppoi=point
    )
    Portrait.objects.create(person=person, image=upload("face.jpg"), ppoi=(0.1, 0.9))
    Photo.objects.create(person=person, image=upload("plain.jpg"))
    Photo.objects.create(person=person)
    return person


def page(client: Client, person: Person) -> str:
    response = client.get(f"/admin/testapp/person/{person.pk}/change/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def visitor() -> Client:
    """Somebody who may see everything and change nothing."""
    user = User.objects.create_user("visitor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(user)
    return client


def picture_of(html: str, name: str) -> str:
    """What a page shows of the file of a name."""
    parts = html.split('<span class="versatile-shown">')[1:]
    [found] = [part for part in (part.split("</a>")[0] for part in parts) if name in part]
    return found


def test_a_read_only_field_shows_preview_and_point(
    shown: Any, ada: Person, admin_client: Client
) -> None:
    shown(PersonAdmin)
    html = page(admin_client, ada)
    shown_html = picture_of(html, "headshots/ada.jpg")
    assert '<a href="/media/headshots/ada.jpg"><span class="versatile-shown">' in html
    assert "__sized__/headshots/ada-thumbnail-300x300-70.jpg" in shown_html
    assert 'width="300" height="225" alt="Preview of headshots/ada.jpg" ' in shown_html
    assert 'loading="lazy"' in shown_html
    assert 'viewBox="0 0 300 225"' in shown_html
    assert '<circle cx="60.0" cy="168.75" r="8"/>' in shown_html
    assert "Point of interest: 20% from the left, 75% from the top" in shown_html
    assert "<br>" not in shown_html
    assert "style=" not in shown_html
    assert "versatile/css/admin.css" in html
    assert "ada-crop-c0-2__0-75-60x60-70.jpg" in html  # the column
    assert 'name="headshot_0"' not in html


def test_an_inline_shows_what_is_only_read_and_edits_the_rest(
    shown: Any, ada: Person, admin_client: Client
) -> None:
    shown(PersonAdmin)
    html = page(admin_client, ada)
    plain = picture_of(html, "photos/plain.jpg")
    assert "Point of interest" not in plain  # it has none
    assert "<svg" not in plain
    assert 'name="portraits-0-image_0"' in html
    assert html.count('<span class="versatile-shown">') == 2


class FacesInline(admin.TabularInline):
    model = Photo
    extra = 1
    fields: ClassVar[Any] = ("face", RenditionColumn("image", "crop__40x40"))
    readonly_fields: ClassVar[Any] = fields
    face = RenditionColumn("image", "crop__60x60", short_description="Face")


class FacesAdmin(RenditionAdminMixin, admin.ModelAdmin):
    fields = ("name", "face")
    readonly_fields = ("face",)
    inlines = (FacesInline,)
    face = RenditionColumn("headshot", "crop__60x60", short_description="Face")


def test_the_columns_of_a_page_and_its_inlines_ask_the_cache_once(
    shown: Any, ada: Person, admin_client: Client
) -> None:
    shown(FacesAdmin)
    for number in range(5):
        Photo.objects.create(person=ada, image=upload(f"{number}.jpg"))
    first = page(admin_client, ada)
    with counted_cache_calls() as calls:
        assert page(admin_client, ada).count("<img src=") == first.count("<img src=") == 13
    assert calls == ["get_many"]


def test_who_may_only_see_sees_everything(shown: Any, ada: Person, visitor: Client) -> None:
    shown(OpenAdmin)
    html = page(visitor, ada)
    assert "Point of interest: 20% from the left" in picture_of(html, "headshots/ada.jpg")
    assert "Point of interest: 10% from the left" in picture_of(html, "portraits/face.jpg")
    assert 'type="file"' not in html


def test_who_may_change_has_the_picker(shown: Any, ada: Person, admin_client: Client) -> None:
    shown(OpenAdmin)
    html = page(admin_client, ada)
    assert 'class="versatile-shown"' not in html
    assert 'name="headshot_0"' in html
    assert 'name="portraits-0-image_1" value="0.1x0.9"' in html
    add = admin_client.get("/admin/testapp/person/add/").content.decode()
    assert 'name="headshot_0"' in add


def test_what_is_saved_on_such_a_page_stays_as_it_was(
    shown: Any, ada: Person, admin_client: Client
) -> None:
    shown(PersonAdmin)
    form = {"name": "Bea"}
    for prefix in ("portraits", "photos"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    url = f"/admin/testapp/person/{ada.pk}/change/"
    assert admin_client.post(url, form).status_code == 302
    person = Person.objects.get()
    assert (person.name, person.headshot.name) == ("Bea", "headshots/ada.jpg")
    assert person.headshot_ppoi == (0.2, 0.75)


@pytest.mark.parametrize("content", [None, b"no picture"])
def test_a_bad_file_is_shown_by_its_name(
    shown: Any, ada: Person, visitor: Client, media_root: Path, content: bytes | None
) -> None:
    shown(OpenAdmin)
    file = media_root / "headshots/ada.jpg"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    html = picture_of(page(visitor, ada), "headshots/ada.jpg")
    assert "<img" not in html
    assert "<svg" not in html
    assert "Point of interest: 20%" in html


def test_a_storage_without_urls_breaks_no_page(
    shown: Any, ada: Person, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> str:
        raise RuntimeError("no URL today")

    shown(OpenAdmin)
    monkeypatch.setitem(vars(storages["default"]), "url", fail)
    html = page(visitor, ada)
    assert '<a href=""><span class="versatile-shown">' in html


def test_a_name_is_text() -> None:
    name = "headshots/<b>&.jpg"
    store(name)
    person = Person(headshot=name)
    html = ShownFile(person, Person._meta.get_field("headshot"), name).__html__()
    assert "&lt;b&gt;&amp;.jpg" in html
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("language", "words"), [("de", "von links"), ("fr", "gauche"), ("en", "from the left")]
)
def test_it_speaks_the_users_language(language: str, words: str) -> None:
    person = Person(headshot=store("headshots/a.jpg"))
    with translation.override(language):
        html = ShownFile(
            person,
            Person._meta.get_field("headshot"),
            person.headshot.name,
        ).__html__()
    assert words in re.sub(r"\s+", " ", html)
    assert 'cx="32.0"' in html  # never with a comma
