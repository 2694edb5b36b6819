"""``manage.py warm_images people.Person headshot person_headshot``."""

import json
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from versatile.image_warmer import VersatileImageFieldWarmer, WarmReport
from versatile.queues.backends import SHORT_NAMES

_USAGE_ERRORS = (LookupError, ValueError, FieldError, ValidationError, ImproperlyConfigured)


class Command(BaseCommand):
    """Makes the renditions of a key set for all rows of a model."""

    help = "Make the renditions of a key set for all rows of a model, ahead of time."

    def add_arguments(self, parser: CommandParser) -> None:
        """The model, the field, the set, and how to go on."""
        parser.add_argument("model", help="app_label.ModelName")
        parser.add_argument("image_attr", help="the image field, or a dotted path to one")
        parser.add_argument("rendition_key_set", help="the name of a configured set")
        parser.add_argument(
            "--filter",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help="warm only matching rows; may be given more than once",
        )
        parser.add_argument(
            "--backend",
            help=f"who makes them: {', '.join(SHORT_NAMES)}, or the dotted path of a class",
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--fail-fast", action="store_true", help="stop at the first failure")

    def handle(self, *args: Any, **options: Any) -> None:
        """Warm, report, and fail if anything failed."""
        try:
            warmer = self._warmer(options)
            warmer.warm(options["backend"])
        except _USAGE_ERRORS as error:
            raise CommandError(str(error)) from error
        report = warmer.report
        self.stdout.write(_as_json(report) if options["json"] else _as_text(report))
        if report.failed:
            raise CommandError(f"{len(report.failed)} originals failed")

    def _warmer(self, options: dict[str, Any]) -> VersatileImageFieldWarmer:
        return VersatileImageFieldWarmer(
            _rows(options["model"], options["filter"]),
            options["rendition_key_set"],
            options["image_attr"],
            verbose=self.stdout.isatty() and not options["json"],
            fail_fast=options["fail_fast"],
        )


def _rows(label: str, filters: list[str]) -> QuerySet[Any]:
    if label.count(".") != 1:
        raise ValueError(f"{label!r} is no model; name it as app_label.ModelName")
    model = apps.get_model(label)
    pairs = [item.partition("=") for item in filters]
    wrong = [key for key, equals, _ in pairs if not equals]
    if wrong:
        raise ValueError(f"--filter takes KEY=VALUE, not {wrong[0]!r}")
    rows: QuerySet[Any] = model._default_manager.filter(
        **{key: value for key, _, value in pairs}
    ).order_by("pk")
    return rows


def _as_json(report: WarmReport) -> str:
    failed = [{"path": path, "reason": reason} for path, reason in report.failed.items()]
    counts = {"created": report.created, "existing": report.existing, "empty": report.empty}
    if report.queued:
        counts["queued"] = report.queued
    return json.dumps({**counts, "failed": failed})


def _as_text(report: WarmReport) -> str:
    counts = f"{report.created} created, {report.existing} already there, {report.empty} empty"
    queued = f"{report.queued} queued, " if report.queued else ""
    lines = [f"{counts}, {queued}{len(report.failed)} failed"]
    lines += [f"{path}: {reason}" for path, reason in report.failed.items()]
    return "\n".join(lines)
