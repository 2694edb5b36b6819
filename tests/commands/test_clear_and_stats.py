"""``renditions clear`` and ``stats``: what there is, counted, and deleted."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.commands.conftest import MADE, Command, article, files, person
from tests.renditions.conftest import use_cache
from tests.renditions.faults import BrokenError, WatchedStorage
from tests.stored import put
from tests.testapp.models import Person
from versatile.renditions import existence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sets")]


def make(ada: Person) -> set[str]:
    made = [ada.headshot.crop["20x20"], ada.headshot.fit["30x30"], ada.headshot.pad["7x7"]]
    return {item.name for item in made}


# Clear


@pytest.mark.parametrize("workers", ["1", "4"])
@pytest.mark.parametrize("remembered", [True, False])
def test_everything_is_deleted_but_the_originals(
    workers: str, remembered: bool, renditions: Command, media_root: Path
):
    made = make(person()) | make(person("b.jpg"))
    story = article()
    assert all([story.small.url, story.wide.url])
    made |= {str(story.small.name), str(story.wide.name)}
    Person.objects.create()
    if not remembered:
        cache.clear()
    assert set(renditions("clear", "--dry-run")["names"]) == made
    assert files(media_root) >= made
    report = renditions("clear", "--workers", workers)
    assert (report["deleted"], set(report["names"])) == (8, made)
    assert files(media_root) == {"headshots/a.jpg", "headshots/b.jpg", "articles/a.jpg"}
    assert renditions("clear")["deleted"] == 0
    assert set(make(Person.objects.earliest("pk"))) <= files(media_root)


def test_one_set_is_deleted_alone(renditions: Command, media_root: Path):
    made = make(person())
    assert set(renditions("clear", "--set", "people")["names"]) == MADE
    assert files(media_root) == {"headshots/a.jpg"} | (made - MADE)
    assert not existence.is_ready(f"/media/{min(MADE)}")


def test_one_model_is_cleared_alone(renditions: Command, media_root: Path):
    made = make(person())
    assert article().small.url
    renditions("clear", "--model", "testapp.Article")
    assert files(media_root) == {"headshots/a.jpg", "articles/a.jpg"} | made


def test_a_storage_that_fails_stops_nothing(renditions: Command, media_root: Path, monkeypatch):
    storage = WatchedStorage(media_root, "/media/")
    monkeypatch.setattr(Person._meta.get_field("headshot"), "storage", storage)
    make(person())
    make(person("b.jpg"))
    storage.fail("delete", BrokenError("no bucket"), only="/a-")
    report = renditions("clear", fails=True)
    assert report["deleted"] == 3
    assert [item["path"] for item in report["failed"]] == ["headshots/a.jpg"]
    assert "no bucket" in report["failed"][0]["reason"]


@pytest.mark.parametrize("workers", ["1", "4"])
def test_a_file_that_two_rows_share_is_cleared_once_at_all_points(
    workers: str, renditions: Command, media_root: Path
):
    ada = person()
    twin = Person.objects.create(headshot=ada.headshot.name, headshot_ppoi=(0.25, 0.25))
    made = make(ada) | make(twin)
    assert len(made) == 4
    cache.clear()
    report = renditions("clear", "--workers", workers)
    assert (report["deleted"], sorted(report["names"])) == (4, sorted(made))
    assert files(media_root) == {"headshots/a.jpg"}


# Stats


def test_what_there_is_is_counted(renditions: Command, media_root: Path):
    make(person())
    make(person("b.jpg"))
    Person.objects.create()
    assert article().small.url
    existence.forget([f"/media/{min(MADE)}"])
    report = renditions("stats")
    counts = {"originals": 2, "empty": 1, "renditions": 6, "ready": 5, "unreadable": 0}
    assert report["fields"]["testapp.Person.headshot"] == counts
    assert report["fields"]["testapp.Article.photo"]["ready"] == 1
    assert (report["originals"], report["renditions"], report["ready"]) == (3, 7, 6)
    assert "bytes" not in report


@pytest.mark.parametrize("workers", ["1", "4"])
def test_bytes_are_counted_where_they_are_wanted(
    workers: str, renditions: Command, media_root: Path
):
    made = make(person())
    report = renditions("stats", "--sizes", "--workers", workers)
    assert report["bytes"] == sum((media_root / name).stat().st_size for name in made)
    (media_root / min(made)).unlink()
    report = renditions("stats", "--sizes", fails=True)
    assert [item["path"] for item in report["failed"]] == [min(made)]


def test_originals_of_which_nothing_can_be_made_are_counted(renditions: Command):
    put("headshots/bad.jpg", b"no picture")
    Person.objects.bulk_create([Person(headshot="headshots/bad.jpg")])
    renditions("generate", "--model", "testapp.Person", "--set", "people", fails=True)
    assert renditions("stats", "--model", "testapp.Person")["unreadable"] == 1


def test_people_read_a_line_for_each_field(capsys: pytest.CaptureFixture[str]):
    make(person())
    call_command("renditions", "stats", "--model", "testapp.Person")
    line = "1 originals, 0 empty, 3 renditions, 3 ready, 0 unreadable"
    assert capsys.readouterr().out == f"testapp.Person.headshot: {line}\n{line}, 0 failed\n"


@pytest.mark.parametrize("is_shared", [True, False])
def test_people_are_told_where_nobody_can_count_it_all(
    is_shared: bool, settings: Settings, capsys: pytest.CaptureFixture[str]
):
    if is_shared:
        use_cache(settings, "SharedCache")
    call_command("renditions", "stats", "--model", "testapp.Person")
    said = capsys.readouterr()
    assert said.out.startswith("testapp.Person.headshot: 0 originals")
    assert ("Let CACHE_ALIAS lead to one that all share" in said.err) != is_shared


def test_the_storage_is_asked_for_nothing(renditions: Command, media_root: Path, monkeypatch):
    storage = WatchedStorage(media_root, "/media/")
    monkeypatch.setattr(Person._meta.get_field("headshot"), "storage", storage)
    make(person())
    storage.calls.clear()
    renditions("stats")
    assert storage.calls == []


# The bar


class Terminal(StringIO):
    """What a person looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("words", "bar"),
    [
        (("stats", "--model", "testapp.Person"), "2/2"),
        (("check", "--model", "testapp.Person", "--workers", "2"), "2/2"),
        (("clear", "--model", "testapp.Person", "--workers", "2"), "2/2"),
        (("adopt", "--model", "testapp.Person"), "2/2"),
        (("generate", "--model", "testapp.Person", "--set", "people"), "2/2"),
        (("prune",), "folders"),
        (("stats", "--json"), ""),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_terminal_shows_how_far_it_is(words: tuple[str, ...], bar: str, monkeypatch):
    make(person())
    Person.objects.create()
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    call_command("renditions", *words, stdout=StringIO())
    assert bar in terminal.getvalue()
    assert bool(bar) is bool(terminal.getvalue())


# The command line


def test_what_every_command_takes_may_stand_before_the_verb_or_behind(renditions: Command):
    common = ["--verbosity", "0", "--settings", "tests.settings", "--no-color", "--skip-checks"]
    assert renditions("stats", *common) == renditions(*common, "stats")


@pytest.mark.parametrize("verb", ["stats", "prune"])
def test_a_set_is_refused_where_a_verb_has_none(verb: str):
    with pytest.raises(CommandError, match="unrecognized arguments: --set people"):
        call_command("renditions", verb, "--set", "people")
