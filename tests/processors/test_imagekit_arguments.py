"""What every processor of ImageKit's promises, whatever it does: a frozen value."""

import copy
import pickle
from typing import Any

import pytest
from PIL import Image

from tests.drawing import draw_photo
from versatile import processors
from versatile.exceptions import InvalidArgument, InvalidArgumentType, VersatileError
from versatile.imaging.geometry import Size
from versatile.imaging.identity import canonical_json

p: Any = processors
SIZE = (48, 36)
SAMPLES: list[Any] = [
    p.Resize(20, 30),
    p.ResizeToCover(20, 30),
    p.ResizeToFill(20, 30, anchor="tl"),
    p.ResizeToFill(20),
    p.SmartResize(20, 30),
    p.ResizeToFit(20, 30),
    p.ResizeToFit(20, 30, mat_color=0),
    p.ResizeCanvas(60, 30, color=(1, 2, 3)),
    p.ResizeCanvas(60, 30, x=-3, y=4),
    p.Crop(20, 30, anchor=(0.2, 1)),
    p.Crop(20, 30, x=-3, y=-2),
    p.SmartCrop(20, 30),
    p.AddBorder(3, color="red"),
    p.AddBorder((1, 2, 3, 4)),
    p.Thumbnail(20, 30),
    p.Thumbnail(20),
    p.Thumbnail(20, 30, anchor="b"),
    p.Adjust(1.5, 0.5, 2, 0.1),
    p.Reflection(),
    p.Reflection("black", 0.3, 0.2),
    p.Transpose(p.Transpose.ROTATE_90),
    p.Transpose(p.Transpose.FLIP_HORIZONTAL, p.Transpose.ROTATE_270),
    p.MakeOpaque("#123456"),
    p.SetOpacity(100),
    p.ColorOverlay("red", 0.3),
    p.ImageOverlay(draw_photo((10, 8), "RGBA"), (40, -3)),
    p.GaussianBlur(2),
    p.Convert("L"),
    p.ProcessorPipeline([p.Resize(30, 30), p.Crop(20, 20)]),
]
PIXELS_TELL: list[Any] = [p.TrimBorderColor(), p.Transpose()]
ALL = SAMPLES + PIXELS_TELL
VALUES = [item for item in ALL if not isinstance(item, list)]
MODES = ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "I;16", "I"]


def twin(processor: Any) -> Any:
    return pickle.loads(pickle.dumps(processor))


@pytest.mark.parametrize("processor", ALL, ids=repr)
@pytest.mark.parametrize("mode", MODES)
def test_the_input_is_never_changed(processor, mode):
    image = draw_photo(SIZE, mode)
    before = image.copy()
    result = processor.process(image)
    assert result is not image
    assert (image.mode, image.size, image.tobytes()) == (before.mode, before.size, before.tobytes())
    result.paste(0 if len(result.getbands()) == 1 else (0,) * len(result.getbands()), (0, 0, 2, 2))
    assert image.tobytes() == before.tobytes(), "the result shares its pixels"


@pytest.mark.parametrize("processor", SAMPLES, ids=repr)
@pytest.mark.parametrize("mode", MODES)
def test_the_size_is_known_without_an_image(processor, mode):
    image = draw_photo(SIZE, mode)
    size = Size(*SIZE)
    for step in p.ProcessorPipeline([processor]):
        known = getattr(step, "output_size", lambda size: None)(size)
    if isinstance(processor, p.ProcessorPipeline):
        known = Size(20, 20)
    assert processor.process(image).size == known


@pytest.mark.parametrize("processor", ALL, ids=repr)
def test_copies_are_equal_and_say_the_same(processor):
    for other in (twin(processor), copy.deepcopy(processor), copy.copy(processor)):
        assert other == processor
        assert repr(other) == repr(processor)
        assert canonical_json(other) == canonical_json(processor)


@pytest.mark.parametrize("processor", VALUES, ids=repr)
def test_copies_have_one_hash_and_nothing_can_be_set(processor):
    assert hash(twin(processor)) == hash(processor)
    with pytest.raises((AttributeError, TypeError)):
        processor.something = 1
    for name in getattr(processor, "__dataclass_fields__", ["methods"]):
        with pytest.raises(AttributeError):
            setattr(processor, name, 1)


