"""``manage.py demo``: photos in, every rendition out, a table and a contact sheet to look at."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from albums.demo import collect
from articles.demo.loading import write_articles
from articles.demo.making import make
from people.demo.loading import draw_cast, load_folder, people_of
from people.demo.rows import Strip, strips_of, table
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
        long_side: int = options["long_side"]
        people = self._load(options["photos"], long_side)
        self.stdout.write(f"Warming their key sets: {people.count()} photos …")
        warmed = warm(people)
        strips = list(strips_of(people, warmed))
        for line in table(strips):
            self.stdout.write(line)
        self._write_total(warmed)
        if options["photos"] is None:
            strips += self._write_articles(long_side)
            collect(people)
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

    def _write_articles(self, long_side: int) -> Sequence[Strip]:
        """The articles, whose landscapes are drawn; the strips of what was made of them."""
        self.stdout.write("\nDrawing landscapes and making the specs of the articles …")
        made = make(write_articles(long_side))
        for line in table(made.strips):
            self.stdout.write(line)
        self.stdout.write(
            f"\n{made.created} images of {len(made.opens)} articles in {made.seconds:.2f} s; "
            f"each landscape was opened {made.most_opens} time(s)"
        )
        self._write_failures(made.failed)
        return made.strips

    def _write_failures(self, failed: Mapping[str, str]) -> None:
        for path, reason in failed.items():
            self.stderr.write(f"failed: {path}: {reason}")

    def _write_total(self, warmed: Warmed) -> None:
        report = warmed.report
        self.stdout.write(
            f"\n{report.created} images of {len(warmed.opens)} photos in {warmed.seconds:.2f} s; "
            f"each photo was opened {warmed.most_opens} time(s)"
        )
        self._write_failures(report.failed)
