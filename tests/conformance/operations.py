"""What is done to a drawn original, and by arithmetic of its own, what has to come out of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from tests.conformance.pictures import RGBA
from versatile.filters import FilteredImage, FilterLibrary
from versatile.processors import Adjust, ResizeToFill, ResizeToFit, Transpose
from versatile.renditions.rendition import Rendition
from versatile.renditions.writing import Upstream
from versatile.sizers import build_sizer

Size = tuple[int, int]
Place = tuple[float, float]
WHITE: RGBA = (255, 255, 255, 255)
POINT = (0.25, 0.75)
"""The point that every original keeps."""


@dataclass(frozen=True)
class Operation:
    """Something that is done to an original, and what it has to do."""

    ask: Callable[[Upstream], Rendition]
    size: Callable[[Size], Size]
    """The size that has to come out, by the upright size of the original."""
    place: Callable[[Place, Size, Size], Place | None]
    """Where a point of the rendition lies in the original: by rendition, result and source.
    None is outside, on the mat."""
    recolour: Callable[[RGBA], RGBA] = lambda colour: colour
    reach: float = 4
    """How far it looks, in pixels of the original, and no farther."""
    opaque: bool = False
    """Whether nothing is transparent after it."""


def _stretched(at: Place, result: Size, source: Size) -> Place:
    return at[0] * source[0] / result[0], at[1] * source[1] / result[1]


def _cropped(at: Place, result: Size, source: Size, point: Place = POINT) -> Place:
    """In the largest box of the ratio, as close to the point as it can be."""
    scale = min(source[0] / result[0], source[1] / result[1])
    box = [side * scale for side in result]
    corner = [
        min(max(side * share - length / 2, 0), side - length)
        for side, share, length in zip(source, point, box, strict=True)
    ]
    return corner[0] + at[0] * scale, corner[1] + at[1] * scale


def _filled(at: Place, result: Size, source: Size) -> Place:
    return _cropped(at, result, source, (0.5, 0.5))


def _padded(at: Place, result: Size, source: Size) -> Place | None:
    """In the middle of the mat."""
    inner = _inside(result)(source)
    x, y = ((at[n] - (result[n] - inner[n]) / 2) for n in (0, 1))
    if -1 < x < inner[0] + 1 and -1 < y < inner[1] + 1:
        return _stretched((x, y), inner, source)
    return None


def _turned(at: Place, result: Size, source: Size) -> Place:
    across, down = _stretched(at, result, (source[1], source[0]))
    return down, source[1] - across


def _inside(bounds: Size) -> Callable[[Size], Size]:
    def size(source: Size) -> Size:
        scale = min(bounds[0] / source[0], bounds[1] / source[1], 1)
        return round(source[0] * scale), round(source[1] * scale)

    return size


def _around(bounds: Size) -> Callable[[Size], Size]:
    def size(source: Size) -> Size:
        scale = max(bounds[0] / source[0], bounds[1] / source[1])
        return round(source[0] * scale), round(source[1] * scale)

    return size


def _is(*size: int) -> Callable[[Size], Size]:
    return lambda source: (size[0], size[1])


def _same(source: Size) -> Size:
    return source


def _sizer(name: str, key: str) -> Callable[[Upstream], Rendition]:
    return lambda upstream: build_sizer(name, upstream, create_on_demand=True)[key]


def _filter(name: str, sizer: str = "", key: str = "") -> Callable[[Upstream], Rendition]:
    def ask(upstream: Upstream) -> Rendition:
        filtered = FilterLibrary.starting_from(upstream, create_on_demand=True)[name]
        return getattr(filtered, sizer)[key] if sizer else filtered.rendition()

    return ask


def _processors(*processors: Any) -> Callable[[Upstream], Rendition]:
    """A filter that runs processors, as any site writes its own."""

    class Own(FilteredImage):
        def get_processors(self) -> Sequence[Any]:
            return processors

    def ask(upstream: Upstream) -> Rendition:
        own = Own(upstream.name, upstream.source.storage, True, "own")
        own.bind(upstream, "own")
        return own.rendition()

    return ask


def _negative(colour: RGBA) -> RGBA:
    red, green, blue, alpha = colour
    return 255 - red, 255 - green, 255 - blue, alpha


def _luma(colour: RGBA) -> RGBA:
    red, green, blue, alpha = colour
    level = round(0.299 * red + 0.587 * green + 0.114 * blue)
    return level, level, level, alpha


def _brown(colour: RGBA) -> RGBA:
    red, green, blue, alpha = colour
    rows = ((0.393, 0.769, 0.189), (0.349, 0.686, 0.168), (0.272, 0.534, 0.131))
    new = [min(round(a * red + b * green + c * blue), 255) for a, b, c in rows]
    return new[0], new[1], new[2], alpha


OPERATIONS: dict[str, Operation] = {
    "crop 40x30": Operation(_sizer("crop", "40x30"), _is(40, 30), _cropped),
    "crop 30x50": Operation(_sizer("crop", "30x50"), _is(30, 50), _cropped),
    "thumbnail 50x50": Operation(_sizer("thumbnail", "50x50"), _inside((50, 50)), _stretched),
    "fit x40": Operation(_sizer("fit", "x40"), _inside((9999, 40)), _stretched),
    "pad 50x50": Operation(_sizer("pad", "50x50"), _is(50, 50), _padded, opaque=True),
    "cover 50x50": Operation(_sizer("cover", "50x50"), _around((50, 50)), _stretched),
    "invert": Operation(_filter("invert"), _same, _stretched, _negative),
    "grayscale": Operation(_filter("grayscale"), _same, _stretched, _luma),
    "sepia": Operation(_filter("sepia"), _same, _stretched, _brown),
    "sharpen": Operation(_filter("sharpen"), _same, _stretched, reach=9),
    "blur": Operation(_filter("blur"), _same, _stretched, reach=26),
    "invert, crop 40x30": Operation(
        _filter("invert", "crop", "40x30"), _is(40, 30), _cropped, _negative
    ),
    "ResizeToFill": Operation(_processors(ResizeToFill(40, 40)), _is(40, 40), _filled),
    "Transpose, fit": Operation(
        _processors(Transpose(Image.Transpose.ROTATE_270), ResizeToFit(60, 60)),
        lambda size: _inside((60, 60))((size[1], size[0])),
        _turned,
    ),
    "Adjust": Operation(
        _processors(Adjust(brightness=0.5)),
        _same,
        _stretched,
        lambda colour: (colour[0] // 2, colour[1] // 2, colour[2] // 2, colour[3]),
    ),
}
