"""What a scenario is: it is reset without being timed, and then run."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image


class Scenario:
    """What one process does again and again."""

    repeats = 1
    """How often it is run for one measurement, of which the least counts."""

    def __init__(self, photos: list[Path]) -> None:
        self.photos = photos
        self.set_up()

    def set_up(self) -> None:
        """Rows and files, made once."""
        raise NotImplementedError

    def reset(self) -> None:
        """The state before each run."""

    def run(self) -> int:
        """The timed part: how many units (photos, URLs, reads, lists) were done."""
        raise NotImplementedError

    def describe(self) -> dict[str, Any]:
        """What was made, under names that both sides share: width, height and bytes."""
        return {}


def media(*parts: str) -> Path:
    """A path below MEDIA_ROOT whose folder exists."""
    path = Path(settings.MEDIA_ROOT, *parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def small_photos(count: int) -> list[str]:
    """Names of photos so small that only the bookkeeping costs anything."""
    picture = Image.new("RGB", (64, 48), "teal")
    names = [f"photos/small-{number}.jpg" for number in range(count)]
    for name in names:
        picture.save(media(name))
    return names


def measured_files(folder: Path) -> Iterable[tuple[Path, list[int]]]:
    """Each picture in a folder: its path below MEDIA_ROOT; width, height and bytes."""
    for path in sorted(folder.rglob("*.jpg")):
        with Image.open(path) as image:
            found = [*image.size, path.stat().st_size]
        yield path.relative_to(settings.MEDIA_ROOT), found
