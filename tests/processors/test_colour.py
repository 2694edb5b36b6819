import pytest
from PIL import Image

from tests.drawing import draw_photo
from tests.imaging.comparing import levels
from versatile.processors import Grayscale, Invert, Processor, Sepia

RED_TO_WHITE = [(255, 0, 0), (10, 20, 30), (200, 150, 100), (0, 0, 0), (255, 255, 255)]


def strip(colours: list[tuple[int, int, int]]) -> Image.Image:
    image = Image.new("RGB", (len(colours), 1))
    image.putdata(colours)
    return image


def test_a_negative_is_what_is_missing_to_white() -> None:
    expected = [[255 - level for level in colour] for colour in RED_TO_WHITE]
    assert levels(Invert().process(strip(RED_TO_WHITE))) == expected


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_the_negative_of_a_negative_is_the_picture(mode: str) -> None:
    photo = draw_photo((40, 30), mode)
    again = Invert().process(Invert().process(photo))
    assert (again.mode, again.tobytes()) == (mode, photo.tobytes())


def test_grey_is_luma() -> None:
    # ITU-R 601-2: 0.299 red, 0.587 green, 0.114 blue.
    grey = levels(Grayscale().process(strip(RED_TO_WHITE)))
    for level, (red, green, blue) in zip(grey, RED_TO_WHITE, strict=True):
        assert level == pytest.approx(0.299 * red + 0.587 * green + 0.114 * blue, abs=0.5)


def test_sepia_is_a_sum_of_all_three_channels_that_ends_at_white() -> None:
    brown = levels(Sepia().process(strip(RED_TO_WHITE)))
    for shown, (red, green, blue) in zip(brown, RED_TO_WHITE, strict=True):
        expected = [
            min(255, 0.393 * red + 0.769 * green + 0.189 * blue),
            min(255, 0.349 * red + 0.686 * green + 0.168 * blue),
            min(255, 0.272 * red + 0.534 * green + 0.131 * blue),
        ]
        assert shown == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("processor", "mode", "result"),
    [
        *((Invert(), mode, mode) for mode in ("L", "LA", "RGB", "RGBA")),
        *((Grayscale(), mode, "L") for mode in ("L", "RGB", "CMYK", "P")),
        *((Grayscale(), mode, "LA") for mode in ("LA", "RGBA")),
        *((Sepia(), mode, "RGB") for mode in ("L", "RGB")),
        *((Sepia(), mode, "RGBA") for mode in ("LA", "RGBA")),
        (Invert(), "CMYK", "RGB"),
    ],
)
def test_the_mode_of_the_result(processor: Processor, mode: str, result: str) -> None:
    assert processor.process(draw_photo((8, 6), mode)).mode == result


@pytest.mark.parametrize("processor", [Invert(), Grayscale(), Sepia()])
@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_opacity_is_no_colour(processor: Processor, mode: str) -> None:
    photo = draw_photo((40, 30), mode)
    assert processor.process(photo).getchannel("A").tobytes() == photo.getchannel("A").tobytes()


def test_ink_is_shown_as_light_before_it_is_inverted() -> None:
    assert levels(Invert().process(Image.new("CMYK", (1, 1), (0, 255, 255, 0)))) == [[0, 255, 255]]
