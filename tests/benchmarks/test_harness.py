"""The pure parts of the benchmarks: ratios, tables, targets. Nothing here looks at a clock."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.drawing import Photo, draw_photo, save_photo
from benchmarks.fidelity.psnr import EQUAL, psnr
from benchmarks.harness import command
from benchmarks.harness.comparison import Comparison, Measured, Spread, ratios
from benchmarks.harness.plan import FAMILIES, TARGETS, verdicts
from benchmarks.harness.processes import differences
from benchmarks.harness.report import COUNT_HEADS, duration, speeds, table, target_lines
from benchmarks.harness.sides import SIDES

NO_CALLS = dict.fromkeys(COUNT_HEADS, 0.0)


def comparison(
    name: str = "warm",
    base: tuple[float, ...] = (5.0, 5.0),
    ours: tuple[float, ...] = (1.0, 1.0),
    peaks: tuple[int, int] = (100, 50),
    **counts: float,
) -> Comparison:
    return Comparison(
        name,
        "photo",
        Measured(base, base, peaks[0], NO_CALLS),
        Measured(ours, ours, peaks[1], NO_CALLS | counts),
    )


def test_ratio_is_of_medians_and_reach_is_of_pairs() -> None:
    assert ratios((4.0, 6.0, 50.0), (2.0, 2.0, 10.0)) == Spread(3.0, 2.0, 5.0)


def test_measurement_without_partner_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratios((1.0, 2.0), (1.0,))


def test_comparison_as_json_holds_figures_and_conclusions() -> None:
    value = comparison().as_json()
    assert value["speed"] == {"middle": 5.0, "low": 5.0, "high": 5.0}
    assert (value["memory"], value["base"]["peak"]) == (0.5, 100)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(2.5, "2.5 s"), (0.0423, "42.3 ms"), (8.14e-6, "8.14 us"), (3.2e-7, "320 ns")],
)
def test_durations_read_well(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_table_lines_up() -> None:
    lines = table(("name", "n"), [("a", "100"), ("long name", "7")]).splitlines()
    assert lines == ["name         n", "-" * 14, "a          100", "long name    7"]


def test_speed_table_names_unit_ratio_and_reach() -> None:
    row = speeds([comparison(base=(4.0, 6.0), ours=(2.0, 2.0))]).splitlines()[-1]
    assert row.split() == [
        "warm",
        "(per",
        "photo)",
        "5",
        "s",
        "2",
        "s",
        "2.50x",
        "2.00..3.00",
        "2.50x",
    ]


def test_targets_judge_only_what_was_measured() -> None:
    assert {target.comparison for target, _ in verdicts({"warm": comparison()})} == {"warm"}


def test_every_target_belongs_to_a_comparison() -> None:
    names = {pair.name for pairs in FAMILIES.values() for pair in pairs}
    assert {target.comparison for target in TARGETS} <= names


def test_every_pair_runs_on_sides_that_are_known() -> None:
    pairs = [pair for pairs in FAMILIES.values() for pair in pairs]
    assert {side for pair in pairs for side, _ in pair.runs} == set(SIDES)
    assert all(pair.runs[1][0] == "ours" for pair in pairs)


def test_a_site_without_a_library_has_no_package_and_our_environment() -> None:
    assert (SIDES["django"].package, SIDES["django"].environment) == ("", "ours")


@pytest.mark.parametrize("families", [["spec_url", "create"], ["spec_warm"]])
def test_no_environment_is_made_that_is_not_measured(
    families: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "interpreter", Path)
    assert "peer" not in command.environments(families)


@pytest.mark.parametrize("name", ["create, Django", "spec url", "warm"])
def test_speed_is_judged_by_the_processors_clock(name: str) -> None:
    item = comparison(name, base=(1.0, 1.0), ours=(2.0, 2.0))
    swift = replace(item, ours=replace(item.ours, busy=(0.1, 0.1)))
    lines = [next(iter(target_lines({item.name: one})))[:4] for one in (item, swift)]
    assert lines == ["FAIL", "pass"]
    assert speeds([swift]).splitlines()[-1].split()[-3:] == ["10.00x", "10.00..10.00", "0.50x"]


@pytest.mark.parametrize(
    ("measured", "missed"),
    [
        (comparison(), []),
        (comparison(ours=(1.2, 1.2)), ["times as fast"]),
        (comparison(peaks=(100, 71)), ["peak memory"]),
        (comparison(decodes=5.0), ["decodes"]),
    ],
)
def test_each_missed_target_says_so(measured: Comparison, missed: list[str]) -> None:
    *lines, summary = target_lines({"warm": measured})
    failed = [line for line in lines if line.startswith("FAIL")]
    assert summary == f"{len(missed)} of {len(lines)} targets missed"
    assert len(failed) == len(missed)
    assert all(words in line for words, line in zip(missed, failed, strict=True))


def test_sides_that_differ_are_reported() -> None:
    base, ours = {"Pillow": "13.0.0"}, {"Pillow": "13.1.0"}
    made = {"a.jpg": [10, 10, 99]}, {"a.jpg": [10, 9, 99], "b.jpg": [1, 1, 9]}
    assert differences(base, base, made[0], {"a.jpg": [10, 10, 7]}) == []
    assert differences(base, ours, *made) == [
        "Pillow 13.0.0 beside 13.1.0",
        "a.jpg: (10, 10) beside (10, 9)",
        "b.jpg: None beside (1, 1)",
    ]


def test_psnr() -> None:
    black, grey = Image.new("RGB", (4, 4)), Image.new("RGB", (4, 4), (1, 1, 1))
    assert psnr(black, black) == EQUAL
    assert psnr(black, grey) == pytest.approx(48.13, abs=0.01)
    with pytest.raises(ValueError, match="beside"):
        psnr(black, grey.resize((2, 2)))


def test_drawings_are_the_same_each_time_and_differ_by_seed() -> None:
    one, again, other = (draw_photo(seed, (160, 120)).tobytes() for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_saved_photo_carries_its_orientation_and_is_kept(tmp_path: Path) -> None:
    photo = Photo(1, size=(160, 120), orientation=6)
    path = save_photo(photo, tmp_path)
    with Image.open(path) as image:
        assert (image.size, image.getexif()[0x0112]) == ((160, 120), 6)
    made = path.stat().st_mtime_ns
    assert save_photo(photo, tmp_path).stat().st_mtime_ns == made
