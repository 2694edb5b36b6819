import io

import pytest
from PIL import Image

from versatile.imaging.exceptions import UnknownExtension, UnknownFormat, VersatileError
from versatile.imaging.formats import (
    BY_EXTENSION,
    FORMATS,
    MIME_TYPE_TO_FORMAT,
    READ_ONLY,
    READABLE,
    SNIFFED,
    extension_to_format,
    extensions_of,
    format_to_extension,
    format_to_mimetype,
    get_format,
    name_to_format,
    shown_extension,
    sniff,
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
    assert set(READABLE) <= set(FORMATS)


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


@pytest.mark.parametrize("name", ["", "EPS", ".jpg", "image/jpeg", "MPO", None])
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


@pytest.mark.parametrize("name", READABLE)
def test_what_pillow_writes_is_known_by_how_it_begins(name: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, name)
    assert sniff(file.getvalue()[:SNIFFED]) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "AVIF"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isom", None),
        (b"MM\0+\0\x08", "TIFF"),
        (b"<svg/>", "SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- svg -->\n<svg xmlns="x">', "SVG"),
        (b"<!DOCTYPE svg PUBLIC 'x'><s:svg xmlns:s='x'>", "SVG"),
        (b"<html><svg></svg></html>", None),
        (b"%!PS-Adobe-3.0 EPSF-3.0", None),
        (b"%PDF-1.7", None),
        (b"8BPS\0\x01", None),
        (b"", None),
    ],
)
def test_other_beginnings(head: bytes, name: str | None) -> None:
    assert sniff(head) == name


@pytest.mark.parametrize("name", [*READABLE, *READ_ONLY])
def test_what_comes_in_has_extensions_and_a_mime_type(name: str) -> None:
    assert extensions_of(name)[0].startswith(".")
    assert format_to_mimetype(name).startswith("image/")


@pytest.mark.parametrize(
    ("extension", "shown"),
    [
        *((name, name) for name in (".jpg", ".JPE", ".jfif", ".PnG", ".gif", ".webp", ".avif")),
        *((name, name) for name in (".bmp", ".ico")),
        *((name, ".jpg") for name in (".heic", ".HEIF", ".hif")),
        *((name, ".png") for name in (".tif", ".TIFF", ".jp2", ".j2k", ".ppm", ".pcx", ".svg")),
        *((name, ".png") for name in (".php", ".exe", ".", "", ".jpg ", ".html")),
    ],
)
def test_renditions_have_extensions_that_browsers_show(extension: str, shown: str) -> None:
    assert shown_extension(extension) == shown
