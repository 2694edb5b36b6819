"""Cleanup: what a row lets go of is deleted when its transaction is committed, and nothing else."""

import copy
import os
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.signals import post_delete, post_init, post_save, pre_delete, pre_save
from django.test.utils import CaptureQueriesContext, isolate_apps
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests.drawing import photo_bytes
from tests.renditions.conftest import shared_cache, use_cache
from tests.renditions.faults import BrokenError, Bucket, WatchedStorage
from tests.stored import files_below as files
from tests.stored import put, store, upload
from tests.testapp.models import (
    Album,
    Article,
    Framed,
    Keepsake,
    Person,
    Photo,
    Plain,
    Portrait,
    Portrayed,
    ProxyPlace,
    Restaurant,
    Twins,
)
from versatile.checks import check_settings
from versatile.fields import VersatileImageField
from versatile.files import cleanup, usage
from versatile.signals import rendition_deleted

pytestmark = pytest.mark.django_db(transaction=True)
shared = pytest.mark.usefixtures(shared_cache.__name__)

MD5_16 = "versatile.processors.md5_16"


@pytest.fixture(params=["record", "no record"])
def forget(request: pytest.FixtureRequest, settings: Settings) -> Callable[[], None]:
    """What a deploy or a full cache does to all that is remembered; or nothing."""
    return caches["default"].clear if request.param == "no record" else lambda: None


@pytest.fixture(params=["plain", "hashed"])
def names(request: pytest.FixtureRequest, settings: Settings) -> None:
    if request.param == "hashed":
        settings.VERSATILE = {"KEY_POST_PROCESSOR": MD5_16}


def person(name: str = "a.jpg", point: tuple[float, float] = (0.5, 0.5), **more: Any) -> Person:
    return Person.objects.create(headshot=upload(name, **more), headshot_ppoi=point)


def make(image: Any) -> dict[str, str]:
    """Renditions of all kinds, none of them declared anywhere, by what they show."""
    return {
        "crop": image.crop["20x20"].name,
        "fit": image.fit["20x20"].name,
        "filter": image.filters.invert.name,
        "filtered crop": image.filters.invert.crop["10x20"].name,
        "chain": image.filters.invert.filters.grayscale.fit["9x9"].name,
    }


# Deleting


@pytest.mark.usefixtures("names")
def test_a_deleted_row_takes_its_renditions_and_leaves_its_original(forget, media_root: Path):
    ada = person()
    made = make(ada.headshot)
    assert files(media_root) == {"headshots/a.jpg", *made.values()}
    forget()
    ada.delete()
    assert files(media_root) == {"headshots/a.jpg"}


@pytest.mark.usefixtures("names")
def test_neighbours_keep_theirs(forget, media_root: Path):
    ada = person()
    make(ada.headshot)
    kept = set()
    for name in ("a-b.jpg", "aa.jpg", "a.png", "a__invert__.jpg", "a-fit-20x20-70.jpg", "a-.jpg"):
        neighbour = person(name)
        kept |= {str(neighbour.headshot.name), *make(neighbour.headshot).values()}
    forget()
    ada.delete()
    assert files(media_root) == {"headshots/a.jpg", *kept}


def test_rows_deleted_together_are_asked_about_together(media_root: Path):
    for number in range(5):
        make(person(f"{number}.jpg").headshot)
    assert len(files(media_root)) == 5 * 6
    with CaptureQueriesContext(connection) as captured:
        Person.objects.all().delete()
    fields = len(usage.fields_beside("default", [Person().headshot]))
    asked = [query for query in captured if "IN ('headshots/" in query["sql"]]
    assert len(asked) == fields > 5
    assert files(media_root) == {f"headshots/{number}.jpg" for number in range(5)}


def test_many_rows_are_asked_about_in_parts(media_root: Path, monkeypatch):
    monkeypatch.setattr(usage, "CHUNK", 2)
    for number in range(5):
        person(f"{number}.jpg").headshot.crop["9x9"]
    Person.objects.exclude(headshot="headshots/4.jpg").delete()
    assert len(files(media_root)) == 6


def test_a_cascade_is_a_deletion(media_root: Path):
    ada = person()
    portrait = Portrait.objects.create(person=ada, image=upload("p.jpg"))
    make(portrait.image)
    ada.delete()
    assert files(media_root) == {"headshots/a.jpg", "portraits/p.jpg"}


