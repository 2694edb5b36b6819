"""What ``renditions prune`` walks through: no link leads it to files that are not its own."""

import os
import tracemalloc
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from tests.commands.conftest import Command, files, person
from tests.stored import put, store
from tests.testapp.models import Person
from versatile.conf import conf
from versatile.management.upkeep import living
from versatile.management.upkeep.living import Living

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sets")]
ORPHAN = "__sized__/headshots/gone-fit-5x5-70.jpg"


@pytest.mark.parametrize("workers", ["1", "4"])
def test_links_are_not_followed_and_not_deleted(
    workers: str, renditions: Command, media_root: Path, tmp_path: Path
):
    name = person().headshot.fit["9x9"].name
    filtered = Person.objects.get().headshot.filters.invert
    assert filtered.url
    foreign = tmp_path / "foreign/x-fit-5x5-70.jpg"
    foreign.parent.mkdir()
    foreign.write_bytes(b"of somebody else")
    (media_root / "__sized__/foreign").symlink_to(foreign.parent)
    (media_root / "__sized__/loop").symlink_to(".")
    (media_root / "alias").symlink_to("headshots")
    (media_root / "__sized__/headshots/x-fit-5x5-70.jpg").symlink_to(foreign)
    (media_root / "__sized__/headshots/y-fit-5x5-70.jpg").symlink_to("/nowhere")
    put(ORPHAN, b"of a row that is gone")
    report = renditions("prune", "--workers", workers)
    assert (report["names"], report["left"], report["failed"]) == ([ORPHAN], 2, [])
    assert foreign.exists()
    assert {name, filtered.name} < files(media_root)
    assert (media_root / "__sized__/headshots/y-fit-5x5-70.jpg").is_symlink()


@pytest.mark.parametrize("top", ["__sized__", "CACHE", "CACHE/images"])
def test_renditions_may_have_a_disk_of_their_own(
    top: str, renditions: Command, media_root: Path, tmp_path: Path
):
    disk = tmp_path / "disk"
    disk.mkdir()
    (media_root / top).parent.mkdir(exist_ok=True)
    (media_root / top).symlink_to(disk)
    names = [ORPHAN, f"CACHE/images/headshots/gone/{'0' * 32}.jpg"]
    for name in names:
        put(name, b"of a row that is gone")
    assert sorted(renditions("prune")["names"]) == sorted(names, key=str)
    assert files(media_root) == set()


@pytest.mark.parametrize("folder", ["made", "deep/made"])
def test_a_storage_within_another_keeps_what_is_its_own(
    folder: str, renditions: Command, media_root: Path, settings: Settings
):
    apart = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": media_root / folder, "base_url": f"/media/{folder}/"},
    }
    settings.STORAGES = {**settings.STORAGES, "apart": apart, "broken": {"BACKEND": "no.Such"}}
    settings.VERSATILE = {"RENDITIONS_STORAGE": "apart"}
    filtered = person().headshot.filters.invert
    made = {filtered.name, filtered.fit["9x9"].name}
    assert renditions("prune")["names"] == []
    old = put(f"{folder}2/headshots/__filtered__/gone__invert__.jpg", b"beside it")
    assert renditions("prune")["names"] == [old]
    Person.objects.update(headshot="")
    assert set(renditions("prune")["names"]) == made
    assert files(media_root) == {"headshots/a.jpg"}


def test_what_others_keep_among_renditions_is_left(
    renditions: Command, media_root: Path, settings: Settings
):
    foreign = {
        "__sized__/.htaccess",
        "__sized__/index.html",
        "__sized__/headshots/a-fit-9x9-70.jpg.bak",
        "__sized__/headshots/holiday.jpg",
        "__sized__/headshots/thumb-800x600.jpg",
        "CACHE/images/.htaccess",
        "CACHE/images/headshots/a/photo.jpg",
        "CACHE/css/output.0123456789ab.css",
        "cache/ab/cd/0123456789abcdef0123456789abcdef.jpg",
        "headshots/__filtered__/notes.txt",
        "headshots/a.jpg.100x100_q85.jpg",
        "headshots/IMG-fit-9x9-70.jpg",
    }
    assert conf.SPEC_DIRNAME == "CACHE/images"
    name = person().headshot.fit["9x9"].name
    for item in foreign:
        put(item, b"of somebody else")
    assert renditions("prune")["names"] == []
    Person.objects.update(headshot="")
    (media_root / "headshots/a.jpg").unlink()
    assert renditions("prune")["names"] == [name]
    assert files(media_root) == foreign


def test_what_is_made_while_it_walks_is_kept(renditions: Command, media_root: Path, monkeypatch):
    """Somebody uploads, and a page shows it, after the rows were read."""
    made: list[str] = []
    read = living.read

    def upload_meanwhile(*args: object) -> Living:
        found = read(*args)  # type: ignore[arg-type]
        if not made:
            row = Person.objects.create(headshot=store("headshots/new.jpg"))
            made.append(row.headshot.fit["9x9"].name)
            os.utime(media_root / made[0])  # file systems have coarse clocks
        return found

    monkeypatch.setattr(living, "read", upload_meanwhile)
    old = put(ORPHAN, b"of a row that is gone")
    assert renditions("prune")["names"] == [old]
    assert files(media_root) == {"headshots/new.jpg", *made}


def test_an_original_costs_less_than_a_kilobyte_of_memory(media_root: Path):
    """The commands page says so; the names are as long as a site's may be."""
    names = (f"headshots/2026/11/photo-of-somebody-{number:06}.jpg" for number in range(2000))
    Person.objects.bulk_create(
        Person(headshot=name, headshot_width=4, headshot_height=3) for name in names
    )
    living.read("default", default_storage)  # what is imported and kept by the first one
    tracemalloc.start()
    try:
        found = living.read("default", default_storage)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found.names) >= 2000
    assert held / 2000 < 1024
