"""The two sides of every comparison and what differs between them: a package name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Side:
    """A library as the measured site sees it."""

    name: str
    package: str
    label: str


SIDES = {
    side.name: side
    for side in (
        Side("peer", "versatileimagefield", "django-versatileimagefield"),
        Side("ours", "versatile", "versatile"),
    )
}