def test_a_deferred_image_is_cleaned_up_too(media_root: Path):
    make(person().headshot)
    Person.objects.only("name").get().delete()
    assert files(media_root) == {"headshots/a.jpg"}


@pytest.mark.parametrize("model", [Restaurant, ProxyPlace])
def test_children_and_proxies_clean_up(model: Any, media_root: Path):
    place = model.objects.create(picture=upload())
    make(place.picture)
    place.delete()
    assert files(media_root) == {"pictured/a.jpg"}


def test_a_parent_that_is_kept_keeps_its_renditions(media_root: Path):
    place = Restaurant.objects.create(picture=upload())
    made = make(place.picture)
    place.delete(keep_parents=True)
    assert files(media_root) == {"pictured/a.jpg", *made.values()}


def test_the_files_of_specs_go_too(forget, media_root: Path):
    article = Article.objects.create(photo=upload())
    specs = {article.small.url, article.wide.url, article.grey.url}
    article.photo.crop["9x9"]
    assert len(specs) == 3
    assert len(files(media_root)) == 5
    forget()
    article.delete()
    assert files(media_root) == {"articles/a.jpg"}


def test_an_empty_field_and_an_unsaved_file_are_nothing_to_clean_up(media_root: Path):
    put("headshots/a.jpg", photo_bytes((20, 20)))
    Person.objects.create().delete()
    unsaved = Person.objects.create()
    unsaved.headshot = upload("new.jpg")
    unsaved.delete()
    assert files(media_root) == {"headshots/a.jpg"}


def other_file(ada: Person) -> None:
    ada.headshot = upload("b.jpg")


def other_name(ada: Person) -> None:
    ada.headshot = store("headshots/b.jpg")


def no_file(ada: Person) -> None:
    ada.headshot = ""


def other_point(ada: Person) -> None:
    ada.headshot.ppoi = (0.25, 0.25)


@pytest.mark.parametrize("touch", [other_file, other_name, no_file, other_point])
def test_what_the_row_has_goes_and_not_what_the_instance_says(touch, forget, media_root: Path):
    """Nobody has saved what was done to the instance."""
    ada = person()
    make(ada.headshot)
    touch(ada)
    forget()
    ada.delete()
    assert files(media_root) - {"headshots/b.jpg"} == {"headshots/a.jpg"}


def test_an_original_deleted_by_hand_just_before_its_row_leaves_nothing(media_root: Path):
    ada = person()
    make(ada.headshot)
    ada.headshot.delete(save=False)
    ada.delete()
    assert files(media_root) == set()


def test_a_file_that_was_never_saved_is_nobodys(media_root: Path):
    """There is no such row, and what it says of itself is true of another file."""
    put("a.jpg", photo_bytes((20, 20)))
    Keepsake(pk=7, whole=upload()).delete()
    assert files(media_root) == {"a.jpg"}


@pytest.mark.parametrize("touched", [False, True])
def test_only_a_touched_row_is_read_again_before_it_is_deleted(touched: bool, media_root: Path):
    person()
    ada = Person.objects.get()
    if touched:
        ada.headshot = ""
    with CaptureQueriesContext(connection) as captured:
        ada.delete()
    reads = [item for item in captured if re.match('SELECT .* WHERE .*"id" = ', item["sql"])]
    assert len(reads) == touched


def test_where_a_test_lets_callbacks_run_at_once_cleanup_still_works(media_root: Path, monkeypatch):
    monkeypatch.setattr(transaction, "on_commit", lambda call, using=None: call())
    make(person().headshot)
    Person.objects.get().delete()
    assert files(media_root) == {"headshots/a.jpg"}


# Replacing


@pytest.mark.usefixtures("names")
def test_a_replaced_photo_takes_its_renditions(forget, media_root: Path):
    ada = person()
    make(ada.headshot)
    forget()
    ada.headshot = upload("b.jpg")
    ada.save()
    made = make(ada.headshot)
    assert files(media_root) == {"headshots/a.jpg", "headshots/b.jpg", *made.values()}


def by_name(ada: Person, name: str) -> None:
    ada.headshot.name = name
    ada.save()


def by_text(ada: Person, name: str) -> None:
    ada.headshot = name
    ada.save(update_fields=["headshot"])


