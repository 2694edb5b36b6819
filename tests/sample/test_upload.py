"""The front-end form of a person, and the policy that all pages carry."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from people.models import Person
from sample.csp import content_security_policy
from sample.settings import MIDDLEWARE

MakePerson = Callable[..., Person]
POLICY = "Content-Security-Policy"


@pytest.fixture
def upload(photo: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("new.jpg", photo, "image/jpeg")


def test_somebody_is_added_with_a_photo_and_its_point(
    client: Client, db: None, upload: SimpleUploadedFile
):
    data = {"name": "Ada Bee", "headshot_0": upload, "headshot_1": "0.2x0.3"}
    response = client.post("/add/", data)
    person = Person.objects.get()
    assert response.headers["Location"] == person.get_absolute_url() == "/people/ada-bee/"
    assert person.headshot.ppoi == (0.2, 0.3)


def test_the_second_of_a_name_gets_a_number(client: Client, db: None):
    for _ in range(3):
        client.post("/add/", {"name": "Ada Bee"})
    slugs = Person.objects.values_list("slug", flat=True)
    assert sorted(slugs) == ["ada-bee", "ada-bee-2", "ada-bee-3"]


def test_a_name_without_letters_has_an_address_too(client: Client, db: None):
    assert client.post("/add/", {"name": "!"}).headers["Location"] == "/people/somebody/"


def test_a_point_is_moved_without_a_new_photo(client: Client, make_person: MakePerson):
    person = make_person()
    address = f"{person.get_absolute_url()}change/"
    assert 'value="0.66x0.36"' in client.get(address).text
    client.post(address, {"name": "Ada", "headshot_1": "0.1x0.9"})
    person.refresh_from_db()
    assert person.headshot.ppoi == (0.1, 0.9)
    assert person.slug == "ada"


def test_a_mistake_leaves_the_heading_and_the_address_as_they_are_stored(
    client: Client, make_person: MakePerson
):
    person = make_person()
    html = client.post(f"{person.get_absolute_url()}change/", {"name": ""}).text
    assert "<h1>Ada</h1>" in html
    assert f'href="{person.get_absolute_url()}"' in html
    assert "This field is required." in html


def test_the_picker_alone_begins_with_somebodys_photo(client: Client, make_person: MakePerson):
    assert "<versatile-ppoi" in client.get("/picker/").text
    person = make_person()
    assert f'src="{person.headshot.url}"' in client.get("/picker/").text


def test_every_response_forbids_what_is_inline(client: Client, db: None, settings: Settings):
    settings.MIDDLEWARE = MIDDLEWARE
    for address in ("/", "/add/", "/picker/", "/nowhere/"):
        assert client.get(address).headers[POLICY] == "default-src 'self'"


def test_a_view_that_says_its_own_policy_is_heard():
    respond = content_security_policy(lambda _: HttpResponse(headers={POLICY: "default-src *"}))
    assert respond(RequestFactory().get("/")).headers[POLICY] == "default-src *"
