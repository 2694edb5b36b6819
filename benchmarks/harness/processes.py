"""The pairs of processes: started together, asked in turn, on one core."""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.harness.comparison import Comparison, Measured
from benchmarks.harness.environments import ROOT
from benchmarks.harness.plan import Pair


class WorkerFailure(Exception):
    """A process that ended before it answered; what it said stands above, on stderr."""


class Worker:
    """A process that runs one scenario of one side and answers in JSON."""

    def __init__(
        self, python: Path, side: str, scenario: str, photos: Sequence[Path], pair: Pair
    ) -> None:
        self.label = f"{scenario} of {side}"
        self._media = tempfile.TemporaryDirectory(prefix="benchmark-media-")
        command = [str(python), "-m", "benchmarks.harness.worker", scenario, *map(str, photos)]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | _environment(side, self._media.name, pair),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.hello = self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()
        self._media.cleanup()

    def ask(self, command: str) -> Any:
        """The answer to ``measure``, ``count`` or ``describe``."""
        assert self._process.stdin is not None
        print(command, file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise WorkerFailure(f"{self.label} ended with {self._process.wait()}")
        return json.loads(line)


def pin_to_one_core() -> int | None:
    """The core on which this process and all that it starts will run, where that can be said."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def compare(
    pair: Pair, pythons: dict[str, Path], photos: Sequence[Path], rounds: int
) -> tuple[Comparison, list[str]]:
    """The measurements of a pair, and in what the two sides differ that should not."""
    with ExitStack() as stack:
        base, ours = (
            stack.enter_context(Worker(pythons[side], side, scenario, photos, pair))
            for side, scenario in pair.runs
        )
        measured = [(base.ask("measure"), ours.ask("measure")) for _ in range(rounds)]
        made = base.ask("describe"), ours.ask("describe")
        sides = [
            Measured(
                seconds=tuple(row[index]["seconds"] for row in measured),
                busy=tuple(row[index]["busy"] for row in measured),
                peak=measured[-1][index]["peak"],
                counts=worker.ask("count"),
            )
            for index, worker in enumerate((base, ours))
        ]
        versions = base.hello["versions"], ours.hello["versions"]
    return Comparison(pair.name, pair.unit, *sides), differences(*versions, *made)


def differences(
    base_versions: dict[str, str],
    our_versions: dict[str, str],
    base_made: dict[str, list[int]],
    our_made: dict[str, list[int]],
) -> list[str]:
    """Reasons not to trust a ratio: other versions, other names or other sizes in pixels."""
    found = [
        f"{name} {version} beside {our_versions[name]}"
        for name, version in base_versions.items()
        if our_versions[name] != version
    ]
    for name in sorted(base_made.keys() | our_made.keys()):
        sizes = [tuple(made[name][:2]) if name in made else None for made in (base_made, our_made)]
        if sizes[0] != sizes[1]:
            found.append(f"{name}: {sizes[0]} beside {sizes[1]}")
    return found


def _environment(side: str, folder: str, pair: Pair) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": f"benchmarks.{pair.site}.settings",
        "BENCHMARK_SIDE": side,
        "BENCHMARK_MEDIA": folder,
        "BENCHMARK_ON_DEMAND": str(int(pair.on_demand)),
        "PYTHONHASHSEED": "0",
    }
