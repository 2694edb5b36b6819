"""``generateimages`` with a queue."""

import json
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from tests.queues.conftest import Half, Recorded
from tests.testapp.models import Person
from versatile import register, unregister
from versatile.management.commands import generateimages


class Other(Half):
    """A second spec."""

    format = "PNG"


class Everybody:
    """The headshots of all persons."""

    def files(self) -> Iterator[object]:
        return (person.headshot for person in Person.objects.all())


@pytest.fixture(autouse=True)
def group(generators: None) -> Iterator[None]:
    everybody = Everybody()
    register.generator("tests:other", Other)
    for id in ("tests:half", "tests:other"):
        register.source_group(id, everybody)
    yield
    for id in ("tests:half", "tests:other"):
        unregister.source_group(id, everybody)
    unregister.generator("tests:other")


@pytest.fixture(autouse=True)
def chosen(queue: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generateimages, "load_backend", lambda name: queue)


def test_each_source_is_one_job(
    person: Person, queue: Recorded, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("generateimages", "tests", "--backend", "celery", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["queued"], report["failed"]) == (2, [])
    [job] = queue.jobs
    assert (job.pk, job.keys) == (person.pk, ("tests:half", "tests:other"))


def test_a_broker_that_is_down_fails_the_command(
    person: Person, queue: Recorded, capsys: pytest.CaptureFixture[str]
) -> None:
    queue.down = True
    with pytest.raises(CommandError):
        call_command("generateimages", "tests", "--backend", "celery")
    assert "is its broker there?" in capsys.readouterr().out
