"""Images by hand: prepared for a format, saved, and put through processors."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.drawing import draw_photo, photo_bytes
from versatile.exceptions import EncodingError, UnidentifiedImage, UnknownFormat
from versatile.processors import ResizeToFit
from versatile.utils import img_to_fobj, open_image, prepare_image, process_image, save_image


def opened(file: io.BytesIO | Path) -> Image.Image:
    with Image.open(file) as image:
        image.load()
        return image


def transparent_palette() -> Image.Image:
    image = draw_photo((8, 8), "RGB").quantize(16)
    image.info["transparency"] = 3
    return image


@pytest.mark.parametrize(
    ("mode", "format", "expected"),
    [
        ("RGBA", "PNG", "RGBA"),
        ("RGBA", "webp", "RGBA"),
        ("RGBA", "JPEG", "RGB"),
        ("RGBA", "GIF", "P"),
        ("P", "png", "P"),
        ("P", "GIF", "P"),
        ("P", "JPEG", "RGB"),
        ("RGB", "JPEG", "RGB"),
        ("CMYK", "JPEG", "RGB"),
        ("LA", "PNG", "LA"),
    ],
)
def test_an_image_is_given_a_mode_that_the_format_can_hold(mode: str, format: str, expected: str):
    image = draw_photo((40, 30), mode)
    before = image.tobytes()
    prepared, options = prepare_image(image, format)
    assert prepared.mode == expected
    assert (image.mode, image.tobytes()) == (mode, before)
    file = io.BytesIO()
    prepared.save(file, format, **options)
    assert opened(file).size == (40, 30)


def test_transparency_is_laid_on_white_or_kept():
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert prepare_image(clear, "JPEG")[0].getpixel((1, 1)) == (255, 255, 255)
    assert prepare_image(clear, "GIF")[1] == {"transparency": 255}
    assert prepare_image(transparent_palette(), "PNG")[1] == {"transparency": 3}
    assert prepare_image(transparent_palette(), "WEBP")[0].mode == "RGBA"


def test_jpeg_is_optimised():
    assert prepare_image(draw_photo((4, 4)), "jpeg")[1] == {"optimize": True}


def test_a_name_that_is_no_format_is_an_error_that_says_so():
    with pytest.raises(UnknownFormat, match="JPG2"):
        prepare_image(draw_photo((4, 4)), "JPG2")


def test_an_image_is_saved_into_a_file_that_stands_at_its_start():
    file = io.BytesIO()
    assert save_image(draw_photo((40, 30)), file, "PNG") is file
    assert file.tell() == 0
    assert opened(file).format == "PNG"


@pytest.mark.parametrize("kind", [str, Path])
def test_an_image_is_saved_to_a_path(tmp_path: Path, kind: type[str] | type[Path]):
    path = tmp_path / "x.jpg"
    save_image(draw_photo((40, 30), "RGBA"), kind(path), "JPEG", {"quality": 10})
    small = path.stat().st_size
    save_image(draw_photo((40, 30), "RGBA"), kind(path), "JPEG", {"quality": 95})
    assert opened(path).format == "JPEG"
    assert path.stat().st_size > small


def test_without_conversion_a_mode_that_cannot_be_written_is_an_error():
    with pytest.raises(EncodingError, match="RGBA"):
        img_to_fobj(draw_photo((4, 4), "RGBA"), "JPEG", autoconvert=False)


@pytest.mark.parametrize(
    ("source", "format", "expected"),
    [("PNG", None, "PNG"), ("PNG", "WEBP", "WEBP"), (None, None, "JPEG")],
)
def test_processors_run_in_order_and_the_format_is_given_the_originals_or_jpeg(
    source: str | None, format: str | None, expected: str
):
    image = draw_photo((80, 60))
    if source:
        image = opened(io.BytesIO(photo_bytes((80, 60), format=source)))
    file = process_image(image, [ResizeToFit(40, 40), ResizeToFit(20, 20)], format)
    assert file.tell() == 0
    assert (opened(file).size, opened(file).format) == ((20, 15), expected)


def test_an_image_is_opened_and_loaded():
    image = open_image(io.BytesIO(photo_bytes((40, 30))))
    assert image.getpixel((1, 1)) is not None
    assert image.size == (40, 30)


def test_what_is_no_image_is_an_error():
    with pytest.raises(UnidentifiedImage):
        open_image(io.BytesIO(b"no picture"))
