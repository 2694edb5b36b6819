"""The sides of the comparisons and what differs between them: a package name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Side:
    """A library as the measured site sees it."""

    name: str
    package: str
    label: str
    environment: str
    """The virtual environment in which it runs."""


SIDES = {
    side.name: side
    for side in (
        Side("peer", "versatileimagefield", "django-versatileimagefield", "peer"),
        Side("imagekit", "imagekit", "django-imagekit", "imagekit"),
        Side("django", "", "Django alone", "ours"),
        Side("ours", "versatile", "versatile", "ours"),
    )
}
