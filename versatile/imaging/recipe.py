"""Recipe: the one pipeline from a source to a rendition."""

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PIL import Image

from versatile.imaging import animation, encoding, exif, planning, steps
from versatile.imaging.decoding import Picture
from versatile.imaging.encoding import NOTHING, Beside, Options
from versatile.imaging.exceptions import (
    InvalidArgument,
    InvalidGeometry,
    TruncatedAnimation,
    VersatileError,
)
from versatile.imaging.geometry import Size
from versatile.imaging.identity import canonical_json
from versatile.imaging.modes import WHITE, Colour
from versatile.imaging.steps import Encoder, Processor, Resampler, WindowProcessor, flattened

__all__ = [
    "COLORS",
    "Encoder",
    "Processor",
    "Recipe",
    "WindowProcessor",
    "area_limit",
    "check_area",
    "demand_of",
    "flattened",
    "pixels_held",
    "render_each",
]

logger = logging.getLogger(__name__)

COLORS = ("srgb", "preserve")
"""What may become of the colours of a picture that has a profile."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Processors in order, the output format and how to save: a value."""

    processors: tuple[Processor, ...]
    format: str
    options: Options = ()
    matte: Colour = WHITE
    autoconvert: bool = True
    """Whether the mode is changed to one that the format can hold."""
    animated: bool = True
    """Whether an animation stays one, where the format can hold it."""
    color: str = "srgb"
    """``'srgb'``, or ``'preserve'``: the colours as they are, with their profile."""
    keep_metadata: tuple[str, ...] = ()
    """What is kept of the source's metadata: names of ``exif.TEXTS``."""

    def __post_init__(self) -> None:
        if self.color not in COLORS:
            raise InvalidArgument("color", self.color, f"one of {', '.join(COLORS)}")

    def output_size(self, size: Size) -> Size | None:
        """The size of the rendition of a source of this size; None where only pixels tell."""
        known: Size | None = size
        for processor in flattened(self.processors):
            arithmetic = steps.said(processor, "output_size")
            if known is None or arithmetic is None:
                return None
            known = arithmetic(known)
        return known

    def demand(self, size: Size) -> float:
        """Source pixels per pixel of the result: how much smaller the source may be decoded.

        1 where a processor counts in source pixels, looks at neighbours or does not say.
        """
        _, resampler, rest = self._parts()
        if resampler is None or not steps.are_gentle(rest):
            return planning.FULL
        return resampler.window(size).shrink_of(size)

    def render(self, picture: Picture, *, exact: bool = False) -> bytes:
        """The finished file of a decoded picture.

        An animation stays one within its limits, where the format can hold it and no processor
        writes a file of its own. Raises ``ImageError``, ``ProcessorError``, ``EncodingError``
        or ``InvalidArgument``.
        """
        moving = self._animation(picture, exact=exact) if self._may_move(picture) else None
        return self._still(picture, exact=exact) if moving is None else moving

    def pixels(self, picture: Picture, *, exact: bool = False) -> Image.Image:
        """The image that ``render`` would encode; of an animation, its first frame."""
        return self._shown(picture, exact=exact)[0]

    def frames_held(self, picture: Picture) -> int:
        """How many pixels are kept while an animation is made of a picture; 0 where none is.

        Its frames, and the canvas on which layers are laid.
        """
        if not self._may_move(picture):
            return 0
        try:
            size = self.output_size(picture.size) or picture.size
        except Exception:  # whatever a foreign processor raises, render() raises and names it
            logger.debug("A processor of %r has no size", self, exc_info=True)
            size = picture.size
        frames = picture.header.frames
        if not picture.limits.allow_frames(frames, size):
            return 0
        return frames * math.prod(size) + animation.canvas_area(picture)

    def to_json(self) -> str:
        """The recipe as canonical JSON: equal recipes give equal text in every process."""
        value: tuple[Any, ...] = (self.processors, self.format, self.options)
        value += (self.matte, self.autoconvert)
        more = (self.animated, self.color, self.keep_metadata)
        return canonical_json(value if more == (True, "srgb", ()) else (*value, *more))

    def _still(self, picture: Picture, *, exact: bool) -> bytes:
        image, _, rest = self._begun(picture, exact=exact)
        encoder: object = rest[-1] if rest else None
        if isinstance(encoder, Encoder):
            image, _ = steps.run(rest[:-1], image)
            with steps.processor_errors(encoder):
                return encoder.encode(image, self.format)
        return encoding.encode(
            steps.run(rest, image)[0],
            self.format,
            self.options,
            matte=self.matte,
            autoconvert=self.autoconvert,
            beside=self._beside(picture),
        )

    def _may_move(self, picture: Picture) -> bool:
        """Whether there is an animation to be made, as far as the recipe and the header say."""
        if picture.header.frames < 2 or not self.animated:
            return False
        if self.format not in encoding.MOVING or not self.autoconvert:
            return False
        return not any(isinstance(processor, Encoder) for processor in flattened(self.processors))

    def _animation(self, picture: Picture, *, exact: bool) -> bytes | None:
        """All frames, with the geometry of the first; None where only that one is to be shown."""
        if not animation.is_affordable(picture, self.output_size(picture.size)):
            return None
        beside, recipe = self._beside(picture), self
        shown: list[Image.Image] = []
        durations: list[float] = []
        for frame in animation.frames(picture):
            image, settled = recipe._shown(frame.picture, exact=exact)
            recipe = recipe if shown else replace(self, processors=settled)
            if not animation.is_next(image, shown, picture):
                return None
            shown.append(encoding.fitted(image, self.format, matte=self.matte, beside=beside))
            durations.append(frame.duration)
        pace = animation.pace(picture, durations, self.format)
        return encoding.encode_animation(shown, pace, self.format, self.options, beside=beside)

    def _shown(self, picture: Picture, *, exact: bool) -> tuple[Image.Image, tuple[Processor, ...]]:
        """The finished pixels, and the processors that do to other frames what made them."""
        image, done, rest = self._begun(picture, exact=exact)
        image, settled = steps.run(rest, image)
        return image, (*done, *settled)

    def _begun(
        self, picture: Picture, *, exact: bool
    ) -> tuple[Image.Image, Sequence[Processor], Sequence[Processor]]:
        """What the first resampling gives, the processors up to there, and those still to run."""
        points, resampler, rest = self._parts()
        preserve = self._preserves
        if resampler is None:
            upright = picture.upright(preserve=preserve)
            # Others' processors may paint on what they get, and it is not theirs alone.
            return (upright if steps.are_gentle(rest[:1]) else upright.copy()), (), rest
        with steps.processor_errors(resampler):
            window = resampler.window(picture.size)
            whole = exact or not steps.are_gentle(rest)
            image = picture.window(window, exact=whole, preserve=preserve)
        image, done = steps.run(points, image)
        fixed = steps.settle(resampler, image)
        with steps.processor_errors(resampler):
            return steps.checked(fixed.finish(image)), (*done, fixed), rest

    def _parts(self) -> tuple[Sequence[Processor], Resampler | None, Sequence[Processor]]:
        """The pointwise processors before the first resampling, that one, and all others."""
        processors = flattened(self.processors)
        for index, processor in enumerate(processors):
            resampler = steps.resampler(processor)
            if resampler is not None:
                return processors[:index], resampler, processors[index + 1 :]
            if not steps.said(processor, "pointwise"):
                break
        return (), None, processors

    @property
    def _preserves(self) -> bool:
        """Whether colours stay as they are: where a profile is written with them."""
        last = flattened(self.processors)[-1:]
        written_here = not (last and isinstance(last[0], Encoder))
        return self.color == "preserve" and written_here and encoding.holds_profiles(self.format)

    def _beside(self, picture: Picture) -> Beside:
        """What is written beside the pixels."""
        if not self._preserves and not self.keep_metadata:
            return NOTHING
        kept = exif.kept(picture.image, self.keep_metadata)
        return Beside(exif.write(kept), picture.profile if self._preserves else None)


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
    demands = [demand_of(recipe, picture.size) for recipe in recipes]
    picture.decode(_scale(demands, exact=exact))
    for index in sorted(range(len(recipes)), key=demands.__getitem__):
        try:
            check_area(recipes[index], picture.size, max_area)
            yield index, recipes[index].render(picture, exact=exact)
        except TruncatedAnimation:  # a fault of the source, which no recipe can help
            raise
        except VersatileError as error:
            yield index, error


