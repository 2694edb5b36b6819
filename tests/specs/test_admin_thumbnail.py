"""The column of thumbnails in a change list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import clear_url_caches, path, reverse
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from tests import urls
from tests.specs.conftest import add_article, remove_photo
from tests.testapp.models import Article
from versatile.admin import AdminThumbnail
from versatile.exceptions import ConfigurationError


def test_the_thumbnail_is_linked_to_the_object(article: Article):
    html = str(AdminThumbnail("small")(article)).strip()
    link = f"/articles/{article.pk}/?a=1&amp;b=2"
    assert html == (
        f'<a href="{link}"><img src="{article.small.url}" width="90" height="68" '
        'alt="" loading="lazy" decoding="async"></a>'
    )
    assert article.photo.storage.exists(str(article.small.name))


def test_without_a_page_of_its_own_it_is_linked_to_the_image(article: Article):
    class Bare:
        photo = article.photo
        small = article.small

    html = str(AdminThumbnail("small")(Bare()))
    assert f'<a href="{article.photo.url}"><img src="{article.small.url}"' in html


def test_a_function_gives_any_image(article: Article):
    html = str(AdminThumbnail(lambda row: row.photo.crop["50x50"])(article))
    assert f'<img src="{article.photo.crop["50x50"].url}"' in html
    assert f'<img src="{article.photo.url}"' in str(AdminThumbnail("photo")(article))


def test_an_empty_field_has_no_thumbnail(db: None):
    assert str(AdminThumbnail("small")(Article())).strip() == ""
    assert str(AdminThumbnail(lambda row: None)(Article())).strip() == ""
    assert str(AdminThumbnail(lambda row: row.photo.crop["50x50"])(Article())).strip() == ""


def test_an_unknown_attribute_is_an_error_that_names_it(article: Article):
    with pytest.raises(ConfigurationError, match="Article has no attribute 'smal'"):
        AdminThumbnail("smal")(article)


def test_the_column_has_a_heading():
    assert str(AdminThumbnail("small").short_description) == "Thumbnail"


def test_no_query_is_sent(article: Article, django_assert_num_queries: DjangoAssertNumQueries):
    row = Article.objects.get()
    with django_assert_num_queries(0):
        assert "<img" in AdminThumbnail("small")(row)


@pytest.mark.parametrize("old", ["imagekit/admin", "versatile/admin"])
def test_the_template_is_a_sites_own_under_either_name(
    article: Article, settings: Settings, tmp_path: Path, old: str
):
    folder = tmp_path / "templates" / old
    folder.mkdir(parents=True)
    text = "{{ model.pk }} {{ thumbnail.width }} {{ original_image.width }}"
    (folder / "thumbnail.html").write_text(text)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path / "templates"]}]
    html = str(AdminThumbnail("small")(article)).strip()
    assert html == f"{article.pk} 90 320"


def test_another_template_may_be_given(article: Article, settings: Settings, tmp_path: Path):
    (tmp_path / "own.html").write_text("own {{ thumbnail.url }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    assert AdminThumbnail("small", template="own.html")(article) == f"own {article.small.url}"


@pytest.fixture
def change_list(admin_client: Client) -> Iterator[str]:
    """The address of a change list with a column of thumbnails, by name and by function."""

    class ArticleAdmin(admin.ModelAdmin):
        by_name = AdminThumbnail("small")
        by_function = AdminThumbnail(lambda row: row.photo.crop["50x50"])
        list_display = ("pk", "by_name", "by_function")

    admin.site.register(Article, ArticleAdmin)
    urls.urlpatterns[0] = path("admin/", admin.site.urls)
    clear_url_caches()
    yield reverse("admin:testapp_article_changelist")
    admin.site.unregister(Article)
    urls.urlpatterns[0] = path("admin/", admin.site.urls)
    clear_url_caches()


@pytest.mark.parametrize("debug", [True, False])
def test_one_bad_picture_never_breaks_the_change_list(
    article: Article, change_list: str, admin_client: Client, settings: Settings, debug: bool
):
    settings.DEBUG = debug
    add_article("bad.jpg", b"no picture")
    gone = add_article("gone.jpg")
    remove_photo(gone)
    Article.objects.create()
    page = admin_client.get(change_list)
    assert page.status_code == 200
    html = page.content.decode()
    assert html.count("<img") == 2
    assert f'<img src="{article.small.url}"' in html
    assert f'<img src="{article.photo.crop["50x50"].url}"' in html
