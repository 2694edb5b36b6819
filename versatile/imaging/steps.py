"""Steps: the processors of a recipe, by what they say of themselves, and how they are run."""

from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Protocol, cast, runtime_checkable

from PIL import Image

from versatile.imaging.exceptions import ProcessorError, VersatileError
from versatile.imaging.geometry import Size, Window


class Processor(Protocol):
    """Image in, new image out; any object with this method is one.

    Some attributes are optional. ``output_size(size) -> Size`` tells the size of the result
    by arithmetic. ``pointwise`` is true where each pixel of the result depends on that one
    pixel of the input alone, so that the processor may run after a resampling. ``gentle`` is
    true where two pictures that look the same still do after it, as all that is pointwise is.
    ``expand()`` gives the processors that do the work of this one. ``identity()`` gives plain
    values that are equal for equal processors. ``settled(image)`` gives the processor that does
    to all frames of an animation what this one does to its first, where it decides by pixels.

    None of them holds for a subclass that overrides ``process`` alone: that is run as it is.
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


class Resampler(WindowProcessor, Processor, Protocol):
    """A processor whose ``process`` does no more than that."""


@runtime_checkable
class Encoder(Protocol):
    """A processor that writes its own file when it comes last in a recipe."""

    def encode(self, image: Image.Image, format: str) -> bytes:
        """The finished file in a format."""


def flattened(processors: Iterable[Processor]) -> list[Processor]:
    """The processors that do the work, in order."""
    flat: list[Processor] = []
    for processor in processors:
        expand = said(processor, "expand")
        flat += [processor] if expand is None else flattened(expand())
    return flat


def said(processor: Any, name: str, default: Any = None) -> Any:
    """What a processor says of itself, unless it was said of a ``process`` that is overridden."""
    if name in _outdated_of(processor):
        return default
    return getattr(processor, name, default)


def resampler(processor: Any) -> Resampler | None:
    """The processor, where resampling its window and finishing that is all that it does."""
    if isinstance(processor, WindowProcessor) and "window" not in _outdated_of(processor):
        return cast(Resampler, processor)
    return None


def are_gentle(processors: Iterable[Processor]) -> bool:
    """Whether two pictures that look the same still do after these processors."""
    return all(
        resampler(processor) or said(processor, "gentle") or said(processor, "pointwise")
        for processor in processors
    )


def run(processors: Iterable[Processor], image: Image.Image) -> tuple[Image.Image, list[Processor]]:
    """What the processors make of an image, and what does to other frames what they did to it.

    Raises ``ProcessorError``.
    """
    settled: list[Processor] = []
    for processor in processors:
        fixed = settle(processor, image)
        with processor_errors(processor):
            image = checked(fixed.process(image))
        settled.append(fixed)
    return image, settled


def settle(processor: Any, image: Image.Image) -> Any:
    """What does to other frames what a processor does to this one; raises ``ProcessorError``."""
    method = said(processor, "settled")
    with processor_errors(processor):
        return processor if method is None else method(image)


def checked(result: object) -> Image.Image:
    """The result of a processor; raises ``TypeError`` for what is no image."""
    if not isinstance(result, Image.Image):
        raise TypeError(f"it returned {result!r}, which is no image")
    # Pillow makes nothing else of grey that is premultiplied.
    return result.convert("LA") if result.mode == "La" else result


@contextmanager
def processor_errors(processor: object) -> Iterator[None]:
    """Turn whatever a processor raises into a ``ProcessorError`` that names it."""
    try:
        yield
    except VersatileError:
        raise
    except Exception as error:
        raise ProcessorError(f"{processor!r} failed: {type(error).__name__}: {error}") from error


_SAID = ("window", "finish", "output_size", "pointwise", "gentle", "expand", "settled")


def _outdated_of(processor: object) -> frozenset[str]:
    return _outdated(cast(Hashable, type(processor)))


@lru_cache(maxsize=512)
def _outdated(cls: type[Any]) -> frozenset[str]:
    """What was said by the bases of a class before it overrode what their ``process`` does."""
    concrete = [base for base in cls.__mro__ if _has_process(base)]
    if len(concrete) < 2:
        return frozenset()
    before = cls.__mro__[: cls.__mro__.index(concrete[0]) + 1]
    return frozenset(name for name in _SAID if not any(name in vars(base) for base in before))


def _has_process(cls: type) -> bool:
    method = vars(cls).get("process")
    of_nobody = getattr(cls, "_is_protocol", False) or getattr(
        method, "__isabstractmethod__", False
    )
    return method is not None and not of_nobody
