"""SVG: the size of a drawing by its root, and nothing else of it."""

import importlib
import io
import time
from typing import Any

import pytest

from versatile.imaging import svg
from versatile.imaging.exceptions import ImageTooLarge, UnidentifiedImage
from versatile.imaging.geometry import Size
from versatile.imaging.limits import UNLIMITED, Limits


def size_of(attributes: str, root: str = "svg") -> Size:
    text = f'<?xml version="1.0"?><{root} xmlns="http://www.w3.org/2000/svg" {attributes}><g/>'
    return svg.read_size(io.BytesIO(text.encode()), UNLIMITED)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="40" height="30"', (40, 30)),
        ('width="40px" height=" 30PX "', (40, 30)),
        ('width="1in" height="72pt"', (96, 96)),
        ('width="2.54cm" height="25.4mm"', (96, 96)),
        ('width="0.1" height="1e2"', (1, 100)),
        ('viewBox="0 0 40 30"', (40, 30)),
        ('viewBox="-1,-1,40.4,30"', (40, 30)),
        ('width="100%" height="50%" viewBox="0 0 40 30"', (40, 30)),
        ('width="20" viewBox="0 0 40 30"', (20, 15)),
        ('height="300mm" width="auto" viewBox="0 0 40 30"', (1512, 1134)),
        ('width="10" viewBox="0 0 9999999 1"', (10, 150)),
        ('height="900000" viewBox="0 0 4000 1"', (1_000_000, 900_000)),
        ('width="10em" height="40q"', (160, 38)),
        ('width="10ex" height="-5"', (300, 150)),
        ('width="1e300" height="20"', (300, 20)),
        ('width="1e999" height="0"', (300, 150)),
        ('viewBox="0 0 40"', (300, 150)),
        ("", (300, 150)),
    ],
)
def test_the_size_is_that_of_the_root(attributes, size):
    assert size_of(attributes) == size


def test_the_document_type_of_svg_is_asked_of_nobody():
    kind = '"-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'
    text = f'<!DOCTYPE svg PUBLIC {kind}><svg width="4" height="3"/>'
    assert svg.read_size(io.BytesIO(text.encode()), UNLIMITED) == (4, 3)


@pytest.mark.parametrize(
    "declared",
    ['a "aaaa"', 'a SYSTEM "file:///etc/passwd"', '% a SYSTEM "http://localhost/x.dtd"> %a; <!--'],
)
def test_entities_are_refused(declared):
    text = f"<!DOCTYPE svg [<!ENTITY {declared}>]><svg>&a;</svg>"
    with pytest.raises(UnidentifiedImage):
        svg.read_size(io.BytesIO(text.encode()), UNLIMITED)


def test_nothing_behind_the_root_is_read():
    assert size_of('width="4" height="3"') == (4, 3)  # it never ends


def test_neither_a_long_number_nor_a_long_root_is_worked_at():
    start = time.process_time()
    digits = "1" * 200_000
    drawing = f'<svg width="{digits}!" height="{" " * 200_000}!"/>'
    assert svg.read_size(io.BytesIO(drawing.encode()), UNLIMITED) == (300, 150)
    many = " ".join(f'a{index}=""' for index in range(200_000))
    with pytest.raises(UnidentifiedImage, match="no SVG that can be read"):
        size_of(many)
    assert time.process_time() - start < 3


def test_the_name_of_a_root_is_cut_in_the_message():
    with pytest.raises(UnidentifiedImage) as caught:
        size_of("", "a" * 5000)
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("root", ["html", "svgs"])
def test_another_root_is_no_drawing(root):
    with pytest.raises(UnidentifiedImage, match=root):
        size_of("", root)


def test_a_drawing_may_be_too_long():
    with pytest.raises(ImageTooLarge, match="MAX_SOURCE_BYTES"):
        svg.read_size(io.BytesIO(b"<svg/>"), Limits(max_bytes=5))


def test_without_the_package_nothing_is_parsed(monkeypatch: pytest.MonkeyPatch):
    def nothing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", nothing)
    with pytest.raises(UnidentifiedImage, match=r"install django-versatile\[svg\]"):
        size_of("")


def test_a_file_that_begins_as_one_is_one_and_stays_where_it_is():
    file = io.BytesIO(b"  <svg/>")
    file.seek(3)
    assert svg.is_svg(file)
    assert file.tell() == 3
    assert not svg.is_svg(io.BytesIO(b"GIF89a"))