def by_key(ada: Person, name: str) -> None:
    Person(pk=ada.pk, headshot=name).save()


def with_a_deferred_image(ada: Person, name: str) -> None:
    again = Person.objects.defer("headshot").get()
    again.headshot = name
    again.save()


def after_a_pickle(ada: Person, name: str) -> None:
    again = pickle.loads(pickle.dumps(ada))
    again.headshot = name
    again.save()


def by_a_copy(ada: Person, name: str) -> None:
    again = copy.deepcopy(ada)
    again.headshot = name
    again.save()


def by_emptying(ada: Person, name: str) -> None:
    ada.headshot.delete()


def by_emptying_first(ada: Person, name: str) -> None:
    ada.headshot.delete(save=False)
    ada.headshot = name
    ada.save()


def by_update_or_create(ada: Person, name: str) -> None:
    Person.objects.update_or_create(pk=ada.pk, defaults={"headshot": name})


WAYS = [
    by_name,
    by_text,
    by_key,
    with_a_deferred_image,
    after_a_pickle,
    by_a_copy,
    by_emptying,
    by_emptying_first,
    by_update_or_create,
]


@pytest.mark.parametrize("fresh", [False, True], ids=["same object", "loaded anew"])
@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_replace_is_seen(way, fresh: bool, media_root: Path):
    ada = person()
    make(ada.headshot)
    store("headshots/b.jpg")
    way(Person.objects.get() if fresh else ada, "headshots/b.jpg")
    assert files(media_root) - {"headshots/a.jpg"} == {"headshots/b.jpg"}


def words(captured: CaptureQueriesContext) -> list[str]:
    """What was sent to the database, by its first words."""
    found = [query["sql"].split()[0] for query in captured]
    return [word for word in found if word not in {"BEGIN", "COMMIT"}]


def test_a_save_that_replaces_nothing_deletes_nothing_and_asks_little(media_root: Path):
    ada = person()
    made = make(ada.headshot)
    ada.name = "Ada"
    with CaptureQueriesContext(connection) as captured:
        ada.save()
    assert words(captured) == ["SELECT", "UPDATE"]
    photo = Photo.objects.get(pk=Photo.objects.create(image=upload("p.jpg"), person=ada).pk)
    photo.person = None
    with CaptureQueriesContext(connection) as captured:
        photo.save()  # nobody has touched the image
    assert words(captured) == ["UPDATE"]
    photo.delete()
    Path(media_root / "photos/p.jpg").unlink()
    ada.headshot = upload("b.jpg")
    ada.save(update_fields=["name"])
    assert files(media_root) == {"headshots/a.jpg", *made.values()}


def test_a_new_row_asks_nothing():
    with CaptureQueriesContext(connection) as captured:
        person()
    assert words(captured) == ["INSERT"]


def test_a_fixture_deletes_nothing(media_root: Path, tmp_path: Path):
    ada = person()
    made = make(ada.headshot)
    store("headshots/b.jpg")
    dump = tmp_path / "people.json"
    call_command("dumpdata", "testapp.person", output=str(dump), verbosity=0)
    dump.write_text(dump.read_text().replace("headshots/a.jpg", "headshots/b.jpg"))
    call_command("loaddata", str(dump), verbosity=0)
    assert Person.objects.get().headshot.name == "headshots/b.jpg"
    assert files(media_root) >= set(made.values())


def test_an_update_of_a_queryset_is_not_seen(media_root: Path):
    made = make(person().headshot)
    Person.objects.update(headshot="")
    assert files(media_root) == {"headshots/a.jpg", *made.values()}


# The point


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("by_file", [False, True])
def test_a_moved_point_takes_the_crops_around_the_old_one(by_file: bool, media_root: Path):
    ada = person(point=(0.25, 0.25))
    made = make(ada.headshot)
    again = Person.objects.get()
    if by_file:
        again.headshot.ppoi = (0.75, 0.75)
    else:
        again.headshot_ppoi = (0.75, 0.75)
    again.save()
    kept = {made["fit"], made["filter"], made["chain"]}
    assert files(media_root) == {"headshots/a.jpg", *kept}
    assert make(again.headshot)["crop"] != made["crop"]


