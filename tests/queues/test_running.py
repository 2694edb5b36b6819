import logging
from pathlib import Path
from typing import Any

import pytest

from tests.queues.conftest import file_of
from tests.testapp.models import Person
from versatile import unregister
from versatile.exceptions import SourceNotFound
from versatile.queues.job import Job
from versatile.queues.running import run
from versatile.renditions import existence
from versatile.renditions.outcomes import State

pytestmark = pytest.mark.usefixtures("generators")


@pytest.fixture
def job(person: Person) -> Job:
    files: list[Any] = [
        file_of("tests:half", person.headshot),
        file_of("tests:sized", person.headshot, width=20),
        person.headshot.crop.rendition("20x20"),
    ]
    [made] = Job.for_files(files)
    return made


def failures(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [item.getMessage() for item in caplog.records if item.levelno >= logging.ERROR]


def test_all_keys_are_made_at_the_names_that_were_handed_out(person: Person, job: Job) -> None:
    assert [item.state for item in run(job)] == [State.CREATED] * 3
    storage = person.headshot.storage
    assert storage.exists(file_of("tests:half", person.headshot).name or "")
    assert storage.exists(file_of("tests:sized", person.headshot, width=20).name or "")
    assert storage.exists(person.headshot.crop.rendition("20x20").name)


def test_a_job_that_comes_twice_does_nothing(job: Job) -> None:
    run(job)
    assert [item.state for item in run(job)] == [State.EXISTING] * 3


def test_force_makes_everything_again(job: Job) -> None:
    run(job)
    assert [item.state for item in run(job, force=True)] == [State.CREATED] * 3


def test_a_plain_file_needs_no_row(person: Person, job: Job) -> None:
    person.headshot.ppoi = (0, 1)
    rendition = person.headshot.crop.rendition("25x25")
    [plain] = Job.for_files([rendition])
    Person.objects.all().delete()
    assert [item.rendition.name for item in run(plain)] == [rendition.name]


def test_nothing_is_queued_any_more_afterwards(person: Person, job: Job) -> None:
    key = file_of("tests:half", person.headshot).rendition.existence_key
    existence.mark_queued([key])
    assert existence.is_underway(key)
    run(job)
    assert not existence.is_underway(key)


def test_a_row_that_is_gone_drops_the_job(
    person: Person, job: Job, caplog: pytest.LogCaptureFixture
) -> None:
    person.delete()
    assert run(job) == []
    [message] = failures(caplog)
    assert "headshots/ann.jpg" in message


def test_a_source_that_was_replaced_drops_the_job(
    person: Person, job: Job, caplog: pytest.LogCaptureFixture
) -> None:
    Person.objects.update(headshot="headshots/bob.jpg")
    assert run(job) == []
    [message] = failures(caplog)
    assert "headshots/ann.jpg" in message
    assert "headshots/bob.jpg" in message


@pytest.mark.parametrize(
    "change",
    [{"model": "testapp.Nobody"}, {"field": "nose"}, {"field": "name"}, {"pk": "x"}],
    ids=str,
)
def test_a_job_that_leads_nowhere_is_dropped(
    job: Job, change: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert run(Job.from_json({**job.to_json(), **change})) == []
    assert len(failures(caplog)) == 1


def test_a_storage_that_is_gone_drops_the_job(caplog: pytest.LogCaptureFixture) -> None:
    assert run(Job(storage="nowhere", source="x.jpg", keys=("tests:half",))) == []
    [message] = failures(caplog)
    assert "nowhere" in message


def test_an_unregistered_spec_is_dropped_and_the_rest_is_made(
    job: Job, caplog: pytest.LogCaptureFixture
) -> None:
    unregister.generator("tests:half")
    assert [item.state for item in run(job)] == [State.CREATED] * 2
    [message] = failures(caplog)
    assert "tests:half" in message


def test_a_source_that_is_not_there_yet_is_to_be_tried_again(
    person: Person, job: Job, media_root: Path
) -> None:
    path = media_root / "headshots/ann.jpg"
    content = path.read_bytes()
    path.unlink()
    for _ in range(2):
        with pytest.raises(SourceNotFound, match=r"headshots/ann\.jpg"):
            run(job)
    path.write_bytes(content)  # no back-off hinders the next attempt
    assert [item.state for item in run(job)] == [State.CREATED] * 3


def test_a_bad_source_is_dropped_with_one_failure(
    job: Job, media_root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (media_root / "headshots/ann.jpg").write_bytes(b"no picture")
    assert [item.state for item in run(job)] == [State.FAILED] * 3
    [message] = failures(caplog)
    assert "headshots/ann.jpg" in message
