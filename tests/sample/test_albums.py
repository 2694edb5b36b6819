"""The albums: their pages, and what the demonstration puts into one."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from albums.demo import TITLE, collect
from albums.models import Album
from people.models import Person
from tests.sample.pages import assert_images_are_described

MakePerson = Callable[..., Person]


@pytest.fixture
def album(make_person: MakePerson) -> Album:
    collected = collect([make_person("ada", role="First"), make_person("ben", role="Second")])
    assert collected is not None
    return collected


def test_an_album_has_a_copy_of_every_photo_with_its_point(album: Album):
    ada = Person.objects.get(slug="ada")
    stored = Album.objects.get(title=TITLE)
    assert stored.cover.ppoi == ada.headshot.ppoi
    assert (stored.cover.width, stored.cover.height) == (ada.headshot_width, ada.headshot_height)
    assert [picture.image.name for picture in stored.pictures.all()] == [
        "pictures/ada.jpg",
        "pictures/ben.jpg",
    ]
    assert stored.postcards.get().image.ppoi == ada.headshot.ppoi


def test_collecting_again_gives_the_same_files(album: Album):
    before = sorted(picture.image.name or "" for picture in album.pictures.all())
    collect(Person.objects.all())
    assert Album.objects.count() == 1
    again = Album.objects.get().pictures.all()
    assert sorted(picture.image.name or "" for picture in again) == before


def test_nobody_with_a_photo_gives_no_album(db: None):
    assert collect([Person(name="Robin")]) is None


def test_the_list_shows_the_covers(client: Client, album: Album):
    html = client.get("/albums/").text
    assert album.cover.crop["800x500"].url in html
    assert album.get_absolute_url() in html


def test_an_empty_list_says_how_to_fill_it(client: Client, db: None):
    assert "make demo" in client.get("/albums/").text


def test_the_page_shows_every_picture_with_its_sides(client: Client, album: Album):
    html = client.get(album.get_absolute_url()).text
    for picture in album.pictures.all():
        assert picture.image.crop["400x400"].url in html
    assert album.band.crop["1200x300"].url in html
    assert_images_are_described(html, least=album.pictures.count() + 2)  # the logo, and the band


def test_a_page_costs_three_queries_and_three_reads_of_the_cache(
    client: Client,
    album: Album,
    cache_calls: list[str],
    django_assert_num_queries: Callable[[int], CaptureQueriesContext],
):
    client.get(album.get_absolute_url())
    cache_calls.clear()
    with django_assert_num_queries(3):
        client.get(album.get_absolute_url())
    # The band, the pictures, the postcards: each is asked for at once.
    assert cache_calls == ["get_many"] * 3


def test_an_unknown_album_is_not_found(client: Client, db: None):
    assert client.get("/albums/nothing/").status_code == 404
