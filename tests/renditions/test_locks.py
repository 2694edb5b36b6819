"""Locks: keys that one owner of a machine holds."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from versatile.renditions import locks

MINE, THEIRS = "0" * 32, "f" * 32


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    """The folder for the locks of this test, which is not made yet."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    locks._private.cache_clear()
    yield tmp_path / f"versatile-locks-{os.getuid()}"
    for descriptor in locks._held.values():
        os.close(descriptor)
    locks._held.clear()
    locks._private.cache_clear()


def test_a_key_has_one_owner_until_it_is_let_go(folder: Path):
    assert locks.hold(["a", "b"], MINE) == {"a", "b"}
    assert locks.hold(["b", "c"], THEIRS) == {"c"}
    assert [key for key in "abcd" if locks.is_held(key)] == ["a", "b", "c"]
    locks.let_go("abcd", MINE)
    assert [key for key in "abcd" if locks.is_held(key)] == ["c"]
    locks.let_go("abcd", THEIRS)
    assert list(folder.iterdir()) == []


def test_the_folder_is_private(folder: Path):
    locks.hold(["a"], MINE)
    assert folder.stat().st_mode & 0o777 == 0o700
    locks.let_go(["a"], MINE)


def test_what_somebody_tidied_up_is_made_again(folder: Path):
    locks.hold(["a"], MINE)
    locks.let_go(["a"], MINE)
    folder.rmdir()
    assert locks.hold(["a"], MINE) == {"a"}
    locks.let_go(["a"], MINE)


def test_a_file_that_its_owner_deletes_between_two_steps_is_not_taken_for_its_successor(
    folder: Path, monkeypatch
):
    locks.hold(["a"], THEIRS)
    (path,) = folder.iterdir()
    opened = locks._opened

    def open_and_let_go(path: str) -> int:
        descriptor = opened(path)
        monkeypatch.setattr(locks, "_opened", opened)
        locks.let_go(["a"], THEIRS)
        return descriptor

    monkeypatch.setattr(locks, "_opened", open_and_let_go)
    assert locks.hold(["a"], MINE) == {"a"}
    assert path.exists()
    assert locks.hold(["a"], THEIRS) == set()
    locks.let_go(["a"], MINE)


def test_what_a_dead_process_has_left_is_nobodys(folder: Path):
    locks.hold(["a"], MINE)
    (path,) = folder.iterdir()
    locks.let_go(["a"], MINE)
    path.touch()
    assert not locks.is_held("a")
    assert locks.hold(["a"], MINE) == {"a"}
    locks.let_go(["a"], MINE)


@pytest.mark.parametrize("spoil", ["a file", "somebody else's"])
def test_without_a_folder_of_ones_own_everything_is_ours_and_that_is_logged(
    spoil, folder: Path, monkeypatch, caplog
):
    if spoil == "a file":
        folder.touch()
    else:
        folder.mkdir()
        monkeypatch.setattr(os, "getuid", lambda: 12345)
        (folder.parent / "versatile-locks-12345").mkdir()
    assert locks.hold(["a"], MINE) == {"a"}
    assert locks.hold(["a"], THEIRS) == {"a"}
    assert not locks.is_held("a")
    assert "two may make one rendition" in caplog.text
    locks.let_go(["a"], MINE)


def test_a_lock_that_cannot_be_deleted_is_let_go_all_the_same(monkeypatch, folder: Path):
    def refuse(path: str) -> None:
        raise PermissionError("not yours")

    locks.hold(["a"], MINE)
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", refuse)
        locks.let_go(["a"], MINE)
    assert locks.hold(["a"], THEIRS) == {"a"}
    locks.let_go(["a"], THEIRS)


def test_two_sites_on_one_machine_do_not_wait_for_each_other(settings, tmp_path: Path):
    assert locks.hold(["a"], MINE) == {"a"}
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    assert locks.hold(["a"], THEIRS) == {"a"}
    locks.let_go(["a"], THEIRS)
