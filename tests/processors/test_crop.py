import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.drawing import draw_photo
from tests.imaging.comparing import levels
from versatile.imaging.geometry import Size, crop_box
from versatile.processors import CropAroundPoint

sides = st.integers(1, 60)
points = st.tuples(st.floats(0, 1), st.floats(0, 1))


def quarters() -> Image.Image:
    """Four colours: red and green over blue and white."""
    image = Image.new("RGB", (40, 40), "white")
    image.paste("red", (0, 0, 20, 20))
    image.paste("lime", (20, 0, 40, 20))
    image.paste("blue", (0, 20, 20, 40))
    return image


@pytest.mark.parametrize(
    ("point", "first", "last"),
    [
        ((0, 0), (255, 0, 0), (0, 0, 255)),
        ((1.0, 0), (0, 255, 0), (255, 255, 255)),
        ((0.25, 0.5), (255, 0, 0), (0, 0, 255)),
        ((0.75, 0.5), (0, 255, 0), (255, 255, 255)),
    ],
)
def test_the_point_is_shown(
    point: tuple[float, float], first: tuple[int, ...], last: tuple[int, ...]
) -> None:
    half = CropAroundPoint(20, 40, point).process(quarters())
    assert half.size == (20, 40)
    assert (half.getpixel((0, 0)), half.getpixel((19, 39))) == (first, last)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
def test_the_box_is_resampled_by_lanczos(mode: str) -> None:
    photo = draw_photo((90, 60), mode)
    box = crop_box(Size(90, 60), Size(20, 20), (0.3, 0.7))
    expected = photo.resize((20, 20), Image.Resampling.LANCZOS, box=box)
    assert CropAroundPoint(20, 20, (0.3, 0.7)).process(photo).tobytes() == expected.tobytes()


def test_a_part_of_its_own_size_is_cut_out_and_not_resampled() -> None:
    photo = draw_photo((90, 60))
    cut = CropAroundPoint(60, 60, (0.5, 0.5)).process(photo)
    assert levels(cut) == levels(photo.crop((15, 0, 75, 60)))


@given(sides, sides, sides, sides, points)
def test_the_size_is_the_one_asked_for(
    width: int, height: int, wanted: int, high: int, point: tuple[float, float]
) -> None:
    crop = CropAroundPoint(wanted, high, point)
    result = crop.process(Image.new("L", (width, height)))
    assert result.size == crop.output_size(Size(width, height)) == (wanted, high)


@given(sides, sides, sides, sides, points)
def test_without_upscaling_nothing_grows_and_the_ratio_stays(
    width: int, height: int, wanted: int, high: int, point: tuple[float, float]
) -> None:
    crop = CropAroundPoint(wanted, high, point, upscale=False)
    result = crop.process(Image.new("L", (width, height)))
    assert result.size == crop.output_size(Size(width, height))
    assert result.width <= min(width, wanted)
    assert result.height <= min(height, high)
    box = crop_box(Size(width, height), Size(wanted, high), point)
    enough = box.width >= wanted and box.height >= high
    assert result.size == ((wanted, high) if enough else (box.width, box.height))


def test_the_middle_is_the_point_where_none_is_given() -> None:
    assert CropAroundPoint(10, 10) == CropAroundPoint(10, 10, (0.5, 0.5), upscale=True)
