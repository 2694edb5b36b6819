"""Opens: how often the originals are really opened, seen by Python's own audit events."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_watched: dict[str, Counter[str]] = {}


@contextmanager
def count_opens(folder: str) -> Iterator[Counter[str]]:
    """Count how often each file that lies directly in a folder is opened meanwhile."""
    _listen()
    place = os.path.abspath(folder)
    counter = _watched[place] = Counter()
    try:
        yield counter
    finally:
        del _watched[place]


@cache
def _listen() -> None:
    """Add the hook; it stays for the life of the process, so there is only ever one."""
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _watched and event == "open" and isinstance(arguments[0], str):
        folder, name = os.path.split(arguments[0])
        if folder in _watched:
            _watched[folder][name] += 1
