"""Memory: how much of it this process has needed at most."""

import re
from pathlib import Path


def peak_memory() -> int:
    """The largest resident size, in KiB, since this program was started.

    What ``getrusage`` calls by that name begins with that of the process which started it, so
    that after a hungry one nothing would seem to cost anything.
    """
    found = re.search(r"^VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found, "Linux says it for each process"
    return int(found[1])