def test_all_samples_differ():
    assert len({canonical_json(item) for item in ALL}) == len(ALL)
    assert len({repr(item) for item in ALL}) == len(ALL)
    assert len(set(VALUES)) == len(VALUES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (p.AddBorder([1, 2, 3, 4]), p.AddBorder((1, 2, 3, 4))),
        (p.ResizeToFill(5, 5, anchor=[0, 1]), p.ResizeToFill(5, 5, anchor=(0, 1))),
        (p.MakeOpaque([1, 2, 3]), p.MakeOpaque((1, 2, 3))),
        (p.TrimBorderColor(sides=["t", "b"]), p.TrimBorderColor(sides=("t", "b"))),
        (p.Adjust(2), p.Adjust(2.0)),
        (p.Resize(2, 2, upscale=1), p.Resize(2, 2, upscale=True)),
        (p.Transpose(0), p.Transpose(p.Transpose.FLIP_HORIZONTAL)),
        (p.Transpose(), p.Transpose(p.Transpose.AUTO)),
    ],
    ids=repr,
)
def test_what_means_the_same_is_equal(one, other):
    assert one == other
    assert hash(one) == hash(other)
    assert canonical_json(one) == canonical_json(other)


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: p.Resize(0, 5), "width"),
        (lambda: p.Resize(5, -1), "height"),
        (lambda: p.Resize("5", 5), "width"),
        (lambda: p.Resize(True, 5), "width"),
        (lambda: p.Resize(5, None), "height"),
        (lambda: p.ResizeToCover(5, 5.5), "height"),
        (p.ResizeToFill, "width"),
        (lambda: p.ResizeToFill(5, 5, anchor="x"), "anchor"),
        (lambda: p.ResizeToFill(5, 5, anchor=5), "anchor"),
        (lambda: p.ResizeToFill(5, 5, anchor=(0.5,)), "anchor"),
        (lambda: p.ResizeToFill(5, 5, anchor=(0.5, 1.5)), "anchor"),
        (lambda: p.ResizeToFill(5, 5, anchor=("a", 1)), "anchor"),
        (lambda: p.SmartResize(5, 0), "height"),
        (p.ResizeToFit, "width"),
        (lambda: p.ResizeToFit(5, mat_color="nocolour"), "mat_color"),
        (lambda: p.ResizeToFit(5, anchor="x"), "anchor"),
        (lambda: p.ResizeCanvas(0, 5), "width"),
        (lambda: p.ResizeCanvas(5, 5, color=(1, 2)), "color"),
        (lambda: p.ResizeCanvas(5, 5, color=(1.5, 2, 3)), "color"),
        (lambda: p.ResizeCanvas(5, 5, anchor="c", x=1), "anchor"),
        (lambda: p.ResizeCanvas(5, 5, x=1.5), "x"),
        (p.Crop, "width"),
        (lambda: p.Crop(5, 5, anchor="c", y=1), "anchor"),
        (lambda: p.Crop(5, 5, y="1"), "y"),
        (lambda: p.SmartCrop(0), "width"),
        (lambda: p.AddBorder(-1), "thickness"),
        (lambda: p.AddBorder(None), "thickness"),
        (lambda: p.AddBorder((1, 2)), "thickness"),
        (lambda: p.AddBorder((1, 2, 3, -4)), "thickness"),
        (lambda: p.AddBorder("1234"), "thickness"),
        (lambda: p.AddBorder(1, color=300), "color"),
        (p.Thumbnail, "width"),
        (lambda: p.Thumbnail(5, 5, anchor="c", crop=False), "anchor"),
        (lambda: p.Thumbnail(5, 5, anchor="x"), "anchor"),
        (lambda: p.Thumbnail(5, crop=True), "height"),
        (lambda: p.Thumbnail(height=5, anchor="c"), "width"),
        (lambda: p.Adjust(color="x"), "color"),
        (lambda: p.Adjust(brightness=-1), "brightness"),
        (lambda: p.Adjust(contrast=float("nan")), "contrast"),
        (lambda: p.Adjust(sharpness=float("inf")), "sharpness"),
        (lambda: p.Reflection(background_color=None), "background_color"),
        (lambda: p.Reflection(size=2), "size"),
        (lambda: p.Reflection(opacity=-0.1), "opacity"),
        (lambda: p.Transpose("sideways"), "methods"),
        (lambda: p.Transpose(99), "methods"),
        (lambda: p.Transpose(None), "methods"),
        (lambda: p.MakeOpaque(None), "background_color"),
        (lambda: p.SetOpacity(256), "max_alpha"),
        (lambda: p.SetOpacity(-1), "max_alpha"),
        (lambda: p.SetOpacity(1.0), "max_alpha"),
        (lambda: p.SetOpacity(True), "max_alpha"),
        (lambda: p.ColorOverlay(None), "color"),
        (lambda: p.ColorOverlay("red", 1.1), "overlay_opacity"),
        (lambda: p.ImageOverlay("logo.png"), "overlay_img"),
        (lambda: p.ImageOverlay(Image.new("L", (1, 1)), 5), "position"),
        (lambda: p.ImageOverlay(Image.new("L", (1, 1)), (1, 0.5)), "position"),
        (lambda: p.GaussianBlur(-1), "radius"),
        (lambda: p.GaussianBlur("2"), "radius"),
        (lambda: p.Convert("XYZ"), "mode"),
        (lambda: p.Convert(None), "mode"),
        (lambda: p.TrimBorderColor(tolerance=1.01), "tolerance"),
        (lambda: p.TrimBorderColor(tolerance=-0.01), "tolerance"),
        (lambda: p.TrimBorderColor(sides="x"), "sides"),
        (lambda: p.TrimBorderColor(sides=None), "sides"),
        (lambda: p.TrimBorderColor(color="nocolour"), "color"),
    ],
)
def test_a_wrong_argument_is_named_where_the_processor_is_made(make, argument):
    with pytest.raises(InvalidArgument) as caught:
        make()
    assert isinstance(caught.value, VersatileError)
    assert isinstance(caught.value, ValueError)
    assert caught.value.name == argument
    assert str(caught.value).startswith(f"{argument}=")


