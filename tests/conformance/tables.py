"""Tables: what the cases come to, for the page that shows them. Rows of cells, a heading first."""

from collections.abc import Callable, Iterable

from tests.conformance import cases
from tests.conformance.cases import Case, Film, Outcome
from tests.conformance.operations import OPERATIONS
from tests.conformance.pictures import ALL, KINDS

Table = list[list[str]]

NONE = "–"
WRONG = "wrong"

SHOWN = [format for format in ALL if cases.written_as(format) == format]


def incoming() -> Table:
    """The largest difference of each mode in each format of the original, by all operations."""
    return _table("Mode", KINDS, ALL, list(cases.incoming()), lambda case: (case.kind, case.source))


def outgoing() -> Table:
    """The mode of each mode's renditions in each format, and the largest difference."""
    found = _grouped(cases.outgoing(), lambda case: (case.kind, case.output))
    return [
        ["Mode", *SHOWN],
        *([f"``{kind}``", *(_with_modes(found[kind, item]) for item in SHOWN)] for kind in KINDS),
    ]


def operations() -> Table:
    """The largest difference of each operation in each format of the rendition, in all modes."""
    found = list(cases.incoming())
    return _table("Operation", OPERATIONS, SHOWN, found, lambda case: (case.operation, case.output))


def orientations() -> Table:
    """The largest difference of each orientation in each format of the original."""
    found = list(cases.orientations())
    formats = list(dict.fromkeys(case.source for case in found))
    rows = [str(number) for number in range(1, 9)]
    return _table(
        "Orientation", rows, formats, found, lambda case: (str(case.orientation), case.source)
    )


def animations() -> Table:
    """The frames of a rendition of each format, and their largest difference."""
    found: dict[tuple[str, str], list[Film]] = {}
    for case in cases.animations():
        row = f"{case.source} ``{case.kind}``"
        found.setdefault((row, case.output), []).append(cases.film(case))
    rows = dict.fromkeys(row for row, _ in found)
    return [
        ["Animation", *SHOWN],
        *([row, *(_moved(found[row, item]) for item in SHOWN)] for row in rows),
    ]


TABLES: dict[str, Callable[[], Table]] = {
    "incoming": incoming,
    "outgoing": outgoing,
    "operations": operations,
    "orientations": orientations,
    "animations": animations,
}


def _table(
    corner: str,
    rows: Iterable[str],
    columns: Iterable[str],
    done: Iterable[Case],
    place: Callable[[Case], tuple[str, str]],
) -> Table:
    """A table of largest differences; a dash where there is nothing to be done."""
    found, columns = _grouped(done, place), list(columns)
    table = [[corner, *columns]]
    for row in rows:
        cells = (found.get((row, column), []) for column in columns)
        table.append([f"``{row}``", *map(_largest, cells)])
    return table


def _grouped(
    done: Iterable[Case], place: Callable[[Case], tuple[str, str]]
) -> dict[tuple[str, str], list[Outcome]]:
    found: dict[tuple[str, str], list[Outcome]] = {}
    for case in done:
        found.setdefault(place(case), []).append(cases.outcome(case))
    return found


def _largest(outcomes: Iterable[Outcome]) -> str:
    outcomes = list(outcomes)
    if any(item.fault for item in outcomes):
        return WRONG
    return str(max(item.difference for item in outcomes)) if outcomes else NONE


def _with_modes(outcomes: Iterable[Outcome]) -> str:
    outcomes = list(outcomes)
    modes = sorted({item.mode for item in outcomes})
    return f"{', '.join(modes)}: {_largest(outcomes)}"


def _moved(films: Iterable[Film]) -> str:
    films = list(films)
    count = max(len(item.frames) for item in films)
    told = f"{count} frames" if count > 1 else "the first frame"
    return f"{told}: {_largest(frame for item in films for frame in item.frames)}"
