"""The sample project as its own process would see it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MANAGE = ROOT / "sample_project" / "manage.py"


def manage(*arguments: str, data: Path) -> str:
    environment = os.environ | {"SAMPLE_DATA": str(data)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-W", "error", str(MANAGE), *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.service
def test_the_commands_of_make_demo_run_on_an_empty_folder(tmp_path: Path):
    manage("check", "--fail-level", "WARNING", data=tmp_path)
    manage("makemigrations", "--check", "--dry-run", data=tmp_path)
    manage("migrate", "--verbosity", "0", data=tmp_path)
    output = manage("demo", "--long-side", "400", data=tmp_path)
    assert "Contact sheet" in output
    assert (tmp_path / "build" / "contact-sheet.png").is_file()
    assert "warm" in fab_list()


def fab_list() -> str:
    """What Fabric itself finds in the folder of the project."""
    done = subprocess.run(
        [sys.executable, "-m", "fabric", "--search-root", str(MANAGE.parent), "--list"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr
