import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.queues.conftest import Recorded, file_of
from tests.testapp.models import Person
from versatile.cachefiles import backends as old_path
from versatile.exceptions import ConfigurationError, MissingGeneratorId
from versatile.image_warmer import VersatileImageFieldWarmer
from versatile.queues import celery
from versatile.queues.backends import BaseAsync, load_backend
from versatile.queues.job import Job
from versatile.queues.running import run
from versatile.renditions.backends import HasRendition, Immediate, together
from versatile.specs.cachefile import ImageCacheFile
from versatile.specs.generators import ImageSpec

pytestmark = pytest.mark.usefixtures("generators")


class Listed(BaseAsync):
    """A queue of one's own."""

    def __init__(self) -> None:
        self.files: list[HasRendition] = []

    def schedule_generation(self, file: HasRendition, force: bool = False) -> None:
        self.files.append(file)


def half(person: Person, backend: Any) -> ImageCacheFile:
    file = file_of("tests:half", person.headshot)
    return ImageCacheFile(file.generator, cachefile_backend=backend)


@pytest.fixture
def committed(transactional_db: None) -> None:
    """Transactions that are real."""


def test_a_queue_of_ones_own_is_asked_once(person: Person) -> None:
    backend = Listed()
    file = half(person, backend)
    assert not file
    assert file.url
    assert backend.files == [file]
    backend.generate_now(file)
    assert file
    assert len(backend.files) == 1


def test_a_base_without_schedule_says_what_it_needs(person: Person) -> None:
    with pytest.raises(NotImplementedError, match="schedule_generation"):
        BaseAsync().schedule_generation(half(person, None))


def test_a_file_is_false_until_it_is_made(committed: None, person: Person, queue: Recorded) -> None:
    file = half(person, queue)
    assert not file
    [job] = queue.jobs
    assert not file
    assert len(queue.jobs) == 1
    run(job)
    assert file


def test_a_file_that_only_existence_forgot_is_not_queued(
    committed: None, person: Person, queue: Recorded
) -> None:
    file = half(person, Immediate())
    file.generate()
    file.rendition.clear_cache()
    assert half(person, queue)
    assert queue.jobs == []


def test_what_one_transaction_asks_for_is_one_job(
    committed: None, person: Person, queue: Recorded
) -> None:
    with transaction.atomic():
        queue.generate(half(person, queue))
        with transaction.atomic():
            queue.generate(person.headshot.crop.rendition("20x20"))
        queue.generate(file_of("tests:sized", person.headshot, width=9))
        queue.generate(half(person, queue))
        assert queue.jobs == []
    [job] = queue.jobs
    assert set(map(str, job.keys)) == {
        "tests:half",
        "crop__20x20",
        "('tests:sized', {'width': 9})",
    }


def test_a_rollback_sends_nothing(committed: None, person: Person, queue: Recorded) -> None:
    with transaction.atomic():
        queue.generate(half(person, queue))
        transaction.set_rollback(True)
    assert queue.jobs == []
    queue.generate(half(person, queue))
    assert len(queue.jobs) == 1


def test_what_a_savepoint_takes_back_is_not_sent(
    committed: None, person: Person, queue: Recorded
) -> None:
    with transaction.atomic():
        with transaction.atomic():
            queue.generate(half(person, queue))
            transaction.set_rollback(True)
        queue.generate(person.headshot.crop.rendition("20x20"))
    [job] = queue.jobs
    assert job.keys == ("crop__20x20",)


def test_what_is_asked_for_together_is_one_job(
    committed: None, person: Person, queue: Recorded
) -> None:
    with together():
        queue.generate(half(person, queue))
        queue.generate(person.headshot.crop.rendition("20x20"))
        assert queue.jobs == []
    [job] = queue.jobs
    assert job.keys == ("tests:half", "crop__20x20")


def test_a_queue_that_fails_costs_no_page_and_is_tried_again(
    committed: None, person: Person, queue: Recorded, caplog: pytest.LogCaptureFixture
) -> None:
    queue.down = True
    file = half(person, queue)
    assert file.url
    assert not file
    assert "tries again" in caplog.text
    queue.down = False
    assert file.url
    assert len(queue.jobs) == 1


