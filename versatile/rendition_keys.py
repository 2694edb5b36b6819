"""Rendition keys at work: what a file has at a key, at all keys of a set, on a whole page."""

from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from typing import Any, Protocol, cast

from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import Storage
from django.db.models.manager import BaseManager
from django.http import HttpRequest

from versatile.conf import conf
from versatile.exceptions import EmptyField, InvalidSizeKey, PictureError
from versatile.filters import FilteredImage, FilterLibrary
from versatile.placeholder import PlaceholderImage
from versatile.registry import versatileimagefield_registry
from versatile.renditions import backends, existence, strategies
from versatile.renditions.keys import ORIGINAL, KeyPairs, get_key_set, parse_key
from versatile.renditions.original import Original
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source
from versatile.sizers import SizedImage


class ImageFile(Protocol):
    """What a rendition key starts from: a file of a ``VersatileImageField``."""

    storage: Storage
    create_on_demand: bool
    known: dict[str, bool] | None
    prefetched: "RenditionSet | None"

    @property
    def source(self) -> Source:
        """The file as renditions see it, or its placeholder."""

    @property
    def filters(self) -> FilterLibrary:
        """The filters of the file."""

    @property
    def url(self) -> str:
        """Where a browser finds the original, or its placeholder."""

    @property
    def placeholder(self) -> PlaceholderImage | None:
        """What stands in for the file, if it is empty."""

    def __bool__(self) -> bool:
        """Whether there is a file."""


def check_key(key: str) -> None:
    """Raise an error for a key that no file can have: unknown names, or a malformed size."""
    parsed = parse_key(key)
    filters = versatileimagefield_registry.all_filters()
    sizers = versatileimagefield_registry.all_sizers()
    for name in parsed.filters:
        if name not in filters:
            raise InvalidSizeKey(f"no filter {name!r} is registered")
    if parsed.sizer is not None and parsed.sizer not in sizers:
        raise InvalidSizeKey(f"no sizer {parsed.sizer!r} is registered")
    if parsed.sizer is not None:
        sizers[parsed.sizer].parse(parsed.size)


class Missing:
    """What a loop over a set finds in place of a rendition that could not be made.

    It is false and prints as nothing; its attributes raise the error.
    """

    def __init__(self, error: PictureError) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise self.error

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        if not self.error.silent_variable_failure:
            raise self.error
        return ""


def resolve(file: ImageFile, key: str) -> Rendition | Original:
    """The rendition at a key, without asking whether it is there.

    Raises ``InvalidSizeKey``, ``InvalidFilter``, ``MalformedSizedImageKey``, ``EmptyField``.
    """
    parsed = parse_key(key)
    if parsed == ORIGINAL:
        if not file.source.name:
            raise EmptyField(key)
        return Original(file)
    target: ImageFile | FilteredImage = file
    for name in parsed.filters:
        target = target.filters[name]
    if parsed.sizer is None:
        return cast(FilteredImage, target).rendition(parsed.options)
    if parsed.sizer not in versatileimagefield_registry.all_sizers():
        raise InvalidSizeKey(f"{key!r}: no sizer {parsed.sizer!r} is registered")
    sizer = cast(SizedImage, getattr(target, parsed.sizer))
    return sizer.rendition(parsed.size, parsed.options)


class RenditionSet(Mapping[str, Any]):
    """The renditions of one file at the keys of a set, by their names, in order.

    Missing ones were made together when the set was asked for. One that could not be made
    raises its error when it is taken by its name, and is a ``Missing`` in a loop.
    """

    def __init__(self, file: ImageFile, pairs: KeyPairs) -> None:
        self.pairs = pairs
        self.source = file.source
        self.strategy = strategies.of(file.create_on_demand)
        self._found: dict[str, Rendition | Original | Missing] = {}
        for name, key in pairs:
            try:
                self._found[name] = resolve(file, key)
            except PictureError as error:
                self._found[name] = Missing(error)

    def is_of(self, file: ImageFile, pairs: KeyPairs) -> bool:
        """Whether it is still what the file has at these keys: its point or switch may be new."""
        switch = strategies.of(file.create_on_demand)
        return self.pairs == pairs and self.source == file.source and self.strategy is switch

    @property
    def renditions(self) -> list[Rendition]:
        """Those that are neither the original nor missing."""
        return [item for item in self._found.values() if isinstance(item, Rendition)]

    def require(self) -> "RenditionSet":
        """Leave it to the strategy whether missing ones are made now; once per object."""
        asked = [item for item in self.renditions if not item.required]
        outcomes = self.strategy.on_set_required(asked) if asked else []
        errors = {outcome.rendition: outcome.error for outcome in outcomes if outcome.error}
        for rendition in asked:
            rendition.required = True
        for name, item in self._found.items():
            error = errors.get(item) if isinstance(item, Rendition) else None
            if isinstance(item, Rendition) and error is not None:
                backends.log(error)
                self._found[name] = _fallen_back(item, error)
        return self

    def __getitem__(self, name: str) -> Any:
        item = self._found[name]
        if isinstance(item, Missing):
            raise item.error
        return item

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def items(self) -> ItemsView[str, Any]:
        """The names and what is there, or ``Missing``."""
        return self._found.items()

    def values(self) -> ValuesView[Any]:
        """What is there, or ``Missing``."""
        return self._found.values()


