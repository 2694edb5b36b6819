import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

from tests.renditions.conftest import shared_cache
from tests.stored import upload
from tests.testapp.models import Article, Person

SETS = {
    "people": [("small", "crop__20x20"), ("fit", "fit__30x30"), ("full", "url")],
    "grey": [("grey", "filters__grayscale__crop__20x20")],
}
MADE = {
    "__sized__/headshots/a-crop-c0-5__0-5-20x20-70.jpg",
    "__sized__/headshots/a-fit-30x30-70.jpg",
}
Command = Callable[..., dict[str, Any]]

__all__ = ["shared_cache"]


@pytest.fixture
def sets(settings: Settings) -> None:
    settings.VERSATILE = {"RENDITION_KEY_SETS": SETS}


@pytest.fixture
def renditions() -> Command:
    """The command, and its report; with ``fails`` it has to end with an error."""

    def run(*words: str, fails: bool = False) -> dict[str, Any]:
        said = StringIO()
        if fails:
            with pytest.raises(CommandError, match="failed; the report says"):
                call_command("renditions", *words, "--json", stdout=said)
        else:
            call_command("renditions", *words, "--json", stdout=said)
        report: dict[str, Any] = json.loads(said.getvalue())
        return report

    return run


@pytest.fixture
def other_database(tmp_path: Path) -> Iterator[str]:
    """A second database with all tables."""
    alias = "other"
    connections.settings[alias] = {
        **connections.settings["default"],
        "NAME": str(tmp_path / "other.sqlite3"),
    }
    other = connections[alias]

    def connect() -> None:
        if other.connection is None:
            with other.wrap_database_errors:
                other.connect()

    # A test case allows no database that was not there when it began.
    other.ensure_connection = connect  # type: ignore[method-assign]
    try:
        call_command("migrate", run_syncdb=True, database=alias, verbosity=0)
        yield alias
    finally:
        other.close()
        del connections[alias], connections.settings[alias]


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def person(name: str = "a.jpg", **values: Any) -> Person:
    return Person.objects.create(headshot=upload(name), **values)


def article(name: str = "a.jpg") -> Article:
    return Article.objects.create(photo=upload(name))
