"""``{% load versatile %}``, and what templates print of a file without it."""

import logging
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.stored import counted_cache_calls, counted_decodes, put, store
from tests.testapp.models import Person, Photo
from versatile.exceptions import (
    MalformedSizedImageKey,
    SourceNotFound,
    SourceUnreadable,
    UnknownRenditionKeySet,
)
from versatile.placeholder import DrawnImage, OnDiscPlaceholderImage
from versatile.testing import assert_storage_calls

KEYS = [("full", "url"), ("small", "crop__20x10"), ("negative", "filters__invert__fit__16x16")]
CROP = "/media/__sized__/d/x-crop-c0-5__0-5-20x10-70.jpg"
TAG = '{% rendition f "photo" "small" %}'


@pytest.fixture(autouse=True)
def _sets(settings: Settings) -> None:
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"photo": KEYS, "wrong": [("a", "crop__0x9")]}}


def file(name: str = "d/x.jpg", **drawing: Any) -> Any:
    return Photo(image=store(name, **drawing)).image


def render(source: str, **context: Any) -> str:
    return Template("{% load versatile %}" + source).render(Context(context))


def test_a_rendition_prints_its_url() -> None:
    assert render(TAG, f=file()) == CROP


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("full", "/media/d/x.jpg"),
        ("negative", "/media/__sized__/d/__filtered__/x__invert__-fit-16x16-70.jpg"),
    ],
)
def test_every_key_of_the_set_can_be_had(name: str, url: str) -> None:
    assert render('{% rendition f "photo" name %}', f=file(), name=name) == url


def test_as_a_variable_it_is_the_rendition() -> None:
    source = (
        '{% rendition f "photo" "small" as r %}'
        '<img src="{{ r.url }}" width="{{ r.width }}" height="{{ r.height }}">{{ r }}'
    )
    expected = f'<img src="{CROP}" width="20" height="10">{CROP}'
    assert render(source, f=file()) == expected
    original = '{% rendition f "photo" "full" as r %}{{ r.width }}x{{ r.height }}'
    assert render(original, f=Photo(image="d/x.jpg").image) == "64x48"


def test_urls_are_escaped() -> None:
    photo = file("d/a'b&c.jpg")
    url = render(TAG, f=photo)
    assert url == render("{{ f.crop.20x10 }}", f=photo)
    assert "/a&#x27;b%26c-crop-" in url


