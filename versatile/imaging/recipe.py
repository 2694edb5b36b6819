"""Recipe: the one pipeline from a source to a rendition."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Protocol, runtime_checkable

from PIL import Image

from versatile.imaging import encoding, planning
from versatile.imaging.decoding import Picture
from versatile.imaging.encoding import WHITE, Colour, Options
from versatile.imaging.exceptions import ProcessorError, VersatileError
from versatile.imaging.geometry import Size, Window

logger = logging.getLogger(__name__)


class Processor(Protocol):
    """Image in, new image out; any object with this method is one.

    Two attributes are optional. ``output_size(size) -> Size`` tells the size of the result
    by arithmetic. ``pointwise`` is true where each pixel of the result depends on that one
    pixel of the input alone, so that the processor may run after a resampling.
    """

    def process(self, image: Image.Image) -> Image.Image:
        """A new image; the input is never changed."""


@runtime_checkable
class WindowProcessor(Protocol):
    """A processor that resamples one window of its input, and then may finish the result."""

    def window(self, size: Size) -> Window:
        """The window that is taken of a picture of this size."""

    def finish(self, image: Image.Image) -> Image.Image:
        """What becomes of the resampled window."""


@runtime_checkable
class Encoder(Protocol):
    """A processor that writes its own file when it comes last in a recipe."""

    def encode(self, image: Image.Image, format: str) -> bytes:
        """The finished file in a format."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Processors in order, the output format and how to save: a value."""

    processors: tuple[Processor, ...]
    format: str
    options: Options = ()
    matte: Colour = WHITE

    def output_size(self, size: Size) -> Size | None:
        """The size of the rendition of a source of this size; None where only pixels tell."""
        for processor in self.processors:
            known = getattr(processor, "output_size", None)
            if known is None:
                return None
            size = known(size)
        return size

    def demand(self, size: Size) -> float:
        """Source pixels per pixel of the result: how much smaller the source may be decoded.

        1 where a processor counts in source pixels, looks at neighbours or is not ours.
        """
        _, resampler, rest = self._parts()
        if resampler is None or not _are_gentle(rest):
            return planning.FULL
        return resampler.window(size).shrink

    def render(self, picture: Picture, *, exact: bool = False) -> bytes:
        """The finished file of a decoded picture.

        Raises ``ImageError``, ``ProcessorError`` or ``EncodingError``.
        """
        image, rest = self._resampled(picture, exact=exact)
        if rest and isinstance(rest[-1], Encoder):
            image = _run(rest[:-1], image)
            with _processor_errors(rest[-1]):
                return rest[-1].encode(image, self.format)
        return encoding.encode(_run(rest, image), self.format, self.options, matte=self.matte)

    def pixels(self, picture: Picture, *, exact: bool = False) -> Image.Image:
        """The image that ``render`` would encode."""
        image, rest = self._resampled(picture, exact=exact)
        return _run(rest, image)

    def to_json(self) -> str:
        """The recipe as canonical JSON: equal recipes give equal text in every process."""
        value = [list(map(identity, self.processors)), self.format, self.options, self.matte]
        return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))

    def _resampled(
        self, picture: Picture, *, exact: bool
    ) -> tuple[Image.Image, Sequence[Processor]]:
        """What the first resampling gives, and the processors that are still to run."""
        points, resampler, rest = self._parts()
        if resampler is None:
            upright = picture.upright()
            # Others' processors may paint on what they get, and it is not theirs alone.
            return (upright if _are_gentle(rest[:1]) else upright.copy()), rest
        with _processor_errors(resampler):
            window = resampler.window(picture.size)
            image = picture.window(window, exact=exact or not _are_gentle(rest))
        image = _run(points, image)
        with _processor_errors(resampler):
            return _image(resampler.finish(image)), rest

    def _parts(self) -> tuple[Sequence[Processor], WindowProcessor | None, Sequence[Processor]]:
        """The pointwise processors before the first resampling, that one, and all others."""
        for index, processor in enumerate(self.processors):
            if isinstance(processor, WindowProcessor):
                return self.processors[:index], processor, self.processors[index + 1 :]
            if not getattr(processor, "pointwise", False):
                break
        return (), None, self.processors


def render_each(
    picture: Picture, recipes: Sequence[Recipe], *, exact: bool = False
) -> Iterator[tuple[int, bytes | VersatileError]]:
    """The file of each recipe, or why there is none, with the index of the recipe.

    The picture is decoded once, at the smallest scale that serves all; the largest
    rendition comes first. ``exact`` decodes everything and resamples in one step.
    Raises ``ImageError`` when the picture cannot be decoded at all.
    """
    demands = [_demand(recipe, picture.size) for recipe in recipes]
    picture.decode(1 if exact else planning.draft_scale(demands))
    for index in sorted(range(len(recipes)), key=demands.__getitem__):
        try:
            yield index, recipes[index].render(picture, exact=exact)
        except VersatileError as error:
            yield index, error


def _demand(recipe: Recipe, size: Size) -> float:
    try:
        return recipe.demand(size)
    except Exception:  # whatever a foreign processor raises, render() raises and names it
        logger.debug("A processor of %r has no window", recipe, exc_info=True)
        return planning.FULL


def _are_gentle(processors: Iterable[Processor]) -> bool:
    """Whether two pictures that look the same still do after these processors."""
    return all(
        isinstance(processor, WindowProcessor) or getattr(processor, "pointwise", False)
        for processor in processors
    )


def identity(processor: object) -> list[Any]:
    """What a processor is: its dotted class and its values."""
    kind = type(processor)
    values = (
        {item.name: getattr(processor, item.name) for item in fields(processor)}
        if is_dataclass(processor)
        else getattr(processor, "__dict__", None)
    )
    if values is None:
        raise ProcessorError(f"{processor!r} hides its values; make its class a dataclass")
    return [f"{kind.__module__}.{kind.__qualname__}", values]


def _plain(value: object) -> Any:
    """A value as JSON has it, equal for equal values: 2.0 becomes 2."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return list(map(_plain, value))
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(identity(value))
    raise ProcessorError(f"{value!r} cannot be written as JSON; give it plain values instead")


def _run(processors: Iterable[Processor], image: Image.Image) -> Image.Image:
    for processor in processors:
        with _processor_errors(processor):
            image = _image(processor.process(image))
    return image


def _image(result: object) -> Image.Image:
    if not isinstance(result, Image.Image):
        raise TypeError(f"it returned {result!r}, which is no image")
    return result


@contextmanager
def _processor_errors(processor: object) -> Iterator[None]:
    try:
        yield
    except VersatileError:
        raise
    except Exception as error:
        raise ProcessorError(f"{processor!r} failed: {type(error).__name__}: {error}") from error
