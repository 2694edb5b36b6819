"""What holds for every name, every size and every limit."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.conformance.cases import stored
from tests.counts import count
from tests.drawing import photo_bytes
from tests.imaging.hostile import (
    bmp_header,
    gif,
    icon,
    jpeg_header,
    painted,
    png_header,
    tiff_header,
    webp_canvas,
)
from tests.renditions.making import source_names
from versatile.conf import Policy
from versatile.filters import FilterLibrary
from versatile.imaging.decoding import open_picture
from versatile.imaging.encoding import MOVING
from versatile.imaging.exceptions import ImageError, ImageTooLarge
from versatile.imaging.formats import name_to_format
from versatile.imaging.limits import Limits
from versatile.imaging.modes import WHITE
from versatile.imaging.recipe import Recipe
from versatile.registry import versatileimagefield_registry
from versatile.renditions import namers
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source
from versatile.renditions.writing import Upstream
from versatile.sizers import build_sizer
from versatile.versatileimagefield import CroppedImage

STORAGE = InMemoryStorage()
SIZES = ("5x5", "55x5", "5x55")
ONE_SIDE = ("5x", "x5", "55x")
SIZERS = ("crop", "thumbnail", "fit", "pad", "cover")
POLICIES = tuple(
    Policy(**given)
    for given in (
        {},
        {"color": "preserve"},
        {"animated": "first"},
        {"matte": "black"},
        {"matte": "#00000f"},
        {"keep_metadata": ("copyright",)},
        {"jpeg_quality": 7, "webp_quality": 7},
        {"jpeg_quality": 70, "webp_quality": 70},
        {"jpeg_progressive": True, "webp_lossless": True},
        {"save_options": {"JPEG": {"quality": 7}, "PNG": {"compress_level": 1}}},
        {"save_options": {"JPEG": {"quality": "web_low"}, "AVIF": {"quality": 7}}},
    )
)
OPTIONS = ("", "quality=7", "quality=70", "progressive=true", "lossless=1")

folders = st.sampled_from(["", "d/", "__filtered__/", "d/__filtered__/", "d/__filtered__/x"])
sources = st.builds("{}{}{}".format, folders, source_names, st.sampled_from(["", "__invert__.jpg"]))
points = st.sampled_from([(0.5, 0.5), (0.5, 0.55), (0.05, 0.5), (1.0, 1.0), (1, 1), (1e-05, 0)])


def upstream_of(name: str, point: Any, policy: Policy) -> Upstream:
    """What sizers and filters of a field start from."""
    return Upstream(Source(STORAGE, name, point, policy=policy), namers.of_source(name))


def everything(upstream: Upstream, options: str) -> list[Rendition]:
    """Renditions of all sizers and some filters, and of filters of filters."""
    library = FilterLibrary.starting_from(upstream, create_on_demand=True)
    filtered = [library["invert"], library["invert"].filters["grayscale"], library["grayscale"]]
    found = [item.rendition(options) for item in filtered]
    for start in (upstream, *(item.downstream for item in filtered[:2])):
        for name in SIZERS:
            sizer = build_sizer(name, start, create_on_demand=True)
            keys = SIZES + ONE_SIDE * type(sizer).one_side
            found += [sizer.rendition(key, options) for key in keys]
    return found


def shown_by(recipe: Recipe) -> str:
    """What a recipe shows, without what makes no difference in its format."""
    if recipe.format not in MOVING:
        recipe = replace(recipe, animated=True)
    if recipe.format not in ("JPEG", "GIF", "BMP"):
        recipe = replace(recipe, matte=WHITE)
    return recipe.to_json()


@given(
    st.lists(sources, min_size=2, max_size=2, unique=True),
    st.lists(points, min_size=2, max_size=2),
    st.lists(st.sampled_from(POLICIES), min_size=2, max_size=2),
    st.lists(st.sampled_from(OPTIONS), min_size=2, max_size=2),
)
@settings(max_examples=count(1000, quick=60))
@example(
    ["d/x.jpg", "d/__filtered__/x__invert__.jpg"], [(0.5, 0.5)] * 2, [POLICIES[0]] * 2, [""] * 2
)
def test_two_different_renditions_never_share_a_name(
    names: list[str],
    around: list[tuple[float, float]],
    policies: list[Policy],
    options: list[str],
) -> None:
    made_of: dict[str, tuple[str, str]] = {}
    for name in names:
        for point, policy, text in zip(around, policies, options, strict=True):
            for rendition in everything(upstream_of(name, point, policy), text):
                what = name, shown_by(rendition.recipe)
                assert made_of.setdefault(rendition.name, what) == what
    for rendition_name in made_of:
        folder, _, last = rendition_name.rpartition("/")
        assert namers.is_reserved(folder)
        assert len(last.encode(errors="surrogatepass")) <= 255
        assert name_to_format(rendition_name)


def test_what_the_names_are_asked_of_is_all_there_is() -> None:
    sizers = versatileimagefield_registry.all_sizers().items()
    ours = {name for name, cls in sizers if cls.__module__.startswith("versatile.")}
    assert ours <= set(SIZERS)


sides = st.integers(1, 300)


@given(
    st.tuples(sides, sides),
    st.integers(1, 8),
    st.sampled_from(["JPEG", "PNG", "TIFF"]),
    st.sampled_from(SIZERS),
    st.tuples(st.integers(1, 90), st.integers(1, 90)),
    st.sampled_from(["", "x", "y"]),
    st.booleans(),
)
@settings(max_examples=count(1000, quick=150))
def test_a_size_that_is_told_beforehand_is_that_of_the_file(
    size: tuple[int, int],
    orientation: int,
    format: str,
    name: str,
    wanted: tuple[int, int],
    without: str,
    filtered: bool,
) -> None:
    upstream = stored(photo_bytes(size, format=format, orientation=orientation), format)
    if filtered:
        library = FilterLibrary.starting_from(upstream, create_on_demand=True)
        upstream = library["invert"].downstream
    sizer = build_sizer(name, upstream, create_on_demand=False)
    one_side = type(sizer).one_side and without
    width, height = ("" if one_side == side else n for side, n in zip("xy", wanted, strict=True))
    rendition = sizer.rendition(f"{width}x{height}")
    told = rendition.width, rendition.height
    assert not rendition.exists()
    sizer.create_on_demand = True
    made = sizer[f"{width}x{height}"]
    with made.open() as file, Image.open(BytesIO(file.read())) as image:
        assert image.size == told
    assert (made.width, made.height) == told


BOMBS = {
    "PNG": png_header,
    "JPEG": lambda width, height: jpeg_header(painted("JPEG"), width, height),
    "progressive JPEG": lambda width, height: jpeg_header(
        painted("JPEG", progressive=True), width, height
    ),
    "GIF": lambda width, height: gif((width, height), (width, height)),
    "WEBP": webp_canvas,
    "BMP": bmp_header,
    "ICO": lambda width, height: icon(png_header(width, height)),
    "TIFF": tiff_header,
    "tiles": lambda width, height: tiff_header(8, 8, (width // 16 * 16 + 16, height // 16 * 16)),
}
LIMITS = Limits(max_pixels=1_000_000, max_side=3000)
claims = st.integers(16, 60_000)
more = st.integers(0, 5000)


def is_too_large(data: bytes, scale: int, limits: Limits) -> bool:
    try:
        with open_picture(BytesIO(data), limits) as picture:
            picture.decode(scale)
    except ImageTooLarge:
        return True
    except ImageError:  # there are no pixels behind the header
        return False
    return False


@pytest.mark.parametrize("kind", BOMBS)
@given(claims, claims, more, more, st.sampled_from([1, 2, 4, 8]))
@settings(max_examples=count(500, quick=40))
def test_what_is_refused_stays_refused_when_it_is_larger(
    kind: str, width: int, height: int, wider: int, higher: int, scale: int
) -> None:
    one = BOMBS[kind](width, height)
    other = BOMBS[kind](min(width + wider, 60_000), min(height + higher, 60_000))
    if is_too_large(one, scale, LIMITS):
        assert is_too_large(other, scale, LIMITS)
    if is_too_large(other, scale, Limits(max_pixels=2_000_000, max_side=6000)):
        assert is_too_large(other, scale, LIMITS)


@given(st.integers(1, 10**9), st.integers(1, 10**9), more, more)
def test_a_key_that_is_too_large_stays_so(width: int, height: int, wider: int, higher: int) -> None:
    def is_refused(width: int, height: int) -> bool:
        try:
            CroppedImage.parse(f"{width}x{height}")
        except LookupError:
            return True
        return False

    if is_refused(width, height):
        assert is_refused(width + wider, height + higher)
        assert is_refused(10**9, 10**9)
