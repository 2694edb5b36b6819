"""Sources and renditions of floor 2, made by hand: no model, no sizer, no registry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from hypothesis import strategies as st
from PIL import Image

from tests.drawing import photo_bytes
from tests.stored import files_below
from versatile.imaging import formats
from versatile.imaging.geometry import Size
from versatile.imaging.recipe import Processor, Recipe
from versatile.processors import ResizeToFit
from versatile.renditions.backends import IMMEDIATE
from versatile.renditions.rendition import Rendition, Strategy
from versatile.renditions.source import Source
from versatile.renditions.strategies import JUST_IN_TIME

__all__ = ["files_below"]

PHOTO = photo_bytes((60, 40))


def put(storage: Storage, name: str, content: bytes = PHOTO) -> None:
    """Put a file under a name, whatever the storage does to names."""
    assert storage.save(name, ContentFile(content)) == name


def source_of(storage: Storage, name: str = "d/x.jpg", content: bytes = PHOTO) -> Source:
    """A source whose file exists."""
    put(storage, name, content)
    return Source(storage, name)


def rendition_of(
    source: Source,
    name: str = "out/x.jpg",
    processors: Iterable[Processor] = (ResizeToFit(30, 30),),
    strategy: Strategy = JUST_IN_TIME,
    write_recipe: Callable[[], Recipe] | None = None,
) -> Rendition:
    """A rendition under any name."""

    def recipe() -> Recipe:
        return Recipe(tuple(processors), formats.name_to_format(name))

    key = f"test__{name}"
    return Rendition(source, key, name, write_recipe or recipe, strategy, backend=IMMEDIATE)


def image_of(rendition: Rendition) -> Image.Image:
    """The pixels of its file."""
    with rendition.open() as file:
        image = Image.open(file)
        image.load()
    return image


@dataclass(eq=False)
class Recording:
    """A processor that leaves the picture alone and counts how often it runs."""

    runs: list[Size] = field(default_factory=list)
    during: Callable[[], object] = lambda: None

    def process(self, image: Image.Image) -> Image.Image:
        self.runs.append(Size(*image.size))
        self.during()
        return image.copy()

    def output_size(self, size: Size) -> Size:
        return size


class Failing:
    """A processor that fails as users' own do."""

    def process(self, image: Image.Image) -> Image.Image:
        raise ZeroDivisionError("a processor's own mistake")


_BITS = ["a", "b", " ", ".", "-", "_", "x", "é", ".jpg", ".JPG", ".png", ".webp"]
_TAGS = ["__invert__", "-thumbnail-5x5-70", "-thumbnail-5x5", "-crop-c0-5__0-5-5x5-70"]
_segments = (
    st.lists(st.sampled_from(_BITS + _TAGS), min_size=1, max_size=5)
    .map("".join)
    .filter(lambda segment: segment.strip(" ") not in ("", ".", ".."))
)
source_names = st.lists(_segments, min_size=1, max_size=2).map("/".join)
"""Names of sources that look like each other, like tags, and like each other's renditions."""
