"""The printed report: tables of text and a line for every target."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from benchmarks.harness.comparison import Comparison
from benchmarks.harness.plan import verdicts

COUNT_HEADS = {
    "storage_opens": "files opened",
    "image_opens": "pictures opened",
    "decodes": "decodes",
    "storage_calls": "storage calls",
    "cache_calls": "cache calls",
}
MEGABYTE = 1_000_000


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as their widest cell: the first to the left, figures to the right."""
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    lines = [_line(row, widths) for row in cells]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = row
    figures = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
    return "  ".join([first.ljust(widths[0]), *figures])


def duration(seconds: float) -> str:
    """A time in the unit in which it is easy to read."""
    for factor, unit in ((1.0, "s"), (1e3, "ms"), (1e6, "us")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def speeds(comparisons: Iterable[Comparison]) -> str:
    """Medians of both sides, their ratio, and the least and greatest ratio of a pair.

    All by the processor's clock; the last column is the ratio by the wall's.
    """
    rows = []
    for item in comparisons:
        base, ours = median(item.base.busy), median(item.ours.busy)
        reach = f"{item.busy.low:.2f}..{item.busy.high:.2f}"
        unit = f"{item.name} (per {item.unit})"
        ratio, wall = f"{item.busy.middle:.2f}x", f"{item.speed.middle:.2f}x"
        rows.append((unit, duration(base), duration(ours), ratio, reach, wall))
    return table(("CPU time", "peer", "versatile", "ratio", "min..max", "by the wall"), rows)


def counts(comparisons: Iterable[Comparison]) -> str:
    """What both sides ask of Pillow, storage and cache per unit, peer / versatile."""
    rows = [
        (
            f"{item.name} (per {item.unit})",
            *(f"{item.base.counts[n]:.6g} / {item.ours.counts[n]:.6g}" for n in COUNT_HEADS),
        )
        for item in comparisons
    ]
    return table(("calls, peer / versatile", *COUNT_HEADS.values()), rows)


def memories(comparisons: Iterable[Comparison]) -> str:
    """Peak memory of both processes, Python and Django included."""
    rows = [
        (
            item.name,
            f"{item.base.peak / MEGABYTE:.0f} MB",
            f"{item.ours.peak / MEGABYTE:.0f} MB",
            f"{item.memory:.2f}",
        )
        for item in comparisons
    ]
    return table(("peak memory", "peer", "versatile", "share"), rows)


def target_lines(comparisons: Mapping[str, Comparison]) -> Iterator[str]:
    """One line per target: whether it is reached, what it asks and what was measured.

    The last line says how many are missed.
    """
    judged = missed = 0
    for target, value in verdicts(comparisons):
        judged += 1
        missed += not target.reached(value)
        word = "pass" if target.reached(value) else "FAIL"
        yield f"{word}  {target.text}  (measured {value:.3g})"
    yield f"{missed} of {judged} targets missed"
