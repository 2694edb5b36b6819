"""The articles: their pages, their specs, their uploads and their admin."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from articles.models import Article
from articles.specs import FIELDS, files, processors
from tests.sample.pages import FOREIGN, assert_images_are_described
from versatile.templatetags.image_html import thumbnail_file
from versatile.testing import assert_storage_calls

MakeArticle = Callable[..., Article]


@pytest.fixture
def make_article(db: None, photo: bytes) -> MakeArticle:
    """Makes articles with a photo and an avatar, saved as anybody would save them."""

    def make(slug: str = "snow") -> Article:
        article = Article(slug=slug, title=slug.title(), lead="White", text="One.\n\nTwo.")
        article.avatar = ContentFile(photo, f"{slug}.jpg")
        article.photo.save(f"{slug}.jpg", ContentFile(photo))
        return article

    return make


def test_the_list_shows_the_card_of_every_article(client: Client, make_article: MakeArticle):
    articles = [make_article(f"article-{number}") for number in range(3)]
    html = client.get("/articles/").text
    for article in articles:
        assert article.card.url in html
        assert article.avatar.url in html
        assert article.get_absolute_url() in html


def test_a_known_list_costs_one_query_and_no_call_of_the_storage(
    client: Client,
    make_article: MakeArticle,
    django_assert_num_queries: Callable[..., object],
):
    for number in range(6):
        make_article(f"article-{number}")
    client.get("/articles/")
    with assert_storage_calls(0), django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert client.get("/articles/").status_code == 200


def test_an_empty_list_says_how_to_fill_it(client: Client, db: None):
    assert "make demo" in client.get("/articles/").text


def test_the_page_shows_everything_that_is_made_of_the_photo(
    client: Client, make_article: MakeArticle
):
    make_article("other")
    article = make_article()
    html = client.get(article.get_absolute_url()).text
    for name, file in files(article):
        assert file.url in html, name
        assert processors(file) in html, name
    other = thumbnail_file("160x120", Article.objects.get(slug="other").photo, anchor="c")
    assert other.url in html


def test_every_image_has_sides_and_a_text(client: Client, make_article: MakeArticle):
    make_article("other")
    article = make_article()
    for address in ("/articles/", article.get_absolute_url()):
        assert_images_are_described(client.get(address).text, least=2)


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(
    client: Client, make_article: MakeArticle
):
    article = make_article()
    for address in ("/articles/", article.get_absolute_url()):
        html = client.get(address).text
        assert not FOREIGN.search(html)


def test_a_lost_photo_leaves_both_pages_alone(client: Client, make_article: MakeArticle):
    article = make_article("gone")
    for _, file in files(article):
        file.rendition.delete()
    article.photo.storage.delete(str(article.photo.name))
    for address in ("/articles/", article.get_absolute_url()):
        response = client.get(address)
        assert response.status_code == 200
        assert "Gone" in response.text


def test_an_upload_becomes_a_small_square_of_another_format(make_article: MakeArticle):
    article = make_article()
    assert str(article.avatar.name).endswith(".webp")
    with article.avatar.open() as file, Image.open(file) as image:
        assert (image.format, image.size) == ("WEBP", (160, 160))


def test_saving_makes_what_is_optimistic_and_nothing_else(make_article: MakeArticle):
    article = make_article()
    storage = article.photo.storage
    made = [name for name in FIELDS if storage.exists(str(getattr(article, name).name))]
    assert made == ["dusk"]


def test_an_unknown_article_is_not_found(client: Client, db: None):
    assert client.get("/articles/nothing/").status_code == 404


def test_the_admin_lists_the_squares(client: Client, make_article: MakeArticle):
    article = make_article()
    client.force_login(User.objects.create_superuser("admin"))
    html = client.get("/admin/articles/article/").text
    assert article.square.url in html
    assert client.get(f"/admin/articles/article/{article.pk}/change/").status_code == 200


def test_the_navigation_leads_to_the_articles(client: Client, db: None):
    assert 'href="/articles/"' in client.get("/").text
    assert 'href="/articles/" aria-current="page"' in client.get("/articles/").text
