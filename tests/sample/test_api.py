from collections.abc import Callable

from django.test import Client

from people.models import Person

NAMES = ["full", "hero", "large", "square", "small", "tiny"]


def test_the_api_gives_the_set_in_order_with_absolute_urls(
    client: Client, make_person: Callable[..., Person]
):
    person = make_person()
    [entry] = client.get("/api/people/").json()
    assert list(entry["headshot"]) == NAMES
    expected = "http://testserver" + person.headshot.crop["1200x600"].url
    assert entry["headshot"]["hero"] == expected
    assert entry["headshot_ppoi"] == [0.66, 0.36]


def test_one_person_by_slug(client: Client, make_person: Callable[..., Person]):
    make_person("ada")
    make_person("bo")
    entry = client.get("/api/people/bo/").json()
    assert entry["name"] == "Bo"
    assert list(entry["headshot"]) == NAMES


def test_somebody_without_a_photo_has_the_placeholders_urls(client: Client, db: None):
    Person.objects.create(name="Robin", slug="robin")
    [entry] = client.get("/api/people/").json()
    assert list(entry["headshot"]) == NAMES
    assert all("__placeholder__/nobody" in url for url in entry["headshot"].values())


def test_the_api_asks_the_cache_once(
    client: Client, make_person: Callable[..., Person], cache_calls: list[str]
):
    for number in range(12):
        make_person(f"person-{number}")
    cache_calls.clear()
    assert len(client.get("/api/people/").json()) == 12
    assert cache_calls == ["get_many"]
