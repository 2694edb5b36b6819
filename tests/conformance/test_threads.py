"""Odd files in many threads: no warning, one answer, and a process that is as it was."""

import hashlib
import sys
import threading
import warnings
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from tests.conformance.cases import rendered, stored
from tests.conformance.operations import OPERATIONS
from tests.conformance.pictures import KINDS, MOVING, moving, still
from tests.imaging.test_reading import odd_files
from versatile.exceptions import VersatileError
from versatile.imaging import stripping
from versatile.validators import validate_image

pytestmark = pytest.mark.slow

THREADS = 8


def files() -> list[bytes]:
    """Odd files, and a good one of each kind."""
    good = [still(kind, drawn.formats[0], 6) for kind, drawn in KINDS.items()]
    return [*odd_files(), *good, *map(moving, MOVING)]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def answers(data: bytes) -> list[str]:
    """What a site does with a file: takes it, strips it, shows it; and what came of each."""
    found = [digest(stripping.strip(data))]
    try:
        validate_image(ContentFile(data, "x.png"))
        found.append("taken")
    except ValidationError as error:
        found.append(str(error.code))
    for name in ("crop 40x30", "invert", "Adjust"):
        try:
            found.append(digest(rendered(OPERATIONS[name], stored(data, "PNG"))))
        except VersatileError as error:
            found.append(type(error.__cause__).__name__)
    return found


def process() -> dict[str, Any]:
    """What is Pillow's for the whole process, its switches and its registries, and the filters."""
    state: dict[str, Any] = {"filters": list(warnings.filters)}
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("PIL."):
            for name, value in vars(module).items():
                if name.isupper() and isinstance(value, int | float | str | None):
                    state[f"{module_name}.{name}"] = value
                elif name.isupper() and isinstance(value, dict | list | set):
                    state[f"{module_name}.{name}"] = value.copy()
    return state


def test_threads_get_one_answer_hear_no_warning_and_find_the_process_as_it_was() -> None:
    Image.init()  # Pillow finds all its plugins at its first file of a format that it has not met
    heard: list[Any] = []
    problems: list[BaseException] = []
    told: list[list[list[str]]] = []
    everything = files()

    def do_all() -> None:
        try:
            told.append([answers(data) for data in everything])
        except BaseException as problem:  # noqa: BLE001 - it is shown at the end
            problems.append(problem)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda *args, **kwargs: heard.append(args)
        before = process()
        threads = [threading.Thread(target=do_all) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert process() == before
    assert (heard, problems) == ([], [])
    assert len(told) == THREADS
    assert all(one == told[0] for one in told)
    odd, good = told[0][: -len(KINDS) - len(MOVING)], told[0][-len(KINDS) - len(MOVING) :]
    assert all("taken" in answer and len(set(answer)) == len(answer) for answer in good)
    assert sum("taken" not in answer for answer in odd) > len(odd) // 2


def test_what_is_looked_at_is_where_pillow_keeps_it() -> None:
    names = process()
    for name in ("MAX_IMAGE_PIXELS", "OPEN", "ID", "SAVE", "MIME"):
        assert f"PIL.Image.{name}" in names
    assert "PIL.ImageFile.LOAD_TRUNCATED_IMAGES" in names
    assert "PIL.PngImagePlugin.MAX_TEXT_CHUNK" in names
    assert "PIL.TiffImagePlugin.READ_LIBTIFF" in names
