"""Cases: an original, what is done to it and the format of the result; and how right that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import count, product
from statistics import mean

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from PIL import Image

from tests.conformance.operations import OPERATIONS, POINT, WHITE, Operation, Place, Size
from tests.conformance.pictures import ALL, KINDS, MOVED, RGBA, SIZE, moving, still
from versatile.filters import FilteredImage
from versatile.imaging.formats import format_to_extension, shown_extension
from versatile.renditions.source import Source
from versatile.renditions.writing import Upstream

EXACT = 3
"""How far a level of any pixel may be from what it has to be, of 255."""
LOSSY: dict[str, int] = {"JPEG": 6, "WEBP": 6, "AVIF": 6}
"""How far the mean level of a quarter may be, in formats whose pixels swing around it."""

RING = 45
"""How far Lanczos goes beyond both colours of an edge."""

_HALO = 9
"""The reach of what draws edges stronger than they are."""
_FEW = 12
"""Columns and rows of the pixels that are compared."""
_MAT = 4
"""The number of what is no quarter."""
_NEAR = 4
"""Pixels of a rendition that an edge reaches."""


@dataclass(frozen=True)
class Case:
    """One cell of the table."""

    kind: str
    source: str
    operation: str
    output: str
    orientation: int = 1

    def __str__(self) -> str:
        turn = f" turned {self.orientation}" if self.orientation > 1 else ""
        return f"{self.kind} {self.source}{turn}, {self.operation}, {self.output}"

    @property
    def tolerance(self) -> int:
        """How far a level may be from what it has to be."""
        return LOSSY.get(self.output, EXACT)


@dataclass(frozen=True)
class Outcome:
    """What came out of a case."""

    mode: str
    difference: int
    """The largest difference of a level, of 255."""
    fault: str = ""
    """What is wrong with it."""


def written_as(format: str) -> str:
    """The format of renditions of an original whose name ends as those of a format do."""
    return "PNG" if shown_extension(format_to_extension(format)) == ".png" else format


def incoming() -> Iterator[Case]:
    """Every mode, in every format that holds it, and everything that is done."""
    for kind, drawn in KINDS.items():
        for format in drawn.formats:
            for operation in OPERATIONS:
                yield Case(kind, format, operation, written_as(format))


def outgoing() -> Iterator[Case]:
    """Every mode in every format of renditions: a file of one is called as one of the other."""
    for kind, drawn in KINDS.items():
        for format in ALL:
            if written_as(format) == format:
                for operation in ("crop 40x30", "invert"):
                    yield Case(kind, drawn.formats[0], operation, format)


def orientations() -> Iterator[Case]:
    """Every orientation in every format that has them."""
    for format in ("JPEG", "PNG", "WEBP", "AVIF", "TIFF"):
        for orientation in range(1, 9):
            for operation in ("crop 40x30", "thumbnail 50x50", "invert", "Transpose, fit"):
                yield Case("RGB", format, operation, written_as(format), orientation)


_NUMBERS = count()


def stored(content: bytes, format: str) -> Upstream:
    """What sizers and filters start from: a file on a storage, that is called as one of a format.

    Each has a name of its own, as caches know storages of one kind by what they hold.
    """
    storage, name = InMemoryStorage(), f"{next(_NUMBERS)}{format_to_extension(format)}"
    storage.save(name, ContentFile(content))
    return Upstream(Source(storage, name, POINT), name)


class _Premultiplied(FilteredImage):
    """A filter of a site that leaves pictures in a mode that no format holds."""

    def get_processors(self) -> Sequence[object]:  # type: ignore[override]
        return [_ToPremultiplied()]


class _ToPremultiplied:
    def process(self, image: Image.Image) -> Image.Image:
        return image.convert("La")


def rendered(operation: Operation, upstream: Upstream) -> bytes:
    """The file of the rendition, as a page asks for it."""
    with operation.ask(upstream).open() as file:
        return bytes(file.read())


@cache  # the tables ask for it too
def outcome(case: Case) -> Outcome:
    """What comes out of a case, compared with what has to."""
    operation = OPERATIONS[case.operation]
    content = still(case.kind, case.source, case.orientation)
    upstream = stored(content, case.output)
    if case.kind == "La":
        odd = _Premultiplied(upstream.name, upstream.source.storage, True, "premultiplied")
        odd.bind(upstream, "premultiplied")
        upstream = odd.downstream
    with Image.open(BytesIO(rendered(operation, upstream))) as image:
        return judged(image, case)


def judged(image: Image.Image, case: Case, *, first: int = 0) -> Outcome:
    """A picture, compared with what a case has to give; its quarters begin with the ``first``."""
    operation = OPERATIONS[case.operation]
    mode, rgba = image.mode, image.convert("RGBA")
    if image.format != case.output:
        return Outcome(mode, 255, f"it is {image.format}")
    if image.size != operation.size(SIZE):
        return Outcome(mode, 255, f"its size is {image.size} and not {operation.size(SIZE)}")
    seen = KINDS[case.kind].seen
    colours = [_expected(seen[(index + first) % 4], operation, case.output) for index in range(4)]
    differences = _differences(rgba, case, colours)
    if not differences:
        return Outcome(mode, 255, "no pixel of it could be compared")
    largest = max(differences)
    fault = f"a level differs by {largest}" if largest > case.tolerance else ""
    if not fault and case.output not in LOSSY and operation.reach < _HALO:
        fault = _bleeding(rgba, [*colours, WHITE] if operation.opaque else colours)
    return Outcome(mode, largest, fault)


def _expected(seen: RGBA, operation: Operation, output: str) -> RGBA:
    """A colour as the rendition has to show it."""
    red, green, blue, alpha = operation.recolour(seen)
    if operation.opaque or output in ("JPEG", "BMP"):
        laid = (round((part * alpha + 255 * (255 - alpha)) / 255) for part in (red, green, blue))
        return *laid, 255  # type: ignore[return-value]
    if output == "GIF":
        alpha = 255 if alpha >= 128 else 0
    return red, green, blue, alpha


def _differences(image: Image.Image, case: Case, colours: Sequence[RGBA]) -> list[int]:
    """The largest difference of each quarter."""
    found: list[int] = []
    for quarter, pixels in _pixels(image, OPERATIONS[case.operation]).items():
        expected = WHITE if quarter == _MAT else colours[quarter]
        for index in range(4) if expected[3] else (3,):  # what is clear has no colour
            levels = [pixel[index] for pixel in pixels]
            if case.output in LOSSY:
                levels = [round(mean(levels))]
            found.append(max(abs(level - expected[index]) for level in levels))
    return found


def _pixels(image: Image.Image, operation: Operation) -> dict[int, list[tuple[int, ...]]]:
    """The pixels that show one quarter alone, by its number."""
    found: dict[int, list[tuple[int, ...]]] = {}
    for x in range(0, image.width, max(image.width // _FEW, 1)):
        for y in range(0, image.height, max(image.height // _FEW, 1)):
            quarter = _quarter((x + 0.5, y + 0.5), operation, image.size)
            if quarter is not None:
                pixel = image.getpixel((x, y))
                assert isinstance(pixel, tuple)
                found.setdefault(quarter, []).append(pixel)
    return found


def _quarter(at: Place, operation: Operation, result: Size) -> int | None:
    """The one quarter that a pixel and all around it show; None where there are more."""
    scale = max(min(SIZE[0] / result[0], SIZE[1] / result[1]), 1)
    reach = _NEAR + operation.reach / scale
    shown = set()
    for x in (-reach, 0, reach):
        for y in (-reach, 0, reach):
            point = _within(at[0] + x, result[0]), _within(at[1] + y, result[1])
            place = operation.place(point, result, SIZE)
            shown.add(_MAT if place is None else _half(place[0], 0) + 2 * _half(place[1], 1))
    return shown.pop() if len(shown) == 1 else None


def _within(value: float, length: int) -> float:
    return min(max(value, 0.5), length - 0.5)


def _half(value: float, axis: int) -> int:
    return int(value >= SIZE[axis] // 2)


def _bleeding(image: Image.Image, colours: Sequence[RGBA]) -> str:
    """What is wrong where a colour shows that no quarter has: one that is hidden, say."""
    visible = [colour for colour in colours if colour[3]]
    mask = image.getchannel("A").point(lambda alpha: 255 if alpha >= 64 else 0)
    for index, band in enumerate("RGB"):
        found = [level for level, n in enumerate(image.getchannel(band).histogram(mask)) if n]
        allowed = [colour[index] for colour in visible]
        if found[0] < min(allowed) - RING or found[-1] > max(allowed) + RING:
            return f"{band} goes from {found[0]} to {found[-1]}, drawn were {sorted(set(allowed))}"
    return ""


@dataclass(frozen=True)
class Moving:
    """An animation, what is done to it, and the format of the result."""

    kind: str
    source: str
    operation: str
    output: str

    def __str__(self) -> str:
        return f"moving {self.kind} {self.source}, {self.operation}, {self.output}"


def animations() -> Iterator[Moving]:
    """Every format that moves into every format of renditions."""
    originals = [(kind, source) for kind, formats in MOVED.items() for source in formats]
    outputs = [output for output in ALL if written_as(output) == output]
    for (kind, source), output in product(originals, outputs):
        for operation in ("crop 40x30", "thumbnail 50x50", "invert"):
            yield Moving(kind, source, operation, output)


@dataclass(frozen=True)
class Film:
    """What came out of an animation."""

    frames: tuple[Outcome, ...]
    durations: tuple[float, ...]
    loop: int | None


@cache
def film(case: Moving) -> Film:
    """What comes out of an animation, frame by frame."""
    upstream = stored(moving(case.source, case.kind), case.output)
    still_case = Case(case.kind, case.source, case.operation, case.output)
    frames, durations = [], []
    with Image.open(BytesIO(rendered(OPERATIONS[case.operation], upstream))) as image:
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            image.load()
            frames.append(judged(image, still_case, first=index))
            durations.append(image.info.get("duration", 0))
        return Film(tuple(frames), tuple(durations), image.info.get("loop"))
