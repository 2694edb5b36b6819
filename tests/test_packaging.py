"""What is shipped, as a wheel and as source: the package, whole, and nothing beside it."""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ["versatile", "tests", "sample_project", "benchmarks", "docs"]
INPUTS = ["pyproject.toml", "setup.py", "MANIFEST.in", "README.rst", "LICENSE"]

pytestmark = [pytest.mark.slow, pytest.mark.service]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a wheel and an archive of the sources, made of a copy of this tree."""
    folder = tmp_path_factory.mktemp("packaging")
    ignore = shutil.ignore_patterns("__pycache__", ".*", "media", "build", "_build")
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for name in INPUTS:
        shutil.copy(ROOT / name, folder)
    for kind in ("wheel", "sdist"):
        build = f"import setuptools.build_meta as build; build.build_{kind}('dist')"
        done = subprocess.run(
            [sys.executable, "-c", build], cwd=folder, check=True, capture_output=True, text=True
        )
        assert "Package would be ignored" not in done.stdout + done.stderr
    return folder / "dist"


@pytest.fixture(scope="module")
def shipped(built: Path) -> set[str]:
    """The names in the wheel, without its metadata."""
    [wheel] = built.glob("*.whl")
    return {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}


def test_nothing_but_the_package_is_shipped(shipped: set[str]) -> None:
    assert {name.split("/")[0] for name in shipped} == {"versatile"}


def test_every_file_of_the_package_is_shipped(shipped: set[str]) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "versatile").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files == shipped


def test_the_sources_are_the_package_and_what_builds_it(built: Path, shipped: set[str]) -> None:
    [archive] = built.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        names = {item.name.partition("/")[2] for item in tar.getmembers() if item.isfile()}
    made = {name for name in names if ".egg-info/" in name} | {"PKG-INFO", "setup.cfg"}
    assert names - made == {*shipped, *INPUTS}


def test_what_asks_for_an_extra_names_this_package_and_an_extra_that_it_has() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pages = [*(ROOT / "versatile").rglob("*.py"), *(ROOT / "docs").glob("*.rst")]
    asked = re.compile(r"install[ \"']+([\w-]+)\[([\w,]+)\]")
    found = [match.groups() for path in pages for match in asked.finditer(path.read_text())]
    assert {name for name, _ in found} == {project["name"]}
    assert {extra for _, extra in found} <= set(project["optional-dependencies"])
