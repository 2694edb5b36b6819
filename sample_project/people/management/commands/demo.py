"""``manage.py demo``: photos in, every rendition out, a table and a contact sheet to look at."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from people.demo.loading import draw_cast, load_folder, people_of
from people.demo.rows import strips_of, table
from people.demo.sheet import write_sheet
from people.demo.warming import Warmed, warm
from people.models import Person
from people.photos import LONG_SIDE


class Command(BaseCommand):
    """Show the library working on photos."""

    help = "Loads photos into the sample models, makes every rendition and writes a contact sheet."

    def add_arguments(self, parser: CommandParser) -> None:
        """The photos to use, and the size of drawn ones."""
        parser.add_argument("--photos", type=Path, help="a folder of your own photos")
        parser.add_argument(
            "--long-side", type=int, default=LONG_SIDE, help="pixels of the drawn photos' long side"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, warm, tell, show."""
        people = self._load(options["photos"], options["long_side"])
        self.stdout.write(f"Warming their key sets: {people.count()} photos …")
        warmed = warm(people)
        strips = list(strips_of(people, warmed))
        for line in table(strips):
            self.stdout.write(line)
        self._write_total(warmed)
        page, picture = write_sheet(strips, Path(settings.MEDIA_ROOT).parent / "build")
        self.stdout.write(f"\nContact sheet  {page}\n               {picture}")

    def _load(self, folder: Path | None, long_side: int) -> QuerySet[Person]:
        if folder is None:
            self.stdout.write("Drawing photos of people who do not exist …")
            return people_of(draw_cast(long_side))
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder")
        self.stdout.write(f"Loading the photos of {folder} …")
        people = people_of(load_folder(folder))
        if not people:
            raise CommandError(f"{folder} has no photo: no name ends in .jpg, .jpeg, .png or .webp")
        return people

    def _write_total(self, warmed: Warmed) -> None:
        report = warmed.report
        self.stdout.write(
            f"\n{report.created} images of {len(warmed.opens)} photos in {warmed.seconds:.2f} s; "
            f"each photo was opened {warmed.most_opens} time(s)"
        )
        for path, reason in report.failed.items():
            self.stderr.write(f"failed: {path}: {reason}")
