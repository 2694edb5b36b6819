"""One side of a pair: a process that runs its scenario whenever it is told to.

It reads a word per line (``measure``, ``count``, ``describe``) and answers each with a
line of JSON; it ends with its input.
"""

import gc
import json
import os
import resource
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.core.management import call_command

from benchmarks.harness.counting import counted

if TYPE_CHECKING:
    from benchmarks.harness.scenario import Scenario


def main(name: str, photos: list[Path]) -> None:
    """Serves the scenario called ``name`` until the input ends."""
    # Whatever a library prints must not come between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    scenario = _start(name, photos)
    print(json.dumps({"versions": _versions(), "peak": _peak()}), file=answers)
    commands = {"measure": _measure, "count": _count, "describe": _describe}
    for line in sys.stdin:
        print(json.dumps(commands[line.strip()](scenario)), file=answers)


def _start(name: str, photos: list[Path]) -> "Scenario":
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    # Models can be imported only now.
    scenarios = import_module(settings.SCENARIOS).SCENARIOS
    started: Scenario = scenarios[name](photos)
    return started


def _measure(scenario: "Scenario") -> dict[str, Any]:
    """Seconds per unit by the wall's clock and the processor's, and the peak memory so far.

    The least of all repeats: whatever else a machine does can only make them longer.
    """
    seconds, busy = zip(*(_timed(scenario) for _ in range(scenario.repeats)), strict=True)
    return {"seconds": min(seconds), "busy": min(busy), "peak": _peak()}


def _timed(scenario: "Scenario") -> tuple[float, float]:
    scenario.reset()
    gc.collect()
    started, idle = perf_counter(), process_time()
    units = scenario.run()
    return (perf_counter() - started) / units, (process_time() - idle) / units


def _count(scenario: "Scenario") -> dict[str, float]:
    """Calls per unit."""
    scenario.reset()
    with counted() as counts:
        units = scenario.run()
    return {name: number / units for name, number in counts.items()}


def _describe(scenario: "Scenario") -> dict[str, Any]:
    """What was made: a name → width, height and bytes."""
    return scenario.describe()


def _peak() -> int:
    """The most bytes that this program has had in memory.

    Where Linux tells of the program alone: ``getrusage`` begins with the peak of the one that
    started it, which draws photos.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _versions() -> dict[str, str]:
    python = ".".join(str(part) for part in sys.version_info[:3])
    return {"Python": python, **{name: version(name) for name in ("Django", "Pillow")}}


if __name__ == "__main__":
    main(sys.argv[1], [Path(argument) for argument in sys.argv[2:]])
