import pytest
from PIL import Image

from versatile.imaging.exceptions import UnknownExtension, UnknownFormat, VersatileError
from versatile.imaging.formats import (
    BY_EXTENSION,
    FORMATS,
    MIME_TYPE_TO_FORMAT,
    READABLE,
    extension_to_format,
    format_to_extension,
    format_to_mimetype,
    get_format,
    name_to_format,
    suggest_extension,
)

every_format = pytest.mark.parametrize("name", FORMATS)


@pytest.fixture(autouse=True)
def all_plugins() -> None:
    Image.init()


@every_format
def test_pillow_reads_and_writes_every_format(name: str) -> None:
    assert name in Image.SAVE
    assert name in Image.OPEN


def test_pillow_knows_a_reader_for_all_that_may_be_opened() -> None:
    # A name that Pillow has no reader for ends the search for the right one with a KeyError.
    assert set(READABLE) <= set(Image.OPEN)
    assert set(FORMATS) <= set(READABLE)


@every_format
def test_extensions_mean_what_pillow_means_by_them(name: str) -> None:
    registered = Image.registered_extensions()
    assert {registered[extension] for extension in FORMATS[name].extensions} == {name}


@every_format
def test_a_format_finds_itself_by_its_extensions_and_mime_types(name: str) -> None:
    assert extension_to_format(format_to_extension(name)) == name
    assert MIME_TYPE_TO_FORMAT[format_to_mimetype(name)] == name


@every_format
def test_a_name_of_a_format_is_taken_in_any_case(name: str) -> None:
    assert get_format(name.lower()) is get_format(name.title()) is FORMATS[name]


def test_no_extension_and_no_mime_type_is_claimed_twice() -> None:
    assert len(BY_EXTENSION) == sum(len(item.extensions) for item in FORMATS.values())
    assert len(MIME_TYPE_TO_FORMAT) == sum(len(item.mimetypes) for item in FORMATS.values())


@pytest.mark.parametrize(
    ("filename", "format"),
    [
        ("x.jpg", "JPEG"),
        ("photos/2024.06/x.JPEG", "JPEG"),
        ("x.tar.jpe", "JPEG"),
        ("a b é.PnG", "PNG"),
        ("x.webp", "WEBP"),
        ("x.tif", "TIFF"),
        ("x.gif", "GIF"),
        ("x.avif", "AVIF"),
        ("x.jpg.bmp", "BMP"),
    ],
)
def test_a_file_name_says_its_format(filename: str, format: str) -> None:
    assert name_to_format(filename) == format


@pytest.mark.parametrize("filename", ["", "noext", "x.", ".jpg", "x.svg", "x.jpg/y", "x. jpg"])
def test_a_file_name_without_a_known_extension_is_an_error(filename: str) -> None:
    with pytest.raises(UnknownExtension, match=r"use one of \.jpg") as caught:
        name_to_format(filename)
    assert isinstance(caught.value, VersatileError)
    assert isinstance(caught.value, LookupError)


@pytest.mark.parametrize(
    ("format", "extension", "mimetype"),
    [
        ("JPEG", ".jpg", "image/jpeg"),
        ("png", ".png", "image/png"),
        ("TIFF", ".tif", "image/tiff"),
        ("ICO", ".ico", "image/x-icon"),
        ("WEBP", ".webp", "image/webp"),
    ],
)
def test_the_usual_extension_and_mime_type(format: str, extension: str, mimetype: str) -> None:
    assert (format_to_extension(format), format_to_mimetype(format)) == (extension, mimetype)


@pytest.mark.parametrize("name", ["", "SVG", ".jpg", "image/jpeg", "MPO", None])
def test_an_unknown_format_is_an_error_that_names_the_known(name: str) -> None:
    with pytest.raises(UnknownFormat, match=rf"{name!r} is no image format; use one of JPEG, PNG"):
        format_to_extension(name)
    with pytest.raises(LookupError):
        format_to_mimetype(name)


@pytest.mark.parametrize(
    ("name", "format", "extension"),
    [
        ("d/x.jpeg", "JPEG", ".jpeg"),
        ("d/x.JPG", "jpeg", ".JPG"),
        ("d/x.png", "JPEG", ".jpg"),
        ("d.png/x", "PNG", ".png"),
        ("d.png/x", None, ""),
        ("d/x.", None, ""),
        ("d/.png", None, ""),
        ("d/x.odd", "ODD", ".odd"),
    ],
)
def test_an_extension_stays_where_it_means_the_format(
    name: str, format: str | None, extension: str
) -> None:
    assert suggest_extension(name, format) == extension
