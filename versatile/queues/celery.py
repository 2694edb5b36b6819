"""Celery: one task, ``versatile.generate``, and the backend that sends it jobs."""

from collections.abc import Mapping
from typing import Any

try:
    from celery import shared_task
except ImportError:  # the extra is not installed
    shared_task = None

from versatile.exceptions import ConfigurationError
from versatile.queues.backends import JobQueue
from versatile.queues.job import Job
from versatile.queues.running import RETRYABLE, abandon, run

RETRIES = 8
"""How often a job is tried again."""
LONGEST_PAUSE = 60
"""Seconds between two attempts at most; the first pause is one second, the next twice as long."""
PUBLISHING = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
"""A connection that has died is replaced at once, and nobody waits for a broker that is down."""


def _generate(task: Any, data: Mapping[str, Any], force: bool = False) -> None:
    """Make what a job asks for."""
    job = Job.from_json(data)
    attempt: int = task.request.retries
    try:
        run(job, force=force)
    except RETRYABLE as error:
        if attempt >= RETRIES:
            abandon(job, error)
            return
        pause = min(2**attempt, LONGEST_PAUSE)
        raise task.retry(exc=error, countdown=pause, max_retries=RETRIES) from error


generate = shared_task and shared_task(
    _generate,
    name="versatile.generate",
    bind=True,
    serializer="json",
    ignore_result=True,
    # A job is done when it is done, not when it is fetched.
    acks_late=True,
    reject_on_worker_lost=True,
)


class Celery(JobQueue):
    """Workers of Celery make the files. Raises ``ConfigurationError`` where it is missing."""

    def __init__(self) -> None:
        if generate is None:
            raise ConfigurationError(
                "The backend Celery needs Celery: pip install 'django-versatile[celery]'"
            )

    def send_job(self, job: Job, *, force: bool = False) -> None:
        """Send one job to the broker."""
        generate.apply_async(
            args=[job.to_json()],
            kwargs={"force": True} if force else {},
            retry=True,
            retry_policy=PUBLISHING,
        )
