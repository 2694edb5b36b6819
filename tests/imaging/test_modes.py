import pytest
from PIL import Image

from tests.drawing import draw_photo
from versatile.imaging.exceptions import UnknownFormat
from versatile.imaging.formats import FORMATS
from versatile.imaging.modes import CONTENT, WRITTEN, prepare, to_rgba, written_mode

every_format = pytest.mark.parametrize("format", FORMATS)

DRAWN = ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "I;16", "F"]


def drawn(mode: str, *, transparent: bool) -> Image.Image:
    image = draw_photo((20, 16), mode)
    if transparent:
        image.info["transparency"] = (1, 2, 3) if mode == "RGB" else 1
    return image


@every_format
@pytest.mark.parametrize("mode", DRAWN)
def test_the_table_says_what_is_written(mode: str, format: str) -> None:
    assert prepare(drawn(mode, transparent=False), format).mode == expected(mode, False, format)


@every_format
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "I;16"])
def test_the_table_says_what_a_transparent_colour_becomes(mode: str, format: str) -> None:
    made = prepare(drawn(mode, transparent=True), format)
    assert made.mode == expected(mode, True, format)
    holds = any(item in FORMATS[format].modes for item in ("LA", "RGBA", "P"))
    assert made.has_transparency_data is holds


def expected(mode: str, transparent: bool, format: str) -> str:
    """The table's answer; what the format can hold as it is stays so."""
    if mode in FORMATS[format].modes and not transparent:
        return mode
    return "P" if mode == "P" and format == "GIF" else written_mode(mode, transparent, format)


@every_format
@pytest.mark.parametrize("mode", CONTENT)
@pytest.mark.parametrize("transparent", [True, False])
def test_what_is_written_is_what_the_format_can_hold(
    mode: str, transparent: bool, format: str
) -> None:
    assert written_mode(mode, transparent, format) in FORMATS[format].modes


def test_the_table_knows_every_kind_of_content() -> None:
    assert set(CONTENT.values()) == set(WRITTEN)
    with pytest.raises(KeyError):
        written_mode("BGR;15", False, "PNG")
    with pytest.raises(UnknownFormat):
        written_mode("RGB", False, "SVG1")


@pytest.mark.parametrize(
    "colour", [(1, 2), (1, 2, 3, 4, 5), (1, 2, 256), (-1, 0, 0), 300, "blurple"]
)
def test_what_is_no_colour_is_refused(colour: object) -> None:
    with pytest.raises(ValueError, match="colo"):
        to_rgba(colour)  # type: ignore[arg-type]


def test_colours_have_four_levels() -> None:
    assert to_rgba("#10203040") == (16, 32, 48, 64)
    assert to_rgba((1, 2, 3)) == (1, 2, 3, 255)
    assert to_rgba(7) == (7, 7, 7, 255)
