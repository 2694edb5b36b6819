"""``manage.py renditions generate | check | prune | clear | stats | adopt``."""

import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from tqdm import tqdm

from versatile.management.upkeep import adopt, check, clear, generate, prune, stats
from versatile.management.upkeep.report import Report
from versatile.management.upkeep.runs import Run
from versatile.management.upkeep.scope import Scope


class Verb(NamedTuple):
    """What the command can be told to do."""

    run: Callable[[Scope, Run], Report]
    help: str
    options: tuple[str, ...] = ("set", "dry_run")
    """The options that it takes beside those of all verbs."""


VERBS: dict[str, Verb] = {
    "generate": Verb(generate.run, "make what is missing"),
    "check": Verb(
        check.run,
        "correct what is remembered by what the storage has",
        ("set", "dry_run", "dimensions"),
    ),
    "prune": Verb(prune.run, "delete what no row needs any more", ("dry_run",)),
    "clear": Verb(clear.run, "delete renditions; originals stay"),
    "stats": Verb(stats.run, "count originals and renditions", ("sizes",)),
    "adopt": Verb(
        adopt.run,
        "take over what django-versatileimagefield or django-imagekit left",
        ("set", "dry_run", "move"),
    ),
}
"""What the command can be told to do, by name."""

_TOLD = (LookupError, ValueError, FieldError, ImproperlyConfigured, DatabaseError)
"""What is told without a traceback."""

_OPTIONS: dict[str, dict[str, Any]] = {
    "set": {"metavar": "NAME", "help": "only the renditions of this key set"},
    "dry_run": {"action": "store_true", "help": "say what would be done, and do nothing"},
    "dimensions": {
        "action": "store_true",
        "help": "read the headers of the originals, and correct the stored widths and heights",
    },
    "sizes": {"action": "store_true", "help": "ask the storage for the length of each file"},
    "move": {"action": "store_true", "help": "delete a file that was copied to its new name"},
}


class Command(BaseCommand):
    """Looks after the renditions of all image fields, or of some."""

    help = "Make, check, count and delete the renditions of image fields."

    def add_arguments(self, parser: CommandParser) -> None:
        """A verb, and its options; those of every Django command may stand behind it, too."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
        common = BaseCommand().create_parser("", "", argument_default=SUPPRESS, add_help=False)
        for name, verb in VERBS.items():
            # Without abbreviations, for --set is one of --settings where a verb has no sets.
            sub = verbs.add_parser(
                name,
                help=verb.help,
                description=verb.help,
                parents=[common],
                allow_abbrev=False,
            )
            _add_options(sub, verb)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, report, and fail if anything failed."""
        verb = VERBS[options["verb"]]
        scope = Scope(options["model"], options["field"], options.get("set"), options["database"])
        try:
            report = self._run(verb, scope, options)
        except _TOLD as error:
            raise CommandError(str(error)) from error
        self.stdout.write(report.to_json() if options["json"] else report.to_text())
        if report.note and not options["json"]:
            self.stderr.write(report.note)
        if report.failed:
            raise CommandError(f"{len(report.failed)} failed; the report says which and why")

    def _run(self, verb: Verb, scope: Scope, options: dict[str, Any]) -> Report:
        hidden = options["json"] or not sys.stderr.isatty()
        total = None if verb.run is prune.run else scope.count()  # it walks through folders
        unit = " folders" if total is None else " images"
        with tqdm(total=total, unit=unit, disable=hidden) as bar:
            given = {name: options.get(name, False) for name in verb.options if name != "set"}
            run = Run(workers=options["workers"], advance=lambda: _advance(bar), **given)
            return verb.run(scope, run)


def _advance(bar: "tqdm[Any]") -> None:
    bar.update()


def _add_options(parser: ArgumentParser, verb: Verb) -> None:
    parser.add_argument("--model", metavar="APP.MODEL", help="only the images of this model")
    parser.add_argument("--field", metavar="NAME", help="only image fields of this name")
    for name in verb.options:
        parser.add_argument(f"--{name.replace('_', '-')}", **_OPTIONS[name])
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--workers", type=_at_least_one, default=1, metavar="N", help="how many threads do it"
    )
    parser.add_argument(
        "--database",
        default=DEFAULT_DB_ALIAS,
        choices=tuple(connections),
        help="the database of the rows",
    )


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no number of workers; write 1 or more")
    return int(text)