def _fallen_back(item: Rendition, error: PictureError) -> Rendition | Missing:
    """The rendition with something to be shown in its place, or what raises its error."""
    try:
        item.fail(error)
    except PictureError as raised:
        return Missing(raised)
    return item


def rendition_set(file: ImageFile, pairs: KeyPairs) -> RenditionSet:
    """The renditions of a file at the keys of a set: what was looked up for the page, or anew."""
    kept = file.prefetched
    if kept is None or not kept.is_of(file, pairs):
        kept = RenditionSet(file, pairs)
    return kept.require()


def get_url(file: ImageFile, key: str) -> str:
    """The URL of the rendition at a key, made if it is missing and may be made."""
    return resolve(file, key).url


def get_urls(
    file: ImageFile, pairs: KeyPairs, request: HttpRequest | None = None
) -> dict[str, str | None]:
    """The URLs of the renditions of a set by their names, absolute if there is a request.

    Empty for an empty field without a placeholder. None in place of a rendition that could not
    be made, which is logged once.
    """
    if not file and file.placeholder is None and not conf.DRAW_PLACEHOLDERS:
        return {}
    urls = {name: _url_of(item) for name, item in rendition_set(file, pairs).items()}
    if request is None:
        return urls
    return {name: url and request.build_absolute_uri(url) for name, url in urls.items()}


def _url_of(item: Rendition | Original | Missing) -> str | None:
    try:
        url: str = item.url
    except EmptyField:
        return None
    except PictureError as error:
        backends.log(error)
        return None
    return url


def prefetch_renditions(
    objects: Iterable[Any], image_attr: str, rendition_key_set: str | Iterable[Any]
) -> list[Any]:
    """The objects, whose renditions are looked up in one cache read for the whole page.

    ``image_attr`` is the name of an image field, or a dotted path to one that may lead over
    relations. Rendering then asks the cache no more for what is ready.
    """
    found = list(objects)
    files = [file for item in found for file in follow(item, image_attr)]
    prefetch(files, get_key_set(rendition_key_set))
    return found


def prefetch(files: Iterable[ImageFile], pairs: KeyPairs) -> None:
    """Look up the renditions of many files in one cache read."""
    wanted = {id(file): file for file in files if file.create_on_demand}.values()
    ready = existence.read(key for file in wanted for key in _looked_up(file, pairs))
    for file in wanted:
        if file.known is not None:
            file.known.update({key: ready[key] for key in _keys(file)})


def _looked_up(file: ImageFile, pairs: KeyPairs) -> list[str]:
    """The keys that a file has to be looked up for; what is found is told to its set."""
    file.known = dict(file.known or {})
    file.prefetched = RenditionSet(file, pairs)
    return _keys(file)


def _keys(file: ImageFile) -> list[str]:
    found = file.prefetched.renditions if file.prefetched is not None else []
    keys = [item.existence_key for item in found]
    if file.placeholder is not None:
        keys.append(file.placeholder.existence_key(file.storage))
    return keys


def follow(instance: Any, path: str, *, loaded_only: bool = False) -> Iterator[Any]:
    """What a dotted path leads to from an instance, over to-many relations too.

    Nothing where a relation on the way is empty, or is to-many and not prefetched while
    ``loaded_only`` is set. Raises ``AttributeError`` for a wrong name.
    """
    name, _, rest = path.partition(".")
    try:
        value = getattr(instance, name)
    except ObjectDoesNotExist:
        return
    if value is None:
        return
    if not rest:
        yield value
        return
    for item in _related(value, loaded_only=loaded_only):
        yield from follow(item, rest, loaded_only=loaded_only)


def _related(value: Any, *, loaded_only: bool) -> Iterable[Any]:
    if not isinstance(value, BaseManager):
        return [value]
    rows = value.all()
    loaded = rows._result_cache is not None  # what prefetch_related has left there
    return rows if loaded or not loaded_only else ()
