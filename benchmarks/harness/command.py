"""The command line of the benchmarks: measures, prints and judges."""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.harness import report
from benchmarks.harness.comparison import Comparison
from benchmarks.harness.environments import (
    BENCHMARKS,
    ROOT,
    EnvironmentFailure,
    interpreter,
    require_libmagic,
)
from benchmarks.harness.plan import FAMILIES, verdicts
from benchmarks.harness.processes import WorkerFailure, compare, pin_to_one_core
from benchmarks.harness.sides import SIDES

PHOTOS = BENCHMARKS / ".photos"
WARMING = ("warm", "spec_warm")
"""The scenarios that need the photos."""
MEMORIES = ("warm", "spec warm")
"""The comparisons whose peak memory says something."""
QUICK = {"photos": 2, "rounds": 3}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where every target is reached, 1 where one is missed, 2 where nothing can be measured."""
    options = parse(arguments)
    try:
        pythons = environments(options.only or FAMILIES)
        comparisons = measure(options, pythons)
    except (EnvironmentFailure, WorkerFailure) as failure:
        print(failure, file=sys.stderr)
        return 2
    show(comparisons)
    if options.json:
        kept = {name: item.as_json() for name, item in comparisons.items()}
        options.json.write_text(json.dumps(kept, indent=2) + "\n")
    return int(not all(target.reached(value) for target, value in verdicts(comparisons)))


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options, with those of ``--quick`` filled in."""
    parser = argparse.ArgumentParser(prog="benchmarks/run.py", description=__doc__)
    parser.add_argument("--photos", type=int, default=6, help="12-megapixel photos (6)")
    parser.add_argument("--rounds", type=int, default=7, help="runs of each side, in turn (7)")
    parser.add_argument("--json", type=Path, help="also write every figure to this file")
    parser.add_argument("--quick", action="store_true", help="2 photos and 3 rounds")
    parser.add_argument("--only", action="append", choices=FAMILIES, help="may be given again")
    options = parser.parse_args(arguments)
    if options.quick:
        vars(options).update(QUICK)
    return options


def environments(families: Iterable[str]) -> dict[str, Path]:
    """The interpreters of the sides that are measured."""
    pairs = [pair for name in families for pair in FAMILIES[name]]
    sides = dict.fromkeys(side for pair in pairs for side, _ in pair.runs)
    pythons = {name: interpreter(SIDES[name].environment) for name in sides}
    if "peer" in pythons:
        require_libmagic(pythons["peer"])
    return pythons


def measure(options: argparse.Namespace, pythons: dict[str, Path]) -> dict[str, Comparison]:
    """Every comparison that was asked for, by name."""
    pairs = [pair for name in options.only or FAMILIES for pair in FAMILIES[name]]
    warming = any(pair.scenario in WARMING for pair in pairs)
    photos = draw(pythons["ours"], options.photos) if warming else []
    core = pin_to_one_core()
    where = "one core cannot be chosen here" if core is None else f"all on core {core}"
    print(f"{len(photos)} photos, {options.rounds} rounds, {where}", flush=True)
    comparisons = {}
    for pair in pairs:
        print(f"  {pair.name} ...", file=sys.stderr, flush=True)
        used = photos if pair.scenario in WARMING else []
        comparisons[pair.name], warnings = compare(pair, pythons, used, options.rounds)
        for warning in warnings:
            print(f"NOT THE SAME: {pair.name}: {warning}")
    return comparisons


def draw(python: Path, count: int) -> list[Path]:
    """The paths of the photos, drawn unless they are there.

    In a process of its own: what this one holds counts into the peak memory of those
    that it starts, because a new process takes its parent's high-water mark along.
    """
    command = [str(python), "-m", "benchmarks.drawing", str(PHOTOS), str(count)]
    drawn = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return [Path(line) for line in drawn.stdout.splitlines()]


def show(comparisons: dict[str, Comparison]) -> None:
    """Prints the tables and the verdicts."""
    every = list(comparisons.values())
    warmed = [item for item in every if item.name in MEMORIES]
    sections = [report.speeds(every), report.counts(every)]
    sections += [report.memories(warmed)] if warmed else []
    sections.append("\n".join(report.target_lines(comparisons)))
    print("", *sections, sep="\n\n")


if __name__ == "__main__":
    sys.exit(main())
