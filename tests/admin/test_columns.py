"""Columns of pictures: no query, one cache read for a page, and no bad picture breaks it."""

import logging
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import pytest
from django.contrib import admin
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, path
from pytest_django import Settings

from tests import urls
from tests.drawing import photo_bytes
from tests.stored import counted_cache_calls, counted_decodes, put, store, upload
from tests.testapp.admin import PersonAdmin
from tests.testapp.models import Article, Person, Photo
from versatile.admin import AdminThumbnail, RenditionAdminMixin, RenditionColumn
from versatile.exceptions import ConfigurationError, InvalidSizeKey
from versatile.placeholder import OnStoragePlaceholderImage
from versatile.renditions import failures
from versatile.testing import assert_storage_calls

pytestmark = pytest.mark.django_db

ROWS = 100
_IHDR = b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
BOMB = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + _IHDR + struct.pack(">I", crc32(_IHDR))
BOMB += struct.pack(">I", 9) + b"IDAT"
"""The header of ten thousand million pixels."""
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n"


class ArticleAdmin(RenditionAdminMixin, admin.ModelAdmin):
    list_per_page = ROWS
    list_display = ("pk", "crop", "small", "wide", "by_function", "original", "title")
    list_editable = ("title",)
    crop = RenditionColumn("photo", "crop__60x60", short_description="Crop")
    small = AdminThumbnail("small")
    wide = AdminThumbnail("wide")
    by_function = AdminThumbnail(lambda row: row.photo.thumbnail["50x50"])
    original = RenditionColumn("photo", "url")
    columns = 5


class RenditionPersonAdmin(RenditionAdminMixin, admin.ModelAdmin):
    pass


class PhotoAdmin(RenditionAdminMixin, admin.ModelAdmin):
    list_display = ("pk", RenditionColumn("person.headshot", "crop__60x60"))
    list_select_related = ("person",)


@pytest.fixture
def site() -> Iterator[None]:
    """The admin with pages of articles and photos."""
    admin.site.register(Article, ArticleAdmin)
    admin.site.register(Photo, PhotoAdmin)
    _renew()
    yield
    admin.site.unregister([Article, Photo])
    _renew()


def _renew() -> None:
    urls.urlpatterns[0] = path("admin/", admin.site.urls)
    clear_url_caches()


def articles(number: int) -> list[Article]:
    names = [store(f"articles/{count}.jpg", (64, 48)) for count in range(number)]
    return Article.objects.bulk_create([Article(title="A", photo=name) for name in names])


def bad_ones() -> None:
    """One that is missing, one that is no picture, and three that are hostile."""
    names = ["articles/lost.jpg", put("articles/bad.jpg", b"no picture")]
    names += [put("articles/bomb.png", BOMB), put("articles/eps.jpg", EPS)]
    names.append(put("articles/cut.jpg", photo_bytes((64, 48))[:600]))
    Article.objects.bulk_create([Article(title="B", photo=name) for name in names])


def page(client: Client, model: str = "article") -> str:
    response = client.get(f"/admin/testapp/{model}/")
    assert response.status_code == 200
    return response.content.decode()


def images(html: str) -> list[str]:
    return re.findall(r"<img src=[^>]*>", html)


