"""The helpers for the tests of users."""

import threading
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage, default_storage
from django.template import Context, Template

from tests.drawing import photo_bytes
from tests.stored import files_below
from tests.testapp.models import Person, Photo
from versatile.image_warmer import VersatileImageFieldWarmer
from versatile.placeholder import OnDiscPlaceholderImage
from versatile.testing import STORAGE_METHODS, assert_storage_calls, override_renditions

CROP = "/media/__sized__/photos/x-crop-c0-5__0-5-40x40-70.jpg"


def put(name: str = "photos/x.jpg") -> str:
    return default_storage.save(name, ContentFile(photo_bytes((60, 40))))


def test_the_right_number_of_calls_passes_and_is_listed():
    put()
    with assert_storage_calls(2) as calls:
        default_storage.exists("photos/x.jpg")
        default_storage.open("photos/x.jpg").close()
    assert calls == ["exists photos/x.jpg", "open photos/x.jpg"]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_another_number_fails_and_tells_which_they_were(number):
    def block() -> None:
        with assert_storage_calls(number):
            default_storage.exists("a.jpg")
            default_storage.delete("b.jpg")

    with pytest.raises(AssertionError) as caught:
        block()
    assert str(caught.value) == f"2 storage calls, {number} expected:\nexists a.jpg\ndelete b.jpg"


def test_computing_names_is_no_call():
    with assert_storage_calls(0):
        default_storage.url("x.jpg")
        default_storage.path("x.jpg")
        default_storage.get_valid_name("x.jpg")


def test_what_a_storage_asks_itself_does_not_count():
    with assert_storage_calls(1) as calls:
        put()
    assert calls == ["save photos/x.jpg"]


@pytest.mark.parametrize("method", [name for name in STORAGE_METHODS if name != "save"])
def test_every_method_that_reaches_files_counts(method, media_root: Path):
    put("x.jpg")
    argument = "" if method == "listdir" else "x.jpg"
    with assert_storage_calls(1) as calls:
        found = getattr(FileSystemStorage(), method)(argument)
        if method == "open":
            found.close()
    assert calls == [f"{method} {argument}"]


def test_arguments_by_name_are_listed_too():
    with assert_storage_calls(1) as calls:
        default_storage.exists(name="x.jpg")
    assert calls == ["exists x.jpg"]


def test_every_storage_counts_also_one_that_delegates_upwards():
    class Noisy(FileSystemStorage):
        def exists(self, name: str) -> bool:
            return super().exists(name)

    class Noisier(Noisy):
        def exists(self, name: str) -> bool:
            return super().exists(name)

    with assert_storage_calls(3) as calls:
        for storage in (Noisier(), Noisy(), InMemoryStorage()):
            storage.exists("x.jpg")
    assert calls == ["exists x.jpg"] * 3


def test_calls_of_other_threads_count():
    with assert_storage_calls(4):
        threads = [
            threading.Thread(target=default_storage.exists, args=["x.jpg"]) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def test_blocks_can_be_nested():
    with assert_storage_calls(2):
        default_storage.exists("x.jpg")
        with assert_storage_calls(1):
            default_storage.exists("y.jpg")


def test_a_call_that_fails_counts_and_its_error_goes_on():
    with pytest.raises(FileNotFoundError), assert_storage_calls(5) as calls:
        default_storage.open("gone.jpg")
    assert calls == ["open gone.jpg"]


def test_afterwards_everything_is_as_before():
    before = {name: getattr(FileSystemStorage, name) for name in STORAGE_METHODS}
    with pytest.raises(ZeroDivisionError), assert_storage_calls(0):
        raise ZeroDivisionError
    assert {name: getattr(FileSystemStorage, name) for name in STORAGE_METHODS} == before
    assert "size" in vars(Storage)


def test_a_known_rendition_costs_no_storage_call():
    photo = Photo(image=put())
    with assert_storage_calls(3) as calls:
        assert str(photo.image.crop["40x40"]) == CROP
    assert [call.split()[0] for call in calls] == ["exists", "open", "save"]
    with assert_storage_calls(0):
        assert str(photo.image.crop["40x40"]) == CROP


def test_urls_are_handed_out_and_nothing_is_made(media_root: Path):
    photo = Photo(image=put())
    before = files_below(media_root)
    with override_renditions():
        assert photo.image.crop["40x40"].url == CROP
        assert photo.image.filters.invert.url == "/media/photos/__filtered__/x__invert__.jpg"
        text = Template("{{ photo.image.crop.40x40 }}").render(Context({"photo": photo}))
        assert text == CROP
        found = photo.image.renditions([("small", "crop__40x40"), ("full", "url")])
        assert [str(found[name]) for name in found] == [CROP, "/media/photos/x.jpg"]
    assert files_below(media_root) == before


def test_no_source_is_needed_and_no_storage_is_asked(media_root: Path):
    photo = Photo(image="photos/x.jpg")
    with override_renditions(), assert_storage_calls(0):
        assert photo.image.crop["40x40"].url == CROP
        person = Person(headshot="gone.jpg", headshot_width=60, headshot_height=40)
        assert person.headshot.thumbnail["30x30"].width == 30


def test_nothing_is_remembered_of_what_was_not_made(media_root: Path):
    photo = Photo(image=put())
    with override_renditions():
        assert photo.image.crop["40x40"].url == CROP
    assert caches["default"].get(CROP) is None
    assert photo.image.crop["40x40"].exists()


@pytest.mark.django_db
def test_the_warmer_makes_nothing_either(media_root: Path):
    photo = Photo.objects.create(image=put())
    before = files_below(media_root)
    with override_renditions():
        VersatileImageFieldWarmer(photo, [("small", "crop__40x40")], "image").warm()
    assert files_below(media_root) == before


def test_placeholders_are_not_copied_either(media_root: Path, tmp_path: Path, monkeypatch):
    field = Photo._meta.get_field("image")
    gone = OnDiscPlaceholderImage(str(tmp_path / "none.png"))
    monkeypatch.setattr(field, "placeholder_image", gone)
    photo = Photo()
    with override_renditions(), assert_storage_calls(0):
        assert photo.image.url == "/media/__placeholder__/none.png"
        name = "__sized__/__placeholder__/none-thumbnail-9x9.png"
        assert photo.image.thumbnail["9x9"].url == f"/media/{name}"
    assert files_below(media_root) == set()


def test_it_is_a_decorator_too(media_root: Path):
    @override_renditions()
    def ask() -> str:
        return Photo(image="photos/x.jpg").image.crop["40x40"].url

    assert ask() == CROP
    put()
    assert Photo(image="photos/x.jpg").image.crop["40x40"].exists()
