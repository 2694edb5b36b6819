"""Specs: their images, their formats, and what tells one from all others."""

import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.drawing import photo_bytes
from tests.testapp.models import Photo
from versatile import ImageSpec, processors
from versatile.conf import Policy
from versatile.exceptions import (
    MissingSource,
    RenditionError,
    SourceNotFound,
    SourceUnreadable,
    StorageError,
    UnknownIdentity,
)
from versatile.registry import generator_registry
from versatile.specs import BaseImageSpec, create_spec_class
from versatile.specs.cachefile import ImageCacheFile
from versatile.specs.choices import storages_of_specs

p: Any = processors


class Small(ImageSpec):
    processors = [p.ResizeToFit(20, 20)]
    format = "PNG"
    options = {"optimize": True}


def photo(name: str | None = "photos/x.jpg", **drawing: Any) -> ContentFile:
    return ContentFile(photo_bytes((60, 40), **drawing), name)


def opened(spec: Any) -> Image.Image:
    return Image.open(spec.generate())


def test_the_image_of_a_spec():
    data = Small(photo()).generate()
    assert isinstance(data, BytesIO)
    assert data.tell() == 0
    made = Image.open(data)
    assert (made.format, made.size) == ("PNG", (20, 13))
    assert not Path(default_storage.path("CACHE")).exists(), "nothing is saved"


@pytest.mark.parametrize("source", [None, "", Photo().image], ids=["none", "text", "empty field"])
def test_without_a_source_there_is_no_image(source):
    with pytest.raises(MissingSource, match="has no source file associated with it") as caught:
        Small(source).generate()
    assert isinstance(caught.value, ValueError)
    assert Small.MissingSource is MissingSource
    assert Small(source).cachefile_name is None


def test_options_are_pillows():
    def size(quality: int) -> int:
        spec = create_spec_class({"format": "JPEG", "options": {"quality": quality}})
        return len(spec(photo()).generate().getvalue())

    assert size(10) < size(90)


@pytest.mark.parametrize(
    ("name", "drawn", "format"),
    [
        ("x.jpg", "JPEG", "JPEG"),
        ("x.JPEG", "JPEG", "JPEG"),
        ("x.png", "PNG", "PNG"),
        ("x.webp", "WEBP", "WEBP"),
        ("x", "PNG", "PNG"),
        ("x", "GIF", "GIF"),
        ("x.unknown", "PNG", "PNG"),
        ("x", "MPO", "JPEG"),
    ],
)
def test_without_a_format_it_is_the_sources(name, drawn, format):
    assert opened(ImageSpec(photo(name, format=drawn))).format == format


@pytest.mark.parametrize("drawn", ["PNG", "JPEG"])
def test_the_format_is_the_sources_where_the_name_of_the_file_does_not_tell(settings, drawn):
    settings.IMAGEKIT_SPEC_CACHEFILE_NAMER = "imagekit.cachefiles.namers.hash"
    spec = ImageSpec(photo(f"x.{drawn.lower()}", format=drawn))
    assert "." not in str(spec.cachefile_name)
    assert opened(spec).format == drawn


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "jpeg"])
def test_the_mode_is_converted_to_what_the_format_holds(mode, format):
    drawn = "TIFF" if mode == "CMYK" else "PNG"
    spec = create_spec_class({"format": format, "processors": [p.Convert(mode)]})
    source = ContentFile(photo_bytes((30, 20), "RGB", format=drawn), "x.png")
    assert opened(spec(source)).format == format.upper()


def test_a_mode_that_the_format_cannot_hold_is_a_typed_error_without_autoconvert():
    spec = create_spec_class(
        {"format": "JPEG", "processors": [p.Convert("RGBA")], "autoconvert": False}
    )
    with pytest.raises(RenditionError, match="RGBA cannot be written as JPEG"):
        spec(photo()).generate()


def test_an_unknown_format_and_a_failing_processor_are_typed_errors():
    with pytest.raises(RenditionError, match="'NOSUCH' is no image format"):
        create_spec_class({"format": "NOSUCH"})(photo()).generate()

    class Failing:
        def process(self, image: Image.Image) -> Image.Image:
            raise ZeroDivisionError("its own mistake")

    with pytest.raises(RenditionError, match="ZeroDivisionError: its own mistake"):
        create_spec_class({"processors": [Failing()]})(photo()).generate()


