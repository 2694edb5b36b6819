"""Sudden ends: a maker that is killed, a disk that is full, a warming that is interrupted."""

import signal

import pytest

from tests.counts import count
from tests.faults.conftest import Site
from tests.renditions.making import files_below
from tests.servers import wait_for
from versatile.renditions.strays import is_temporary

pytestmark = [pytest.mark.slow, pytest.mark.service]

WHOLE = {"url": "/media/out/x.png", "state": "whole", "files": ["d/x.jpg", "out/x.png"]}


@pytest.mark.parametrize("moment", ["0", "1", "500", "3000", "before", "after"])
def test_a_maker_that_is_killed_leaves_nothing_that_the_next_one_does_not_mend(moment, site: Site):
    process = site.start("die", moment)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    left = files_below(site.media) - {"d/x.jpg"}
    if moment == "after":
        assert left == {"out/x.png"}
    else:
        (stray,) = left
        assert is_temporary(stray)
        assert moment == "before" or (site.media / stray).stat().st_size == int(moment)
    assert site.run("heal") == WHOLE


def test_on_a_full_disk_nothing_is_left_and_the_next_request_heals(site: Site):
    answer = site.run("fill_the_disk")
    assert "out/x.png" in answer["said"]
    assert "File too large" in answer["said"]
    assert answer["left"] == ["d/x.jpg"]
    assert answer["healed"] == ["d/x.jpg", "out/x.png"]


def test_an_interrupted_warming_goes_on_where_it_was(site: Site):
    rows = count(500, quick=500)
    assert site.run("fill", rows) == rows
    made = site.media / "__sized__" / "photos"
    process = site.start("warm", "0.002")
    wait_for(lambda: made.exists() and len(list(made.glob("[!.]*"))) > rows // 5, "some files")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    before = {path: path.stat().st_mtime_ns for path in made.iterdir()}
    assert rows // 5 < len(before) < rows
    assert not any(is_temporary(path.name) for path in before)
    report = site.run("warm")
    assert (report["created"], report["existing"]) == (rows - len(before), len(before))
    assert report["failed"] == {}
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(list(made.iterdir())) == rows


def test_many_rows_take_no_more_memory_and_descriptors_than_some(site: Site):
    rows = count(5000, quick=1000)
    site.run("fill", rows)
    site.flags = ("-W", "error::ResourceWarning")
    report = site.run("warm")
    assert (report["created"], report["failed"]) == (rows, {})
    early, late = report["seen"][0], report["seen"][-1]
    assert late[1] == early[1]
    assert late[0] - early[0] < 4_000  # kilobytes
