"""What the admin shows in place of pictures that cannot be made, by ``ON_ERROR``."""

import logging
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.stored import counted_cache_calls, put, store
from tests.testapp.models import Article, Person, Portrait
from versatile.admin import AdminThumbnail, RenditionAdminMixin, RenditionColumn
from versatile.admin.readonly import ShownFile, show_files
from versatile.placeholder import OnStoragePlaceholderImage
from versatile.renditions import failures
from versatile.widgets import PPOIWidget

pytestmark = pytest.mark.django_db

POLICIES = ["placeholder", "original", "empty"]
CUT = photo_bytes((64, 48))
CUT = CUT[: len(CUT) * 2 // 3]
BAD = {"lost": None, "bad": b"no picture", "cut": CUT}


class ArticleAdmin(RenditionAdminMixin, admin.ModelAdmin):
    list_display = ("pk", "crop", "small", "by_function")
    crop = RenditionColumn("photo", "crop__60x40")
    small = AdminThumbnail("small")
    by_function = AdminThumbnail(lambda row: row.photo.thumbnail["50x50"])


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "time", SimpleNamespace(time=lambda: 1000.0))


@pytest.fixture
def bad() -> list[Article]:
    """A good picture, one that is missing, one that is none, and one that breaks off."""
    names = [store("articles/good.jpg")]
    for name, content in BAD.items():
        path = f"articles/{name}.jpg"
        names.append(path if content is None else put(path, content))
    return Article.objects.bulk_create([Article(title="A", photo=name) for name in names])


def page() -> dict[str, dict[str, str]]:
    """The images of a change list by the names of their files, and by columns."""
    request = RequestFactory().get("/")
    request.user = User(is_staff=True, is_superuser=True, is_active=True)
    response: Any = ArticleAdmin(Article, admin.site).changelist_view(request)
    html = response.render().content.decode()
    rows = re.findall(r"<tr>(?:(?!<tr>).)*?class=\"field-crop.*?</tr>", html, re.DOTALL)
    names = list(Article.objects.order_by("-pk").values_list("photo", flat=True))
    assert len(rows) == len(names)
    return {Path(name).stem: _cells(row) for name, row in zip(names, rows, strict=True)}


def _cells(row: str) -> dict[str, str]:
    cells = dict(re.findall(r'<td class="field-(\w+)">(.*?)</td>', row, re.DOTALL))
    assert list(cells) == ["crop", "small", "by_function"]
    return cells


@pytest.mark.usefixtures("bad")
@pytest.mark.parametrize("policy", [*POLICIES, "raise"])
def test_a_page_shows_what_the_setting_says_and_asks_the_cache_once(
    policy: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.VERSATILE = {"ON_ERROR": policy}
    first = page()
    caplog.clear()
    with counted_cache_calls() as calls:
        shown = page()
    assert calls == ["get_many"]
    assert [item for item in caplog.records if item.levelno >= logging.ERROR] == []
    assert shown == first
    good = shown.pop("good")
    assert all("<img src=" in cell for cell in good.values())
    for name, cells in shown.items():
        for cell in cells.values():
            _check(policy, f"/media/articles/{name}.jpg", cell)


def _check(policy: str, original: str, cell: str) -> None:
    if policy in ("empty", "raise"):
        assert cell.replace("-", "") == ""  # Django prints a dash for nothing
    elif policy == "original":
        assert f'<img src="{original}"' in cell
        assert ('width="64" height="48"' in cell) == ("cut" in original)
        assert 'width="0"' not in cell
    else:
        assert '<img src="data:image/svg+xml,' in cell
        assert re.search(r'width="[1-9]\d*" height="[1-9]\d*"', cell)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    "column", [ArticleAdmin.crop, ArticleAdmin.small, ArticleAdmin.by_function]
)
def test_without_the_mixin_each_cell_shows_it_too(
    policy: str, column: AdminThumbnail, settings: Settings, bad: list[Article]
) -> None:
    settings.VERSATILE = {"ON_ERROR": policy}
    for _ in range(2):
        for article in Article.objects.exclude(photo__contains="good"):
            _check(policy, f"/media/{article.photo.name}", column(article))


@pytest.mark.usefixtures("bad")
def test_the_placeholder_of_the_field_is_looked_up_for_the_whole_page(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VERSATILE = {"ON_ERROR": "placeholder"}
    image = OnStoragePlaceholderImage(store("none.png", format="PNG"))
    monkeypatch.setattr(Article._meta.get_field("photo"), "placeholder_image", image)
    first = page()
    with counted_cache_calls() as calls:
        assert page() == first
    assert calls == ["get_many", "get_many"]
    for name in BAD:
        address = "/media/__sized__/__placeholder__/none-crop-c0-5__0-5-60x40.png"
        assert f'<img src="{address}" width="60" height="40"' in first[name]["crop"]
        assert "__placeholder__/none-thumbnail-50x50.png" in first[name]["by_function"]


def test_a_rendition_that_only_a_sizer_cannot_make_is_remembered_for_the_page(
    settings: Settings,
) -> None:
    settings.VERSATILE = {"MAX_AREA": 4000}
    Article.objects.create(title="A", photo=store("articles/good.jpg", (40, 40)))
    for _ in range(5):  # the first few times it may be tried again at once
        page()
    with counted_cache_calls() as calls:
        cells = page()["good"]
    assert calls == ["get_many"]
    assert {name: "<img" in cell for name, cell in cells.items()} == {
        "crop": True,
        "small": False,
        "by_function": True,
    }


@pytest.fixture
def people() -> list[Person]:
    """A person for each bad picture, and a portrait."""
    made = []
    for name, content in BAD.items():
        path = f"headshots/{name}.jpg"
        made.append(Person.objects.create(name="Ada"))
        if content is not None:
            put(path, content)
        Person.objects.filter(pk=made[-1].pk).update(
            headshot=path, headshot_width=64, headshot_height=48
        )
    return list(Person.objects.all())


@pytest.mark.parametrize("policy", [*POLICIES, "raise"])
def test_a_page_that_cannot_change_it_shows_name_and_point(
    policy: str, settings: Settings, people: list[Person]
) -> None:
    settings.VERSATILE = {"ON_ERROR": policy}
    for person in people:
        name = str(person.headshot.name)
        show_files(person)
        html = cast(ShownFile, person.headshot).__html__()
        assert "<img" not in html
        assert name in html
        assert "50% from the left" in html


@pytest.mark.parametrize("policy", [*POLICIES, "raise"])
def test_a_picker_shows_no_picture_and_its_numbers(
    policy: str, settings: Settings, people: list[Person]
) -> None:
    settings.VERSATILE = {"ON_ERROR": policy}
    widget = PPOIWidget()
    for file in [*(person.headshot for person in people), Portrait(image="lost.jpg").image]:
        html = widget.render("headshot", file, {"id": "id_headshot"})
        assert "<img" not in html
        assert "data:image" not in html
        assert f">{file.name}<" in html
        assert "data-axis" in html
