from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from people.models import Person
from tests.sample.pages import FOREIGN, assert_images_are_described, images

MakePerson = Callable[..., Person]


def test_the_gallery_shows_everybody(client: Client, make_person: MakePerson):
    people = [make_person(f"person-{number}") for number in range(3)]
    html = client.get("/").text
    for person in people:
        assert person.headshot.crop["400x400"].url in html
        assert person.get_absolute_url() in html


def test_the_gallery_asks_the_cache_once(
    client: Client, make_person: MakePerson, cache_calls: list[str]
):
    for number in range(12):
        make_person(f"person-{number}")
    cache_calls.clear()
    client.get("/")
    assert cache_calls == ["get_many"]


def test_an_empty_gallery_says_how_to_fill_it(client: Client, db: None):
    assert "make demo" in client.get("/").text


def test_somebody_without_a_photo_has_the_placeholder(client: Client, db: None):
    person = Person.objects.create(name="Robin", slug="robin")
    for address in ("/", person.get_absolute_url()):
        response = client.get(address)
        assert response.status_code == 200
        assert "__placeholder__/nobody" in response.text


@pytest.fixture
def gone(make_person: MakePerson) -> Person:
    """Somebody whose photo was lost, with all that was made of it."""
    person = make_person("gone")
    person.headshot.delete_all_created_images()
    person.headshot.storage.delete(str(person.headshot.name))
    return person


def test_a_lost_photo_leaves_the_gallery_alone(
    client: Client, make_person: MakePerson, gone: Person
):
    make_person("here")
    html = client.get("/").text
    [_logo, shown] = images(html)
    assert "/here-crop-" in shown
    assert gone.get_absolute_url() in html


def test_a_lost_photo_leaves_its_own_page_alone(client: Client, gone: Person):
    response = client.get(gone.get_absolute_url())
    assert response.status_code == 200
    assert "__sized__" not in response.text


def test_the_same_crop_without_the_point_is_beside_the_one_with_it(
    client: Client, make_person: MakePerson
):
    html = client.get(make_person().get_absolute_url()).text
    assert "ada-crop-c0-66__0-36-400x400-70.jpg" in html
    assert "ada-crop-c0-5__0-5-400x400-70.jpg" in html


def test_the_detail_page_shows_the_original_beside_every_rendition(
    client: Client, make_person: MakePerson, settings: Settings
):
    person = make_person()
    html = client.get(person.get_absolute_url()).text
    assert person.headshot.url in html
    for key_set in ("person_headshot", "person_looks"):
        for rendition in person.headshot.renditions(key_set).values():
            assert rendition.url in html
    assert 'cx="66%" cy="36%"' in html
    assert "filters.grayscale.filters.blur.crop[&#x27;400x400&#x27;]" in html


def test_every_image_has_sides_and_a_text(client: Client, make_person: MakePerson):
    person = make_person()
    for address in ("/", person.get_absolute_url()):
        assert_images_are_described(client.get(address).text, least=2)


def test_images_below_the_fold_are_lazy(client: Client, make_person: MakePerson):
    for number in range(6):
        make_person(f"person-{number}")
    cards = [image for image in images(client.get("/").text) if "__sized__" in image]
    assert ["lazy" in image for image in cards] == [False] * 4 + [True] * 2


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(
    client: Client, make_person: MakePerson
):
    person = make_person()
    for address in ("/", person.get_absolute_url()):
        html = client.get(address).text
        assert not FOREIGN.search(html)


def test_an_unknown_person_is_not_found(client: Client, db: None):
    assert client.get("/people/nobody/").status_code == 404


def test_the_admin_form_shows_the_photo_and_takes_a_point(client: Client, make_person: MakePerson):
    person = make_person()
    client.force_login(User.objects.create_superuser("admin"))
    address = f"/admin/people/person/{person.pk}/change/"
    html = client.get(address).text
    assert 'name="headshot_0"' in html
    assert 'name="headshot_1"' in html
    data = {"name": "Ada", "slug": "ada", "headshot_0": "", "headshot_1": "0.25x0.75"}
    assert client.post(address, data).status_code == 302
    person.refresh_from_db()
    assert person.headshot.ppoi == (0.25, 0.75)


def test_the_admin_has_the_icon_of_the_site(client: Client):
    assert client.get("/favicon.ico").headers["Location"] == "/static/people/icon.svg"
