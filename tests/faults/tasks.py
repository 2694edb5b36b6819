"""What the processes of ``tests.faults.site`` do. Each is given the folder of the site."""

import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from PIL import Image

from tests.drawing import photo_bytes
from tests.memory import peak_memory
from tests.renditions.making import Recording, files_below, rendition_of
from tests.testapp.models import Photo
from versatile.exceptions import StorageError
from versatile.image_warmer import VersatileImageFieldWarmer
from versatile.renditions import addresses, namers
from versatile.renditions.outcomes import Outcome
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source

SLICE = 0.2
"""Seconds that a round of askers has."""


def ask_in_rounds(folder: Path, rounds: str) -> dict[str, int]:
    """Ask for another rendition in each round, at the same moment as all other processes."""

    def note() -> None:
        with open(folder / "runs", "a", encoding="utf-8") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(0.03)

    (folder / f"ready-{os.getpid()}").touch()
    while not (folder / "go").exists():
        time.sleep(0.005)
    begin = float((folder / "go").read_text())
    found = {"whole": 0, "absent": 0, "partial": 0}
    for number in range(int(rounds)):
        source = Source(default_storage, "d/x.jpg")
        rendition = rendition_of(source, f"out/{number}.jpg", [Recording(during=note)])
        time.sleep(max(0.0, begin + number * SLICE - time.time()))
        rendition.url  # noqa: B018 - whoever has the URL may have the file
        found[look_at(folder / "media" / rendition.name)] += 1
    return found


def look_at(path: Path) -> str:
    """What an outside reader finds."""
    try:
        with Image.open(path) as image:
            image.load()
    except FileNotFoundError:
        return "absent"
    except OSError:
        return "partial"
    return "whole"


class Fatal(FileSystemStorage):
    """A file system in which the process is killed after so many bytes of a file."""

    dies_after = 0

    def save(self, name: Any, content: Any, max_length: int | None = None) -> str:
        begun = content.read()[: self.dies_after]

        class Half(ContentFile):
            def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
                if begun:
                    yield begun
                os.kill(os.getpid(), signal.SIGKILL)

        return super().save(name, Half(b""), max_length)


def _png(source: Source) -> Rendition:
    """A rendition whose file is large enough to be written in several steps."""
    return rendition_of(source, "out/x.png", [Recording()])


def die(folder: Path, dies_after: str) -> None:
    """Make a rendition and be killed after some bytes, before the renaming, or after it."""
    storage: Any = default_storage
    if dies_after.isdigit():
        storage = Fatal(folder / "media", "/media/")
        storage.dies_after = int(dies_after)
        os.fdopen = partial(os.fdopen, buffering=0)  # type: ignore[assignment]
    else:
        _die_at_renaming(before=dies_after == "before")
    _png(Source(storage, "d/x.jpg")).require()


def _die_at_renaming(*, before: bool) -> None:
    replace: Callable[..., None] = os.replace

    def fatal(old: str, new: str) -> None:
        if not before:
            replace(old, new)
        os.kill(os.getpid(), signal.SIGKILL)

    os.replace = fatal  # type: ignore[assignment]


def heal(folder: Path) -> dict[str, Any]:
    """Ask for the same rendition in a new process; what is there then."""
    url = _png(Source(default_storage, "d/x.jpg")).url
    state = look_at(folder / "media" / "out/x.png")
    return {"url": url, "state": state, "files": sorted(files_below(folder / "media"))}


def fill_the_disk(folder: Path) -> dict[str, Any]:
    """Make a rendition where files may not grow any more, and again when they may."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, most))
    source = Source(default_storage, "d/x.jpg")
    try:
        _png(source).require()
    except StorageError as error:
        said = str(error)
    left = sorted(files_below(folder / "media"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    return {"said": said, "left": left, "healed": heal(folder)["files"]}


def make_large_ones(folder: Path, makers: str) -> dict[str, Any]:
    """Make thumbnails of sources of 50 megapixels at once; the most memory that it took."""
    start = threading.Barrier(int(makers))

    def work(number: int) -> None:
        source = Source(default_storage, f"d/{number}.png")
        start.wait()
        rendition_of(source, f"out/{number}.jpg").require()

    threads = [threading.Thread(target=work, args=[number]) for number in range(int(makers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"made": len(files_below(folder / "media" / "out")), "megabytes": peak_memory() // 1024}


def fill(folder: Path, rows: str) -> int:
    """A database with photos, each of which has a file."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    content = photo_bytes((40, 30))
    (folder / "media" / "photos").mkdir(parents=True)
    names = [f"photos/{number}.jpg" for number in range(int(rows))]
    for name in names:
        (folder / "media" / name).write_bytes(content)
    Photo.objects.bulk_create([Photo(image=name) for name in names])
    return Photo.objects.count()


def warm(folder: Path, pause: str = "0") -> dict[str, Any]:
    """Make one rendition of each photo; what it did, and what it took."""
    seen: list[tuple[int, int]] = []
    done = 0

    def note(outcome: Outcome) -> None:
        nonlocal done
        done += 1
        time.sleep(float(pause))
        if done % 200 == 0:
            # Addresses are kept, up to a number that is larger than these rows.
            for kept in (addresses.shorten, addresses._joined, namers._sized_name):
                kept.cache_clear()
            seen.append((_resident(), len(os.listdir("/proc/self/fd"))))

    warmer = VersatileImageFieldWarmer(
        Photo.objects.all(), [("small", "thumbnail__10x10")], "image", on_outcome=note
    )
    warmer.warm()
    report = warmer.report
    return {
        "created": report.created,
        "existing": report.existing,
        "failed": report.failed,
        "seen": seen,
    }


def _resident() -> int:
    """Kilobytes that the process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024
