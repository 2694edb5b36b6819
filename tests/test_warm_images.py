"""``manage.py warm_images``: what it warms, prints and returns."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.stored import put, store
from tests.test_image_warmer import on_a_terminal
from tests.testapp.models import Person, Photo

pytestmark = pytest.mark.django_db

KEYS = [("full", "url"), ("small", "crop__20x10"), ("negative", "filters__invert")]


@pytest.fixture(autouse=True)
def _sets(settings: Settings) -> None:
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"photo": KEYS}}


def photos(number: int = 3) -> None:
    for count in range(number):
        person = Person.objects.create(name=f"{count}", headshot=store(f"headshots/{count}.jpg"))
        Photo.objects.create(person=person, image=store(f"photos/{count}.jpg"))


def run(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("warm_images", *arguments, stdout=out)
    return out.getvalue()


def failed(*arguments: str) -> tuple[str, str]:
    """What a command prints that fails, and why it says it does."""
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("warm_images", *arguments, stdout=out)
    return out.getvalue(), str(caught.value)


def warmed() -> list[str]:
    return sorted(default_storage.listdir("__sized__/photos")[1])


def test_all_rows_are_warmed() -> None:
    photos()
    assert (
        run("testapp.Photo", "image", "photo") == "6 created, 3 already there, 0 empty, 0 failed\n"
    )
    assert warmed() == [f"{count}-crop-c0-5__0-5-20x10-70.jpg" for count in range(3)]
    assert (
        run("testapp.photo", "image", "photo") == "0 created, 9 already there, 0 empty, 0 failed\n"
    )


def test_paths_lead_over_relations() -> None:
    photos()
    assert run("testapp.Photo", "person.headshot", "photo").startswith("6 created")
    assert run("testapp.Person", "photos.image", "photo").startswith("6 created")


def test_empty_fields_are_counted() -> None:
    photos(1)
    Photo.objects.create()
    assert (
        run("testapp.Photo", "image", "photo") == "2 created, 1 already there, 1 empty, 0 failed\n"
    )


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["--filter", "person__name=1"], ["1"]),
        (["--filter=image__startswith=photos", "--filter", "person__name__in=1"], ["1"]),
        (["--filter", "image=photos/0.jpg", "--filter", "person__name=1"], []),
        (["--filter", "person__name="], []),
    ],
)
def test_filters_choose_rows(filters: list[str], expected: list[str]) -> None:
    photos()
    output = run("testapp.Photo", "image", "photo", *filters)
    assert output.startswith(f"{2 * len(expected)} created")
    if expected:
        assert warmed() == [f"{name}-crop-c0-5__0-5-20x10-70.jpg" for name in expected]


def test_a_value_may_have_an_equals_sign() -> None:
    Photo.objects.create(image=store("photos/a=b.jpg"))
    photos(1)
    output = run("testapp.Photo", "image", "photo", "--filter", "image=photos/a=b.jpg")
    assert output.startswith("2 created")


def test_the_report_as_json() -> None:
    photos(1)
    Photo.objects.create()
    assert json.loads(run("testapp.Photo", "image", "photo", "--json")) == {
        "created": 2,
        "existing": 1,
        "empty": 1,
        "failed": [],
    }


def test_failures_are_told_and_fail_the_command() -> None:
    put("photos/bad.jpg", b"no picture")
    Photo.objects.create(image="photos/bad.jpg")
    photos(1)
    Photo.objects.create(image="photos/nowhere.jpg")
    output, error = failed("testapp.Photo", "image", "photo")
    first, *others = output.splitlines()
    assert first == "2 created, 3 already there, 0 empty, 2 failed"
    assert [line.partition(": ")[0] for line in others] == ["photos/bad.jpg", "photos/nowhere.jpg"]
    assert "no picture" in others[0]
    assert "no such file" in others[1]
    assert error == "2 originals failed"


def test_failures_as_json() -> None:
    Photo.objects.create(image="photos/nowhere.jpg")
    output, error = failed("testapp.Photo", "image", "photo", "--json")
    [failure] = json.loads(output)["failed"]
    assert failure["path"] == "photos/nowhere.jpg"
    assert "no such file" in failure["reason"]
    assert error == "1 originals failed"


def test_it_can_stop_at_the_first_failure() -> None:
    for name in ("a", "b"):
        Photo.objects.create(image=f"photos/{name}.jpg")
    photos(1)
    output, error = failed("testapp.Photo", "image", "photo", "--fail-fast")
    assert "photos/a.jpg" in output
    assert "photos/b.jpg" not in output
    assert error == "1 originals failed"
    assert not default_storage.exists("__sized__")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Photo", "image", "photo"], "'Photo' is no model; name it as app_label.ModelName"),
        (["a.b.c", "image", "photo"], "'a.b.c' is no model"),
        (["nope.Photo", "image", "photo"], "nope"),
        (["testapp.Nope", "image", "photo"], "Nope"),
        (["testapp.Photo", "nope", "photo"], "'nope' leads nowhere"),
        (["testapp.Photo", "person", "photo"], "no image field"),
        (["testapp.Photo", "person.name", "photo"], "no image field"),
        (["testapp.Photo", "image", "nope"], "'nope' is no configured rendition key set"),
        (["testapp.Photo", "image", "photo", "--filter", "name"], "KEY=VALUE, not 'name'"),
        (["testapp.Photo", "image", "photo", "--filter", "nope=1"], "nope"),
        (["testapp.Photo", "image", "photo", "--filter", "pk=one"], "one"),
        (["testapp.Photo", "image", "photo", "--filter", "image__nope=1"], "nope"),
    ],
)
def test_wrong_arguments_are_errors_in_words(arguments: list[str], words: str) -> None:
    photos(1)
    output, error = failed(*arguments)
    assert words in error
    assert output == ""


def test_a_wrong_set_is_an_error_in_words(settings: Settings) -> None:
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"photo": [("a", "nope")]}}
    assert "'nope' is no rendition key" in failed("testapp.Photo", "image", "photo")[1]


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_on_a_terminal_there_is_a_bar_unless_a_program_reads(
    option: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    photos()
    arguments = ["warm_images", "testapp.Photo", "image", "photo", *option]
    printed = on_a_terminal(lambda: call_command(*arguments), monkeypatch)
    bar, _, report = printed.rpartition("(100%)")
    if option:
        assert bar == ""
        assert json.loads(report)["created"] == 6
    else:
        assert bar.endswith(f"[{'#' * 50}] 9/9 ")
        assert report.strip() == "6 created, 3 already there, 0 empty, 0 failed"


MANAGE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
settings.DATABASES["default"]["NAME"] = sys.argv[2]
settings.VERSATILE = {"RENDITION_KEY_SETS": {"photo": [("small", "crop__20x10")]}}
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[3:]])
"""


@pytest.mark.service
def test_the_exit_status(tmp_path: Path, media_root: Path) -> None:
    def manage(*arguments: str) -> Any:
        root = Path(__file__).parent.parent
        return subprocess.run(
            [sys.executable, "-c", MANAGE, str(media_root), str(tmp_path / "db"), *arguments],
            env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'sample_project'}"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert manage("migrate", "--run-syncdb", "--verbosity", "0").returncode == 0
    done = manage("warm_images", "testapp.Photo", "image", "photo")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "0 created, 0 already there, 0 empty, 0 failed\n"
    store("photos/a.jpg")
    code = (
        "from tests.testapp.models import Photo;"
        "[Photo.objects.create(image=f'photos/{name}.jpg') for name in 'ab']"
    )
    assert manage("shell", "--verbosity", "0", "-c", code).returncode == 0
    done = manage("warm_images", "testapp.Photo", "image", "photo")
    assert done.returncode == 1
    assert done.stdout.startswith("1 created, 0 already there, 0 empty, 1 failed\nphotos/b.jpg: ")
    assert done.stderr.endswith("CommandError: 1 originals failed\n")
    assert not set(done.stdout) & set("\r\x1b\x08")
    assert manage("warm_images", "testapp.Photo").returncode == 2
