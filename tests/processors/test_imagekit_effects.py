"""What ImageKit's processors do to pixels."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from tests.drawing import draw_photo, photo_bytes
from versatile import processors

p: Any = processors
RED, BLUE, WHITE_RGB = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def quarters(size: int = 40) -> Image.Image:
    """Four plain quarters: red and green above blue and white."""
    image = Image.new("RGB", (size, size), "white")
    half = size // 2
    image.paste("red", (0, 0, half, half))
    image.paste("green", (half, 0, size, half))
    image.paste("blue", (0, half, half, size))
    return image


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.convert("RGBA").tobytes() == other.convert("RGBA").tobytes()


@pytest.mark.parametrize(
    ("anchor", "box"),
    [
        ("tl", (0, 0, 20, 20)),
        ("t", (10, 0, 30, 20)),
        ("tr", (20, 0, 40, 20)),
        ("l", (0, 10, 20, 30)),
        ("c", (10, 10, 30, 30)),
        (None, (10, 10, 30, 30)),
        ("r", (20, 10, 40, 30)),
        ("bl", (0, 20, 20, 40)),
        ("b", (10, 20, 30, 40)),
        ("br", (20, 20, 40, 40)),
        ((0, 1), (0, 20, 20, 40)),
        ((0.25, 0.75), (5, 15, 25, 35)),
        (p.Anchor.TOP_RIGHT, (20, 0, 40, 20)),
    ],
)
def test_crop_keeps_the_anchor(anchor, box):
    image = draw_photo((40, 40))
    assert same(p.Crop(20, 20, anchor=anchor).process(image), image.crop(box))


def test_crop_moves_the_picture():
    image = draw_photo((40, 40))
    assert same(p.Crop(20, 20, x=-5, y=-7).process(image), image.crop((5, 7, 25, 27)))
    assert same(p.Crop(20, 20, x=-5).process(image), image.crop((5, 0, 25, 20)))


def test_fill_keeps_the_anchor():
    filled = p.ResizeToFill(20, 10, anchor="t").process(quarters())
    assert filled.mode == "RGBA"
    assert filled.getpixel((2, 8))[:3] == RED
    assert p.ResizeToFill(20, 10, anchor="b").process(quarters()).getpixel((2, 2))[2] > 250


def test_canvas_is_clear_white_with_the_picture_in_the_middle():
    made = p.ResizeCanvas(60, 50).process(quarters())
    assert made.getpixel((0, 0)) == (255, 255, 255, 0)
    assert same(made.crop((10, 5, 50, 45)), quarters())


def test_canvas_of_a_colour_at_a_place():
    made = p.ResizeCanvas(60, 50, color="black", x=-10, y=20).process(quarters())
    assert made.getpixel((59, 0)) == (0, 0, 0, 255)
    assert same(made.crop((0, 20, 30, 50)), quarters().crop((10, 0, 40, 30)))


def test_fit_on_a_mat_and_black_is_a_colour():
    made = p.ResizeToFit(40, 80, mat_color=0).process(quarters())
    assert (made.mode, made.size) == ("RGBA", (40, 80))
    assert made.getpixel((0, 0)) == (0, 0, 0, 255)
    assert made.getpixel((1, 21)) == (*RED, 255)
    above = p.ResizeToFit(40, 80, mat_color=0, anchor="t").process(quarters())
    assert above.getpixel((1, 1)) == (*RED, 255)


def test_border_order_is_top_right_bottom_left():
    made = p.AddBorder((1, 2, 3, 4), color="black").process(quarters())
    assert same(made.crop((4, 1, 44, 41)), quarters())
    assert made.getpixel((3, 20)) == made.getpixel((45, 20)) == (0, 0, 0, 255)
    assert p.AddBorder(2).process(quarters()).getpixel((0, 0)) == (255, 255, 255, 0)


def test_smart_crop_keeps_what_is_busy():
    image = Image.new("RGB", (120, 40), "grey")
    image.paste(draw_photo((40, 40)), (48, 0))
    assert same(p.SmartCrop(40, 40).process(image), image.crop((48, 0, 88, 40)))


@pytest.mark.parametrize("processor", [p.SmartCrop(30, 20), p.SmartResize(30, 20)], ids=repr)
def test_smart_processors_do_the_same_each_time(processor):
    image = draw_photo((90, 80))
    assert same(processor.process(image), processor.process(image.copy()))
    plain = Image.new("RGB", (90, 80), "red")
    assert processor.process(plain).size == (30, 20)


def framed(colour: Any = "black") -> Image.Image:
    image = Image.new("RGB", (60, 50), colour)
    image.paste("red", (10, 5, 40, 30))
    return image


def test_trim_finds_the_colour_of_the_edges():
    assert p.TrimBorderColor().process(framed()).size == (30, 25)
    assert p.TrimBorderColor("white").process(framed()).size == (60, 50)


@pytest.mark.parametrize(
    ("sides", "size"),
    [
        (p.Side.ALL, (30, 25)),
        ((p.Side.LEFT,), (50, 50)),
        ((p.Side.TOP,), (60, 45)),
        ((p.Side.RIGHT,), (40, 50)),
        ((p.Side.BOTTOM,), (60, 30)),
        ("tb", (60, 25)),
        ((), (60, 50)),
    ],
)
def test_trim_sides(sides, size):
    assert p.TrimBorderColor(sides=sides).process(framed()).size == size


def test_trim_tolerance_is_a_share_of_a_channel():
    image = Image.new("RGB", (60, 50), (0, 0, 0))
    image.paste((50, 0, 0), (10, 5, 40, 30))
    assert p.TrimBorderColor("black", tolerance=0.1).process(image).size == (30, 25)
    assert p.TrimBorderColor("black", tolerance=0.19).process(image).size == (30, 25)
    assert p.TrimBorderColor("black", tolerance=0.2).process(image).size == (60, 50)
    assert p.TrimBorderColor("black", tolerance=1).process(image).size == (60, 50)


def test_trim_of_a_picture_that_is_all_border():
    plain = Image.new("RGB", (9, 9), "red")
    made = p.TrimBorderColor().process(plain)
    assert made is not plain
    assert made.size == (9, 9)


def test_adjust_is_pillows_enhancement_and_keeps_alpha():
    image = draw_photo((40, 30), "RGBA")
    made = p.Adjust(brightness=1.5).process(image)
    expected = ImageEnhance.Brightness(image.convert("RGB")).enhance(1.5)
    assert same(made.convert("RGB"), expected)
    assert made.getchannel("A").tobytes() == image.getchannel("A").tobytes()
    assert same(p.Adjust().process(image), image)
    assert p.Adjust(color=0).process(image).convert("RGB").getpixel((1, 1))[0] in range(256)


def test_reflection_fades_into_the_background():
    image = Image.new("RGB", (20, 40), "black")
    made = p.Reflection().process(image)
    assert made.mode == "RGB"
    assert same(made.crop((0, 0, 20, 40)), image)
    column = [made.getpixel((10, row))[0] for row in range(40, 80)]
    assert column == sorted(column)
    assert column[0] == pytest.approx(255 * 0.4, abs=3)
    assert column[-1] > 250


def test_reflection_mirrors_and_takes_its_colour_and_strength():
    image = quarters()
    made = p.Reflection("black", opacity=1).process(image)
    assert made.getpixel((5, 42)) != WHITE_RGB
    assert made.getpixel((5, 42))[2] > 200, "blue is nearest to the edge"
    assert max(made.getpixel((5, 79))) < 5
    assert same(
        p.Reflection("black", opacity=0).process(image).crop((0, 40, 40, 80)),
        Image.new("RGB", (40, 40)),
    )


@pytest.mark.parametrize("orientation", range(1, 9))
def test_transpose_turns_by_exif(orientation):
    image = Image.open(BytesIO(photo_bytes((40, 30), format="PNG", orientation=orientation)))
    assert same(p.Transpose().process(image), draw_photo((40, 30)))
    assert same(p.Transpose(p.Transpose.AUTO).process(image), draw_photo((40, 30)))


def test_transpose_runs_its_methods_in_order():
    image = quarters()
    flipped = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert same(p.Transpose(p.Transpose.FLIP_HORIZONTAL).process(image), flipped)
    both = p.Transpose(p.Transpose.FLIP_HORIZONTAL, p.Transpose.ROTATE_90).process(image)
    assert same(both, flipped.transpose(Image.Transpose.ROTATE_90))
    upside = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    assert same(p.Transpose(p.Transpose.FLIP_VERTICAL).process(image), upside)


def test_make_opaque_lays_it_on_a_colour():
    clear = Image.new("RGBA", (5, 5), (255, 0, 0, 0))
    assert p.MakeOpaque().process(clear).getpixel((0, 0)) == (255, 255, 255, 255)
    assert p.MakeOpaque("blue").process(clear).getpixel((0, 0)) == (*BLUE, 255)


@pytest.mark.parametrize("max_alpha", [0, 1, 100, 255])
def test_set_opacity_formula(max_alpha):
    image = Image.new("RGBA", (201, 1))
    image.putalpha(Image.frombytes("L", (201, 1), bytes(range(201))))
    alpha = p.SetOpacity(max_alpha).process(image).getchannel("A").tobytes()
    assert list(alpha) == [int(a * max_alpha / 200) for a in range(201)]


def test_set_opacity_of_an_opaque_and_of_a_clear_picture():
    assert p.SetOpacity(70).process(quarters()).getchannel("A").getextrema() == (70, 70)
    clear = Image.new("RGBA", (5, 5), (1, 2, 3, 0))
    assert p.SetOpacity(70).process(clear).getchannel("A").getextrema() == (0, 0)


def test_colour_overlay_blends():
    made = p.ColorOverlay("red", 0.5).process(Image.new("RGB", (2, 2), "black"))
    assert made.getpixel((0, 0)) == (127, 0, 0)
    assert p.ColorOverlay((0, 0, 255), 1).process(quarters()).getpixel((0, 0)) == BLUE
    assert same(p.ColorOverlay("red", 0).process(quarters()), quarters())


@pytest.mark.parametrize(
    ("position", "seen"),
    [
        ((0, 0), (0, 0, 10, 10)),
        ((15, 12), (15, 12, 25, 22)),
        ((-5, 3), (0, 3, 5, 13)),
        ((3, -5), (3, 0, 13, 5)),
        ((35, 3), (35, 3, 40, 13)),
        ((3, 35), (3, 35, 13, 40)),
        ((-5, -5), (0, 0, 5, 5)),
        ((35, 35), (35, 35, 40, 40)),
        ((-50, 0), None),
        ((0, 50), None),
    ],
)
def test_overlay_may_hang_over_any_edge(position, seen):
    expected = quarters()
    if seen:
        expected.paste("black", seen)
    made = p.ImageOverlay(Image.new("L", (10, 10)), position).process(quarters())
    assert made.mode == "RGB"
    assert same(made, expected)


def test_overlay_composites_alpha():
    half = Image.new("RGBA", (10, 10), (0, 0, 0, 128))
    made = p.ImageOverlay(half).process(Image.new("RGB", (10, 10), "white"))
    assert made.getpixel((5, 5))[0] == pytest.approx(127, abs=1)
    below = Image.new("RGBA", (10, 10), (255, 0, 0, 0))
    assert p.ImageOverlay(half).process(below).getpixel((5, 5)) == (0, 0, 0, 128)


def test_overlays_of_two_palettes_are_two():
    one, other = Image.new("P", (4, 4)), Image.new("P", (4, 4))
    one.putpalette([255, 0, 0])
    other.putpalette([0, 255, 0])
    assert p.ImageOverlay(one) != p.ImageOverlay(other)
    assert p.ImageOverlay(one) == p.ImageOverlay(one.copy())


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_blur_is_pillows(mode):
    image = draw_photo((40, 30), mode)
    if mode == "RGBA":
        image.putalpha(255)
    expected = image.filter(ImageFilter.GaussianBlur(2.5))
    assert p.GaussianBlur(2.5).process(image).tobytes() == expected.tobytes()


def test_convert():
    assert p.Convert("L").process(quarters()).mode == "L"


def test_a_pipeline_is_a_list_and_runs_in_order():
    pipeline = p.ProcessorPipeline([p.Crop(20, 20, anchor="tl"), p.Resize(5, 5)])
    assert pipeline[1] == p.Resize(5, 5)
    pipeline.append(p.Convert("L"))
    made = pipeline.process(quarters())
    assert (made.mode, made.size) == ("L", (5, 5))
    assert p.ProcessorPipeline().process(quarters()).size == (40, 40)
