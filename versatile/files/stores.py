"""Stores: whether the renditions of a field have a storage, and to themselves."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks

from versatile.files.usage import fields_of, is_ours
from versatile.renditions.addresses import home_of


def check(field: Any) -> Iterator[checks.CheckMessage]:
    """That its renditions have a storage, and meet no others of their names there."""
    alias = field.policy.renditions_storage
    if alias is None:
        return
    if alias not in settings.STORAGES:
        yield checks.Error(
            f"renditions_storage is {alias!r}, which is no alias in STORAGES.",
            hint=f"Known are {', '.join(settings.STORAGES)}.",
            obj=field,
            id="versatile.E012",
        )
        return
    rivals = [str(other) for other in _beside(field, alias)]
    if rivals:
        yield checks.Warning(
            f"The originals of {', '.join(rivals)} lie on another storage, but their renditions "
            f"on the same, {alias!r}: two originals of one name would share them.",
            hint="Give each storage of originals its own for renditions, such as one bucket with "
            "two locations, or let upload_to never give the same name.",
            obj=field,
            id="versatile.W003",
        )


def _beside(field: Any, alias: str) -> Iterator[Any]:
    """The fields whose renditions lie where this one's do, and whose originals do not."""
    place = home_of(field.storage)
    for other in filter(is_ours, fields_of(apps.get_models())):
        if other.policy.renditions_storage == alias and home_of(other.storage) != place:
            yield other
