"""Predecessors: what was made of another file that had the name of a new one."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from versatile.files import recognition
from versatile.renditions import causes, deletion, existence, manifest
from versatile.renditions.source import Source

_LEFT = "versatile_left"
"""The attribute of an instance's state that names the fields of which more may be left."""


def drop(file: Any, source: Source) -> None:
    """Begin the record of a new file, and delete what is known of another of its name.

    A folder is never listed for it, because uploads come by the thousand, and of an object store
    nothing is asked. Where there may be more, ``may_be_left`` says so to the row that had it.
    """
    recorded = manifest.begin(source)
    near, far = recognition.declared_near_and_far(file)
    recogniser = recognition.recogniser_of(file)
    known = deletion.find_made(
        source, recogniser, lambda: near, list_folders=False, recorded=recorded
    )
    deletion.delete(source, known, cause=causes.REPLACED)
    existence.forget(item.existence_key(source) for item in far)
    if not recorded.complete and file.instance is not None:
        _fields(file.instance).add(file.field.attname)


def may_be_left(instance: Model, field: Any) -> bool:
    """Whether a new file was saved, and nobody knew all that was made of one of its name."""
    return field.attname in _fields(instance)


def settle(instance: Model, saved: Iterable[str] | None) -> None:
    """Some fields of a row, or all, are saved: whatever may be left was noted."""
    left = _fields(instance)
    left.difference_update(tuple(left) if saved is None else saved)


def _fields(instance: Model) -> set[str]:
    found: set[str] = instance._state.__dict__.setdefault(_LEFT, set())
    return found
