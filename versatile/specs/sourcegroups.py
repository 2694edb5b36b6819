"""Source groups: where the sources of specs come from, and who tells that one was saved."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model
from django.db.models.signals import class_prepared, post_save

from versatile.exceptions import ConfigurationError
from versatile.registry import generator_registry, source_group_registry
from versatile.renditions.backends import together
from versatile.signals import source_saved
from versatile.specs.cachefile import ImageCacheFile
from versatile.specs.targets import files_of, tell_strategy

logger = logging.getLogger(__name__)

_SEEN = "_versatile_sources_seen"
"""The attribute of an instance that holds the names of its sources at the last save."""


def get_nonabstract_descendants(model: type[Model]) -> Iterator[type[Model]]:
    """The model if it is concrete, and then each concrete model below it."""
    if not model._meta.abstract:
        yield model
    for child in model.__subclasses__():
        yield from get_nonabstract_descendants(child)


def _with_own_rows(model: type[Model]) -> Iterator[type[Model]]:
    """The topmost concrete models: their rows are those of all models below them, too."""
    if not model._meta.abstract:
        yield model
        return
    for child in model.__subclasses__():
        yield from _with_own_rows(child)


class ImageFieldSourceGroup:
    """The files of an image field of a model and of its concrete descendants.

    Raises ``ConfigurationError`` for an attribute that a concrete model does not have.
    """

    def __init__(self, model_class: type[Model], image_field: str) -> None:
        if not model_class._meta.abstract and not hasattr(model_class, image_field):
            raise ConfigurationError(
                f"{model_class.__name__} has no attribute {image_field!r}; a source group needs "
                "the name of an image field"
            )
        self.model_class = model_class
        self.image_field = image_field
        _router.add(self)

    def files(self) -> Iterator[Any]:
        """The file of each instance, streamed; every row once."""
        for model in _with_own_rows(self.model_class):
            for instance in model._default_manager.all().iterator():
                yield getattr(instance, self.image_field)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ImageFieldSourceGroup)
            and self.model_class is other.model_class
            and self.image_field == other.image_field
        )

    def __hash__(self) -> int:
        return hash((self.model_class, self.image_field))


class SourceGroupFilesGenerator:
    """The cache files of a generator for all sources of a group."""

    def __init__(self, source_group: Any, generator_id: str) -> None:
        self.source_group = source_group
        self.generator_id = generator_id

    def __call__(self) -> Iterator[ImageCacheFile]:
        """The files, one for each source."""
        for source in self.source_group.files():
            yield ImageCacheFile(generator_registry.get(self.generator_id, source=source))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SourceGroupFilesGenerator) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(self.generator_id)


class ModelSignalRouter:
    """Tells source groups of saved instances, and listens to their models alone."""

    def __init__(self) -> None:
        self._groups: list[ImageFieldSourceGroup] = []
        class_prepared.connect(self._prepared)

    def add(self, group: ImageFieldSourceGroup) -> None:
        """Listen to the model of a group and to all below it."""
        if group not in self._groups:
            self._groups.append(group)
        for model in get_nonabstract_descendants(group.model_class):
            self._listen(model)

    def _prepared(self, sender: type[Model], **kwargs: Any) -> None:
        if any(issubclass(sender, group.model_class) for group in self._groups):
            self._listen(sender)

    def _listen(self, model: type[Model]) -> None:
        post_save.connect(self._saved, sender=model, dispatch_uid=f"versatile:{id(model)}")

    def _saved(
        self,
        sender: type[Model],
        instance: Model,
        raw: bool = False,
        update_fields: Any = None,
        **kwargs: Any,
    ) -> None:
        if raw:
            return
        groups = [group for group in self._groups if isinstance(instance, group.model_class)]
        names = {group.image_field for group in groups}
        if update_fields is not None:
            names &= set(update_fields)
        sources = _new_sources(instance, names)
        with together():
            for group in groups:
                if group.image_field in sources:
                    source_saved.send(sender=group, source=sources[group.image_field])


def _new_sources(instance: Model, names: Iterable[str]) -> dict[str, Any]:
    """The files in some fields of an instance that are not those of its last save."""
    files = {name: getattr(instance, name) for name in names}
    seen = instance.__dict__.setdefault(_SEEN, {})
    new = {name: file for name, file in files.items() if file and seen.get(name) != file.name}
    seen.update({name: file.name for name, file in files.items()})
    return new


_router = ModelSignalRouter()


def tell_strategies(sender: Any, source: Any, **kwargs: Any) -> None:
    """Tell the strategy of each file of a source that it was saved; one decode for all."""
    with together():
        for generator_id in source_group_registry.ids_of(sender):
            try:
                files = files_of(generator_id, source)
            except ConfigurationError as error:  # whoever took the spec away can still save
                logger.warning("Nothing is made of %s: %s", source, error)
                continue
            for file in files:
                tell_strategy(file, "on_source_saved")


source_saved.connect(tell_strategies)