@pytest.mark.usefixtures("site")
def test_a_page_of_a_hundred_rows_asks_the_cache_once(
    admin_client: Client,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "of a hundred rows",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
    # Time stands still, or bad pictures are tried again meanwhile.
    monkeypatch.setattr(failures, "time", SimpleNamespace(time=lambda: 1000.0))
    articles(ROWS - 5)
    bad_ones()
    with counted_decodes() as decodes:
        first = page(admin_client)
    assert len(decodes) <= ROWS  # of all five columns together
    assert len(images(first)) == (ROWS - 5) * ArticleAdmin.columns
    caplog.clear()
    with (
        counted_cache_calls() as calls,
        assert_storage_calls(0),
        CaptureQueriesContext(connection) as queries,
    ):
        html = page(admin_client)
    assert calls == ["get_many"]
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert images(html) == images(first)
    assert sum("testapp_article" in query["sql"] for query in queries) == 3  # two counts, the rows
    for image in images(html):
        assert re.search(r' width="\d+" height="\d+" alt="A" loading="lazy"', image), image


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("debug", [True, False])
def test_bad_pictures_leave_their_cells_empty(
    admin_client: Client,
    settings: Settings,
    debug: bool,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DEBUG = debug
    monkeypatch.setattr(failures, "time", SimpleNamespace(time=lambda: 1000.0))
    articles(2)
    bad_ones()
    Article.objects.create(title="C")
    html = page(admin_client)
    assert len(images(html)) == 2 * ArticleAdmin.columns
    logged = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    for name in ("lost.jpg", "bad.jpg", "bomb.png", "eps.jpg", "cut.jpg"):
        assert any(name in message for message in logged), name
    assert any("more than 20000 may be read" in message for message in logged)
    caplog.clear()
    with counted_cache_calls() as calls:
        assert images(page(admin_client)) == images(html)
    assert calls == ["get_many"]  # failures are remembered, too
    assert [item for item in caplog.records if item.levelno >= logging.ERROR] == []


@pytest.mark.usefixtures("site")
def test_sizes_are_those_of_the_files(admin_client: Client) -> None:
    articles(1)
    for _ in range(2):
        sizes = re.findall(r'<img [^>]*width="(\d+)" height="(\d+)"', page(admin_client))
        assert sizes == [("60", "60"), ("90", "68"), ("120", "40"), ("50", "38"), ("64", "48")]


@pytest.mark.usefixtures("site")
def test_a_file_replaced_under_its_name_has_its_own_size(
    admin_client: Client, media_root: Path
) -> None:
    [article] = articles(1)
    page(admin_client)
    name = str(article.photo.name)
    default_storage.delete(name)
    article = Article.objects.get()
    with default_storage.open(store("other.jpg", (48, 64))) as file:
        article.photo.save("0.jpg", file)
    assert article.photo.name == name
    article.small.generate(force=True)
    sizes = re.findall(r'<img [^>]*width="(\d+)" height="(\d+)"', page(admin_client))
    assert sizes[0] == ("60", "60")
    assert sizes[3:] == [("37", "50"), ("48", "64")]


@pytest.mark.usefixtures("site")
def test_nothing_rotten_in_the_cache_breaks_a_page(admin_client: Client) -> None:
    articles(1)
    html = page(admin_client)
    cache = caches["default"]
    for key in list(cache._cache):  # type: ignore[attr-defined]
        plain = key.split(":", 2)[2]
        if plain.endswith("-size"):
            cache.set(plain, ["wide", None])
    assert images(page(admin_client)) == images(html)


@pytest.mark.usefixtures("site")
def test_a_path_over_a_relation_costs_no_query(admin_client: Client) -> None:
    for count in range(3):
        name = store(f"headshots/{count}.jpg")
        person = Person.objects.create(
            headshot=name, headshot_width=64, headshot_height=48, name="Ada"
        )
        Photo.objects.create(person=person)
    Photo.objects.create()
    page(admin_client, "photo")
    with counted_cache_calls() as calls, CaptureQueriesContext(connection) as queries:
        html = page(admin_client, "photo")
    assert calls == ["get_many"]
    assert sum('"testapp_person"' in query["sql"] for query in queries) == 1
    assert len(images(html)) == 3
    assert 'class="field-person__headshot"' in html
    assert ">Thumbnail<" in re.sub(r"\s+", "", html)


@pytest.mark.usefixtures("site")
def test_a_page_whose_list_has_errors_is_shown_again(admin_client: Client) -> None:
    [article] = articles(1)
    form: dict[str, Any] = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": article.pk}
    form |= {"form-0-title": "x" * 60, "_save": "Save"}
    response = admin_client.post("/admin/testapp/article/", form)
    assert response.status_code == 200
    assert len(images(response.content.decode())) == ArticleAdmin.columns
    saved = admin_client.post("/admin/testapp/article/", form | {"form-0-title": "New"})
    assert saved.status_code == 302


def test_without_the_mixin_each_cell_looks_for_itself() -> None:
    articles(2)
    column = RenditionColumn("photo", "crop__60x60")
    first, second = Article.objects.all()
    expected = [column(first), column(second)]
    assert "<img" in expected[0]
    with counted_cache_calls() as calls, CaptureQueriesContext(connection) as queries:
        assert [column(row) for row in Article.objects.all()] == expected
    assert calls == ["get", "get"]
    assert len(queries) == 1


def test_without_demand_the_cache_is_asked_for_sizes_alone(
    settings: Settings, admin_user: Any
) -> None:
    settings.VERSATILE = {"CREATE_ON_DEMAND": False}
    name = store("headshots/a.jpg")
    Person.objects.create(headshot=name, headshot_width=64, headshot_height=48)

    class PersonAdmin(RenditionAdminMixin, admin.ModelAdmin):
        list_display = ("name", "face")
        face = RenditionColumn("headshot", "crop__60x60")

    request = RequestFactory().get("/")
    request.user = admin_user
    with counted_cache_calls() as calls, assert_storage_calls(0):
        response = PersonAdmin(Person, admin.site).changelist_view(request)
        html = response.render().content.decode()  # type: ignore[attr-defined]
    assert calls == []
    assert 'crop-c0-5__0-5-60x60-70.jpg" width="60" height="60"' in html


def test_a_placeholder_stands_in_and_is_looked_up_once(
    monkeypatch: pytest.MonkeyPatch, admin_client: Client, site: None
) -> None:
    image = OnStoragePlaceholderImage(store("none.png", format="PNG"))
    monkeypatch.setattr(Article._meta.get_field("photo"), "placeholder_image", image)
    Article.objects.bulk_create([Article(), Article()])
    html = page(admin_client)
    assert html.count("__sized__/__placeholder__/none-crop-c0-5__0-5-60x60.png") == 2
    with counted_cache_calls() as calls:
        assert images(page(admin_client)) == images(html)
    assert calls == ["get_many"]


def test_pictures_may_be_drawn_for_empty_fields(settings: Settings) -> None:
    settings.VERSATILE = {"DRAW_PLACEHOLDERS": True}
    html = RenditionColumn("photo", "crop__60x40")(Article())
    assert 'src="data:image/svg+xml,' in html
    assert 'width="60" height="40"' in html
    assert RenditionColumn("photo", "url")(Article()) == ""


def test_a_rendition_whose_original_is_gone_is_still_shown(media_root: Path) -> None:
    [article] = articles(1)
    column = RenditionColumn("photo", "crop__60x60")
    assert 'width="60"' in column(article)
    (media_root / "articles/0.jpg").unlink()
    html = column(Article.objects.get())
    assert html.startswith('<img src="/media/__sized__/articles/0-crop')


@pytest.mark.parametrize("name", ["title", "nothing", "photo.nothing"])
def test_what_is_no_image_field_is_an_error_that_names_it(name: str) -> None:
    column = RenditionColumn(name, "crop__60x60")
    with pytest.raises(ConfigurationError, match=f"Article has no VersatileImageField '{name}'"):
        column(Article(title="A", photo="articles/a.jpg"))


def test_a_wrong_key_is_an_error_at_once() -> None:
    with pytest.raises(InvalidSizeKey):
        RenditionColumn("photo", "60x60")
    with pytest.raises(InvalidSizeKey, match="nope"):
        RenditionColumn("photo", "nope__60x60")(Article(photo="articles/a.jpg"))


def test_a_column_has_a_heading_an_order_and_a_template(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "own.html").write_text("{{ thumbnail.key }} {{ size.width }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    column = RenditionColumn(
        "photo",
        "crop__60x60",
        short_description="Face",
        admin_order_field="title",
        template="own.html",
    )
    assert (column.short_description, column.admin_order_field) == ("Face", "title")
    [article] = articles(1)
    assert column(article) == "crop__60x60 60"
    assert str(RenditionColumn("photo", "crop__60x60").short_description) == "Thumbnail"


def test_a_title_is_text_in_the_alternative() -> None:
    [article] = articles(1)
    article.title = '<"&'
    assert 'alt="&lt;&quot;&amp;"' in RenditionColumn("photo", "crop__60x60")(article)


@pytest.mark.usefixtures("site")
def test_a_row_without_dimensions_whose_file_is_gone_has_its_pages(
    admin_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    def lose() -> None:
        Person.objects.update(
            headshot="headshots/gone.jpg", headshot_width=None, headshot_height=None
        )

    [person] = Person.objects.bulk_create([Person(name="Ada")])
    lose()
    Photo.objects.create(person_id=person.pk, image=store("photos/x.jpg"))
    with pytest.raises(FileNotFoundError):
        Person.objects.get()
    assert page(admin_client, "photo").count("<img src=") == 0
    assert "The dimensions of 'headshots/gone.jpg' cannot be read" in caplog.text
    admin.site.unregister(Person)
    admin.site.register(Person, RenditionPersonAdmin)
    _renew()
    try:
        person_page = f"/admin/testapp/person/{person.pk}"
        address = f"{person_page}/change/"
        for name in ("change", "delete", "history"):
            assert admin_client.get(f"{person_page}/{name}/").status_code == 200
        chosen = {"action": "delete_selected", "_selected_action": [person.pk]}
        assert admin_client.post("/admin/testapp/person/", chosen).status_code == 200
        sent = {"name": "Ada", "headshot_1": "0.1x0.1"}
        assert admin_client.post(address, sent).status_code == 302
        sent["headshot_0"] = upload("new.jpg")
        assert admin_client.post(address, sent).status_code == 302
        lose()
        gone = admin_client.post(f"{person_page}/delete/", {"post": "yes"})
        assert gone.status_code == 302
    finally:
        admin.site.unregister(Person)
        admin.site.register(Person, PersonAdmin)
        _renew()
    assert not Person.objects.exists()
