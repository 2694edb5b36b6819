"""The warmer: what it makes, counts and reports, and how it shows its progress."""

import gc
import logging
import os
import pty
import sys
import termios
import tracemalloc
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.registering import registered
from tests.stored import counted_cache_calls, counted_decodes, put, store
from tests.testapp.models import Album, Person, Photo, Place, Plain, Restaurant
from versatile.exceptions import (
    InvalidSizeKey,
    InvalidSizeKeySet,
    SourceNotFound,
    SourceUnreadable,
    UnknownRenditionKeySet,
)
from versatile.image_warmer import VersatileImageFieldWarmer, WarmReport, cli_progress_bar
from versatile.placeholder import OnDiscPlaceholderImage
from versatile.renditions import addresses, namers
from versatile.renditions.outcomes import Outcome, State
from versatile.sizers import SizedImage
from versatile.testing import assert_storage_calls

pytestmark = pytest.mark.django_db

KEYS = [
    ("full", "url"),
    ("large", "crop__40x20"),
    ("small", "thumbnail__16x16"),
    ("negative", "filters__invert"),
    ("grey", "filters__grayscale__crop__20x20"),
]
SIZES = KEYS[1:]


def warm(
    target: Any, keys: Any = KEYS, path: str = "image", **options: Any
) -> tuple[tuple[int, list[str]], WarmReport]:
    warmer = VersatileImageFieldWarmer(target, keys, path, **options)
    return warmer.warm(), warmer.report


def photos(number: int = 3) -> QuerySet[Photo]:
    for count in range(number):
        Photo.objects.create(image=store(f"photos/{count}.jpg"))
    return Photo.objects.order_by("pk")


def names_of(photo: Photo, keys: Any = SIZES) -> list[str]:
    photo.image.create_on_demand = False
    return [item.name for item in photo.image.renditions(keys).values()]


def test_a_queryset_is_warmed() -> None:
    rows = photos()
    result, report = warm(rows)
    assert result == (15, [])
    assert report == WarmReport(created=12, existing=3, empty=0, failed={})
    for row in rows:
        assert all(default_storage.exists(name) for name in names_of(row))


def test_an_instance_is_warmed() -> None:
    rows = photos(2)
    assert warm(rows[0])[0] == (5, [])
    assert all(default_storage.exists(name) for name in names_of(rows[0]))
    assert not any(default_storage.exists(name) for name in names_of(rows[1]))


def test_a_named_set_is_warmed(settings: Settings) -> None:
    settings.VERSATILEIMAGEFIELD_RENDITION_KEY_SETS = {"photo": KEYS}
    assert warm(photos(1), "photo")[0] == (5, [])


def test_what_exists_is_counted_too() -> None:
    rows = photos()
    warm(rows)
    result, report = warm(rows)
    assert result == (15, [])
    assert report == WarmReport(existing=15)
    cache.clear()
    result, report = warm(rows)
    assert result == (15, [])
    assert report == WarmReport(existing=15)


def test_each_key_of_each_row_is_counted() -> None:
    name = store("photos/shared.jpg")
    for _ in range(2):
        Photo.objects.create(image=name)
    keys = [("a", "crop__9x9"), ("b", "crop__9x9"), ("c", "thumbnail__9x9")]
    result, report = warm(Photo.objects.all(), keys)
    assert result == (6, [])
    assert (report.created, report.existing) == (2, 4)


def test_it_makes_what_is_not_made_on_demand(settings: Settings) -> None:
    settings.VERSATILE = {"CREATE_ON_DEMAND": False}
    rows = photos(1)
    result, report = warm(rows)
    assert (result, report.created) == ((5, []), 4)
    assert rows[0].image.create_on_demand is False
    row = Photo.objects.get()
    warm(row)
    assert row.image.create_on_demand is True


def test_each_original_is_opened_and_decoded_once() -> None:
    rows = photos()
    # Of each of 12 renditions: is it there, and save it.
    with counted_decodes() as decodes, assert_storage_calls(3 + 12 + 12) as calls:
        warm(rows)
    opened = [call for call in calls if call.startswith("open ")]
    assert sorted(opened) == [f"open photos/{count}.jpg" for count in range(3)]
    assert len(decodes) == 3


def test_what_is_known_to_exist_costs_one_cache_read_for_a_chunk() -> None:
    rows = photos(4)
    warm(rows)
    with assert_storage_calls(0), counted_cache_calls() as calls:
        assert warm(rows)[0] == (20, [])
    assert calls == ["get_many"]


def test_rows_are_streamed_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("versatile.image_warmer.CHUNK", 2)
    rows = photos(5)
    warm(rows)
    with counted_cache_calls() as calls, CaptureQueriesContext(connection) as queries:
        warm(rows)
    assert calls == ["get_many"] * 3
    assert len(queries) == 2  # the count, and the rows
    assert rows._result_cache is None


