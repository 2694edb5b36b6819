"""The geometry of ImageKit's processors: by arithmetic first, and then by pictures."""

import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from PIL import Image

from tests.drawing import draw_photo
from versatile import processors
from versatile.imaging.geometry import Size
from versatile.processors import resize
from versatile.processors.anchors import POINTS

p: Any = processors

SIDES = st.integers(1, 70)
SIZES = st.builds(Size, SIDES, SIDES)
MAYBE = st.one_of(st.none(), SIDES)
ANCHORS = st.one_of(
    st.none(), st.sampled_from(sorted(POINTS)), st.tuples(st.floats(0, 1), st.floats(0, 1))
)
BOOL = st.booleans()
BOTH = st.tuples(SIDES, SIDES)
ONE_AT_LEAST = st.tuples(MAYBE, MAYBE).filter(any)

RESAMPLERS = st.one_of(
    st.builds(lambda s, up: p.Resize(*s, up), BOTH, BOOL),
    st.builds(lambda s, up: p.ResizeToCover(*s, up), BOTH, BOOL),
    st.builds(lambda s, a, up: p.ResizeToFill(*s, a, up), ONE_AT_LEAST, ANCHORS, BOOL),
    st.builds(lambda s, up: p.SmartResize(*s, up), BOTH, BOOL),
    st.builds(
        lambda s, up, mat: p.ResizeToFit(*s, up, mat),
        ONE_AT_LEAST,
        BOOL,
        st.sampled_from([None, 0]),
    ),
)
OTHERS = st.one_of(
    st.builds(lambda s, a: p.ResizeCanvas(*s, anchor=a), BOTH, ANCHORS),
    st.builds(lambda s, x, y: p.ResizeCanvas(*s, x=x, y=y), BOTH, st.integers(-80, 80), SIDES),
    st.builds(lambda s, a: p.Crop(*s, anchor=a), ONE_AT_LEAST, ANCHORS),
    st.builds(lambda s: p.SmartCrop(*s), ONE_AT_LEAST),
    st.builds(p.AddBorder, st.tuples(*[st.integers(0, 9)] * 4)),
    st.builds(lambda s, up: p.Thumbnail(*s, upscale=up), ONE_AT_LEAST, st.one_of(st.none(), BOOL)),
    st.builds(lambda s, a, up: p.Thumbnail(*s, anchor=a, upscale=up), BOTH, ANCHORS, BOOL),
    st.builds(lambda size: p.Reflection(size=size), st.floats(0, 1)),
)


@given(SIZES, st.one_of(RESAMPLERS, OTHERS))
def test_the_size_by_arithmetic_is_the_size_of_the_picture(size, processor):
    # A cover of a thread may be long: that is what it is asked for.
    assert processor.process(Image.new("RGB", size)).size == processor.output_size(size)


@given(st.builds(Size, st.integers(1, 20000), st.integers(1, 20000)), RESAMPLERS)
def test_windows_lie_inside_the_source(size, processor):
    window = processor.window(size)
    left, top, right, bottom = window.box
    assert 0 <= left < right <= size.width
    assert 0 <= top < bottom <= size.height
    assert min(window.size) >= 1


@given(SIZES, BOTH, ANCHORS)
def test_fill_gives_exactly_the_size(size, wanted, anchor):
    assert p.ResizeToFill(*wanted, anchor).output_size(size) == wanted
    assert p.SmartResize(*wanted).output_size(size) == wanted


@given(SIZES, ONE_AT_LEAST, BOOL)
def test_fit_stays_inside_and_touches_an_edge(size, wanted, upscale):
    fitted = p.ResizeToFit(*wanted, upscale=upscale).output_size(size)
    bounds = [bound or 10**6 for bound in wanted]
    assert all(side <= bound for side, bound in zip(fitted, bounds, strict=True))
    touches = any(side == bound for side, bound in zip(fitted, bounds, strict=True))
    assert touches or (not upscale and fitted == size)


@given(SIZES, BOTH)
def test_cover_covers_and_nothing_grows_without_upscale(size, wanted):
    covering = p.ResizeToCover(*wanted).output_size(size)
    assert covering.width >= wanted[0]
    assert covering.height >= wanted[1]
    for kind in (p.ResizeToCover, p.ResizeToFill, p.SmartResize, p.ResizeToFit, p.Resize):
        made = kind(*wanted, upscale=False).output_size(size)
        assert made.width <= size.width
        assert made.height <= size.height