def test_a_bad_source_is_a_typed_error():
    with pytest.raises(SourceUnreadable, match=r"x\.jpg"):
        Small(ContentFile(b"no picture", "x.jpg")).generate()
    with pytest.raises(SourceUnreadable):
        ImageSpec(ContentFile(b"no picture", "x")).generate()
    gone = File(None, "gone.jpg")
    with pytest.raises((SourceNotFound, StorageError)):
        Small(gone).generate()


def test_an_upload_that_is_gone_is_a_typed_error(tmp_path):
    path = tmp_path / "x.jpg"
    path.write_bytes(photo_bytes((9, 9)))
    with path.open("rb") as stream:
        source = File(stream, "x.jpg")
    path.unlink()
    with pytest.raises((SourceNotFound, StorageError)):
        Small(File(source.file, str(path))).generate()


def test_an_open_source_stays_open_and_a_closed_one_is_closed_again(tmp_path):
    path = tmp_path / "x.jpg"
    path.write_bytes(photo_bytes((30, 30)))
    with path.open("rb") as stream:
        source = File(stream, str(path))
        Small(source).generate()
        stayed_open = not stream.closed
        stream.read(5)
        assert Small(source).generate().getvalue(), "from the start, wherever it was"
    assert stayed_open
    Small(source).generate()
    assert source.closed


def test_an_upload_is_a_source():
    upload = SimpleUploadedFile("x.jpg", photo_bytes((60, 40)), "image/jpeg")
    assert opened(Small(upload)).size == (20, 13)
    assert upload.read(2) in (b"\xff\xd8", b"")


class Varying(ImageSpec):
    """A spec that looks at its source."""

    format = "PNG"

    @property
    def processors(self) -> Any:
        return [p.ResizeToFit(len(self.source.name), 99)]

    @processors.setter
    def processors(self, value: Any) -> None: ...


def test_a_spec_may_vary_by_its_source():
    assert opened(Varying(photo("x.jpg"))).width == 5
    assert opened(Varying(photo("xxxxx.jpg"))).width == 9
    assert Varying(photo("x.jpg")).get_hash() != Varying(photo("y.jpg")).get_hash()


RECIPE: dict[str, Any] = {
    "processors": [p.ResizeToFill(20, 20, anchor="tl"), p.Adjust(contrast=1.2)],
    "format": "JPEG",
    "options": {"quality": 60, "progressive": True},
    "autoconvert": True,
}


def hash_of(name: str = "photos/x.jpg", **changed: Any) -> str:
    digest: str = create_spec_class(RECIPE | changed)(photo(name)).get_hash()
    return digest


def test_a_hash_has_32_hex_digits():
    assert len(hash_of()) == 32
    assert int(hash_of(), 16)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "photos/y.jpg"},
        {"processors": [p.ResizeToFill(20, 20, anchor="tr"), p.Adjust(contrast=1.2)]},
        {"processors": list(reversed(RECIPE["processors"]))},
        {"processors": []},
        {"format": "PNG"},
        {"format": None},
        {"options": {"quality": 61, "progressive": True}},
        {"options": None},
        {"autoconvert": False},
    ],
    ids=repr,
)
def test_each_input_changes_the_hash(change):
    assert hash_of(**change) != hash_of()


@pytest.mark.parametrize(
    "change",
    [
        {"options": {"progressive": 1, "quality": 60.0}},
        {"processors": tuple(RECIPE["processors"])},
        {"processors": [p.ResizeToFill(20, 20, "tl"), p.Adjust(1, True, 1.2)]},
        {"autoconvert": 1},
    ],
    ids=repr,
)
def test_equal_recipes_have_one_hash(change):
    assert hash_of(**change) == hash_of()


@pytest.mark.parametrize(
    ("setting", "changes"),
    [
        ({"COLOR": "preserve"}, True),
        ({"ANIMATED": "first"}, True),
        ({"KEEP_METADATA": ("copyright",)}, True),
        ({"MATTE": "black"}, True),
        ({"MATTE": "white"}, False),
        ({"JPEG_QUALITY": 5}, False),
    ],
)
def test_what_settings_and_fields_say_of_the_picture_changes_the_hash(
    setting, changes, settings, monkeypatch
):
    usual = hash_of()
    stored = Photo(image="photos/x.jpg").image
    of_field = Small(stored).get_hash()
    policy = Policy(**{name.lower(): value for name, value in setting.items()})
    monkeypatch.setattr(stored.field, "policy", policy)
    assert (Small(stored).get_hash() != of_field) == changes
    assert hash_of() == usual
    settings.VERSATILE = setting
    assert (hash_of() != usual) == changes


