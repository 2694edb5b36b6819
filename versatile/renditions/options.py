"""How renditions are saved, and what of all that their names do not say."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from PIL import ImageColor

from versatile.conf import PER_FIELD, SETTINGS_ALONE, Policy, inherited
from versatile.imaging.encoding import MOVING
from versatile.imaging.formats import extension_to_format
from versatile.imaging.identity import canonical_json
from versatile.renditions.keys import parse_options
from versatile.renditions.namers import PLAIN, Wording, quality_of

SaveOptions = dict[str, Any]
"""How a file is saved, as Pillow takes it."""

_OPTIONS = {
    "JPEG": {"quality": "jpeg_quality", "progressive": "jpeg_progressive"},
    "WEBP": {"quality": "webp_quality", "lossless": "webp_lossless"},
}
"""Pillow's options that have settings of their own, by format."""

_WITHOUT_ALPHA = ("JPEG", "GIF", "BMP")
_SAID_OF_ALL = ("color", "keep_metadata")


class Writer(Protocol):
    """A sizer or a filter, by what names cannot say of it."""

    version: int | str
    save_options: Mapping[str, Any]

    def unsaid(self) -> Mapping[str, Any]:
        """What its own settings change in the picture, where they differ from the defaults."""


def save_options(
    format: str, policy: Policy = SETTINGS_ALONE, *more: Mapping[str, Any]
) -> SaveOptions:
    """How a format is saved: by the settings or the field, and by what is more special."""
    own = {option: getattr(policy, name) for option, name in _OPTIONS.get(format, {}).items()}
    for options in (policy.save_options.get(format, {}), *more):
        own.update(options)
    return own


def treatment(policy: Policy) -> dict[str, Any]:
    """What a recipe has to be told of how a source's pictures are treated."""
    return {
        "matte": policy.matte,
        "animated": policy.animated != "first",
        "color": policy.color,
        "keep_metadata": tuple(policy.keep_metadata),
    }


def unsaid_of_spec(policy: Policy) -> dict[str, Any]:
    """What a field or the settings say otherwise of colour, matte, animation and metadata."""
    usual = {
        name: inherited(PER_FIELD[name].key) for name in ("color", "animated", "keep_metadata")
    }
    facts = {name: getattr(policy, name) for name in usual if getattr(policy, name) != usual[name]}
    return facts | matte_of(policy)


def wording(
    policy: Policy, extension: str, writers: Sequence[Writer], options: str, *, sized: bool
) -> Wording:
    """What a name says of the quality, and the digest of all for which it has no words.

    ``writers`` are the filters and the sizer in order, ``options`` those of the rendition's key.
    Only the names of ``sized`` files say a quality.
    """
    key = (extension.lower(), tuple(map(type, writers)), options, sized)
    found: Wording | None = policy.kept.get(key)
    if found is None:
        found = policy.kept[key] = _wording(policy, extension, writers, options, sized)
    return found


def _wording(
    policy: Policy, extension: str, writers: Sequence[Writer], text: str, sized: bool
) -> Wording:
    format = extension_to_format(f".{extension}")
    options = save_options(format, policy, *_special(writers, text))
    usual = {name: inherited(PER_FIELD[key].key) for name, key in _OPTIONS.get(format, {}).items()}
    differing = {key: value for key, value in options.items() if usual.get(key, ...) != value}
    quality = options.get("quality")
    if sized and isinstance(quality, int) and quality_of(extension, quality) is not None:
        differing.pop("quality", None)
    else:
        quality = usual.get("quality")
    facts = {**_facts_of(policy, format, writers), **({"options": differing} if differing else {})}
    if not facts:
        return PLAIN if quality is None else Wording(quality)
    digest = hashlib.sha256(canonical_json(facts).encode()).hexdigest()[:8]
    return Wording(quality, digest)


def _special(writers: Sequence[Writer], text: str) -> list[Mapping[str, Any]]:
    return [*(writer.save_options for writer in writers), parse_options(text)]


def _facts_of(policy: Policy, format: str, writers: Sequence[Writer]) -> dict[str, Any]:
    """What differs from the defaults, by name."""
    facts: dict[str, Any] = {}
    for name in (*_SAID_OF_ALL, *(("animated",) if format in MOVING else ())):
        value = getattr(policy, name)
        if value != inherited(PER_FIELD[name].key):
            facts[name] = value
    if format in _WITHOUT_ALPHA:
        facts.update(matte_of(policy))
    for writer in writers:
        facts.update(writer.unsaid())
    versions = [str(writer.version) for writer in writers]
    if any(version not in ("", "0") for version in versions):
        facts["versions"] = versions
    return facts


def matte_of(policy: Policy) -> dict[str, Any]:
    """The matte as a fact that names do not say; nothing where it is the usual one."""
    matte, usual = (_rgb(value) for value in (policy.matte, inherited("MATTE")))
    return {} if matte == usual else {"matte": matte}


def _rgb(colour: Any) -> Any:
    """A colour as its parts; what is none is met by whoever paints with it."""
    try:
        return list(ImageColor.getrgb(colour) if isinstance(colour, str) else colour)[:3]
    except (TypeError, ValueError):
        return str(colour)
