"""With django-cleanup installed: it deletes the originals, we what was made of them."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.service

ROOT = Path(__file__).parents[2]
SIZED = "__sized__/headshots"
CROPS = {
    f"{SIZED}/a-crop-c0-25__0-25-9x9-70.jpg",
    f"{SIZED}/__filtered__/a__invert__-crop-c0-25__0-25-9x9-70.jpg",
}
FITS = {f"{SIZED}/a-fit-9x9-70.jpg", f"{SIZED}/__filtered__/a__invert__-fit-9x9-70.jpg"}
MADE = CROPS | FITS


@pytest.fixture(autouse=True)
def _installed() -> None:
    if importlib.util.find_spec("django_cleanup") is None:
        reason = "django-cleanup is missing: pip install django-cleanup"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.mark.parametrize(
    ("scene", "left"),
    [
        ("delete", set()),
        ("replace", {"headshots/b.jpg", f"{SIZED}/b-fit-9x9-70.jpg"}),
        ("correct", {"headshots/c.jpg", f"{SIZED}/c-fit-9x9-70.jpg"}),
        ("move", {"headshots/a.jpg"} | FITS),
        # It knows nothing of shared files. What was made of one still shows on the other's page.
        ("share", MADE),
        ("roll_back", {"headshots/a.jpg"} | MADE),
        ("delete_all", set()),
    ],
)
def test_nothing_is_left_and_nothing_too_much_is_gone(scene: str, left: set[str], tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.cleaning", scene],
        cwd=ROOT,
        env={
            **os.environ,
            "SITE_MEDIA": str(tmp_path),
            "PYTHONPATH": f"{ROOT}:{ROOT}/sample_project",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) == left
    assert "exception" not in done.stderr.lower()