def test_a_recipe_follows_the_field_of_its_source(monkeypatch):
    stored = Photo(image="photos/x.jpg").image
    monkeypatch.setattr(stored.field, "policy", Policy(matte="red", animated="first"))
    recipe = Small(stored).recipe("x.jpg")
    assert (recipe.matte, recipe.animated, recipe.color) == ("red", False, "srgb")


@pytest.mark.parametrize("policy", ["placeholder", "original", "empty"])
def test_what_is_shown_in_place_of_a_file_that_cannot_be_made(policy, settings, media_root):
    settings.VERSATILE = {"ON_ERROR": policy}
    (media_root / "bad.jpg").write_bytes(b"no picture")
    generator_registry.register("testapp:shown", Small)
    try:
        source = Photo(image="bad.jpg").image
        file = ImageCacheFile(generator_registry.get("testapp:shown", source=source))
        url = file.url
        assert url == {"original": "/media/bad.jpg", "empty": ""}.get(policy, url)
        assert url.startswith("data:") == (policy == "placeholder")
        assert (file.width > 1) == (policy == "placeholder")
    finally:
        generator_registry.unregister("testapp:shown")


def test_a_spec_without_a_source_raises_whatever_is_shown_of_others(settings):
    settings.VERSATILE = {"ON_ERROR": "empty"}
    with pytest.raises(MissingSource):
        ImageCacheFile(Small(None)).generate()


def test_the_class_does_not_count():
    class One(ImageSpec):
        format = "PNG"

    class Other(ImageSpec):
        format = "PNG"

    assert One(photo()).get_hash() == Other(photo()).get_hash()


def test_a_processor_that_changes_changes_the_hash():
    class Mutable:
        width = 1

        def __init__(self) -> None:
            self.width = 1

        def process(self, image: Image.Image) -> Image.Image:
            return image

    spec = create_spec_class({"processors": [Mutable()]})(photo())
    before = spec.get_hash()
    spec.processors[0].width = 2
    assert spec.get_hash() != before


def test_what_has_no_identity_has_no_hash():
    with pytest.raises(UnknownIdentity, match="identity"):
        hash_of(options={"callback": object()})
    assert hash_of(options={"exif": b"1"}) != hash_of(options={"exif": b"2"})


GOLDEN_CODE = """
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["versatile"])
django.setup()
from django.core.files.base import ContentFile
from versatile import processors as p
from versatile.specs import ImageSpec, create_spec_class
recipe = {
    "processors": [p.ResizeToFill(20, 20, anchor="tl"), p.Adjust(contrast=1.2)],
    "format": "JPEG",
    "options": {"quality": 60, "progressive": True},
}
everything = [
    p.Transpose(), p.Reflection(), p.SetOpacity(9), p.TrimBorderColor(sides=("t",)), p.Convert("L"),
    p.ProcessorPipeline([p.GaussianBlur(2.5), p.Crop(5, x=-1)]), p.Thumbnail(9, 9, anchor=(0, 0.5)),
]
source = ContentFile(b"", "photos/x.jpg")
for attributes in ({}, recipe, {"processors": everything}):
    print(create_spec_class(attributes)(source).get_hash())
"""

DIGESTS = [
    "da00cc54083e52733be7f7e60a853a1f",
    "732fb2680b58edd9f276faba9bc580b2",
    "091455d4f0a4af212b750f16de4c03b4",
]
"""What files lie under on sites: a change of any of them makes everything again."""


@pytest.mark.service
@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_the_hash_is_the_same_in_every_process_and_for_ever(seed):
    environment = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", GOLDEN_CODE],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert done.stdout.split() == DIGESTS


def test_a_generator_of_another_kind_says_what_it_needs():
    with pytest.raises(NotImplementedError, match="get_hash"):
        BaseImageSpec().get_hash()
    with pytest.raises(NotImplementedError, match="generate"):
        BaseImageSpec().generate()


def test_a_generator_that_cannot_say_its_storage_is_told_of_and_hides_no_other(
    add_generator: Callable[[str, object], str], caplog: pytest.LogCaptureFixture
):
    def sized(source: object, width: int) -> ImageSpec:
        raise AssertionError(width)

    apart = FileSystemStorage(base_url="/apart/")
    add_generator("tests:sized", sized)
    add_generator("tests:apart", type("Apart", (ImageSpec,), {"cachefile_storage": apart}))
    with caplog.at_level("DEBUG", "versatile.specs.choices"):
        assert apart in list(storages_of_specs())
    [record] = [record for record in caplog.records if "'tests:sized'" in record.message]
    assert "width" in record.message
