"""Sudden ends: a maker that is killed, a disk that is full, a warming that is interrupted."""

import os
import signal
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from tests.counts import count
from tests.faults.conftest import Site
from tests.queues.conftest import wait_for
from tests.renditions.making import files_below, put
from versatile.renditions import strays
from versatile.renditions.saving import save
from versatile.renditions.strays import is_temporary, temporary_name

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


@pytest.fixture
def stray(media_root: Path) -> Path:
    """What a maker of ``out/x.jpg`` left when it died a moment ago."""
    path = media_root / temporary_name("out/x.jpg")
    path.parent.mkdir()
    path.write_bytes(b"half of")
    return path


def age(path: Path) -> None:
    old = path.stat().st_mtime - strays.DEAD - 1
    os.utime(path, (old, old))


def test_the_next_maker_of_the_same_rendition_removes_a_stray(stray: Path, media_root: Path):
    save(FileSystemStorage(media_root), "out/x.jpg", b"whole")
    assert files_below(media_root) == {"out/x.jpg"}


def test_a_maker_of_another_one_removes_only_what_nobody_can_still_be_writing(
    stray: Path, media_root: Path
):
    save(FileSystemStorage(media_root), "out/y.jpg", b"whole")
    assert stray.exists()
    age(stray)
    save(FileSystemStorage(media_root), "out/y.jpg", b"whole")
    assert files_below(media_root) == {"out/y.jpg"}


def test_other_hidden_files_are_nobodys_strays(stray: Path, media_root: Path):
    names = [".htaccess", ".x.tmp", f"{stray.name}2", stray.name[1:]]
    for name in names:
        (stray.parent / name).touch()
        age(stray.parent / name)
    save(FileSystemStorage(media_root), "out/y.jpg", b"whole")
    assert {f"out/{name}" for name in names} <= files_below(media_root)


def test_a_large_folder_is_listed_now_and_then(stray: Path, media_root: Path, monkeypatch):
    monkeypatch.setattr(strays, "FEW", 0)
    monkeypatch.setattr(strays, "_FOLDERS", 1)
    listed = []
    listdir = os.listdir

    def watched(path: str) -> list[str]:
        listed.append(path)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", watched)
    storage = FileSystemStorage(media_root)
    for name in ("out/x.jpg", "out/y.jpg", "out/z.jpg"):
        save(storage, name, b"whole")
    assert listed == [str(media_root / "out")]
    put(storage, "other/x.jpg")
    save(storage, "other/y.jpg", b"whole")  # it takes the place of the first in what is kept
    save(storage, "out/x.jpg", b"whole")
    assert [Path(path).name for path in listed] == ["out", "other", "out"]


def test_a_stray_that_cannot_be_removed_stops_nobody(
    stray: Path, media_root: Path, monkeypatch, caplog
):
    def refuse(path: str) -> None:
        raise PermissionError("not yours")

    monkeypatch.setattr(os, "unlink", refuse)
    save(FileSystemStorage(media_root), "out/x.jpg", b"whole")
    assert (media_root / "out/x.jpg").read_bytes() == b"whole"
    assert "not yours" in caplog.text


def test_a_slow_maker_whose_file_was_taken_for_a_stray_has_the_file_of_the_faster_one(
    media_root: Path, monkeypatch
):
    storage = FileSystemStorage(media_root)
    replace = os.replace

    def overtake(old: str, new: str) -> None:
        monkeypatch.undo()
        save(storage, "out/x.jpg", b"faster")
        replace(old, new)

    monkeypatch.setattr(os, "replace", overtake)
    save(storage, "out/x.jpg", b"slower")
    assert (media_root / "out/x.jpg").read_bytes() == b"faster"
    assert files_below(media_root) == {"out/x.jpg"}


def test_a_slow_maker_whose_file_was_taken_by_one_that_failed_writes_it_again(
    media_root: Path, monkeypatch
):
    replace = os.replace

    def take(old: str, new: str) -> None:
        monkeypatch.undo()
        os.unlink(old)
        replace(old, new)

    monkeypatch.setattr(os, "replace", take)
    save(FileSystemStorage(media_root), "out/x.jpg", b"slower")
    assert (media_root / "out/x.jpg").read_bytes() == b"slower"


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
    assert late[0] - early[0] < 6_000  # kilobytes
