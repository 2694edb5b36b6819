"""The sizers and filters that come with the library: their sizes and their pixels."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat
from pytest_django import Settings

from tests.drawing import draw_photo
from tests.stored import image_of, put, store
from tests.testapp.models import Photo
from versatile.exceptions import RenditionError
from versatile.files import VersatileImageFieldFile
from versatile.registry import versatileimagefield_registry as registry
from versatile.versatileimagefield import CroppedImage, InvertImage, ThumbnailImage

Size = tuple[int, int]


@pytest.fixture(autouse=True)
def _exactly(settings: Settings) -> None:
    """One resampling of the whole picture, so that pixels can be compared one by one."""
    settings.VERSATILE = {"EXACT_RESAMPLING": True}


def picture(size: Size = (64, 48), name: str = "d/x.png", **drawing: Any) -> Any:
    """The file of a lossless photo."""
    drawing = {"format": "PNG", **drawing}
    return Photo(image=store(name, size, **drawing)).image


def made(file: VersatileImageFieldFile, sizer: str, key: str) -> Image.Image:
    rendition = getattr(file, sizer)[key]
    image = image_of(rendition.name)
    assert (rendition.width, rendition.height) == image.size
    return image


def same(one: Image.Image, two: Image.Image) -> bool:
    return one.size == two.size and one.tobytes() == two.convert(one.mode).tobytes()


def lanczos(image: Image.Image, size: Size, box: Any = None) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS, box=box)


def test_the_three_of_the_old_library_are_registered() -> None:
    assert registry.all_sizers()["crop"] is CroppedImage
    assert registry.all_sizers()["thumbnail"] is ThumbnailImage
    assert registry.all_filters()["invert"] is InvertImage


@pytest.mark.parametrize("sizer", ["thumbnail", "fit"])
@pytest.mark.parametrize(
    ("size", "key", "expected"),
    [
        ((64, 48), "32x32", (32, 24)),
        ((64, 48), "32x10", (13, 10)),
        ((48, 64), "32x32", (24, 32)),
        ((64, 48), "64x48", (64, 48)),
        ((64, 48), "900x900", (64, 48)),
        ((200, 100), "900x900", (200, 100)),
        ((64, 48), "900x24", (32, 24)),
        ((64, 48), "1x1", (1, 1)),
        ((200, 3), "20x20", (20, 1)),
        ((64, 48), "32x", (32, 24)),
        ((64, 48), "x24", (32, 24)),
        ((64, 48), "900x", (64, 48)),
        ((64, 48), "x900", (64, 48)),
    ],
)
def test_thumbnail_and_fit_keep_the_ratio_and_never_enlarge(
    sizer: str, size: Size, key: str, expected: Size
) -> None:
    file = picture(size)
    image = made(file, sizer, key)
    assert image.size == expected
    assert same(image, lanczos(image_of("d/x.png"), expected))
    width, height = key.split("x")
    if width and height:
        pillows = Image.new("L", size)
        pillows.thumbnail((int(width), int(height)))
        assert image.size == pillows.size


def window(size: Size, wanted: Size, point: tuple[float, float]) -> tuple[int, int, int, int]:
    """The rule of the old library, as its documentation tells it."""
    ratio = wanted[0] / wanted[1]
    width, height = size
    if width / height >= ratio:
        width = int(ratio * height + 0.5)
    else:
        height = int(width / ratio + 0.5)
    left = min(max(int(size[0] * point[0]) - width // 2, 0), size[0] - width)
    top = min(max(int(size[1] * point[1]) - height // 2, 0), size[1] - height)
    return left, top, left + width, top + height


POINTS = [(0.5, 0.5), (0, 0), (1, 1), (0.3, 0.8), (0.9, 0.1)]


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("size", [(64, 48), (48, 64), (50, 50), (63, 7)])
@pytest.mark.parametrize("wanted", [(20, 20), (30, 10), (10, 30), (100, 40), (7, 5)])
def test_a_crop_is_exactly_the_size_and_as_close_to_the_point_as_it_can(
    point: tuple[float, float], size: Size, wanted: Size
) -> None:
    file = picture(size)
    file.ppoi = point
    image = made(file, "crop", f"{wanted[0]}x{wanted[1]}")
    box = window(size, wanted, point)
    assert same(image, lanczos(image_of("d/x.png"), wanted, box))


def test_windows_by_hand() -> None:
    assert window((64, 48), (20, 20), (0.5, 0.5)) == (8, 0, 56, 48)
    assert window((64, 48), (20, 20), (0, 0)) == (0, 0, 48, 48)
    assert window((64, 48), (20, 20), (1, 1)) == (16, 0, 64, 48)
    assert window((48, 64), (30, 10), (0.3, 0.8)) == (0, 43, 48, 59)


@pytest.mark.parametrize(
    ("sizer", "key", "expected"),
    [
        ("crop", "100x50", (64, 32)),
        ("crop", "50x100", (24, 48)),
        ("crop", "20x10", (20, 10)),
        ("cover", "100x50", (64, 48)),
        ("cover", "20x20", (27, 20)),
    ],
)
def test_enlarging_can_be_refused(sizer: str, key: str, expected: Size, settings: Settings) -> None:
    settings.VERSATILE = {"UPSCALE": False}
    assert made(picture(), sizer, key).size == expected
    settings.VERSATILE = {"UPSCALE": True}
    if sizer == "crop":
        width, _, height = key.partition("x")
        file = Photo(image=store("d/y.png", format="PNG")).image
        assert made(file, "crop", key).size == (int(width), int(height))


@pytest.mark.parametrize(
    ("size", "key", "expected"),
    [
        ((64, 48), "20x20", (27, 20)),
        ((60, 48), "30x10", (30, 24)),
        ((48, 64), "20x20", (20, 27)),
        ((64, 48), "100x100", (133, 100)),
        ((64, 48), "64x48", (64, 48)),
    ],
)
def test_a_cover_is_the_smallest_that_covers(size: Size, key: str, expected: Size) -> None:
    image = made(picture(size), "cover", key)
    assert image.size == expected
    assert same(image, lanczos(image_of("d/x.png"), expected))


def test_a_pad_is_the_whole_picture_in_the_middle_of_the_matte(settings: Settings) -> None:
    settings.VERSATILE = {"EXACT_RESAMPLING": True, "MATTE": "#102030"}
    image = made(picture(), "pad", "40x40")
    assert image.size == (40, 40)
    assert same(image.crop((0, 5, 40, 35)), lanczos(image_of("d/x.png"), (40, 30)))
    for bar in ((0, 0, 40, 5), (0, 35, 40, 40)):
        assert image.crop(bar).getcolors() == [(200, (0x10, 0x20, 0x30))]


def test_a_pad_never_enlarges() -> None:
    image = made(picture(), "pad", "100x100")
    assert image.size == (100, 100)
    assert same(image.crop((18, 26, 82, 74)), image_of("d/x.png"))
    assert image.getpixel((17, 50)) == (255, 255, 255)


def test_a_pad_lays_transparency_on_the_matte(settings: Settings) -> None:
    settings.VERSATILE = {"MATTE": "#ff0000"}
    image = made(picture(mode="RGBA"), "pad", "64x64")
    assert image.convert("RGB").getpixel((0, 8)) == (255, 0, 0)
    assert image.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def test_a_line_is_not_covered_at_the_price_of_all_memory() -> None:
    line = picture((4000, 1))
    with pytest.raises(RenditionError, match="400000×100 pixels would be more than 25000000"):
        line.cover["100x100"]
    assert made(line, "cover", "10x1").size == (4000, 1)


def test_an_original_above_the_limit_can_still_be_filtered(settings: Settings) -> None:
    settings.VERSATILE = {"MAX_AREA": 100}
    assert image_of(picture((20, 10)).filters.invert.name).size == (20, 10)


@pytest.mark.parametrize("sizer", ["crop", "thumbnail", "fit", "cover"])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_other_sizers_keep_the_mode(sizer: str, mode: str) -> None:
    assert made(picture(mode=mode), sizer, "20x20").mode == mode


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("sizer", "key"), [("crop", "20x20"), ("thumbnail", "32x32"), ("pad", "9x30")]
)
def test_all_orientations_show_the_same(orientation: int, sizer: str, key: str) -> None:
    upright = picture(name="d/upright.png")
    turned = picture(name="d/turned.png", orientation=orientation)
    upright.ppoi = turned.ppoi = (0.9, 0.2)
    one, two = made(upright, sizer, key), made(turned, sizer, key)
    assert one.size == two.size
    difference: Any = ImageChops.difference(one, two).getextrema()
    assert max(high for _, high in difference) <= 1  # the last bit of the resampling


def filtered(name: str, **drawing: Any) -> tuple[Image.Image, Image.Image]:
    """What a filter made, and the original."""
    file = picture(**drawing)
    return image_of(file.filters[name].name), image_of("d/x.png")


def test_invert_is_the_negative() -> None:
    image, original = filtered("invert")
    assert same(image, ImageOps.invert(original))


def test_grayscale_is_the_brightness() -> None:
    image, original = filtered("grayscale")
    assert image.mode == "L"
    assert same(image, original.convert("L"))


def test_sepia_is_a_sum_of_the_channels() -> None:
    image, original = filtered("sepia")
    for place in ((0, 0), (31, 20), (63, 47)):
        red, green, blue = original.getpixel(place)  # type: ignore[misc]
        expected = (
            0.393 * red + 0.769 * green + 0.189 * blue,
            0.349 * red + 0.686 * green + 0.168 * blue,
            0.272 * red + 0.534 * green + 0.131 * blue,
        )
        assert image.getpixel(place) == pytest.approx([min(255, n) for n in expected], abs=1)


def test_blur_counts_in_pixels_of_the_original() -> None:
    image, original = filtered("blur", size=(128, 96))
    blurred = original.filter(ImageFilter.GaussianBlur(8))
    assert same(image, blurred)
    file = Photo(image="d/x.png").image
    assert same(made(file.filters.blur, "thumbnail", "32x32"), lanczos(blurred, (32, 24)))  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_blur_spreads_no_hidden_colour(mode: str) -> None:
    """A white square on clear pixels, below which there is black."""
    clear = Image.new("RGBA", (64, 48))
    clear.paste("white", (20, 12, 44, 36))
    file = BytesIO()
    clear.convert(mode).save(file, "PNG")
    photo = Photo(image=put("d/x.png", file.getvalue()))
    image = image_of(photo.image.filters.blur.name)
    assert image.mode == mode
    seen = image.getchannel("A").point(lambda level: 255 if level > 25 else 0)
    assert ImageStat.Stat(image.getchannel(0), seen).extrema[0][0] > 240


def test_sharpen_counts_in_pixels_of_the_original() -> None:
    image, original = filtered("sharpen", size=(128, 96))
    sharpened = original.filter(ImageFilter.UnsharpMask(2, 150, 3))
    assert same(image, sharpened)
    assert not same(image, original)


def test_the_drawn_photo_has_something_to_lose() -> None:
    """Otherwise the comparisons above would be true of a plain colour."""
    assert len(draw_photo((64, 48)).getcolors(64 * 48) or []) > 1000
