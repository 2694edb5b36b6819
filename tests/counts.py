"""How much of something a test does: little every day, all of it in `make test-full`."""

import os

FULL = os.environ.get("VERSATILE_FULL") == "1"


def count(full: int, *, quick: int) -> int:
    """The count for this run: ``full`` where ``VERSATILE_FULL=1`` is set, ``quick`` elsewhere."""
    return full if FULL else quick