def test_without_a_record_the_declared_crops_and_the_listed_ones_go(
    media_root: Path, settings: Settings
):
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"a": [("small", "crop__20x20")]}}
    ada = person(point=(0.25, 0.25))
    made = make(ada.headshot)
    caches["default"].clear()
    ada.headshot_ppoi = (0.75, 0.75)
    ada.save()
    assert files(media_root) == {
        "headshots/a.jpg",
        *(made[what] for what in ("fit", "filter", "chain")),
    }


def test_a_point_that_two_images_share_moves_both(media_root: Path):
    twins = Twins.objects.create(left=upload("l.jpg"), right=upload("r.jpg"))
    left, right = make(twins.left), make(twins.right)
    twins.point = (0.1, 0.1)
    twins.save()
    gone = {item[what] for item in (left, right) for what in ("crop", "filtered crop")}
    assert files(media_root).isdisjoint(gone)
    assert len(files(media_root)) == 2 + 2 * 3


# Files that two rows share


def test_a_shared_source_keeps_everything_until_the_last_row_is_gone(forget, media_root: Path):
    ada = person()
    made = make(ada.headshot)
    other = Person.objects.create(headshot=ada.headshot.name)
    forget()
    ada.delete()
    assert files(media_root) == {"headshots/a.jpg", *made.values()}
    other.delete()
    assert files(media_root) == {"headshots/a.jpg"}


def test_rows_of_tables_that_django_does_not_manage_share_files_too(media_root: Path, monkeypatch):
    """As all tables are that ``inspectdb`` has found."""
    monkeypatch.setattr(Keepsake._meta, "managed", False)
    first = Keepsake.objects.create(whole=upload())
    made = make(first.whole)
    second = Keepsake.objects.create(whole=first.whole.name)
    first.delete()
    assert files(media_root) == {"whole/a.jpg", *made.values()}
    second.delete()
    assert files(media_root) == set()


@pytest.mark.parametrize("model", [Photo, Plain], ids=["another model", "a field of Django's"])
def test_a_file_that_another_model_uses_is_in_use(model: Any, media_root: Path):
    ada = person()
    made = make(ada.headshot)
    attribute = "image" if model is Photo else "headshot"
    model.objects.create(**{attribute: ada.headshot.name})
    ada.delete()
    assert files(media_root) == {"headshots/a.jpg", *made.values()}


def test_of_a_shared_source_the_crops_of_the_lost_point_go(media_root: Path):
    ada = person(point=(0.25, 0.25))
    made = make(ada.headshot)
    other = Person.objects.create(headshot=ada.headshot.name, headshot_ppoi=(0.75, 0.75))
    more = make(other.headshot)
    ada.delete()
    assert files(media_root) == {"headshots/a.jpg", *more.values()}
    assert made["crop"] not in more.values()


def test_where_usage_cannot_be_asked_nothing_is_deleted(media_root: Path, monkeypatch, caplog):
    ada = person()
    made = make(ada.headshot)

    def fail(*args: object) -> list[Any]:
        raise DatabaseError("no such table")

    monkeypatch.setattr(usage, "_rows", fail)
    ada.delete()
    assert files(media_root) == {"headshots/a.jpg", *made.values()}
    assert "Nothing is deleted" in caplog.text


# Transactions


def test_a_rolled_back_transaction_deletes_nothing(media_root: Path):
    ada = person(point=(0.25, 0.25))
    made = make(ada.headshot)
    with transaction.atomic():
        ada.headshot_ppoi = (0.1, 0.1)
        ada.save()
        ada.headshot = upload("b.jpg")
        ada.save()
        ada.delete()
        assert files(media_root) >= set(made.values())
        transaction.set_rollback(True)
    assert files(media_root) - {"headshots/b.jpg"} == {"headshots/a.jpg", *made.values()}


def test_what_a_savepoint_takes_back_is_not_deleted(media_root: Path):
    ada, ben = person(), person("b.jpg")
    made, gone = make(ada.headshot), make(ben.headshot)
    with transaction.atomic():
        with transaction.atomic():
            ada.delete()
            transaction.set_rollback(True)
        ben.delete()
        assert files(media_root) >= set(gone.values())
    assert files(media_root) == {"headshots/a.jpg", "headshots/b.jpg", *made.values()}


def test_nothing_is_deleted_before_the_commit(
    media_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
):
    ada = person()
    made = make(ada.headshot)
    with transaction.atomic():
        ada.delete()
        assert files(media_root) >= set(made.values())
    assert files(media_root) == {"headshots/a.jpg"}


