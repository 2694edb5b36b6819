"""The command line of the quality report."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.drawing import save_photo
from benchmarks.fidelity.cases import CASES, KEYS
from benchmarks.fidelity.judging import Judged, judge
from benchmarks.harness.report import table

PHOTOS = Path(__file__).resolve().parents[1] / ".photos"


@dataclass(frozen=True, slots=True)
class Target:
    """What the worst rendition has to reach."""

    text: str
    read: Callable[[Judged], float]
    bound: float
    at_least: bool = True

    def worst(self, judged: Iterable[Judged]) -> Judged:
        """The rendition that comes off worst."""
        return (min if self.at_least else max)(judged, key=self.read)

    def reached(self, item: Judged) -> bool:
        """Whether even this rendition is good enough."""
        value = self.read(item)
        return value >= self.bound if self.at_least else value <= self.bound


TARGETS = (
    Target("against a full decode with one-step Lanczos >= 48 dB", lambda item: item.reference, 48),
    Target("made in a set and alone, apart >= 45 dB", lambda item: item.company, 45),
    Target("lost after encoding <= 0.15 dB", lambda item: item.lost, 0.15, at_least=False),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where every target is reached, 1 where one is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks/quality.py", description=__doc__)
    parser.add_argument("--photos", type=int, default=len(CASES), help="only the first so many")
    parser.add_argument("--all", action="store_true", help="a row for every rendition")
    parser.add_argument("--json", type=Path, help="also write every figure to this file")
    options = parser.parse_args(arguments)
    judged: list[Judged] = []
    for case in CASES[: options.photos]:
        path = save_photo(case.photo, PHOTOS)
        print(f"  {path.name} ...", file=sys.stderr, flush=True)
        judged += judge(case, path)
    print(summary(judged), *([every(judged)] if options.all else []), verdicts(judged), sep="\n\n")
    if options.json:
        options.json.write_text(json.dumps([asdict(item) for item in judged], indent=2) + "\n")
    return int(not all(target.reached(target.worst(judged)) for target in TARGETS))


def summary(judged: Sequence[Judged]) -> str:
    """The worst figures of each photo, of the measured set and of the planner's edges."""
    rows = []
    for photo in dict.fromkeys(item.photo for item in judged):
        for kind, in_set in (("set", True), ("edges", False)):
            of_kind = [j for j in judged if j.photo == photo and (j.key in KEYS) == in_set]
            rows.append((f"{photo} {kind}", *_figures(_worst(of_kind))))
    return table(("minima in dB", "reference", "set/alone", "lost"), rows)


def every(judged: Iterable[Judged]) -> str:
    """A row for each rendition."""
    rows = [
        (f"{item.photo} {item.key}", *_figures((item.reference, item.company, item.lost)))
        for item in judged
    ]
    return table(("each in dB", "reference", "set/alone", "lost"), rows)


def verdicts(judged: Sequence[Judged]) -> str:
    """One line per target, naming the rendition that came off worst."""
    lines = []
    for target in TARGETS:
        worst = target.worst(judged)
        word = "pass" if target.reached(worst) else "FAIL"
        lines.append(
            f"{word}  {target.text}  (worst {target.read(worst):.2f}: {worst.photo} {worst.key})"
        )
    return "\n".join(lines)


def _worst(judged: Sequence[Judged]) -> tuple[float, float, float]:
    reference, company, lost = ([target.read(item) for item in judged] for target in TARGETS)
    return min(reference), min(company), max(lost)


def _figures(values: tuple[float, float, float]) -> tuple[str, str, str]:
    reference, company, lost = values
    return f"{reference:.1f}", f"{company:.1f}", f"{lost:+.3f}"


if __name__ == "__main__":
    sys.exit(main())