def test_related_images_are_reached() -> None:
    person = Person.objects.create(headshot=store("headshots/p.jpg"))
    one = Photo.objects.create(person=person, image=store("photos/1.jpg"))
    two = Photo.objects.create(person=person, image=store("photos/2.jpg"))
    album = Album.objects.create()
    album.photos.set([one, two])
    assert warm(Photo.objects.filter(pk=one.pk), SIZES, "person.headshot")[0] == (4, [])
    assert warm(person, SIZES, "photos.image")[0] == (8, [])
    assert warm(Album.objects.all(), SIZES, "photos.image")[0] == (8, [])
    assert warm(album, SIZES, "photos.person.headshot")[1].existing == 8
    assert warm(one, SIZES, "albums.photos.image")[1].existing == 8
    prefetched = Album.objects.prefetch_related("photos__person")
    with CaptureQueriesContext(connection) as queries:
        assert warm(prefetched, SIZES, "photos.person.headshot")[0] == (8, [])
    assert len(queries) == 4  # the count, albums, photos, people


def test_one_to_one_relations_are_followed_both_ways() -> None:
    restaurant = Restaurant.objects.create(picture=store("pictured/r.jpg"))
    Place.objects.create(picture=store("pictured/p.jpg"))
    assert warm(restaurant, SIZES, "place_ptr.picture")[0] == (4, [])
    result, report = warm(Place.objects.all(), SIZES, "restaurant.picture")
    assert (result, report.existing) == ((4, []), 4)


def test_nothing_on_the_way_is_skipped() -> None:
    photos(2)
    result, report = warm(Photo.objects.all(), KEYS, "person.headshot")
    assert result == (0, [])
    assert report == WarmReport()
    assert warm(Person.objects.create(), KEYS, "photos.image")[0] == (0, [])


def test_empty_fields_are_skipped_and_counted() -> None:
    rows = photos(1)
    Photo.objects.create()
    Photo.objects.create()
    Photo.objects.filter(pk=Photo.objects.latest("pk").pk).update(image=None)
    result, report = warm(rows)
    assert result == (5, [])
    assert report == WarmReport(created=4, existing=1, empty=2)


@pytest.mark.parametrize("keys", [KEYS, KEYS[:1]])
def test_placeholders_are_warmed(keys: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "none.png").write_bytes(photo_bytes((60, 40), format="PNG"))
    image = OnDiscPlaceholderImage(tmp_path / "none.png")
    monkeypatch.setattr(Photo._meta.get_field("image"), "placeholder_image", image)
    Photo.objects.create()
    Photo.objects.create()
    result, report = warm(Photo.objects.all(), keys)
    assert (result, report.empty) == ((2 * len(keys), []), 0)
    assert default_storage.exists("__placeholder__/none.png")


