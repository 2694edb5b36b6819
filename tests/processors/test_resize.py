import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from tests.drawing import draw_photo
from tests.imaging.comparing import levels, psnr
from versatile.imaging.exceptions import InvalidArgument
from versatile.imaging.geometry import Size, contain, cover
from versatile.processors import ResizeToCover, ResizeToFit

sides = st.integers(1, 60)
bounds = st.none() | sides


@given(sides, sides, bounds, bounds, st.booleans())
def test_a_fit_has_the_contained_size(
    width: int, height: int, wide: int | None, high: int | None, upscale: bool
) -> None:
    assume(wide or high)
    size = Size(width, height)
    expected = contain(size, (wide, high), upscale=upscale)
    assume(max(expected) <= 600)
    fit = ResizeToFit(wide, high, upscale=upscale)
    assert fit.process(Image.new("L", size)).size == fit.output_size(size) == expected


@given(sides, sides, bounds, bounds, st.booleans())
def test_a_mat_fills_the_bounds(
    width: int, height: int, wide: int | None, high: int | None, upscale: bool
) -> None:
    assume(wide or high)
    size = Size(width, height)
    fitted = contain(size, (wide, high), upscale=upscale)
    assume(max(fitted) <= 600)
    padded = ResizeToFit(wide, high, upscale=upscale, mat_color="red")
    result = padded.process(Image.new("L", size))
    assert result.size == padded.output_size(size)
    assert result.size == (wide or fitted.width, high or fitted.height)
    assert result.mode == "RGBA"


@given(sides, sides, sides, sides, st.booleans())
def test_a_cover_has_the_covering_size(
    width: int, height: int, wide: int, high: int, upscale: bool
) -> None:
    size = Size(width, height)
    expected = cover(size, Size(wide, high), upscale=upscale)
    covering = ResizeToCover(wide, high, upscale=upscale)
    assert covering.process(Image.new("L", size)).size == covering.output_size(size) == expected


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
def test_the_whole_picture_is_resampled_by_lanczos(mode: str) -> None:
    photo = draw_photo((90, 60), mode)
    small = photo.resize((30, 20), Image.Resampling.LANCZOS)
    assert ResizeToFit(30, 30).process(photo).tobytes() == small.tobytes()
    assert ResizeToCover(30, 20).process(photo).tobytes() == small.tobytes()


def test_a_small_picture_is_enlarged_unless_that_is_refused() -> None:
    photo = draw_photo((40, 30))
    assert ResizeToFit(80, 80).process(photo).size == (80, 60)
    assert ResizeToCover(90, 90).process(photo).size == (120, 90)
    assert ResizeToFit(80, 80, upscale=False).process(photo).size == (40, 30)
    assert ResizeToCover(90, 90, upscale=False).process(photo).size == (40, 30)


def test_a_picture_that_fits_is_left_alone() -> None:
    photo = draw_photo((40, 30))
    assert ResizeToFit(90, 90, upscale=False).process(photo).tobytes() == photo.tobytes()
    assert ResizeToCover(90, 90, upscale=False).process(photo).tobytes() == photo.tobytes()


def test_a_fit_without_bounds_is_refused_where_it_is_made() -> None:
    with pytest.raises(InvalidArgument, match="width"):
        ResizeToFit()


@pytest.mark.parametrize(
    ("size", "corner"), [((40, 20), (0, 10)), ((20, 40), (10, 0)), ((40, 40), (0, 0))]
)
def test_the_picture_lies_in_the_middle_of_its_mat(
    size: tuple[int, int], corner: tuple[int, int]
) -> None:
    photo = draw_photo(size)
    padded = ResizeToFit(40, 40, mat_color="#00ff00").process(photo)
    left, top = corner
    inside = padded.crop((left, top, left + size[0], top + size[1]))
    assert levels(inside) == levels(photo.convert("RGBA"))
    padded.paste("#00ff00", (left, top, left + size[0], top + size[1]))
    assert padded.getcolors() == [(1600, (0, 255, 0, 255))]


def test_an_odd_remainder_lies_at_the_right_and_the_bottom() -> None:
    padded = ResizeToFit(5, 2, mat_color="red").process(Image.new("RGB", (2, 2), "white"))
    row = [padded.getpixel((x, 0)) == (255, 255, 255, 255) for x in range(5)]
    assert row == [False, True, True, False, False]


@pytest.mark.parametrize("mode", ["LA", "RGBA", "PA"])
def test_the_mat_shines_through_what_is_clear(mode: str) -> None:
    photo = draw_photo((40, 40), mode)
    padded = ResizeToFit(60, 40, mat_color=(0, 0, 255)).process(photo)
    expected = Image.new("RGBA", (60, 40), (0, 0, 255))
    expected.alpha_composite(photo.convert("RGBA"), (10, 0))
    assert psnr(padded, expected) > 50


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "1"])
def test_grey_and_ink_lie_on_a_coloured_mat(mode: str) -> None:
    photo = draw_photo((40, 40), mode)
    padded = ResizeToFit(60, 40, mat_color=(0, 0, 255)).process(photo)
    assert padded.getpixel((2, 2)) == (0, 0, 255, 255)
    assert psnr(padded.crop((10, 0, 50, 40)), photo.convert("RGB").convert("RGBA")) == 99


def test_soft_edges_do_not_show_what_is_hidden_under_them() -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (0, 0, 33, 64))
    small = ResizeToFit(16, 16).process(image)
    shown = [pixel for pixel in levels(small) if pixel[3]]  # type: ignore[index]
    assert min(level for pixel in shown for level in pixel[:3]) > 250  # type: ignore[index]
