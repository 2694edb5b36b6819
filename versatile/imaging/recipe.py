"""Recipe: the one pipeline from a source to a rendition."""

import logging
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PIL import Image

from versatile.imaging import encoding, planning
from versatile.imaging.decoding import Picture
from versatile.imaging.encoding import WHITE, Colour, Options
from versatile.imaging.exceptions import InvalidGeometry, ProcessorError, VersatileError
from versatile.imaging.geometry import Size, Window
from versatile.imaging.identity import canonical_json

logger = logging.getLogger(__name__)


class Processor(Protocol):
    """Image in, new image out; any object with this method is one.

    Some attributes are optional. ``output_size(size) -> Size`` tells the size of the result
    by arithmetic. ``pointwise`` is true where each pixel of the result depends on that one
    pixel of the input alone, so that the processor may run after a resampling. ``gentle`` is
    true where two pictures that look the same still do after it, as all that is pointwise is.
    ``expand()`` gives the processors that do the work of this one. ``identity()`` gives plain
    values that are equal for equal processors.
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
    autoconvert: bool = True
    """Whether the mode is changed to one that the format can hold."""

    def output_size(self, size: Size) -> Size | None:
        """The size of the rendition of a source of this size; None where only pixels tell."""
        known: Size | None = size
        for processor in flattened(self.processors):
            arithmetic = getattr(processor, "output_size", None)
            if known is None or arithmetic is None:
                return None
            known = arithmetic(known)
        return known

    def demand(self, size: Size) -> float:
        """Source pixels per pixel of the result: how much smaller the source may be decoded.

        1 where a processor counts in source pixels, looks at neighbours or does not say.
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
        return encoding.encode(
            _run(rest, image),
            self.format,
            self.options,
            matte=self.matte,
            autoconvert=self.autoconvert,
        )

    def pixels(self, picture: Picture, *, exact: bool = False) -> Image.Image:
        """The image that ``render`` would encode."""
        image, rest = self._resampled(picture, exact=exact)
        return _run(rest, image)

    def to_json(self) -> str:
        """The recipe as canonical JSON: equal recipes give equal text in every process."""
        value = (self.processors, self.format, self.options, self.matte, self.autoconvert)
        return canonical_json(value)

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
        processors = flattened(self.processors)
        for index, processor in enumerate(processors):
            if isinstance(processor, WindowProcessor):
                return processors[:index], processor, processors[index + 1 :]
            if not getattr(processor, "pointwise", False):
                break
        return (), None, processors


def render_each(
    picture: Picture,
    recipes: Sequence[Recipe],
    *,
    exact: bool = False,
    max_area: int | None = None,
) -> Iterator[tuple[int, bytes | VersatileError]]:
    """The file of each recipe, or why there is none, with the index of the recipe.

    The picture is decoded once, at the smallest scale that serves all; the largest
    rendition comes first. ``exact`` decodes everything and resamples in one step. What would
    have more pixels than ``max_area`` and than the source is not begun.
    Raises ``ImageError`` when the picture cannot be decoded at all.
    """
    demands = [_demand(recipe, picture.size) for recipe in recipes]
    picture.decode(1 if exact else planning.draft_scale(demands))
    for index in sorted(range(len(recipes)), key=demands.__getitem__):
        try:
            _check_area(recipes[index], picture.size, max_area)
            yield index, recipes[index].render(picture, exact=exact)
        except VersatileError as error:
            yield index, error


def _check_area(recipe: Recipe, source: Size, max_area: int | None) -> None:
    """Raise ``InvalidGeometry`` for a picture that grows beyond all bounds: a cover of a line."""
    with _processor_errors(recipe):
        size = recipe.output_size(source)
    limit = max(max_area, math.prod(source)) if max_area else None
    if size is not None and limit is not None and math.prod(size) > limit:
        raise InvalidGeometry(
            f"{size.width}×{size.height} pixels would be more than {limit}; ask for less, or "
            "raise MAX_AREA"
        )


def flattened(processors: Iterable[Processor]) -> list[Processor]:
    """The processors that do the work, in order."""
    flat: list[Processor] = []
    for processor in processors:
        expand = getattr(processor, "expand", None)
        flat += [processor] if expand is None else flattened(expand())
    return flat


def _demand(recipe: Recipe, size: Size) -> float:
    try:
        return recipe.demand(size)
    except Exception:  # whatever a foreign processor raises, render() raises and names it
        logger.debug("A processor of %r has no window", recipe, exc_info=True)
        return planning.FULL


def _are_gentle(processors: Iterable[Processor]) -> bool:
    """Whether two pictures that look the same still do after these processors."""
    return all(
        isinstance(processor, WindowProcessor)
        or getattr(processor, "gentle", False)
        or getattr(processor, "pointwise", False)
        for processor in processors
    )


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