@pytest.mark.parametrize(
    ("processor", "size"),
    [
        (p.Resize(40, 10, upscale=False), (40, 10)),
        (p.Resize(40, 60, upscale=False), (100, 50)),  # works only if both sides shrink
        (p.Resize(200, 60, upscale=False), (100, 50)),
        (p.ResizeToCover(40, 40), (80, 40)),
        (p.ResizeToFill(40, 40), (40, 40)),
        (p.ResizeToFill(40), (40, 20)),
        (p.ResizeToFill(height=40), (80, 40)),
        (p.ResizeToFill(200, 200, upscale=False), (100, 50)),
        (p.ResizeToFit(40, 40), (40, 20)),
        (p.ResizeToFit(40), (40, 20)),
        (p.ResizeToFit(height=100), (200, 100)),
        (p.ResizeToFit(height=100, upscale=False), (100, 50)),
        (p.ResizeToFit(40, 40, mat_color=0), (40, 40)),
        (p.ResizeToFit(200, 200, upscale=False, mat_color="red"), (200, 200)),
        (p.ResizeCanvas(200, 20), (200, 20)),
        (p.Crop(200, 20), (100, 20)),
        (p.Crop(30), (30, 50)),
        (p.Crop(80, 40, x=-50, y=-20), (80, 40)),
        (p.SmartCrop(200, 20), (100, 20)),
        (p.AddBorder((1, 2, 3, 4)), (106, 54)),
        (p.AddBorder(5), (110, 60)),
        (p.Reflection(), (100, 100)),
        (p.Reflection(size=0.5), (100, 75)),
        (p.Transpose(p.Transpose.ROTATE_90), (50, 100)),
        (p.Transpose(p.Transpose.ROTATE_180), (100, 50)),
        (p.Thumbnail(40, 40), (40, 40)),
        (p.Thumbnail(40, 40, anchor="tl"), (40, 40)),
        (p.Thumbnail(40, 40, crop=False), (40, 20)),
        (p.Thumbnail(40, 40, crop=0), (40, 20)),
        (p.Thumbnail(40), (40, 20)),
        (p.Thumbnail(height=10), (20, 10)),
        (p.Thumbnail(400, 400), (100, 50)),
        (p.Thumbnail(400, 400, upscale=True), (400, 400)),
    ],
    ids=repr,
)
def test_sizes_of_a_picture_of_100_by_50(processor, size):
    assert processor.output_size(Size(100, 50)) == size
    assert processor.process(draw_photo((100, 50))).size == size


class Called:
    """What a user puts in the place of a processor."""

    def __init__(self, **arguments: Any) -> None:
        self.arguments = arguments

    def process(self, image: Image.Image) -> Any:
        return self


@pytest.mark.parametrize(
    ("name", "thumbnail", "arguments"),
    [
        ("SmartResize", p.Thumbnail(9, 8), {"width": 9, "height": 8, "upscale": False}),
        (
            "ResizeToFill",
            p.Thumbnail(9, 8, anchor="tl", upscale=True),
            {"width": 9, "height": 8, "upscale": True, "anchor": "tl"},
        ),
        ("ResizeToFit", p.Thumbnail(9), {"width": 9, "height": None, "upscale": False}),
        ("ResizeToFit", p.Thumbnail(9, 8, crop=0), {"width": 9, "height": 8, "upscale": False}),
    ],
)
def test_thumbnail_looks_its_processors_up_when_it_runs(monkeypatch, name, thumbnail, arguments):
    monkeypatch.setattr(resize, name, Called)
    assert thumbnail.process(draw_photo((20, 20))).arguments == arguments
    assert thumbnail.output_size(Size(20, 20)) is None, "nobody knows what it does"
    assert resize.Thumbnail is p.Thumbnail


MEASURE = """
import sys
from PIL import Image
from tests.memory import peak_memory
from versatile import processors as p
image = Image.new("RGB", {size})
image.load()
p.ResizeToFill(10, 10).process(Image.new("RGB", (20, 20)))
before = peak_memory()
result = {processor}.process(image)
print(*result.size, (peak_memory() - before) // 1024)
"""


@pytest.mark.service
@pytest.mark.parametrize("size", [(1, 16000), (16000, 1)])
@pytest.mark.parametrize(
    "processor",
    [
        "p.ResizeToFill(1000, 1000)",
        "p.ResizeToFill(1000, 1000, anchor='br')",
        "p.SmartResize(1000, 1000)",
        "p.Thumbnail(1000, 1000, upscale=True)",
        "p.Thumbnail(1000, 1000, anchor='t', upscale=True)",
    ],
)
def test_a_thread_of_a_picture_costs_little_memory(processor, size):
    code = MEASURE.format(processor=processor, size=size)
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    width, height, megabytes = map(int, done.stdout.split())
    assert (width, height) == (1000, 1000)
    assert megabytes < 50


@effort(max_examples=50)
@given(st.integers(1, 5), st.integers(8000, 16000), BOTH)
def test_threads_are_filled_and_fitted(short, long, wanted):
    for image in (Image.new("L", (short, long)), Image.new("L", (long, short))):
        assert p.ResizeToFill(*wanted).process(image).size == wanted
        assert p.SmartResize(*wanted).process(image).size == wanted
        assert min(p.ResizeToFit(*wanted).process(image).size) >= 1
