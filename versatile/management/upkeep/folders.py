"""Folders: those of a storage that may hold renditions, and what they say of their files.

On file systems links are left alone: we make none, and what they lead to has another name or is
none of ours. Only the top folders of renditions may be links, to another disk.
"""

import os
import posixpath
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.core.files.storage import FileSystemStorage, Storage

from versatile.conf import conf
from versatile.files.usage import fields_of
from versatile.management.upkeep.report import Report
from versatile.renditions.addresses import storages_by_alias
from versatile.renditions.namers import Kind
from versatile.specs.choices import storages_of_specs


class Place(NamedTuple):
    """What the folder of a rendition says of it."""

    kind: Kind
    depth: int
    folder: str
    """Where its original lies, without spaces."""


def place_of(folder: str) -> Place | None:
    """What a folder says of the renditions in it; None where no sizer and no filter writes."""
    sized = f"{conf.SIZED_DIRNAME}/"
    is_sized = f"{folder}/".startswith(sized)
    parts = f"{folder}/".removeprefix(sized).rstrip("/").split("/")
    depth = 0
    while parts and parts[-1] == conf.FILTERED_DIRNAME:
        parts.pop()
        depth += 1
    if not is_sized and not depth:
        return None
    kinds = (Kind.SIZED, Kind.FILTERED_SIZED) if is_sized else (Kind.FILTERED, Kind.FILTERED)
    return Place(kinds[bool(depth)], depth, "/".join(parts))


def walk(storage: Storage, report: Report) -> Iterator[tuple[str, list[str]]]:
    """All folders of a storage, and their files; what cannot be listed is reported.

    Folders in which another storage of the site has all that is its own are left to it.
    """
    others = set(_folders_of_others(storage))
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            folders, files = storage.listdir(folder)
        except FileNotFoundError:
            continue
        except Exception as error:  # noqa: BLE001 - storages raise what they like
            report.fail(folder or "/", f"the storage cannot list it: {error!r}")
            continue
        found = sorted((posixpath.join(folder, item) for item in folders if item), reverse=True)
        waiting += [item for item in found if item not in others and _may_enter(storage, item)]
        yield folder, sorted(filter(None, files))


def is_link(storage: Storage, name: str) -> bool:
    """Whether a name leads elsewhere on a file system."""
    return isinstance(storage, FileSystemStorage) and os.path.islink(storage.path(name))


def _may_enter(storage: Storage, folder: str) -> bool:
    tops = (conf.SIZED_DIRNAME, conf.SPEC_DIRNAME)
    return any(f"{top}/".startswith(f"{folder}/") for top in tops) or not is_link(storage, folder)


def _folders_of_others(storage: Storage) -> Iterator[str]:
    """The folders of a storage that are the top of another one."""
    for other in all_storages():
        place, inner = _location(storage), _location(other)
        if place is None or inner is None or inner.place != place.place:
            continue
        above = f"{place.folder}/" if place.folder else ""
        if inner.folder != place.folder and inner.folder.startswith(above):
            yield inner.folder.removeprefix(above)


def each_once(storages: Iterable[Storage]) -> list[Storage]:
    """Storages in their order, each of them once."""
    found: list[Storage] = []
    for storage in storages:
        if storage not in found:
            found.append(storage)
    return found


def all_storages() -> Iterator[Storage]:
    """All storages of the site that can be made, some of them more than once."""
    yield from (storage for _, storage in storages_by_alias())
    yield from (field.storage for field in fields_of(apps.get_models()))
    yield from storages_of_specs()


class _Location(NamedTuple):
    """Where a storage keeps its files: in which bucket, or on the disk, and in which folder."""

    place: str
    folder: str


def _location(storage: Any) -> _Location | None:
    """Where a storage keeps its files, if it says so as Django's and django-storages' do."""
    location = getattr(storage, "location", None)
    if location is None:
        return None
    bucket = getattr(storage, "bucket_name", None) or getattr(storage, "azure_container", "")
    # Django's lazy default storage tells the class of the one behind it only so.
    kind = "disk" if isinstance(storage, FileSystemStorage) else storage.__class__.__qualname__
    return _Location(f"{kind} {bucket}", str(location).strip("/"))
