"""Created images: what was made of a file, as django-versatileimagefield's methods have it."""

from collections.abc import Collection
from functools import partial
from typing import Protocol

from versatile.files import recognition
from versatile.rendition_keys import RenditionSet
from versatile.renditions import deletion, namers
from versatile.renditions.namers import Kind
from versatile.renditions.source import Source


class _File(Protocol):
    """What has renditions: a file of the field."""

    known: dict[str, bool] | None
    prefetched: RenditionSet | None

    @property
    def source(self) -> Source:
        """The file as renditions see it."""

    def __bool__(self) -> bool: ...


class CreatedImages:
    """Where the renditions of a file lie, and how they are deleted, by old names."""

    def get_filtered_root_folder(self: _File) -> str:
        """Where the filtered files lie, with a slash at the end."""
        return namers.folder(self.source.name, Kind.FILTERED) + "/"

    def get_sized_root_folder(self: _File) -> str:
        """Where the sized files lie, with a slash at the end."""
        return namers.folder(self.source.name, Kind.SIZED) + "/"

    def get_filtered_sized_root_folder(self: _File) -> str:
        """Where sized files of filtered files lie, without a slash at the end."""
        return namers.folder(self.source.name, Kind.FILTERED_SIZED)

    def delete_sized_images(self: _File) -> None:
        """Delete what sizers made of the original."""
        _delete(self, [Kind.SIZED])

    def delete_filtered_images(self: _File) -> None:
        """Delete what filters made."""
        _delete(self, [Kind.FILTERED])

    def delete_filtered_sized_images(self: _File) -> None:
        """Delete what sizers made of what filters made."""
        _delete(self, [Kind.FILTERED_SIZED])

    def delete_all_created_images(self: _File) -> None:
        """Delete all renditions; the original stays."""
        _delete(self, list(Kind))

    # Templates may not call them.
    delete_sized_images.alters_data = True  # type: ignore[attr-defined]
    delete_filtered_images.alters_data = True  # type: ignore[attr-defined]
    delete_filtered_sized_images.alters_data = True  # type: ignore[attr-defined]
    delete_all_created_images.alters_data = True  # type: ignore[attr-defined]


def _delete(file: _File, kinds: Collection[Kind]) -> None:
    if not file:  # what a placeholder is made into belongs to all empty fields
        return
    recogniser = recognition.recogniser_of(file)
    deletion.delete_made(file.source, kinds, recogniser, partial(recognition.declared, file))
    file.known = file.prefetched = None
