"""Strays: what makers that died while they wrote have left, and who removes it."""

import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import FileSystemStorage

from tests.renditions.making import files_below, put
from versatile.exceptions import StorageError
from versatile.renditions import saving, strays
from versatile.renditions.saving import save
from versatile.renditions.strays import is_temporary, temporary_name


@pytest.fixture(autouse=True)
def _listing_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a busy machine changes no result."""
    strays._rests.clear()
    monkeypatch.setattr(strays, "SHARE", float("inf"))


@pytest.mark.parametrize("name", ["x.jpg", "d/x.jpg", "d/e/my cat.png"])
def test_a_temporary_name_is_hidden_beside_the_name_and_another_each_time(name: str):
    names = {temporary_name(name) for _ in range(2)}
    assert len(names) == 2
    for item in names:
        assert is_temporary(item)
        assert Path(item).parent == Path(name).parent
        assert Path(item).name.startswith(".")
    assert not is_temporary(name)


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


def test_a_folder_is_listed_again_when_that_is_a_small_part_of_the_time(
    stray: Path, media_root: Path, monkeypatch
):
    monkeypatch.setattr(strays, "SHARE", 0.02)
    monkeypatch.setattr(strays, "_FOLDERS", 1)
    listed = []
    listdir = os.listdir
    now = [1000.0]

    def watched(path: str) -> list[str]:
        listed.append(Path(path).name)
        now[0] += 0.1
        return listdir(path)

    monkeypatch.setattr(os, "listdir", watched)
    clock = SimpleNamespace(monotonic=lambda: now[0], time=time.time)
    monkeypatch.setattr(strays, "time", clock)
    storage = FileSystemStorage(media_root)
    for name in ("out/x.jpg", "out/y.jpg", "out/z.jpg"):
        save(storage, name, b"whole")
    assert listed == ["out"]
    now[0] += 0.1 / 0.02 + 0.1
    save(storage, "out/x.jpg", b"whole")
    assert listed == ["out"] * 2
    put(storage, "other/x.jpg")
    save(storage, "other/y.jpg", b"whole")  # it takes the place of the first in what is kept
    save(storage, "out/x.jpg", b"whole")
    assert listed == ["out", "out", "other", "out"]


def test_in_a_folder_of_many_files_the_next_maker_removes_a_stray_too(
    media_root: Path, monkeypatch
):
    """It has listed the folder just before, and a maker of this rendition has died since."""
    monkeypatch.setattr(strays, "SHARE", 0.02)
    folder = media_root / "out"
    folder.mkdir()
    for number in range(500):
        (folder / f"{number}.png").touch()
    storage = FileSystemStorage(media_root)
    save(storage, "out/y.jpg", b"whole")
    (media_root / temporary_name("out/x.jpg")).write_bytes(b"half of")
    time.sleep(0.5)
    save(storage, "out/x.jpg", b"whole")
    assert not any(path.name.startswith(".") for path in folder.iterdir())


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


def test_a_maker_whose_files_all_are_taken_gives_up_with_a_typed_error(
    media_root: Path, monkeypatch
):
    takings = []

    def take(old: str, new: str) -> None:
        takings.append(old)
        raise FileNotFoundError(old)

    monkeypatch.setattr(os, "replace", take)
    with pytest.raises(StorageError):
        save(FileSystemStorage(media_root), "out/x.jpg", b"never")
    assert len(set(takings)) == saving.ATTEMPTS + 1
    assert files_below(media_root) == set()


def test_a_stray_that_another_removes_first_is_no_error(
    stray: Path, media_root: Path, monkeypatch, caplog
):
    unlink = os.unlink

    def overtake(path: str) -> None:
        unlink(path)
        unlink(path)

    monkeypatch.setattr(os, "unlink", overtake)
    strays.sweep(FileSystemStorage(media_root), "out/x.jpg")
    assert files_below(media_root) == set()
    assert caplog.text == ""
