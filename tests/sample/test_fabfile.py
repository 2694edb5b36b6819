from collections.abc import Callable
from pathlib import Path

import pytest
from invoke.collection import Collection
from invoke.executor import Executor

import fabfile
from people.models import Person


def run(task: str, **arguments: object) -> None:
    Executor(Collection.from_module(fabfile)).execute((task, arguments))


def test_the_task_makes_what_is_missing(
    make_person: Callable[..., Person], media_root: Path, capsys: pytest.CaptureFixture[str]
):
    make_person().headshot.delete_all_created_images()
    assert not list((media_root / "__sized__").rglob("*.jpg"))
    run("warm")
    assert len(list((media_root / "__sized__").rglob("*.jpg"))) == 5
    assert "0 originals failed" in capsys.readouterr().out


def test_the_task_takes_the_name_of_a_set(make_person: Callable[..., Person], media_root: Path):
    make_person()
    run("warm", key_set="person_looks")
    assert len(list(media_root.rglob("*__sepia__*"))) == 1