def test_a_missing_placeholder_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    image = OnDiscPlaceholderImage("/nowhere/none.png")
    monkeypatch.setattr(Photo._meta.get_field("image"), "placeholder_image", image)
    Photo.objects.create()
    result, report = warm(Photo.objects.all())
    assert result == (0, ["__placeholder__/none.png"])
    assert "/nowhere/none.png" in report.failed["__placeholder__/none.png"]


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"\xff\xd8\xff\xe0 cut"])
def test_one_bad_file_never_stops_the_rest(
    content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    Photo.objects.create(image=store("photos/a.jpg"))
    if content is not None:
        put("photos/bad.jpg", content)
    Photo.objects.create(image="photos/bad.jpg")
    Photo.objects.create(image=store("photos/z.jpg"))
    result, report = warm(Photo.objects.order_by("image"))
    assert result == (11, ["photos/bad.jpg"])
    assert (report.created, report.existing) == (8, 3)
    assert "photos/bad.jpg" in report.failed["photos/bad.jpg"]
    assert report.failed["photos/bad.jpg"].count("bad.jpg") == 1  # one reason that all keys share
    [record] = [item for item in caplog.records if item.name == "versatile.image_warmer"]
    assert record.levelno == logging.ERROR
    assert record.getMessage().startswith("Thumbnail generation failed")
    error = SourceNotFound if content is None else SourceUnreadable
    assert record.exc_info
    assert record.exc_info[0] is error


def test_a_bad_chunk_never_stops_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("versatile.image_warmer.CHUNK", 1)
    Photo.objects.create(image="photos/bad.jpg")
    Photo.objects.create(image=store("photos/good.jpg"))
    assert warm(Photo.objects.order_by("pk"), SIZES)[0] == (4, ["photos/bad.jpg"])


def test_a_missing_file_without_dimensions_never_stops_the_rest() -> None:
    """Such a row cannot even be loaded in full."""
    for name in ("a", "b", "c"):
        Person.objects.create(name=name, headshot=store(f"headshots/{name}.jpg"))
    Person.objects.update(headshot_width=None)
    default_storage.delete("headshots/b.jpg")
    rows = Person.objects.order_by("name")
    with pytest.raises(FileNotFoundError):
        list(rows)
    result, report = warm(rows, SIZES, "headshot")
    assert result == (8, ["headshots/b.jpg"])
    assert list(report.failed) == ["headshots/b.jpg"]
    photo = Photo.objects.create(person_id=Person.objects.defer("headshot_width").get(name="b").pk)
    other = Photo.objects.create(person=Person.objects.defer("headshot_width").get(name="a"))
    rows_of_photos = Photo.objects.order_by("pk")
    result, report = warm(rows_of_photos, SIZES, "person.headshot")
    assert result == (4, [repr(photo)])
    assert "b.jpg" in report.failed[repr(photo)]
    assert other.pk != photo.pk


def test_a_union_of_queries_is_warmed() -> None:
    photos(2)
    both = Photo.objects.filter(image="photos/0.jpg").union(
        Photo.objects.filter(image="photos/1.jpg")
    )
    assert warm(both)[0] == (10, [])
    assert warm(Photo.objects.order_by("pk")[:1])[0] == (5, [])


class Moody(SizedImage):
    filename_key = "moody"

    def get_processors(self, width: int, height: int) -> Any:
        raise ZeroDivisionError("in a bad mood")


def test_a_sizer_that_fails_never_stops_the_rest() -> None:
    with registered(sizers={"moody": Moody}):
        keys = [("a", "moody__9x9"), ("b", "crop__9x9"), ("c", "crop__9x"), ("d", "thumbnail__9x")]
        result, report = warm(photos(2), keys)
    assert result == (4, ["photos/0.jpg", "photos/1.jpg"])
    for reason in report.failed.values():
        assert "in a bad mood" in reason
        assert "'9x' is no size for CroppedImage" in reason


def test_keys_of_one_file_under_two_names_fail_together() -> None:
    Photo.objects.create(image="photos/bad.jpg")
    result, report = warm(Photo.objects.all(), [("a", "crop__9x9"), ("b", "crop__9x9")])
    assert result == (0, ["photos/bad.jpg"])
    assert report.existing == 0


def test_it_can_stop_at_the_first_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("versatile.image_warmer.CHUNK", 2)
    for name in ("a", "b", "c", "d"):
        Photo.objects.create(image=f"photos/{name}.jpg")
    result, _ = warm(Photo.objects.order_by("pk"), fail_fast=True)
    assert result == (2, ["photos/a.jpg"])  # the originals of a chunk count before any is opened


def test_every_outcome_is_told() -> None:
    outcomes: list[Outcome] = []
    rows = photos(1)
    Photo.objects.create(image="photos/bad.jpg")
    warm(rows, SIZES, on_outcome=outcomes.append)
    assert [item.rendition.key for item in outcomes] == [key for _, key in SIZES] * 2
    assert {item.state for item in outcomes[:4]} == {State.CREATED}
    assert {item.state for item in outcomes[4:]} == {State.FAILED}
    for item in outcomes[:4]:
        assert item.bytes == item.rendition.size
        assert item.seconds > 0
    again: list[Outcome] = []
    warm(rows, SIZES, on_outcome=again.append)
    assert [item.state for item in again[:4]] == [State.EXISTING] * 4


def test_the_report_begins_anew_with_each_warming() -> None:
    warmer = VersatileImageFieldWarmer(photos(1), KEYS, "image")
    assert warmer.report == WarmReport()
    warmer.warm()
    assert warmer.report.created == 4
    warmer.warm()
    assert warmer.report == WarmReport(existing=5)


@pytest.mark.parametrize("target", [None, Photo, [], "people", Photo.objects])
def test_only_rows_and_querysets_can_be_warmed(target: Any) -> None:
    with pytest.raises(ValueError, match="Only a model instance or a QuerySet"):
        VersatileImageFieldWarmer(target, KEYS, "image")


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ("nope", UnknownRenditionKeySet),
        ([("a",)], InvalidSizeKeySet),
        ([("a", "nope")], InvalidSizeKey),
    ],
)
def test_a_wrong_set_is_a_typed_error(keys: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        VersatileImageFieldWarmer(Photo.objects.all(), keys, "image")


@pytest.mark.parametrize("path", ["nope", "person", "image.nope", "person.name", "person.nope"])
def test_a_path_to_no_image_is_an_error_that_names_it(path: str) -> None:
    person = Person.objects.create(name="Ada")
    photo = Photo.objects.create(person=person, image=store("photos/a.jpg"))
    with pytest.raises(ValueError, match=f"'{path}' leads"):
        warm(photo, KEYS, path)


def test_djangos_own_images_cannot_be_warmed() -> None:
    plain = Plain.objects.create(headshot=store("plain/a.jpg"))
    with pytest.raises(ValueError, match="no image field"):
        warm(plain, KEYS, "headshot")


def test_it_is_silent_unless_told_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    warm(photos())
    assert capsys.readouterr() == ("", "")


def test_off_a_terminal_it_prints_one_plain_line(capsys: pytest.CaptureFixture[str]) -> None:
    warm(photos(), verbose=True)
    assert capsys.readouterr() == (f"[{'#' * 50}] 15/15 (100%)\n", "")


def test_off_a_terminal_a_stopped_warming_tells_how_far_it_came(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("a", "b", "c", "d"):
        Photo.objects.create(image=f"photos/{name}.jpg")
    warm(Photo.objects.all(), KEYS, verbose=True, fail_fast=True)
    output, errors = capsys.readouterr()
    assert output == f"[{'#' * 12}{'-' * 38}] 5/20 (25%)\n"
    assert errors == ""


def test_skipped_rows_are_no_part_of_the_total(capsys: pytest.CaptureFixture[str]) -> None:
    rows = photos(2)
    Photo.objects.create()
    warm(rows, verbose=True)
    assert capsys.readouterr().out == f"[{'#' * 50}] 10/10 (100%)\n"


def on_a_terminal(action: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> str:
    """What an action prints on a real terminal of 100 columns."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(master, (25, 100))
    with os.fdopen(slave, "w") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", terminal)
        assert sys.stdout.isatty()
        action()
    printed = b"".join(read(master))
    os.close(master)
    return printed.decode()


def read(master: int) -> Iterator[bytes]:
    """What a terminal shows, until the other end has hung up."""
    while True:
        try:
            yield os.read(master, 65536)
        except OSError:
            return


def test_on_a_terminal_a_bar_grows_over_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tqdm.std.tqdm.monitor_interval", 0)
    rows = photos(4)
    printed = on_a_terminal(lambda: warm(rows, verbose=True), monkeypatch)
    states = [state.rstrip() for state in printed.split("\r") if state.strip()]
    assert states[0] == f"[{'-' * 50}] 0/20 (0%)"
    assert states[-1] == f"[{'#' * 50}] 20/20 (100%)"
    assert printed.rstrip("\r\n ") != printed
    assert printed.count("\n") == 1


def test_a_bar_on_a_terminal_may_shrink(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = photos(1)
    Photo.objects.create()
    printed = on_a_terminal(lambda: warm(rows, verbose=True), monkeypatch)
    assert printed.split("\r")[-2].strip() == f"[{'#' * 50}] 5/5 (100%)"


@pytest.mark.parametrize(
    ("start", "end", "length", "line"),
    [
        (3, 12, 50, f"\r[{'#' * 12}{'-' * 38}] 3/12 (25%)"),
        (20, 100, 10, "\r[##--------] 20/100 (20%)"),
        (0, 4, 4, "\r[----] 0/4 (0%)"),
        (4, 4, 4, "\r[####] 4/4 (100%)\n"),
    ],
)
def test_the_bar_of_the_old_library(
    start: int, end: int, length: int, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    cli_progress_bar(start, end, length)
    assert output.getvalue() == line


@pytest.mark.slow
def test_memory_is_flat_over_two_thousand_rows(settings: Settings) -> None:
    # The cache in memory would grow, and it is not the warmer's.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    tiny = photo_bytes((8, 8), format="PNG")
    rows = [Photo(image=put(f"photos/{count}.png", tiny)) for count in range(2000)]
    Photo.objects.bulk_create(rows)
    del rows
    held: list[int] = []
    done = 0

    def measure(outcome: Outcome) -> None:
        nonlocal done
        done += 1
        if done % 250 == 0:
            # What is kept of names for pages is bounded, and fills up slowly.
            for item in (*vars(addresses).values(), *vars(namers).values()):
                getattr(item, "cache_clear", lambda: None)()
            gc.collect()
            # Python 3.12 keeps each name that Django's storages show to pathlib for ever.
            ours = tracemalloc.take_snapshot().filter_traces(
                [tracemalloc.Filter(inclusive=False, filename_pattern="*pathlib*")]
            )
            held.append(sum(trace.size for trace in ours.traces))

    tracemalloc.start()
    try:
        result, _ = warm(Photo.objects.all(), [("a", "crop__4x4")], on_outcome=measure)
    finally:
        tracemalloc.stop()
    assert result == (2000, [])
    assert len(held) == 8
    assert held[-1] < held[1] + 20_000, held  # ten bytes for each row between them
