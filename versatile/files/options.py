"""What files ask of their model field: a protocol, so that files and fields make no circle."""

from typing import Protocol

from django.db.models import Model

from versatile.conf import Policy
from versatile.placeholder import PlaceholderImage


class FieldOptions(Protocol):
    """What a file asks of its model field."""

    ppoi_field: str | None
    version_field: str | None
    placeholder_image: PlaceholderImage | None
    width_field: str | None
    height_field: str | None
    policy: Policy
    """What the field says of its images where it differs from the settings."""

    def reset_ppoi(self, instance: Model) -> None:
        """Give the point of an emptied field back."""

    def has_default_ppoi(self, instance: Model) -> bool:
        """Whether the point of an instance is one that nobody gave it."""

    def shares_ppoi(self, instance: Model) -> bool:
        """Whether another field of an instance holds a file that has the same point."""
