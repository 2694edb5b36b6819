"""The sample site as a process of its own, with a database and files that nobody else has."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.browser.programs import ROOT

MANAGE = ROOT / "sample_project" / "manage.py"
PATIENCE = 60.0
LONG_SIDE = "1200"
"""Pixels of the demonstration's photos: enough for pictures of the pages."""

EDITOR, VIEWER, PASSWORD = "editor", "viewer", "only-for-tests"
ADD_VIEWER = f"""
from django.contrib.auth.models import Permission, User
viewer = User.objects.create_user({VIEWER!r}, password={PASSWORD!r}, is_staff=True)
viewer.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
"""


@dataclass(frozen=True)
class Site:
    """A running sample site, and its folder."""

    url: str
    folder: Path

    def ask(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """Rows of the site's database, read beside Django."""
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as database:
            return database.execute(query, parameters).fetchall()

    def point(self, name: str) -> tuple[float, float]:
        """The stored point of somebody's headshot."""
        query = "SELECT headshot_ppoi FROM people_person WHERE name = ?"
        ((text,),) = self.ask(query, name)
        x, y = str(text).split("x")
        return float(x), float(y)


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """The site with the demonstration's people, articles and album, an editor and a viewer."""
    environment = _environment(folder)
    _manage(environment, "migrate", "--verbosity", "0")
    _manage(environment, "demo", "--long-side", LONG_SIDE)
    editor = ["--username", EDITOR, "--email", "editor@example.com"]
    _manage(environment, "createsuperuser", "--noinput", *editor)
    _manage(environment, "shell", "--verbosity", "0", "-c", ADD_VIEWER)
    with _run(folder, environment) as site:
        yield site


@contextmanager
def serve_in(language: str, folder: Path) -> Iterator[Site]:
    """The same site in another language, as one more process."""
    with _run(folder, {**_environment(folder), "SAMPLE_LANGUAGE": language}) as site:
        yield site


def _environment(folder: Path) -> dict[str, str]:
    environment = {
        **os.environ,
        "SAMPLE_DATA": str(folder),
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return environment


@contextmanager
def _run(folder: Path, environment: dict[str, str]) -> Iterator[Site]:
    port = _free_port()
    log = folder / f"{port}.log"
    with log.open("wb") as file:
        server = subprocess.Popen(
            [sys.executable, str(MANAGE), "runserver", "--noreload", f"127.0.0.1:{port}"],
            env=environment,
            stdout=file,
            stderr=file,
        )
        try:
            site = Site(f"http://127.0.0.1:{port}", folder)
            _wait_for(site, log)
            yield site
        finally:
            server.terminate()
            server.wait()


def _manage(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, str(MANAGE), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(site: Site, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(site.url).close()
        except URLError:
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        else:
            return
