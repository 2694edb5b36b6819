"""``renditions`` beside several databases: whoever has a row of an original keeps its files."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tests.commands.conftest import Command, files, person
from tests.stored import store
from tests.testapp.models import Person, Photo
from versatile.files import usage
from versatile.management.upkeep import living

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sets")]
COUNTS = ("orphans", "outdated", "strays", "left")


def counts(report: dict[str, int]) -> tuple[int, ...]:
    return tuple(report[what] for what in COUNTS)


def test_what_rows_of_another_database_need_is_kept(
    renditions: Command, media_root: Path, other_database: str
):
    mine = person().headshot.fit["9x9"].name
    theirs = Person.objects.using(other_database).create(headshot=store("headshots/b.jpg"))
    made = theirs.headshot.fit["9x9"].name
    for alias in ("default", other_database):
        assert counts(renditions("prune", "--database", alias)) == (0, 0, 0, 0)
    Person.objects.using(other_database).update(headshot="")
    assert renditions("prune")["names"] == [made]
    assert files(media_root) == {"headshots/a.jpg", "headshots/b.jpg", mine}


def test_files_are_made_for_the_rows_of_one_database(
    renditions: Command, media_root: Path, other_database: str
):
    person()
    Person.objects.using(other_database).create(headshot=store("headshots/b.jpg"))
    words = ("--set", "grey", "--model", "testapp.Person", "--database", other_database)
    (name,) = renditions("generate", *words)["names"]
    assert "/b__grayscale__-crop" in name


def test_what_two_databases_know_is_looked_at_once(other_database: str, media_root: Path):
    ada = person()
    Person.objects.using(other_database).create(headshot=ada.headshot.name)
    found = living.read("default", ada.headshot.storage)
    assert len(found.by_stem["headshots/a"]) == 1


def test_a_table_that_a_database_does_not_have_is_no_failure(other_database: str):
    with connections[other_database].cursor() as cursor:
        cursor.execute("DROP TABLE testapp_photo")
    found = {(alias, field.model) for alias, field in usage.fields_everywhere()}
    assert (other_database, Photo) not in found
    assert {("default", Photo), (other_database, Person)} <= found


def test_where_a_database_fails_nothing_is_pruned(
    media_root: Path, other_database: str, tmp_path: Path
):
    name = person().headshot.fit["9x9"].name
    Person.objects.update(headshot="")
    connections[other_database].close()
    (tmp_path / "other.sqlite3").write_bytes(b"no database " * 1000)
    with pytest.raises(CommandError, match="not a database"):
        call_command("renditions", "prune")
    assert name in files(media_root)


def test_tables_that_nobody_migrates_have_originals_too(
    renditions: Command, media_root: Path, monkeypatch
):
    photo = Photo.objects.create(image=store("photos/x.jpg"))
    made = photo.image.fit["9x9"].name
    monkeypatch.setattr(Photo._meta, "managed", False)
    assert counts(renditions("prune")) == (0, 0, 0, 0)
    assert renditions("clear", "--model", "testapp.Photo")["names"] == [made]
    monkeypatch.setattr(Photo._meta, "db_table", "nowhere")
    with pytest.raises(CommandError, match=r"testapp.Photo has no image field. There are: "):
        call_command("renditions", "clear", "--model", "testapp.Photo")
