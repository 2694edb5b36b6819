"""Report: what a run of a verb did, counted, for people and as JSON."""

import json
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass
class Report:
    """What a run did: counts by what they count, names of files, and failures with a reason."""

    verb: str
    dry_run: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    """In the order in which they are told."""
    names: list[str] = field(default_factory=list)
    """The files that were changed, or with ``dry_run`` would be."""
    failed: list[dict[str, str]] = field(default_factory=list)
    fields: dict[str, dict[str, int]] = field(default_factory=dict)
    """Counts for each field, where the verb tells them apart."""
    note: str = ""
    """What is to be known of the counts; for people, beside the report."""

    @classmethod
    def of(cls, verb: str, *counted: str, dry_run: bool = False) -> Self:
        """A report that tells of what is counted where there is none of it, too."""
        return cls(verb, dry_run, dict.fromkeys(counted, 0))

    def count(self, what: str, number: int = 1) -> None:
        """Add to a count."""
        self.counts[what] = self.counts.get(what, 0) + number

    def change(self, what: str, name: str) -> None:
        """Count a file that is changed, and name it."""
        self.count(what)
        self.names.append(name)

    def fail(self, path: str, reason: object) -> None:
        """Name what failed, and why; each reason once."""
        failure = {"path": path, "reason": str(reason) or repr(reason)}
        if failure not in self.failed:
            self.failed.append(failure)

    def to_json(self) -> str:
        """The report for a machine."""
        values: dict[str, Any] = {"verb": self.verb, "dry_run": self.dry_run, **self.counts}
        if self.fields:
            values["fields"] = self.fields
        return json.dumps(values | {"names": self.names, "failed": self.failed})

    def to_text(self) -> str:
        """The report for people: the counts, and a line for each failure.

        The names of a dry run stand below them, for they are what was asked for.
        """
        lines = [f"{label}: {_told(counts)}" for label, counts in self.fields.items()]
        told = _told({**self.counts, "failed": len(self.failed)})
        lines.append(f"Nothing was changed; it would be: {told}" if self.dry_run else told)
        lines += [f"{item['path']}: {item['reason']}" for item in self.failed]
        return "\n".join([*lines, *(self.names if self.dry_run else ())])


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counts.items())
