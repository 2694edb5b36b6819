"""``renditions generate``: what is missing is made, once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from tests.commands.conftest import MADE, Command, article, files, person
from tests.commands.site import ROWS
from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError, WatchedStorage
from tests.stored import counted_decodes, put, store
from tests.testapp.models import Article, Person, Photo, ProxyPlace, Restaurant
from versatile import ImageSpec, register, unregister
from versatile.registry import source_group_registry
from versatile.specs.sourcegroups import ImageFieldSourceGroup

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sets")]
PEOPLE = ("generate", "--model", "testapp.Person", "--set", "people")


@pytest.mark.parametrize("workers", ["1", "4"])
def test_a_set_is_made_for_every_row(workers: str, renditions: Command, media_root: Path):
    for number in range(7):
        person(f"{number}.jpg")
    Person.objects.create()
    with counted_decodes() as decodes:
        report = renditions(*PEOPLE, "--workers", workers)
    assert (report["created"], report["existing"], report["empty"]) == (14, 0, 1)
    assert len(decodes) == 7
    assert set(report["names"]) == files(media_root) - {f"headshots/{n}.jpg" for n in range(7)}
    with counted_decodes() as decodes:
        again = renditions(*PEOPLE, "--workers", workers)
    assert (again["created"], again["existing"], again["names"]) == (0, 14, [])
    assert decodes == []


def test_a_dry_run_makes_nothing_and_names_what_is_missing(renditions: Command, media_root: Path):
    ada = person()
    assert set(renditions(*PEOPLE, "--dry-run")["names"]) == MADE
    assert files(media_root) == {"headshots/a.jpg"}
    fit = ada.headshot.fit["30x30"].name
    cache.clear()  # the storage knows better
    report = renditions(*PEOPLE, "--dry-run")
    assert report["names"] == sorted(MADE - {fit})
    assert (report["missing"], report["existing"]) == (1, 1)


def test_without_a_set_what_is_registered_is_made(renditions: Command, media_root: Path):
    article()
    report = renditions("generate", "--model", "testapp.Article")
    assert report["created"] == 3
    assert len(files(media_root)) == 4


def test_key_sets_with_a_source_group_are_registered(renditions: Command, media_root: Path):
    person()
    group = ImageFieldSourceGroup(Person, "headshot")
    source_group_registry.register("people", group)
    try:
        report = renditions("generate", "--model", "testapp.Person")
    finally:
        source_group_registry.unregister("people", group)
    assert set(report["names"]) == MADE


def test_where_nothing_is_registered_a_set_has_to_be_named():
    with pytest.raises(CommandError, match=r"testapp.Photo.image; name a key set with --set"):
        call_command("renditions", "generate", "--model", "testapp.Photo")


def test_a_field_is_chosen_by_its_name(renditions: Command, media_root: Path):
    person()
    Photo.objects.create(image="headshots/a.jpg")
    report = renditions("generate", "--field", "image", "--model", "testapp.Photo", "--set", "grey")
    assert report["created"] == 1


@pytest.mark.parametrize("model", [Restaurant, ProxyPlace])
def test_children_are_chosen_with_their_own_rows(model, renditions: Command, media_root: Path):
    model.objects.create(picture=store("pictured/x.jpg"))
    report = renditions("generate", "--model", model._meta.label, "--set", "grey")
    assert report["names"] == [
        "__sized__/pictured/__filtered__/x__grayscale__-crop-c0-5__0-5-20x20-70.jpg"
    ]


def test_one_bad_file_stops_nothing(renditions: Command, media_root: Path):
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        person(name)
    (media_root / "headshots/b.jpg").write_bytes(b"no picture")
    report = renditions(*PEOPLE, fails=True)
    assert report["created"] == 4
    assert [item["path"] for item in report["failed"]] == ["headshots/b.jpg"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--model", "testapp.Nobody"], "'Nobody' model. There are: .*testapp.Person.headshot"),
        (["--model", "nobody.Nobody"], "'nobody'. There are: .*testapp.Person.headshot"),
        (["--model", "nonsense"], "app_label.ModelName. There are: .*testapp.Person.headshot"),
        (["--model", "testapp.Person", "--field", "name"], "testapp.Person has no .* 'name'. Th"),
        (["--field", "nothing"], "There is no image field 'nothing'. There are: .*Photo.image"),
        (["--model", "testapp.Plain", "--set", "people"], "has no field that key sets are for"),
        (["--database", "nowhere"], "invalid choice: 'nowhere' .*default"),
        (["--set", "nothing"], "no configured rendition key set"),
        (["--workers", "0"], "no number of workers"),
        (["--workers", "many"], "no number of workers"),
    ],
)
def test_wrong_words_are_told(words: list[str], message: str):
    with pytest.raises(CommandError, match=message):
        call_command("renditions", "generate", *words)


def test_a_verb_takes_the_options_that_make_sense():
    with pytest.raises(CommandError, match="required"):
        call_command("renditions")
    with pytest.raises(CommandError, match="unrecognized arguments: --set"):
        call_command("renditions", "prune", "--set", "people")


def test_people_read_a_line(capsys: pytest.CaptureFixture[str]):
    person()
    call_command("renditions", *PEOPLE)
    assert capsys.readouterr().out == "2 created, 0 existing, 0 empty, 0 failed\n"
    cache.clear()
    call_command("renditions", *PEOPLE, "--dry-run")
    assert "Nothing was changed; it would be: 0 missing, 2 existing" in capsys.readouterr().out


def test_a_spec_that_fails_is_named_and_stops_no_other(renditions: Command, media_root: Path):
    story = article()
    name = f"CACHE/images/{story.photo.name}"

    class Unnamed(ImageSpec):
        @property
        def cachefile_name(self) -> str:
            raise ZeroDivisionError(name)

    register.generator("testapp:article:unnamed", Unnamed)
    group = ImageFieldSourceGroup(Article, "photo")
    register.source_group("testapp:article:unnamed", group)
    try:
        report = renditions("generate", "--model", "testapp.Article", fails=True)
    finally:
        unregister.source_group("testapp:article:unnamed", group)
        unregister.generator("testapp:article:unnamed")
    assert report["created"] == 3
    assert report["failed"] == [{"path": "articles/a.jpg", "reason": name}]


def test_what_only_the_storage_knows_is_not_made_again(renditions: Command, media_root: Path):
    ada = person()
    ada.headshot.fit["30x30"]
    cache.clear()
    report = renditions(*PEOPLE)
    assert (report["created"], report["existing"]) == (1, 1)


def test_a_storage_that_fails_in_a_dry_run_is_a_failure(renditions: Command, monkeypatch):
    put("photos/a.jpg", photo_bytes((40, 30)))
    Photo.objects.create(image="photos/a.jpg")
    storage = WatchedStorage(base_url="/media/")
    storage.fail("exists", BrokenError("no bucket"))
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", storage)
    words = ("generate", "--model", "testapp.Photo", "--set", "people", "--dry-run")
    report = renditions(*words, fails=True)
    assert [item["reason"] for item in report["failed"]] == ["no bucket"] * 2


ROOT = Path(__file__).parents[2]


def run_site(media: Path, what: str) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", "tests.commands.site", str(media), what]
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT}/sample_project"}
    return subprocess.run(
        words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.service
def test_a_run_that_is_interrupted_is_resumed(tmp_path: Path):
    """A real process, Ctrl-C in the middle, and then only what is missing."""
    media = tmp_path / "site"
    media.mkdir()
    stopped = run_site(media, "stop")
    assert "KeyboardInterrupt" in stopped.stderr
    assert stopped.returncode != 0
    made = {path: path.stat().st_mtime_ns for path in (media / "__sized__").rglob("*.jpg")}
    assert ROWS // 4 <= len(made) < ROWS // 2
    resumed = run_site(media, "go on")
    assert resumed.returncode == 0, resumed.stderr
    report = json.loads(resumed.stdout)
    assert (report["created"], report["existing"]) == (ROWS - len(made), len(made))
    assert {path: path.stat().st_mtime_ns for path in made} == made
    assert len(files(media)) == 2 * ROWS