def pixels_held(picture: Picture, recipes: Sequence[Recipe], *, exact: bool = False) -> int:
    """How many decoded pixels are held at a time while recipes are rendered, by the header.

    A JPEG that is shrunk while it is decoded counts what is left of it, an animation all the
    frames of the largest that is made of it, and their canvas.
    """
    demands = [demand_of(recipe, picture.size) for recipe in recipes]
    moving = max((recipe.frames_held(picture) for recipe in recipes), default=0)
    return picture.pixels_at(_scale(demands, exact=exact)) + moving


def _scale(demands: Sequence[float], *, exact: bool) -> int:
    return 1 if exact else planning.draft_scale(demands)


def area_limit(source: Size, max_area: int | None) -> float:
    """How many pixels a rendition may have at most: ``max_area``, or as many as its source.

    Infinity where there is no limit.
    """
    return max(max_area, math.prod(source)) if max_area else math.inf


def check_area(recipe: Recipe, source: Size, max_area: int | None) -> None:
    """Raise ``InvalidGeometry`` for a picture that grows beyond all bounds: a cover of a line."""
    with steps.processor_errors(recipe):
        size = recipe.output_size(source)
    limit = area_limit(source, max_area)
    if size is not None and math.prod(size) > limit:
        raise InvalidGeometry(
            f"{size.width}×{size.height} pixels would be more than {limit}; ask for less, take a "
            "picture of another shape, or raise MAX_AREA"
        )


def demand_of(recipe: Recipe, size: Size) -> float:
    """What the recipe says of its demand; that of all pixels where a processor cannot say it."""
    try:
        return recipe.demand(size)
    except Exception:  # whatever a foreign processor raises, render() raises and names it
        logger.debug("A processor of %r has no window", recipe, exc_info=True)
        return planning.FULL
