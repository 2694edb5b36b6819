"""Opens: how often the originals are really opened, seen by Python's own audit events."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_counters: list[tuple[str, Counter[str]]] = []


@contextmanager
def count_opens(folder: str) -> Iterator[Counter[str]]:
    """Count how often each file directly in a folder is opened meanwhile."""
    if not _counters and not _listening:
        # An audit hook stays for the life of the process, so there is only ever one.
        sys.addaudithook(_listen)
        _listening.append(True)
    counter: Counter[str] = Counter()
    entry = (os.path.abspath(folder), counter)
    _counters.append(entry)
    try:
        yield counter
    finally:
        _counters.remove(entry)


_listening: list[bool] = []


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _counters and isinstance(arguments[0], str):
        folder, name = os.path.split(arguments[0])
        for watched, counter in _counters:
            if folder == watched:
                counter[name] += 1
