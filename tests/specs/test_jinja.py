"""The tags as functions, through Django's own backend for Jinja2."""

from typing import Any

import jinja2
import pytest
from django.template import engines
from pytest_django import Settings

from tests.specs.conftest import remove_photo
from tests.testapp.models import Article
from versatile.exceptions import NotRegistered
from versatile.templatetags.jinja import extend


def environment(**options: Any) -> jinja2.Environment:
    return extend(jinja2.Environment(**options))


@pytest.fixture(autouse=True)
def _backend(settings: Settings) -> None:
    settings.TEMPLATES = [
        *settings.TEMPLATES,
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "NAME": "jinja2",
            "OPTIONS": {"environment": f"{__name__}.environment"},
        },
    ]


def render(text: str, **values: object) -> str:
    return str(engines["jinja2"].from_string(text).render(values))


def test_an_image_is_printed_as_it_is_and_its_attributes_are_escaped(article: Article):
    html = render(
        "{{ thumbnail('100x50', a.photo, attrs={'alt': a.title, 'class': 'x'}) }}",
        a=article,
    )
    assert html.startswith('<img alt="" class="x" width="100" height="50" src="/media/CACHE/')
    article.title = '"&'
    html = render("{{ thumbnail('100x50', a.photo, attrs={'alt': a.title}) }}", a=article)
    assert html.startswith('<img alt="&quot;&amp;" ')


def test_a_registered_generator_is_found_by_its_id(article: Article):
    html = render("{{ generateimage('testapp:article:wide', source=a.photo) }}", a=article)
    assert html == f'<img width="120" height="40" src="{article.wide.url}" />'


def test_options_and_another_generator_are_taken(article: Article):
    html = render("{{ thumbnail('100x50', a.photo, crop=False) }}", a=article)
    assert 'width="67" height="50"' in html
    with pytest.raises(NotRegistered, match="'no:one'"):
        render("{{ thumbnail('100x50', a.photo, id='no:one') }}", a=article)


def test_files_can_be_had_without_an_image(article: Article):
    text = (
        "{% set f = cachefile('testapp:article:wide', source=a.photo) %}{{ f.width }} {{ f.url }}"
    )
    assert render(text, a=article) == f"120 {article.wide.url}"
    text = "{% set f = thumbnailfile('x60', a.photo) %}{{ f.width }}x{{ f.height }}"
    assert render(text, a=article) == "80x60"


def test_renditions_of_key_sets_print_their_url(article: Article, key_set: str):
    url = article.photo.crop["50x50"].url
    assert render("{{ rendition(a.photo, 'article_photo', 'square') }}", a=article) == url
    assert (
        render("[{{ rendition(a.nobody, 'article_photo', 'square') }}]", a={"nobody": None}) == "[]"
    )
    text = (
        "{{ prefetch_renditions([a], 'photo', 'article_photo') }}"
        "{{ rendition(a.photo, 'article_photo', 'square').width }}"
    )
    assert render(text, a=article) == "50"


def test_a_missing_source_keeps_its_place(article: Article):
    remove_photo(article)
    html = render("{{ thumbnail('10x', a.photo, attrs={'alt': 'x'}) }}", a=article)
    assert html.startswith('<img alt="x" src="/media/CACHE/')
