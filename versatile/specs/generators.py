"""Generators: what makes an image. A spec is one that has a source and is a recipe."""

import io
from collections.abc import Sequence
from functools import lru_cache
from hashlib import md5
from posixpath import splitext
from typing import Any

from versatile.conf import SETTINGS_ALONE, Policy, conf
from versatile.exceptions import MissingSource, VersatileError
from versatile.imaging import decoding, encoding
from versatile.imaging.formats import BY_EXTENSION, FORMATS
from versatile.imaging.identity import canonical_json
from versatile.imaging.recipe import Recipe
from versatile.processors import Processor
from versatile.renditions import generation, spec_namers
from versatile.renditions.options import treatment, unsaid_of_spec
from versatile.specs.source import source_of

DEFAULT_FORMAT = "JPEG"


class BaseImageSpec:
    """A generator: it has a hash, a name for its file, and makes the image."""

    cachefile_storage: Any = None
    """Where the file lies; the setting ``SPEC_STORAGE`` by default."""
    cachefile_backend: Any = None
    """By whom it is made; the setting ``BACKEND`` by default."""
    cachefile_strategy: Any = None
    """When it is made; the setting ``STRATEGY`` by default."""

    def get_hash(self) -> str:
        """What tells this generator from all others: hex digits."""
        raise NotImplementedError(f"{type(self).__name__} needs get_hash()")

    def generate(self) -> io.BytesIO:
        """The finished image file, at its start."""
        raise NotImplementedError(f"{type(self).__name__} needs generate()")


class ImageSpec(BaseImageSpec):
    """A recipe as a class, bound to a source: processors, a format, and how to save.

    Raises ``MissingSource`` where it is asked for an image and has no source.
    """

    processors: Sequence[Any] = ()
    """What is done to the picture, in order."""
    format: str | None = None
    """Pillow's name of the output format; by default the source's."""
    options: dict[str, Any] | None = None
    """How the format is saved, as Pillow takes it."""
    autoconvert: bool = True
    """Whether the mode is changed to one that the format can hold."""

    MissingSource = MissingSource

    def __init__(self, source: Any) -> None:
        self.source = source

    @property
    def cachefile_name(self) -> str | None:
        """The name of the file, by the setting ``SPEC_NAMER``; None without a source."""
        if not self.source:
            return None
        name: str = spec_namers.load_namer(conf.SPEC_NAMER)(self)
        return name

    def get_hash(self) -> str:
        """The MD5 of the source's name and the recipe as canonical JSON: 32 hex digits.

        The name is that which the field's namer gives, where the source is a field's.
        """
        base_name = getattr(self.source, "_base_name", None)
        name = base_name() if base_name else getattr(self.source, "name", None)
        policy = _policy_of(self.source) if base_name else SETTINGS_ALONE
        return _hash(name, _described(self, policy))

    def recipe(self, name: str) -> Recipe:
        """The recipe of a file of this name."""
        options = encoding.freeze(self.options or {})
        return Recipe(
            tuple(self.processors or ()),
            self.output_format(name),
            options,
            autoconvert=bool(self.autoconvert),
            **treatment(_policy_of(self.source)),
        )

    def output_format(self, name: str) -> str:
        """The format: the spec's, else what the name of the file says, else the source's."""
        if self.format:
            return self.format.upper()
        names = (name, str(getattr(self.source, "name", None) or ""))
        extensions = (splitext(item)[1].lower() for item in names)
        said = next((item for item in extensions if item in BY_EXTENSION), None)
        return BY_EXTENSION[said] if said else _format_of(self.source)

    def generate(self) -> io.BytesIO:
        """The finished image file, at its start; nothing is saved.

        Raises ``MissingSource``, ``SourceError`` or ``RenditionError``.
        """
        if not self.source:
            raise MissingSource(self)
        name = self.cachefile_name or str(self.source.name)
        return io.BytesIO(generation.render(source_of(self.source), self.recipe(name), name))


def _format_of(source: Any) -> str:
    """The format that a source of no telling name has; JPEG where that cannot be written."""
    try:
        original = source_of(source)
        with original.open() as file:
            format = decoding.read_header(file, original.limits).format
    except VersatileError:  # whoever makes the picture meets it too, and tells
        return DEFAULT_FORMAT
    return format if format in FORMATS else DEFAULT_FORMAT


def _policy_of(source: Any) -> Policy:
    """What the field of a source says of its images, or the settings alone."""
    policy = getattr(getattr(source, "field", None), "policy", None)
    return policy if isinstance(policy, Policy) else SETTINGS_ALONE


def _treated(policy: Policy) -> str:
    """What the field or the settings say otherwise, as canonical JSON; no text by default."""
    found: str | None = policy.kept.get("spec")
    if found is None:
        facts = unsaid_of_spec(policy)
        found = policy.kept["spec"] = canonical_json(facts) if facts else ""
    return found


def _described(spec: ImageSpec, policy: Policy) -> str:
    """The recipe of a spec and what its field says, as canonical JSON.

    The last one of each spec is kept: comparing what it was made of is cheaper than hashing it.
    """
    key = type(spec), getattr(spec, "spec_id", None)
    said = tuple(spec.processors or ()), spec.format, spec.options, spec.autoconvert
    found = policy.kept.get(key)
    if found is not None and found[0] == said:
        text: str = found[1]
        return text
    identity, is_lasting = _identity(spec)
    text = identity + _treated(policy)
    if is_lasting:
        options = dict(spec.options) if spec.options else spec.options  # the spec's own may change
        policy.kept[key] = (*said[:2], options, said[3]), text
    return text


def _identity(spec: ImageSpec) -> tuple[str, bool]:
    """The recipe of a spec as canonical JSON, and whether it is made of values alone."""
    parts = (
        tuple(spec.processors or ()),
        spec.format,
        encoding.freeze(spec.options) if spec.options else (),
        bool(spec.autoconvert),
    )
    for item in parts[0]:
        if not isinstance(item, Processor):
            return canonical_json(parts), False  # others' objects may change
    try:
        return _remembered(parts), True
    except TypeError:  # a processor or an option that cannot be hashed
        return canonical_json(parts), False


@lru_cache(maxsize=8192)
def _hash(name: str | None, identity: str) -> str:
    text = canonical_json([name, identity])
    return md5(text.encode(), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=256)
def _remembered(parts: tuple[Any, ...]) -> str:
    return canonical_json(parts)
