"""``renditions check``: the memory is corrected by what the storage has."""

from pathlib import Path

import pytest
from django.core.cache import cache

from tests.commands.conftest import MADE, Command, article, files, person
from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError, WatchedStorage
from tests.stored import counted_decodes, put
from tests.testapp.models import Person, Photo
from versatile.renditions import manifest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sets")]
COUNTS = ("kept", "found", "forgotten", "missing")


def counts(report: dict[str, int]) -> tuple[int, ...]:
    return tuple(report[what] for what in COUNTS)


def make(ada: Person) -> set[str]:
    return {ada.headshot.crop["20x20"].name, ada.headshot.fit["30x30"].name}


@pytest.mark.parametrize("workers", ["1", "4"])
def test_a_file_that_is_gone_is_forgotten_and_made_again(
    workers: str, renditions: Command, media_root: Path
):
    ada = person()
    make(ada)
    for name in MADE:
        (media_root / name).unlink()
    assert ada.headshot.fit["30x30"].url  # nobody has noticed
    assert not (MADE & files(media_root))
    report = renditions("check", "--workers", workers)
    assert counts(report) == (0, 0, 2, 1)
    assert set(report["names"]) == MADE
    again = Person.objects.get()
    assert make(again) == MADE <= files(media_root)


def test_a_file_that_is_there_is_found_and_not_made_again(renditions: Command, media_root: Path):
    ada = person()
    make(ada)
    cache.clear()
    assert counts(renditions("check", "--dry-run")) == (0, 2, 0, 1)
    assert counts(renditions("check")) == (0, 2, 0, 1)
    assert counts(renditions("check")) == (2, 0, 0, 1)
    assert manifest.read(ada.headshot.source).names == MADE
    with counted_decodes() as decodes:
        make(Person.objects.get())
    assert decodes == []


def test_a_dry_run_corrects_nothing(renditions: Command, media_root: Path):
    make(person())
    for name in MADE:
        (media_root / name).unlink()
    for _ in range(2):
        assert counts(renditions("check", "--dry-run")) == (0, 0, 2, 1)


def test_what_nobody_declared_is_known_by_the_record(renditions: Command, media_root: Path):
    ada = person()
    odd = ada.headshot.pad["7x7"].name
    (media_root / odd).unlink()
    assert renditions("check")["names"] == [odd]
    assert counts(renditions("check")) == (0, 0, 0, 3)


def test_one_set_is_checked_alone(renditions: Command, media_root: Path):
    make(person())
    cache.clear()
    assert counts(renditions("check", "--set", "people")) == (0, 2, 0, 0)
    assert counts(renditions("check", "--set", "grey")) == (0, 0, 0, 1)


def test_the_files_of_specs_are_checked(renditions: Command, media_root: Path):
    story = article()
    assert all([story.small.url, story.wide.url])
    made = files(media_root) - {"articles/a.jpg"}
    cache.clear()
    report = renditions("check", "--model", "testapp.Article")
    assert counts(report) == (0, 2, 0, 4)
    assert set(report["names"]) == made
    (media_root / min(made)).unlink()
    assert counts(renditions("check", "--model", "testapp.Article")) == (1, 0, 1, 4)


def test_a_source_that_is_gone_is_a_failure(renditions: Command, media_root: Path):
    make(person())
    (media_root / "headshots/a.jpg").unlink()
    report = renditions("check", fails=True)
    assert report["failed"] == [
        {"path": "headshots/a.jpg", "reason": "the storage has no such file"}
    ]
    assert counts(report) == (2, 0, 0, 1)


def test_a_storage_that_fails_changes_no_memory(renditions: Command, media_root: Path, monkeypatch):
    storage = WatchedStorage(media_root, "/media/")
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", storage)
    put("photos/a.jpg", photo_bytes((40, 30)))
    photo = Photo.objects.create(image="photos/a.jpg")
    name = photo.image.crop["20x20"].name
    storage.fail("exists", BrokenError("no bucket"))
    report = renditions("check", "--model", "testapp.Photo", fails=True)
    assert "no bucket" in report["failed"][0]["reason"]
    assert counts(report) == (0, 0, 0, 0)
    storage.failing.clear()
    assert manifest.read(photo.image.source).names == {name}


@pytest.mark.parametrize("workers", ["1", "3"])
def test_dimensions_of_old_rows_are_corrected(workers: str, renditions: Command):
    put("headshots/turned.jpg", photo_bytes((30, 40), orientation=6))
    put("headshots/right.jpg", photo_bytes((30, 40)))
    turned, right, empty = (
        Person.objects.create(headshot=name)
        for name in ("headshots/turned.jpg", "headshots/right.jpg", "")
    )
    Person.objects.filter(pk=turned.pk).update(headshot_width=40, headshot_height=30)
    words = ("check", "--dimensions", "--workers", workers)
    for word, number in (("--dry-run", 1), ("--json", 1), ("--json", 0)):
        assert renditions(*words, word)["corrected"] == number
    assert set(Person.objects.values_list("pk", "headshot_width", "headshot_height")) == {
        (turned.pk, 30, 40),
        (right.pk, 30, 40),
        (empty.pk, None, None),
    }


def test_dimensions_that_were_never_stored_are_filled_in(renditions: Command):
    put("headshots/x.jpg", photo_bytes((30, 40)))
    Person.objects.bulk_create([Person(headshot="headshots/x.jpg")])
    Person.objects.update(headshot_width=None, headshot_height=None)
    assert renditions("check", "--dimensions")["names"] == ["headshots/x.jpg"]
    assert Person.objects.values_list("headshot_width", flat=True).get() == 30


def test_a_bad_header_is_a_failure_and_stops_nothing(renditions: Command):
    put("headshots/bad.jpg", b"no picture")
    put("headshots/x.jpg", photo_bytes((30, 40)))
    for name in ("bad", "x"):
        Person.objects.bulk_create([Person(headshot=f"headshots/{name}.jpg")])
    Person.objects.update(headshot_width=1, headshot_height=1)
    report = renditions("check", "--dimensions", fails=True)
    assert [item["path"] for item in report["failed"]] == ["headshots/bad.jpg"]
    assert report["corrected"] == 1


def test_models_without_dimensions_have_nothing_to_correct(renditions: Command):
    put("photos/x.jpg", photo_bytes((30, 40)))
    Photo.objects.create(image="photos/x.jpg")
    assert renditions("check", "--dimensions", "--model", "testapp.Photo")["corrected"] == 0