def test_force_is_sent(committed: None, person: Person, queue: Recorded) -> None:
    half(person, Immediate()).generate()
    half(person, queue).generate(force=True)
    assert queue.forced == [True]


def test_a_file_that_cannot_be_queued_is_said_to_the_one_who_asks(
    person: Person, queue: Recorded
) -> None:
    class Unknown(ImageSpec):
        pass

    with pytest.raises(MissingGeneratorId):
        queue.generate(ImageCacheFile(Unknown(person.headshot)))


def test_warm_sends_one_job_for_each_source(person: Person, queue: Recorded) -> None:
    keys = [("a", "crop__20x20"), ("b", "thumbnail__10x10"), ("c", "url")]
    warmer = VersatileImageFieldWarmer(Person.objects.all(), keys, "headshot")
    assert warmer.warm(backend=queue) == (1, [])
    assert warmer.report.queued == 2
    [job] = queue.jobs
    assert (job.model, job.pk, job.keys) == (
        "testapp.Person",
        person.pk,
        ("crop__20x20", "thumbnail__10x10"),
    )
    run(job)
    assert warmer.warm(backend=queue) == (3, [])


def test_warm_reports_a_queue_that_fails(person: Person, queue: Recorded) -> None:
    queue.down = True
    warmer = VersatileImageFieldWarmer(person, [("a", "crop__20x20")], "headshot")
    assert warmer.warm(backend=queue) == (0, ["headshots/ann.jpg"])
    assert "broker" in warmer.report.failed["headshots/ann.jpg"]


def test_the_command_takes_a_backend(
    person: Person,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sent: list[Job] = []
    monkeypatch.setattr(celery.Celery, "send_job", lambda self, job, force: sent.append(job))
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"faces": [("a", "crop__20x20")]}}
    arguments = ["testapp.Person", "headshot", "faces", "--backend", "celery", "--json"]
    call_command("warm_images", *arguments)
    report = json.loads(capsys.readouterr().out)
    assert report["queued"] == 1
    assert [job.keys for job in sent] == [("crop__20x20",)]


def test_short_names_and_paths_lead_to_backends() -> None:
    assert isinstance(load_backend("celery"), old_path.Celery)
    assert isinstance(load_backend("imagekit.cachefiles.backends.Async"), old_path.Celery)
    assert load_backend("immediate").is_async is False
    with pytest.raises(old_path.InvalidFileBackendError, match="cannot be imported"):
        load_backend("nowhere.Backend")
    assert isinstance(old_path.get_default_cachefile_backend(), old_path.Simple)


def test_without_celery_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(celery, "generate", None)
    with pytest.raises(ConfigurationError, match=r"django-versatile\[celery\]"):
        old_path.Celery()


def test_a_storage_that_cannot_look_costs_no_page(
    committed: None, person: Person, queue: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object, name: str) -> bool:
        raise OSError("no answer")

    file = half(person, queue)
    monkeypatch.setattr(type(file.storage._wrapped), "exists", fail)  # type: ignore[attr-defined]
    assert not file
    assert len(queue.jobs) == 1


class Broken(Listed):
    """A queue of one's own that takes nothing."""

    def schedule_generation(self, file: HasRendition, force: bool = False) -> None:
        raise ConnectionRefusedError("nobody there")


def test_a_queue_of_ones_own_that_fails_costs_no_page(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    file = half(person, Broken())
    assert file.url
    assert file.url
    assert caplog.text.count("the next request tries again") == 2


def test_a_queue_of_ones_own_takes_many_files(person: Person) -> None:
    backend = Listed()
    files: list[HasRendition] = [half(person, backend), person.headshot.crop.rendition("9x9")]
    backend.generate_together(files)
    assert backend.files == files


def test_one_file_can_be_sent_at_once(person: Person, queue: Recorded) -> None:
    queue.schedule_generation(half(person, queue))
    assert len(queue.jobs) == 1
