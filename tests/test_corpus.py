"""The folder of odd and hostile files that ``VERSATILE_CORPUS`` names, if it names one.

It holds a ``manifest.json``: for each file its class, and whether it has to become a picture
(``ok``), an error of ours (``error``), or either.
"""

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = os.environ.get("VERSATILE_CORPUS")
pytestmark = pytest.mark.skipif(not FOLDER, reason="VERSATILE_CORPUS names no folder")

SECONDS = 10
MEGABYTES = 1024
RIGHT = 0.99
"""The part of the operations on good files that have to be done. None may be done wrong."""

ALIKE = 25
"""How far two pictures of one thing may be apart in any part of them, of 255."""


def entries() -> list[dict[str, Any]]:
    if not FOLDER:
        return []
    listed = json.loads((Path(FOLDER) / "manifest.json").read_text())["entries"]
    return sorted(listed, key=lambda entry: str(entry["path"]))


@cache
def judged(path: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.corpus", str(Path(FOLDER or "") / path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: str(entry["path"]))
def test_a_file_is_right_or_refused_by_an_error_of_ours(entry: dict[str, Any]) -> None:
    answer = judged(entry["path"])
    assert answer["seconds"] < SECONDS
    assert answer["megabytes"] < MEGABYTES
    assert answer["wrong"] == []
    if entry["expected"] == "error":
        assert len(answer["errors"]) == answer["operations"]


def test_good_files_become_right_pictures() -> None:
    good = [judged(entry["path"]) for entry in entries() if entry["expected"] == "ok"]
    refused = [error for answer in good for error in answer["errors"]]
    operations = sum(answer["operations"] for answer in good)
    assert len(refused) <= operations * (1 - RIGHT), refused


def test_the_same_picture_looks_the_same_however_it_was_turned() -> None:
    families: dict[str, list[dict[str, Any]]] = {}
    for entry in entries():
        family = re.match(r"(.*/(?:Portrait|Landscape)_|generated/orient/)", entry["path"])
        if family:
            families.setdefault(family[1], []).append(entry)
    assert families
    for members in families.values():
        first = judged(members[0]["path"])["grid"][0]
        for entry in members:
            levels = zip(first, judged(entry["path"])["grid"][0], strict=True)
            assert max(abs(one - other) for one, other in levels) < ALIKE, entry["path"]
