"""What the tests need beside Python: a browser, and two libraries from npm."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"
NPM = BUILD / "npm"
PATIENCE = 120


def is_missing(what: str, remedy: str) -> NoReturn:
    """Skip, and say what to install; where the machine is the integration's own, fail."""
    reason = f"{what} is missing: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def chromium_path() -> str:
    return shutil.which("chromium") or is_missing("chromium", "apt-get install chromium")


def axe_source() -> str:
    """axe-core, which finds what keeps people out."""
    return _source("axe-core", "4", "axe.min.js")


def bootstrap_source() -> str:
    """The style sheet of Bootstrap."""
    return _source("bootstrap", "5", "dist/css/bootstrap.min.css")


def _source(package: str, version: str, path: str) -> str:
    """A file of a package, which is fetched into the build folder once."""
    file = NPM / "node_modules" / package / path
    if not file.exists():
        _install(f"{package}@{version}", NPM)
    return file.read_text(encoding="utf-8")


def _install(package: str, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        is_missing("npm", "apt-get install npm")
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", package]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    except (subprocess.SubprocessError, OSError):
        is_missing(package, f"npm install --prefix {folder.relative_to(ROOT)} {package}")
