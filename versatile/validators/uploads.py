"""Uploads: whether the declared renditions can be made of a new file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from django.core.files.storage import default_storage

from versatile.conf import SETTINGS_ALONE, Policy
from versatile.exceptions import ConfigurationError, PictureError, VersatileError
from versatile.filters import FilteredImage, FilterLibrary
from versatile.imaging import decoding, planning, reading, svg, wholeness
from versatile.imaging.formats import format_to_mimetype
from versatile.imaging.recipe import Recipe, check_area, demand_of
from versatile.registry import versatileimagefield_registry
from versatile.renditions.keys import ORIGINAL, configured_key_sets, parse_key
from versatile.renditions.source import Source, limits_of
from versatile.renditions.writing import Upstream
from versatile.sizers import build_sizer
from versatile.validators.refusals import NO_MESSAGES, refusal


def validate_image(file: Any, policy: Policy = SETTINGS_ALONE) -> None:
    """Refuse a new file of which the declared renditions cannot be made.

    It is judged by its header before anything is decoded, and then decoded as small as it can be,
    to see that it is whole. A stored file is not looked at. Raises ``ValidationError`` with the
    code ``invalid_image`` or ``image_too_large``.
    """
    if policy.validate_uploads and file and not getattr(file, "_committed", False):
        upload = _upload_of(file)
        if getattr(upload, "judged_by", None) is not policy:
            with _as_validation_errors(), _opened(upload) as opened:
                _judge(opened, policy)


def inspect_image(
    file: Any, policy: Policy, own: Mapping[str, Any] = NO_MESSAGES
) -> tuple[Any, str]:
    """What Pillow knows of a new file by its header, None of a drawing, and its MIME type.

    The file is judged as by ``validate_image``, which see, where the policy wants that. ``own``
    are the messages of a form field.
    """
    with _as_validation_errors(own), _opened(file) as upload:
        limits = limits_of(policy)
        if policy.allow_svg and svg.is_svg(upload):
            svg.read_size(upload, limits)
            return None, format_to_mimetype("SVG")
        image = reading.open_image(upload, limits)
        if policy.validate_uploads:
            _judge(upload, policy)
            file.judged_by = policy  # the form and the model have the same door
        return image, format_to_mimetype(image.format or "")


def _upload_of(file: Any) -> Any:
    """The new file behind a field's file."""
    return file.file if hasattr(file, "_committed") else file


@contextmanager
def _as_validation_errors(own: Mapping[str, Any] = NO_MESSAGES) -> Iterator[None]:
    try:
        yield
    except VersatileError as error:
        raise refusal(error, own) from error


@contextmanager
def _opened(file: Any) -> Iterator[Any]:
    """An upload that nobody closes, and that stands at its start afterwards."""
    if getattr(file, "closed", False):
        file.open()
    try:
        yield _LeftOpen(file)
    finally:
        file.seek(0)


class _LeftOpen:
    """An upload that others may close in vain: it is to be stored afterwards."""

    def __init__(self, file: Any) -> None:
        # Looked up once: a header is read in small pieces, and Django looks them up for each.
        self.read, self.seek, self.tell = file.read, file.seek, file.tell
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def close(self) -> None:
        """Nothing."""


def _judge(file: Any, policy: Policy) -> None:
    limits = limits_of(policy)
    if policy.allow_svg and svg.is_svg(file):
        svg.read_size(file, limits)
        return
    with decoding.open_picture(file, limits) as picture:
        recipes = list(_declared(policy))
        for recipe in recipes:
            check_area(recipe, picture.size, policy.max_area)
        demands = [demand_of(recipe, picture.size) for recipe in recipes]
        scale = planning.draft_scale(demands)
        wholeness.check(picture, file, limits, scale, moving=policy.animated == "keep")


def _declared(policy: Policy) -> Iterator[Recipe]:
    """The recipes of all renditions in the configured key sets."""
    source = Source(default_storage, "upload.png", policy=policy)
    for pairs in configured_key_sets():
        for _name, key in pairs:
            with suppress(PictureError, ConfigurationError):  # of which manage.py check tells
                yield from _recipes(source, key)


def _recipes(source: Source, key: str) -> Iterator[Recipe]:
    parsed = parse_key(key)
    if parsed == ORIGINAL:
        return
    upstream = Upstream(source, source.name)
    last: FilteredImage | None = None
    for name in parsed.filters:
        last = FilterLibrary.starting_from(upstream, create_on_demand=False)[name]
        upstream = last.downstream
    if parsed.sizer in versatileimagefield_registry.all_sizers():
        yield (
            build_sizer(parsed.sizer, upstream, create_on_demand=False)
            .rendition(parsed.size)
            .recipe
        )
    elif last is not None and parsed.sizer is None:
        yield last.rendition().recipe
