"""What the wheel holds: the package, whole, and nothing beside it."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ["versatile", "tests", "sample_project", "benchmarks", "docs"]
INPUTS = ["pyproject.toml", "setup.py", "README.rst", "LICENSE"]

pytestmark = [pytest.mark.slow, pytest.mark.service]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in the wheel of a copy of this tree, without its metadata."""
    folder = tmp_path_factory.mktemp("packaging")
    ignore = shutil.ignore_patterns("__pycache__", ".*", "media", "build", "_build")
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for name in INPUTS:
        shutil.copy(ROOT / name, folder)
    build = "import sys, setuptools.build_meta as build; print(build.build_wheel(sys.argv[1]))"
    subprocess.run(
        [sys.executable, "-c", build, "dist"], cwd=folder, check=True, capture_output=True
    )
    [wheel] = (folder / "dist").glob("*.whl")
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
