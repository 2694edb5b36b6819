"""Checking: what is wrong with the options of a field, told by ``manage.py check``."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist

from versatile.conf import PER_FIELD, Setting
from versatile.exceptions import ConfigurationError, InvalidArgument, VersatileError
from versatile.files import stores
from versatile.files.detection import check_detector
from versatile.imaging import exif, formats, modes
from versatile.renditions.keys import get_key_set
from versatile.renditions.version_namer import load_namer, versioned


def check_companion(
    field: Any, option: str, kind: type[Any], ids: tuple[str, str]
) -> Iterator[CheckMessage]:
    """That the option names a field of this kind; the ids for none and for one of another kind."""
    name = getattr(field, option)
    if not name:
        return
    missing, wrong = ids
    try:
        companion = field.model._meta.get_field(name)
    except FieldDoesNotExist:
        yield Error(
            f"'{option}' names the field {name!r}, which the model does not have.",
            hint=f"Add {name} = {kind.__name__}() to the model, or correct the name.",
            obj=field,
            id=f"versatile.{missing}",
        )
        return
    if not isinstance(companion, kind):
        yield Error(
            f"'{option}' names {name!r}, which is a {type(companion).__name__}.",
            hint=f"Only a versatile.fields.{kind.__name__} will do.",
            obj=field,
            id=f"versatile.{wrong}",
        )


def check_policy(field: Any) -> Iterator[CheckMessage]:
    """That what the field says of itself can be done."""
    for name, value in field.policy.given.items():
        problem = find_problem(PER_FIELD[name], value)
        if problem is not None:
            yield Error(f"The option {name!r} {problem}.", obj=field, id="versatile.E006")
    yield from check_detector(field.policy.given.get("ppoi_detector"), obj=field)
    yield from _check_namer(field)
    yield from stores.check(field)


def find_problem(setting: Setting, value: Any) -> str | None:
    """What is wrong with the value of a setting or of an option; None where nothing is."""
    problem = setting.misfit(value)
    ask = _ASKED.get(setting.key)
    if problem is None and ask is not None:
        try:
            ask(value)
        except (VersatileError, TypeError, ValueError) as error:
            problem = f"is {value!r}, which cannot be used: {error}"
    return problem


def _check_colour(colour: Any) -> None:
    modes.to_rgba(modes.opaque(colour))


def _check_save_options(options: Mapping[str, Mapping[str, Any]]) -> None:
    for format, own in dict(options).items():
        if format not in formats.FORMATS:
            raise InvalidArgument("format", format, f"one of {', '.join(formats.FORMATS)}")
        dict(own)


def _check_previews(named: Any) -> None:
    if named is not None:
        get_key_set(named)


_ASKED: dict[str, Callable[[Any], None]] = {
    "KEEP_METADATA": exif.check_names,
    "MATTE": _check_colour,
    "PPOI_PREVIEWS": _check_previews,
    "SAVE_OPTIONS": _check_save_options,
}
"""Who knows what may be said, where it is neither a choice nor a number."""


def _check_namer(field: Any) -> Iterator[CheckMessage]:
    """That its namer can be imported, and has the version that it needs."""
    try:
        namer = load_namer(field.policy.namer)
    except ConfigurationError as error:
        yield Error(str(error), obj=field, id="versatile.E011")
        return
    if namer is versioned and not field.version_field:
        yield Error(
            "The namer 'versioned' needs the version of the original, and the field has none.",
            hint="Add a VersionField to the model and name it by version_field=, or choose "
            "the namer 'plain'.",
            obj=field,
            id="versatile.E010",
        )
