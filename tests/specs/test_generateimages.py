"""The command that makes the files of specs ahead of time."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.specs.conftest import KEY_SET, PHOTO, add_article, remove_photo
from tests.testapp.models import Article
from versatile import ImageSpec, register, unregister
from versatile.management.commands.generateimages import Command
from versatile.processors import ResizeToFit
from versatile.queues.backends import JobQueue
from versatile.queues.job import Job
from versatile.registry import source_group_registry
from versatile.registry.generators import SourceGroup
from versatile.renditions.backends import CachedFileBackend
from versatile.specs.cachefile import ImageCacheFile


def run(*patterns: str, **options: object) -> list[str]:
    """The lines that the command writes; it may fail."""
    out = io.StringIO()
    try:
        call_command("generateimages", *patterns, stdout=out, **options)
    except CommandError as error:
        out.write(f"CommandError: {error}\n")
    return out.getvalue().splitlines()


def report(*patterns: str, **options: object) -> dict[str, Any]:
    out = io.StringIO()
    with pytest.raises(CommandError) if options.pop("fails", False) else nullcontext():
        call_command("generateimages", *patterns, "--json", stdout=out, **options)
    loaded: dict[str, Any] = json.loads(out.getvalue())
    return loaded


def exists(file: object) -> bool:
    return bool(file.storage.exists(file.name))  # type: ignore[attr-defined]


def test_each_file_is_made_and_named_below_its_generator(article: Article):
    lines = run("testapp:article:small")
    assert lines == ["Validating generator: testapp:article:small", f"  {article.small.name}"]
    assert exists(article.small)
    assert not exists(article.wide)


def test_without_a_pattern_all_generators_and_key_sets_are_taken(article: Article, key_set: str):
    lines = run()
    assert f"Validating generator: {key_set}" in lines
    assert "Validating generator: imagekit:thumbnail" in lines
    assert f"  {article.photo.crop['50x50'].name}" in lines
    assert f"  {article.grey.name}" in lines
    assert exists(article.grey)


def test_a_pattern_of_several_generators_makes_the_files_of_each_source_together(
    article: Article,
):
    other = add_article("y.jpg")
    assert run("testapp:article:*l", "testapp:article:wide") == [
        "Validating generator: testapp:article:small",
        "Validating generator: testapp:article:wide",
        f"  {article.small.name}",
        f"  {article.wide.name}",
        f"  {other.small.name}",
        f"  {other.wide.name}",
    ]


def test_a_bad_source_is_named_with_its_reason_and_the_next_one_is_made(db: None):
    bad, good = add_article("bad.jpg", b"no picture"), add_article("good.jpg")
    lines = run("testapp:article:small")
    assert f"  {good.small.name}" in lines
    assert exists(good.small)
    [failed] = [line for line in lines if line.startswith("\tFailed")]
    assert str(bad.small.name) in failed
    assert str(bad.photo.name) in failed
    assert lines[-1].startswith("CommandError: 1 failed")


def test_a_missing_source_is_named_with_its_reason(article: Article):
    remove_photo(article)
    [failed] = [line for line in run("testapp:article:small") if line.startswith("\tFailed")]
    assert str(article.photo.name) in failed


def test_an_empty_field_is_told_of_and_is_no_failure(db: None, key_set: str):
    row = Article.objects.create()
    lines = run("testapp:article:small", key_set)
    assert (
        f"\tNo source associated with testapp:article:small of testapp.Article {row.pk}.photo"
        in lines
    )
    assert f"\tNo source associated with {key_set} of testapp.Article {row.pk}.photo" in lines
    assert not lines[-1].startswith("CommandError")


class Failing:
    def process(self, image: object) -> object:
        raise ZeroDivisionError("a processor's own mistake")


def test_a_processor_that_raises_stops_neither_the_source_nor_the_command(
    article: Article, add_generator: Callable[[str, object], str]
):
    class Broken(ImageSpec):
        processors = [Failing()]

    id = add_generator("broken", Broken)
    group = _group_of("testapp:article:small")
    register.source_group(id, group)
    try:
        lines = run("broken", "testapp:article:small")
    finally:
        unregister.source_group(id, group)
    [failed] = [line for line in lines if line.startswith("\tFailed")]
    assert "a processor's own mistake" in failed
    assert exists(article.small)


def _group_of(id: str) -> SourceGroup:
    return source_group_registry.get(id)[0]


def test_a_spec_that_raises_when_it_is_made_is_named_with_its_source(
    article: Article, add_generator: Callable[[str, object], str]
):
    class Broken(ImageSpec):
        @property
        def processors(self) -> list[object]:  # type: ignore[override]
            raise KeyError("no such instance")

    id = add_generator("broken", Broken)
    group = _group_of("testapp:article:small")
    register.source_group(id, group)
    try:
        found = report("broken", "testapp:article:small", fails=True)
    finally:
        unregister.source_group(id, group)
    [failed] = found["failed"]
    assert failed["generator"] == "broken"
    assert "no such instance" in failed["reason"]
    assert f"testapp.Article {article.pk}.photo" in failed["file"]
    assert found["created"] == 1


def test_a_pattern_that_matches_nothing_is_a_failure_and_the_others_are_made(article: Article):
    lines = run("testapp:article:smalll", "testapp:article:wide")
    [failed] = [line for line in lines if line.startswith("\tFailed")]
    assert "testapp:article:smalll" in failed
    assert exists(article.wide)
    assert lines[-1].startswith("CommandError")


def test_an_unregistered_spec_of_a_source_group_is_not_among_the_generators(article: Article):
    group = _group_of("testapp:article:small")
    register.source_group("gone", group)
    try:
        lines = run("gone")
    finally:
        unregister.source_group("gone", group)
    [failed] = [line for line in lines if line.startswith("\tFailed")]
    assert "'gone'" in failed


def test_the_report_as_json_is_all_that_is_written(article: Article):
    add_article("bad.jpg", b"no picture")
    Article.objects.create()
    found = report("testapp:article:small", fails=True)
    [failed] = found.pop("failed")
    assert found == {
        "generators": ["testapp:article:small"],
        "created": 1,
        "existing": 0,
        "queued": 0,
        "empty": 1,
    }
    assert failed["generator"] == "testapp:article:small"
    assert "bad.jpg" in failed["reason"]
    assert report("testapp:article:wide", fails=True)["created"] == 1
    assert report("testapp:article:wide", fails=True)["existing"] == 1


def test_registered_cache_files_are_made_too(
    article: Article, add_generator: Callable[[str, object], str]
):
    class Tiny(ImageSpec):
        processors = [ResizeToFit(8, 8)]

    id = add_generator("tiny", Tiny)
    file = ImageCacheFile(Tiny(article.photo))

    def files() -> Iterator[ImageCacheFile]:
        yield file

    register.cachefiles(id, files)
    try:
        assert run("tiny") == ["Validating generator: tiny", f"  {file.name}"]
    finally:
        unregister.cachefiles(id, files)
    assert exists(file)


class Queue(CachedFileBackend):
    """A backend that takes many files at once, and makes them later."""

    is_async = True
    batches: list[list[str]] = []

    def generate_together(self, files: list[ImageCacheFile]) -> None:
        self.batches.append([str(file.name) for file in files])


class Jobs(JobQueue):
    """A queue that keeps its jobs."""

    jobs: list[Job] = []

    def send_job(self, job: Job, *, force: bool = False) -> None:
        self.jobs.append(job)


def test_a_queue_is_sent_one_job_for_each_source(
    article: Article, key_set: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Jobs, "jobs", [])
    other = add_article("y.jpg")
    found = report("testapp:article", key_set, backend=f"{__name__}.Jobs")
    assert found["queued"] == 10
    assert [(job.pk, job.source) for job in Jobs.jobs] == [
        (row.pk, row.photo.name) for row in (article, other)
    ]
    specs = [f"testapp:article:{name}" for name in ("small", "wide", "grey")]
    assert list(Jobs.jobs[0].keys) == [*specs, *(key for _, key in KEY_SET)]


class DownQueue(JobQueue):
    """A queue whose broker is gone."""

    def send_job(self, job: Job, *, force: bool = False) -> None:
        raise OSError("no broker")


def test_a_queue_that_is_down_is_a_failure_of_each_file(article: Article):
    found = report("testapp:article:small", backend=f"{__name__}.DownQueue", fails=True)
    assert found["queued"] == 0
    [failed] = found["failed"]
    assert "no broker" in failed["reason"]
    assert failed["file"] == article.small.name


def test_a_backend_of_a_spec_that_cannot_be_imported_is_a_failure_of_its_files(
    article: Article, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ImageSpec, "cachefile_backend", "no_such.Backend")
    [failed] = report("testapp:article:small", fails=True)["failed"]
    assert "no_such.Backend" in failed["reason"]


class OneByOne(CachedFileBackend):
    """A backend as people wrote them for ImageKit."""

    names: list[str] = []

    def generate(self, file: ImageCacheFile, force: bool = False) -> None:  # type: ignore[override]
        if "articles/bad" in str(file.name):
            raise OSError("the queue is down")
        self.names.append(str(file.name))


def test_another_backend_is_given_the_missing_files_of_a_source_at_once(
    article: Article, key_set: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Queue, "batches", [])
    call_command("generateimages", "testapp:article:small", stdout=io.StringIO())
    found = report("testapp:article", key_set, backend=f"{__name__}.Queue")
    assert (found["existing"], found["queued"], found["created"]) == (1, 4, 0)
    [batch] = Queue.batches
    crop = article.photo.crop
    assert batch[:2] == [article.wide.name, article.grey.name]
    assert len(batch) == 4
    assert crop.rendition("50x50").name in batch


def test_the_backend_of_the_settings_is_asked_and_its_failures_are_told(
    settings: Settings, db: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(OneByOne, "names", [])
    settings.VERSATILE = {"BACKEND": f"{__name__}.OneByOne"}
    good = add_article("good.jpg")
    add_article("bad.jpg")
    lines = run("testapp:article:small")
    assert OneByOne.names == [good.small.name]
    [failed] = [line for line in lines if line.startswith("\tFailed")]
    assert "the queue is down" in failed


class Broken:
    """A source group as sites write them."""

    def files(self) -> Iterator[object]:
        raise OSError("no such table")


def test_a_source_group_that_fails_is_named_and_the_others_are_taken(
    article: Article, add_generator: Callable[[str, object], str]
):
    id, group = add_generator("lost", ImageSpec), Broken()
    register.source_group(id, group)
    try:
        lines = run("lost", "testapp:article:small")
    finally:
        unregister.source_group(id, group)
    [failed] = [line for line in lines if line.startswith("\tFailed")]
    assert failed.startswith("\tFailed lost: ")
    assert "no such table" in failed
    assert exists(article.small)


def test_the_exit_status_is_1_if_anything_failed(db: None, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        Command().run_from_argv(["manage.py", "generateimages", "no_such", "--skip-checks"])
    assert stopped.value.code == 1
    assert "1 failed" in capsys.readouterr().err


def test_a_backend_that_is_none_is_a_usage_error(db: None):
    with pytest.raises(CommandError, match=r"no_such\.Thing"):
        call_command("generateimages", backend="no_such.Thing")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_on_a_terminal_alone(
    article: Article, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    run("testapp:article:small")
    assert capsys.readouterr().err == ""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert run("testapp:article:small")[-1] == f"  {article.small.name}"
    assert "1 sources" in terminal.getvalue()


def test_sources_are_taken_one_after_the_other(
    article: Article, add_generator: Callable[[str, object], str], opened: list[str]
):
    taken: list[int] = []

    class Group:
        def files(self) -> Iterator[object]:
            for index in range(3):
                taken.append(len(list(_made(article))))
                yield ContentFile(PHOTO, f"streamed/{index}.jpg")

    class Tiny(ImageSpec):
        processors = [ResizeToFit(8, 8)]

    id, group = add_generator("tiny", Tiny), Group()
    register.source_group(id, group)
    try:
        run("tiny")
    finally:
        unregister.source_group(id, group)
    assert taken == [0, 1, 2]


def _made(article: Article) -> Iterator[str]:
    storage = article.photo.storage
    if storage.exists("CACHE/images/streamed"):
        yield from storage.listdir("CACHE/images/streamed")[0]