def test_set_opacity_tells_a_wrong_type_from_a_wrong_value():
    with pytest.raises(TypeError):
        p.SetOpacity("255")
    with pytest.raises(InvalidArgumentType):
        p.SetOpacity(1.0)
    with pytest.raises(ValueError, match="from 0 to 255") as caught:
        p.SetOpacity(256)
    assert not isinstance(caught.value, TypeError)


def test_thumbnail_says_what_pilkit_said():
    with pytest.raises(InvalidArgument, match="can't specify an anchor point if crop is False"):
        p.Thumbnail(5, 5, anchor="c", crop=False)
    with pytest.raises(InvalidArgument, match="both a width and height when cropping"):
        p.Thumbnail(5, crop=True)


def test_the_modes_are_those_of_the_table():
    def modes(processor: Any) -> set[str]:
        return {processor.process(draw_photo(SIZE, mode)).mode for mode in MODES}

    rgba = [p.ResizeToFill(9, 9), p.ResizeToFit(9, 9, mat_color=0), p.ResizeCanvas(9, 9)]
    rgba += [p.Crop(9, 9), p.Adjust(2), p.MakeOpaque(), p.SetOpacity(9), p.AddBorder(1)]
    for processor in rgba:
        assert modes(processor) == {"RGBA"}, processor
    assert modes(p.ColorOverlay("red")) == {"RGB"}
    assert modes(p.Reflection()) == {"RGB"}


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
@pytest.mark.parametrize(
    "processor",
    [p.SmartCrop(9, 9), p.ImageOverlay(Image.new("RGBA", (5, 5), "red")), p.TrimBorderColor()],
    ids=lambda item: type(item).__name__,
)
def test_modes_that_stay(processor, mode):
    assert processor.process(draw_photo(SIZE, mode)).mode == mode


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_smart_resize_keeps_the_mode(mode):
    assert p.SmartResize(9, 9).process(draw_photo(SIZE, mode)).mode == mode


@pytest.mark.parametrize(("mode", "result"), [("P", "RGB"), ("PA", "RGBA"), ("1", "L")])
def test_resize_makes_palettes_full_colour(mode, result):
    assert p.Resize(9, 9).process(draw_photo(SIZE, mode)).mode == result