class OverwritingStorage(FileSystemStorage):
    """A storage that gives every file the name that was asked for, as S3 does."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        Path(self.path(name)).unlink(missing_ok=True)
        return super()._save(name, content)  # type: ignore[misc, no-any-return]


def use_storage(monkeypatch: pytest.MonkeyPatch, model: Any, field: str, storage: Any) -> Any:
    monkeypatch.setattr(model._meta.get_field(field), "storage", storage)
    return storage


def test_the_fresh_file_of_a_name_that_was_given_again_stays(media_root: Path, monkeypatch):
    use_storage(monkeypatch, Keepsake, "whole", OverwritingStorage())
    old = Keepsake.objects.create(whole=upload(seed=1))
    crop = old.whole.crop["20x20"].name
    with transaction.atomic():
        old.delete()
        new = Keepsake.objects.create(whole=upload(seed=2))
        assert new.whole.name == "whole/a.jpg"
        fresh = new.whole.crop["20x20"]
        assert fresh.name == crop
    assert files(media_root) == {"whole/a.jpg", crop}
    assert fresh.exists()


@shared
def test_a_fresh_file_whose_row_is_not_committed_yet_stays(media_root: Path, monkeypatch):
    """Another process has uploaded under the name, and its transaction is still open."""
    storage = use_storage(monkeypatch, Keepsake, "whole", OverwritingStorage())
    old = Keepsake.objects.create(whole=upload(seed=1))
    with transaction.atomic():
        old.delete()
        Keepsake().whole.save("a.jpg", ContentFile(photo_bytes((64, 48), seed=2)), save=False)
    assert files(media_root) == {"whole/a.jpg"}
    assert Path(storage.path("whole/a.jpg")).read_bytes() == photo_bytes((64, 48), seed=2)


# What the field says


def test_all_takes_the_original_too(media_root: Path):
    keepsake = Keepsake.objects.create(whole=upload())
    make(keepsake.whole)
    keepsake.whole = upload("b.jpg")
    keepsake.save()
    assert files(media_root) == {"whole/b.jpg"}
    make(keepsake.whole)
    keepsake.delete()
    assert files(media_root) == set()


def test_all_leaves_an_original_that_another_row_has(media_root: Path):
    keepsake = Keepsake.objects.create(whole=upload())
    Plain.objects.create(headshot=keepsake.whole.name)
    keepsake.delete()
    assert files(media_root) == {"whole/a.jpg"}


def test_none_leaves_everything_and_asks_nothing(media_root: Path):
    keepsake = Keepsake.objects.create(kept=upload())
    made = make(keepsake.kept)
    keepsake.kept = upload("b.jpg")
    keepsake.save()
    with CaptureQueriesContext(connection) as captured:
        keepsake.delete()
    assert words(captured) == ["DELETE"]
    assert files(media_root) == {"kept/a.jpg", "kept/b.jpg", *made.values()}


@pytest.mark.parametrize(("setting", "left"), [("all", 0), ("renditions", 1), (None, 6)], ids=str)
def test_the_setting_is_for_fields_that_do_not_say(
    setting: str | None, left: int, settings: Settings, media_root: Path
):
    settings.VERSATILE = {"CLEANUP": setting}
    ada = person()
    make(ada.headshot)
    ada.delete()
    assert len(files(media_root)) == left


def test_a_word_that_means_nothing_is_told_at_check(settings: Settings):
    assert check_settings() == []
    settings.VERSATILE = {"CLEANUP": "everything"}
    (message,) = check_settings()
    assert message.id == "versatile.E006"
    assert "'everything'" in message.msg


# Storages


class Listless(Bucket):
    """An object store that cannot list, and counts what it is asked."""

    def listdir(self, path: str) -> Any:
        raise NotImplementedError("listing is forbidden here")


@shared
def test_an_object_store_need_not_list(monkeypatch):
    storage = use_storage(monkeypatch, Photo, "image", Listless())
    photo = Photo.objects.create(image=upload())
    made = make(photo.image)
    assert set(storage.objects) == {"photos/a.jpg", *made.values()}
    photo.delete()
    assert set(storage.objects) == {"photos/a.jpg"}


@shared
def test_with_a_shared_cache_nothing_is_listed(monkeypatch, media_root: Path):
    storage = use_storage(monkeypatch, Photo, "image", WatchedStorage(media_root, "/media/"))
    photo = Photo.objects.create(image=upload())
    make(photo.image)
    storage.calls.clear()
    photo.delete()
    assert {method for method, _ in storage.calls} == {"delete"}
    assert files(media_root) == {"photos/a.jpg"}


@shared
def test_where_the_record_is_lost_only_the_own_folders_are_listed(monkeypatch, media_root: Path):
    storage = use_storage(monkeypatch, Photo, "image", WatchedStorage(media_root, "/media/"))
    photo = Photo.objects.create(image=upload())
    make(photo.image)
    caches["default"].clear()
    storage.calls.clear()
    photo.delete()
    assert sorted(set(storage.named("listdir"))) == [
        "__sized__/photos",
        "__sized__/photos/__filtered__",
        "__sized__/photos/__filtered__/__filtered__",
        "photos/__filtered__",
    ]
    assert files(media_root) == {"photos/a.jpg"}


@shared
def test_rows_that_go_together_are_listed_together(monkeypatch, media_root: Path):
    storage = use_storage(monkeypatch, Photo, "image", WatchedStorage(media_root, "/media/"))
    for number in range(5):
        make(Photo.objects.create(image=upload(f"{number}.jpg")).image)
    caches["default"].clear()
    storage.calls.clear()
    Photo.objects.all().delete()
    assert len(storage.named("listdir")) == len(set(storage.named("listdir"))) == 4
    assert files(media_root) == {f"photos/{number}.jpg" for number in range(5)}


def test_a_storage_that_fails_costs_no_request_and_no_other_file(
    monkeypatch, media_root: Path, caplog
):
    storage = use_storage(monkeypatch, Photo, "image", WatchedStorage(media_root, "/media/"))
    for name in ("a.jpg", "b.jpg"):
        Photo.objects.create(image=upload(name)).image.crop["9x9"]
    storage.fail("delete", BrokenError("no bucket"), only="/a-")
    Photo.objects.all().delete()
    assert len(files(media_root)) == 3
    assert "Renditions of 'photos/a.jpg' may be left" in caplog.text


@pytest.mark.parametrize("cache", ["BrokenCache", "ForgetfulCache", "GarbageCache"])
def test_a_cache_that_fails_costs_nothing(cache, settings: Settings, media_root: Path):
    use_cache(settings, cache)
    ada = person()
    make(ada.headshot)
    ada.delete()
    assert files(media_root) == {"headshots/a.jpg"}


# Who is told, and who is listened to


def test_each_deletion_is_told_with_its_cause(media_root: Path):
    told = []

    def listen(sender: object, **facts: Any) -> None:
        told.append((facts["name"], facts["source"], facts["cause"]))

    rendition_deleted.connect(listen)
    try:
        ada = person()
        first = ada.headshot.crop["9x9"].name
        ada.headshot_ppoi = (0.1, 0.1)
        ada.save()
        second = ada.headshot.crop["9x9"].name
        ada.headshot = upload("b.jpg")
        ada.save()
        third = ada.headshot.fit["9x9"].name
        ada.delete()
    finally:
        rendition_deleted.disconnect(listen)
    assert told == [
        (first, "headshots/a.jpg", "moved"),
        (second, "headshots/a.jpg", "replaced"),
        (third, "headshots/b.jpg", "deleted"),
    ]


def test_only_models_with_the_field_are_listened_to():
    ours = "versatile.files.cleanup"
    for signal in (pre_save, post_save, pre_delete, post_delete):
        heard = {
            model: [item for item in signal._live_receivers(model)[0] if item.__module__ == ours]
            for model in (Person, Photo, Restaurant, ProxyPlace, Plain, Album)
        }
        assert {model for model, found in heard.items() if found} == {
            Person,
            Photo,
            Restaurant,
            ProxyPlace,
        }
        assert all(len(found) < 2 for found in heard.values())
    for model in (Person, Photo):
        found = post_init._live_receivers(model)[0]
        assert not any(item.__module__.startswith("versatile.files") for item in found)


def test_models_of_migrations_are_not_listened_to():
    state = ProjectState()
    state.add_model(ModelState.from_model(Photo))
    state.add_model(ModelState.from_model(Person))
    historical = state.apps.get_model("testapp", "Photo")
    assert cleanup.fields_of(historical)
    assert not pre_delete.has_listeners(historical)


@isolate_apps("tests.testapp")
def test_a_model_that_is_made_later_is_listened_to():
    class Late(models.Model):
        image = VersatileImageField(upload_to="late")

        class Meta:
            app_label = "testapp"

    class Other(models.Model):
        class Meta:
            app_label = "testapp"

    assert pre_delete.has_listeners(Late)
    assert not pre_delete.has_listeners(Other)


# Names with a version


def test_versioned_names_are_cleaned_up(forget, media_root: Path):
    row = Framed.objects.create(photo=upload(seed=1))
    first = make(row.photo)
    assert row.thumbnail.url
    forget()
    row.photo = upload("b.jpg", seed=2)
    row.save()
    assert files(media_root) == {"portrayed/a.jpg", "portrayed/b.jpg"}
    second = make(row.photo)
    assert not set(first.values()) & set(second.values())
    forget()
    row.delete()
    assert files(media_root) == {"portrayed/a.jpg", "portrayed/b.jpg"}


def test_a_version_that_was_overwritten_leaves_nothing(forget, media_root: Path, monkeypatch):
    use_storage(monkeypatch, Portrayed, "photo", OverwritingStorage())
    row = Portrayed.objects.create(photo=upload(seed=1))
    age(media_root, *make(row.photo).values())
    forget()
    row.photo = upload(seed=2)
    row.save()
    second = make(row.photo)
    assert row.photo.name == "portrayed/a.jpg"
    assert files(media_root) == {"portrayed/a.jpg", *second.values()}


def age(folder: Path, *names: str) -> None:
    """These files were made long ago."""
    for name in names:
        os.utime(folder / name, (1_000_000, 1_000_000))


def test_of_a_file_that_was_overwritten_all_goes_but_what_is_new(
    forget, media_root: Path, monkeypatch
):
    """Some of the new one's renditions are made before the transaction is committed."""
    use_storage(monkeypatch, Keepsake, "whole", OverwritingStorage())
    row = Keepsake.objects.create(whole=upload(seed=1))
    made = make(row.whole)
    age(media_root, *made.values())
    forget()
    with transaction.atomic():
        row.whole = upload(seed=2)
        row.save()
        fresh = row.whole.fit["20x20"]
    assert files(media_root) == {"whole/a.jpg", fresh.name}
    assert fresh.name in made.values()
    assert fresh.exists()


