import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery as App
from celery.exceptions import Retry

from tests.queues.conftest import file_of
from tests.servers import free_port
from tests.testapp.models import Person
from versatile.exceptions import SourceNotFound
from versatile.queues import celery
from versatile.queues.job import Job
from versatile.specs.cachefile import ImageCacheFile

JOB = Job(storage="default", source="x.jpg", keys=("tests:half",))


@pytest.fixture
def app() -> Iterator[App]:
    """An app whose broker is not there."""
    made = App("tests", broker=f"redis://127.0.0.1:{free_port()}/0", set_as_current=False)
    made.set_current()
    yield made
    made.close()


class Task:
    """The task as it sees itself at some attempt."""

    def __init__(self, retries: int) -> None:
        self.request = self
        self.retries = retries
        self.options: dict[str, Any] = {}

    def retry(self, **options: Any) -> Retry:
        self.options = options
        return Retry()


def test_the_task_acknowledges_late_and_speaks_json(app: App) -> None:
    task = app.tasks["versatile.generate"]
    assert task.acks_late
    assert task.reject_on_worker_lost
    assert task.serializer == "json"


def test_a_broker_that_is_down_costs_no_page_and_little_time(
    app: App,
    transactional_db: None,
    generators: None,
    person: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    generator = file_of("tests:half", person.headshot).generator
    file = ImageCacheFile(generator, cachefile_backend=celery.Celery())
    start = time.monotonic()
    assert not file
    assert time.monotonic() - start < 3
    assert caplog.text.count("the next request tries again") == 1
    assert file.url
    assert caplog.text.count("the next request tries again") == 2


@pytest.mark.parametrize(("attempt", "pause"), [(0, 1), (1, 2), (5, 32), (7, 60)])
def test_pauses_grow_up_to_a_bound(
    attempt: int, pause: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail(monkeypatch)
    task = Task(attempt)
    with pytest.raises(Retry):
        celery._generate(task, JOB.to_json())
    assert task.options["countdown"] == pause


def test_after_the_last_attempt_the_job_is_dropped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _fail(monkeypatch)
    celery._generate(Task(celery.RETRIES), JOB.to_json())
    [record] = caplog.records
    assert record.getMessage() == "A job for 'x.jpg' is dropped: 'x.jpg': not there"


def _fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(job: Job, *, force: bool = False) -> None:
        raise SourceNotFound(job.source, "not there")

    monkeypatch.setattr(celery, "run", run)