def test_the_whole_set_is_made_by_the_first_tag_in_one_decode() -> None:
    photo = file()
    source = '{% rendition f "photo" "small" %}{% rendition f "photo" "negative" %}'
    with counted_decodes() as decodes:
        render(source, f=photo)
    assert len(decodes) == 1


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("value", [Photo().image, Photo(image="").image, None, ""])
def test_an_empty_field_renders_as_nothing(
    value: Any, debug: bool, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DEBUG = debug
    assert render(f"[{TAG}]", f=value) == "[]"
    source = '[{% rendition f "photo" "small" as r %}{% if r %}{{ r.width }}{% endif %}]'
    assert render(source, f=value) == "[]"
    assert caplog.records == []


def test_a_relation_to_nobody_renders_as_nothing() -> None:
    source = '[{% rendition photo.person.headshot "photo" "small" %}]'
    assert render(source, photo=Photo()) == "[]"


def test_a_placeholder_is_rendered(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "none.png").write_bytes(photo_bytes((60, 40), format="PNG"))
    image = OnDiscPlaceholderImage(tmp_path / "none.png")
    monkeypatch.setattr(Photo._meta.get_field("image"), "placeholder_image", image)
    url = "/media/__sized__/__placeholder__/none-crop-c0-5__0-5-20x10.png"
    assert render(TAG, f=Photo().image) == url


def test_a_drawn_picture_is_rendered(settings: Settings) -> None:
    settings.VERSATILE = {**settings.VERSATILE, "DRAW_PLACEHOLDERS": True}
    assert render(TAG, f=Photo().image) == DrawnImage(20, 10).url
    assert render('[{% rendition f "photo" "full" %}]', f=Photo().image) == "[]"


BAD = {"missing": SourceNotFound, "text": SourceUnreadable, "empty": SourceUnreadable}


def bad_file(kind: str) -> Any:
    if kind != "missing":
        put("d/bad.jpg", b"" if kind == "empty" else b"no picture")
    return Photo(image="d/bad.jpg").image


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize(
    "source",
    [
        TAG,
        '{% rendition f "photo" "small" as r %}{{ r }}',
        "{{ f.crop.20x10 }}",
        "{{ f.crop.20x10.url }}",
        "{{ f.filters.invert.crop.20x10 }}",
        "{{ f.filters.invert.url }}",
    ],
)
def test_a_picture_that_cannot_be_made_renders_as_nothing_and_is_logged_once(
    kind: str, source: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    bad = bad_file(kind)
    assert render(f"[{source}]", f=bad) == "[]"
    [record] = [item for item in caplog.records if item.levelno >= logging.ERROR]
    assert "d/bad.jpg" in record.getMessage()
    settings.DEBUG = True
    with pytest.raises(BAD[kind]):
        render(source, f=bad)


def test_the_rest_of_a_page_is_rendered(caplog: pytest.LogCaptureFixture) -> None:
    people = [Photo(image="d/nowhere.jpg"), Photo(image=store("d/x.jpg"))]
    source = '{% for p in people %}<li>{% rendition p.image "photo" "small" %}</li>{% endfor %}'
    assert render(source, people=people) == f"<li></li><li>{CROP}</li>"


def test_a_wrong_size_renders_as_nothing_but_under_debug(settings: Settings) -> None:
    photo = file()
    for source in ('{% rendition f "wrong" "a" %}', "{{ f.crop.0x9 }}"):
        settings.DEBUG = False
        assert render(source, f=photo) == ""
        settings.DEBUG = True
        with pytest.raises(MalformedSizedImageKey):
            render(source, f=photo)


def test_an_unknown_set_is_an_error() -> None:
    with pytest.raises(UnknownRenditionKeySet, match="'nope'"):
        render('{% rendition f "nope" "small" %}', f=file())


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError, match="nope"):
        render('{% rendition f "photo" "nope" %}', f=file())


@pytest.mark.parametrize(
    "source", ["{% rendition %}", "{% rendition f %}", '{% rendition f "p" %}']
)
def test_all_arguments_are_needed(source: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="rendition"):
        render(source, f=None)


PAGE = (
    '{% prefetch_renditions photos "image" "photo" %}'
    '{% for p in photos %}{% rendition p.image "photo" "small" %},'
    "{{ p.image.crop.20x10 }},{{ p.image.filters.invert.fit.16x16 }};{% endfor %}"
)


def test_a_page_is_looked_up_at_once() -> None:
    photos = [Photo(image=store(f"d/{number}.jpg")) for number in range(10)]
    expected = render(PAGE, photos=photos)
    assert expected.count("/media/__sized__/d/") == 30
    again = [Photo(image=photo.image.name) for photo in photos]
    with assert_storage_calls(0), counted_cache_calls() as calls:
        assert render(PAGE, photos=again) == expected
    assert calls == ["get_many"]


@pytest.mark.django_db
def test_a_queryset_is_looked_up_at_once_and_asked_once() -> None:
    for number in range(3):
        person = Person.objects.create(headshot=store(f"headshots/{number}.jpg"))
        Photo.objects.create(person=person, image=store(f"photos/{number}.jpg"))
    source = (
        '{% prefetch_renditions photos "person.headshot" "photo" %}'
        '{% for p in photos %}{% rendition p.person.headshot "photo" "small" %}{% endfor %}'
    )
    expected = render(source, photos=Photo.objects.select_related("person"))
    with assert_storage_calls(0), counted_cache_calls() as calls:
        assert render(source, photos=Photo.objects.select_related("person")) == expected
    assert calls == ["get_many"]


def test_further_tags_for_a_file_and_its_set_ask_the_cache_no_more() -> None:
    tag = '{% rendition p.image "photo" "small" %}'
    source = f"{tag},{tag}"
    expected = render(source, p=Photo(image=store("d/x.jpg")))
    with assert_storage_calls(0), counted_cache_calls() as calls:
        assert render(source, p=Photo(image="d/x.jpg")) == expected
    assert calls == ["get_many"]


def test_looking_up_prints_nothing() -> None:
    source = '[{% prefetch_renditions photos "image" "photo" %}]'
    assert render(source, photos=[Photo(image=store("d/x.jpg")), Photo()]) == "[]"
    with pytest.raises(UnknownRenditionKeySet):
        render('{% prefetch_renditions photos "image" "nope" %}', photos=[])


def test_templates_need_no_tag_for_one_rendition() -> None:
    source = "{{ f.crop.20x10 }} {{ f.crop.20x10.width }} {{ f.url }} {{ f.ppoi.0 }}"
    assert render(source, f=file()) == f"{CROP} 20 /media/d/x.jpg 0.5"


def test_unknown_attributes_render_as_nothing() -> None:
    source = "[{{ f.nope }}{{ f.nope.20x10 }}{{ f.filters.nope }}{{ f.filters.nope.crop.9x9 }}]"
    assert render(source, f=file()) == "[]"


def test_templates_may_delete_nothing() -> None:
    photo = file()
    rendered = render(
        "{{ f.crop.20x10 }}{{ f.delete }}{{ f.delete_all_created_images }}"
        "{{ f.crop.20x10.delete }}{{ f.crop.20x10.clear_cache }}"
        "{{ f.filters.invert.delete }}{{ f.filters.invert.clear_cache }}"
        "{{ f.delete_sized_images }}{{ f.delete_filtered_images }}"
        "{{ f.delete_filtered_sized_images }}",
        f=photo,
    )
    assert rendered == CROP
    assert photo.crop["20x10"].exists()
    assert photo.storage.exists("d/x.jpg")