def test_a_file_that_is_overwritten_and_deleted_leaves_nothing(
    forget, media_root: Path, monkeypatch
):
    use_storage(monkeypatch, Keepsake, "whole", OverwritingStorage())
    row = Keepsake.objects.create(whole=upload(seed=1))
    age(media_root, *make(row.whole).values())
    forget()
    with transaction.atomic():
        row.whole = upload(seed=2)
        row.save()
        make(row.whole)
        row.delete()
    assert files(media_root) == set()


def test_a_save_that_does_not_save_the_image_leaves_what_is_left_to_the_one_that_does(
    media_root: Path, monkeypatch
):
    use_storage(monkeypatch, Keepsake, "whole", OverwritingStorage())
    row = Keepsake.objects.create(whole=upload(seed=1))
    age(media_root, *make(row.whole).values())
    caches["default"].clear()
    row.whole.save("a.jpg", ContentFile(photo_bytes((64, 48), seed=2)), save=False)
    row.save(update_fields=["kept"])
    assert len(files(media_root)) > 1
    row.save()
    assert files(media_root) == {"whole/a.jpg"}


def test_rows_that_are_saved_again_list_nothing(media_root: Path, monkeypatch):
    storage = use_storage(monkeypatch, Photo, "image", WatchedStorage(media_root, "/media/"))
    photo = Photo.objects.create(image=upload())
    photo.save()
    assert storage.named("listdir") == []


def test_an_image_that_is_saved_after_something_else_is_looked_at(media_root: Path):
    photo = Photo.objects.create(image=upload())
    make(photo.image)
    again = Photo.objects.get()
    again.image = store("photos/b.jpg")
    again.save(update_fields=["person"])
    again.save()
    assert files(media_root) == {"photos/a.jpg", "photos/b.jpg"}
