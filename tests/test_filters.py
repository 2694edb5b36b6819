"""Filters: their library, their own files, chains of them, and how they are written."""

import asyncio
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.files.storage import default_storage
from django.template import Context, Template
from PIL import Image, ImageOps
from pytest_django import Settings

from tests.registering import registered
from tests.stored import counted_cache_calls, counted_decodes, image_of, store
from tests.stored import files_below as made
from tests.testapp.models import Photo
from versatile.exceptions import EmptyField, InvalidFilter, SourceNotFound
from versatile.files import VersatileImageFieldFile
from versatile.filters import DummyFilter, FilteredImage, FilterLibrary
from versatile.testing import assert_storage_calls
from versatile.versatileimagefield import InvertImage

BUILT_INS = ["invert", "grayscale", "blur", "sepia", "sharpen"]


def photo(name: str = "d/x.jpg", **drawing: Any) -> VersatileImageFieldFile:
    return Photo(image=store(name, **drawing)).image


def test_the_library_gives_filters_as_attributes_and_as_items() -> None:
    filters = photo().filters
    assert isinstance(filters, FilterLibrary)
    assert isinstance(filters, dict)
    assert filters.invert is filters["invert"] is filters.invert
    assert type(filters.invert) is InvertImage


def test_each_filter_is_built_when_it_is_used() -> None:
    filters = photo().filters
    assert len(filters) == 0
    filters.sepia  # noqa: B018
    assert list(filters) == ["sepia"]


def test_equal_filters_are_equal() -> None:
    file = photo()
    assert file.filters.invert == file.filters["invert"]
    assert hash(file.filters.invert) == hash(file.filters["invert"])
    assert file.filters.invert != file.filters.sepia
    assert file.filters.invert != file.filters.invert.filters.invert
    assert file.filters.invert != photo("d/y.jpg").filters.invert


def test_an_unknown_filter_is_a_typed_error() -> None:
    filters = photo().filters
    for ask in (lambda: filters.nope, lambda: filters["nope"], lambda: filters.invert.filters.nope):
        with pytest.raises(InvalidFilter, match=r"^`nope` is an invalid filter\.") as caught:
            ask()
        assert all(name in str(caught.value) for name in BUILT_INS)
    assert issubclass(InvalidFilter, LookupError)
    assert not hasattr(filters, "nope")
    assert not hasattr(filters.invert, "nope")
    assert not hasattr(filters.invert, "_crop")


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (lambda item: item.name, "d/__filtered__/x__invert__.jpg"),
        (lambda item: item.url, "/media/d/__filtered__/x__invert__.jpg"),
        (str, "/media/d/__filtered__/x__invert__.jpg"),
    ],
)
def test_the_name_or_the_url_of_a_filter_makes_its_file(
    ask: Callable[[FilteredImage], str], name: str, media_root: Path
) -> None:
    item = photo().filters.invert
    assert made(media_root) == {"d/x.jpg"}
    assert ask(item) == name
    assert made(media_root) == {"d/x.jpg", "d/__filtered__/x__invert__.jpg"}


def test_the_path_the_bytes_or_their_number_make_the_file_too(media_root: Path) -> None:
    file = photo("path.jpg")
    assert Path(file.filters.invert.path).is_file()
    assert file.filters.invert.path == str(media_root / "__filtered__/path__invert__.jpg")
    with photo("open.jpg").filters.invert.open() as stream:
        assert stream.read(2) == b"\xff\xd8"
    sized = photo("size.jpg").filters.invert
    assert sized.size == (media_root / "__filtered__/size__invert__.jpg").stat().st_size > 0


def test_a_sizer_of_a_filter_does_not_make_the_filters_file(media_root: Path) -> None:
    item = photo().filters.invert
    crop, fit = item.crop["20x10"].name, item.filters.sepia.fit["20x10"].name
    assert made(media_root) == {"d/x.jpg", crop, fit}


def test_its_size_is_arithmetic(media_root: Path) -> None:
    item = photo(size=(64, 48)).filters.invert
    assert (item.width, item.height) == (64, 48)
    assert made(media_root) == {"d/x.jpg"}


def test_a_filter_with_a_sizer_is_one_recipe_on_the_original() -> None:
    file = photo("d/x.png", format="PNG", size=(64, 48))
    with counted_decodes() as decodes:
        crop = file.filters.invert.crop["64x48"]
    assert len(decodes) == 1
    assert image_of(crop.name).tobytes() == ImageOps.invert(image_of("d/x.png")).tobytes()


def test_a_chain_with_a_sizer_is_one_recipe_too(media_root: Path) -> None:
    file = photo("d/x.png", format="PNG", size=(64, 48))
    with assert_storage_calls(3) as calls, counted_decodes() as decodes:
        crop = file.filters.grayscale.filters.invert.crop["64x48"]
    assert len(decodes) == 1
    assert [call.split()[0] for call in calls].count("open") == 1
    grey = ImageOps.invert(image_of("d/x.png").convert("L"))
    assert image_of(crop.name).convert("L").tobytes() == grey.tobytes()
    assert made(media_root) == {"d/x.png", crop.name}


@pytest.mark.parametrize(
    ("source", "chain", "sizer"),
    [
        (
            "d/x.jpg",
            "d/__filtered__/__filtered__/x__grayscale____blur__.jpg",
            (
                "__sized__/d/__filtered__/__filtered__/x__grayscale____blur__"
                "-crop-c0-5__0-5-20x10-70.jpg"
            ),
        ),
        (
            "x.png",
            "__filtered__/__filtered__/x__grayscale____blur__.png",
            "__sized__/__filtered__/__filtered__/x__grayscale____blur__-crop-c0-5__0-5-20x10.png",
        ),
    ],
)
def test_the_names_of_chains_are_the_rule_applied_again(
    source: str, chain: str, sizer: str
) -> None:
    file = photo(source, format="PNG" if source.endswith("png") else "JPEG")
    item = file.filters.grayscale.filters.blur
    assert item.name == chain
    assert item.crop["20x10"].name == sizer
    assert item.rendition().key == "filters__grayscale__filters__blur"
    assert item.crop.rendition("20x10").key == "filters__grayscale__filters__blur__crop__20x10"


def test_sizers_of_a_filter_have_the_point_of_the_field() -> None:
    file = photo()
    file.ppoi = (0.1, 0.2)
    for item in (file.filters.invert, file.filters.invert.filters.sepia):
        assert "-crop-c0-1__0-2-" in item.crop["20x10"].name


def test_without_demand_nothing_is_made(media_root: Path) -> None:
    file = photo()
    file.create_on_demand = False
    with assert_storage_calls(0), counted_cache_calls() as calls:
        assert file.filters.invert.url == "/media/d/__filtered__/x__invert__.jpg"
        assert file.filters.invert.crop["20x10"].url
        assert file.filters.invert.filters.sepia.name
    assert calls == []
    assert made(media_root) == {"d/x.jpg"}


def test_a_filters_file_can_be_looked_for_forgotten_and_deleted(media_root: Path) -> None:
    item = photo().filters.invert
    assert not item.exists()
    name = item.name
    assert item.exists()
    with assert_storage_calls(0):
        item.clear_cache()
    assert item.exists()
    item.delete()
    assert made(media_root) == {"d/x.jpg"}
    assert item.name == name
    assert made(media_root) == {"d/x.jpg", name}


def test_a_missing_original_is_a_typed_error_and_no_text() -> None:
    file = Photo(image="d/nowhere.jpg").image
    with pytest.raises(SourceNotFound):
        file.filters.invert.url  # noqa: B018
    with pytest.raises(SourceNotFound):
        file.filters.invert.crop["20x10"]
    assert str(file.filters.invert) == ""


@pytest.mark.parametrize("debug", [True, False])
def test_an_empty_field_has_no_filtered_file_and_renders_as_nothing(
    debug: bool, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DEBUG = debug
    file = Photo().image
    for item in (file.filters.invert, file.filters.invert.filters.sepia):
        for ask in (lambda: item.name, lambda: item.url, lambda: item.crop["20x10"]):  # noqa: B023
            with pytest.raises(EmptyField, match="the field is empty"):
                ask()
        assert str(item) == ""
    template = "{{ f.filters.invert }}{{ f.filters.invert.url }}{{ f.filters.invert.crop.20x10 }}"
    assert Template(f"[{template}]").render(Context({"f": file})) == "[]"
    assert caplog.records == []


def test_drawn_pictures_have_dummy_filters(settings: Settings) -> None:
    settings.VERSATILEIMAGEFIELD_USE_PLACEHOLDIT = True
    file = Photo().image
    for item in (file.filters.invert, file.filters["invert"].filters.sepia):
        assert type(item) is DummyFilter
        assert (item.name, item.url, str(item)) == ("", "", "")
        assert item.crop["20x10"].url == file.crop["20x10"].url
        assert item.crop["20x10"].url.startswith("data:image/svg+xml,")
        assert item.process_image(Image.new("L", (1, 1)), "PNG", {"format": "PNG"}).getvalue()
    with pytest.raises(InvalidFilter):
        file.filters.nope  # noqa: B018
    settings.VERSATILEIMAGEFIELD_USE_PLACEHOLDIT = False
    assert type(file.filters.invert) is InvertImage


def test_templates_print_the_url() -> None:
    rendered = Template("{{ f.filters.invert }}|{{ f.filters.invert.crop.20x10 }}").render(
        Context({"f": photo()})
    )
    assert rendered == (
        "/media/d/__filtered__/x__invert__.jpg|"
        "/media/__sized__/d/__filtered__/x__invert__-crop-c0-5__0-5-20x10-70.jpg"
    )


def test_what_is_written_is_the_format_that_the_name_says() -> None:
    file = photo("d/lie.jpg", format="PNG", mode="RGBA")
    lying = image_of("d/lie.jpg")
    assert (lying.format, lying.mode) == ("PNG", "RGBA")
    names = [
        file.crop["20x10"].name,
        file.thumbnail["20x"].name,
        file.filters.invert.name,
        file.filters.invert.crop["20x10"].name,
        file.filters.blur.filters.sepia.name,
    ]
    assert {image_of(name).format for name in names} == {"JPEG"}
    truth = photo("d/truth.png", format="JPEG")
    assert image_of(truth.filters.invert.name).format == "PNG"


def level(image: Image.Image, place: tuple[int, int]) -> int:
    return cast(int, image.getpixel(place))


@pytest.mark.parametrize(
    ("mode", "format"), [("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "TIFF")]
)
@pytest.mark.parametrize("name", BUILT_INS)
def test_every_filter_keeps_transparency(name: str, mode: str, format: str) -> None:
    file = photo(f"d/x.{format.lower()}", size=(96, 72), mode=mode, format=format)
    alpha = image_of("d/x." + format.lower()).convert("RGBA").getchannel("A")
    filtered = image_of(file.filters[name].name)
    assert filtered.mode in {"RGBA", "LA"}
    kept = filtered.getchannel("A")
    if name != "blur":  # which blurs the edge, too
        assert kept.tobytes() == alpha.tobytes()
    crop = image_of(file.filters[name].crop["48x36"].name).getchannel("A")
    for item, middle in ((kept, (48, 36)), (crop, (24, 18))):
        assert level(item, (0, 0)) <= 1
        assert level(item, middle) == 255


@pytest.mark.parametrize("name", BUILT_INS)
def test_every_filter_keeps_the_transparent_colour_of_a_palette(name: str) -> None:
    image = Image.new("P", (32, 32), 1)
    image.putpalette([0, 0, 0, 200, 100, 50])
    image.paste(0, (0, 0, 16, 32))
    data = io.BytesIO()
    image.save(data, "GIF", transparency=0)
    default_storage.save("d/x.gif", io.BytesIO(data.getvalue()))
    filtered = image_of(Photo(image="d/x.gif").image.filters[name].name).convert("RGBA")
    alpha = filtered.getchannel("A")
    assert alpha.getpixel((2, 16)) == 0
    assert alpha.getpixel((30, 16)) == 255


class Redden:
    """A processor of a site."""

    def process(self, image: Image.Image) -> Image.Image:
        return Image.new("RGB", image.size, "red")


class Red(FilteredImage):
    """The new way: processors."""

    def get_processors(self) -> Sequence[Any]:
        return [Redden()]


class Frame(FilteredImage):
    """The old way: a whole file, a green picture with a border of what it was given."""

    seen: list[tuple[str, Any]] = []

    def process_image(self, image: Image.Image, image_format: str, save_kwargs: Any) -> io.BytesIO:
        self.seen.append((image_format, dict(save_kwargs)))
        image.paste("green", (1, 1, image.width - 1, image.height - 1))
        data = io.BytesIO()
        image.save(data, **save_kwargs)
        return data


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    Frame.seen.clear()


def pixel(name: str, place: tuple[int, int]) -> Any:
    return image_of(name).convert("RGB").getpixel(place)


RED, GREEN, CYAN = (255, 0, 0), (0, 128, 0), (0, 255, 255)


def test_a_filter_in_the_new_way() -> None:
    with registered(filters={"red": Red}):
        item = photo("d/x.png", format="PNG").filters.red
        assert item.name == "d/__filtered__/x__red__.png"
        assert pixel(item.name, (5, 5)) == RED
        assert pixel(item.crop["9x9"].name, (5, 5)) == RED


def test_a_filter_in_the_old_way() -> None:
    with registered(filters={"frame": Frame}):
        item = photo("d/x.png", format="PNG").filters.frame
        assert item.name == "d/__filtered__/x__frame__.png"
        assert Frame.seen == [("PNG", {"format": "PNG"})]
        assert pixel(item.name, (5, 5)) == GREEN
        assert pixel(item.name, (0, 0)) == pixel("d/x.png", (0, 0))


def test_the_old_way_is_told_how_to_save() -> None:
    with registered(filters={"frame": Frame}):
        photo().filters.frame.url  # noqa: B018
        assert Frame.seen == [("JPEG", {"format": "JPEG", "quality": 70, "progressive": False})]


@pytest.mark.parametrize("name", ["d/x.png", "d/x.tif", "d/x.bmp", "d/lie.png"])
def test_chains_of_both_ways(name: str) -> None:
    kind = {"d/x.png": "PNG", "d/x.tif": "TIFF", "d/x.bmp": "BMP"}.get(name, "JPEG")
    with registered(filters={"frame": Frame, "red": Red}):
        filters = photo(name, format=kind).filters
        old_new, new_old = filters.frame.filters.invert, filters.red.filters.frame
        middle = (30, 20)
        assert pixel(old_new.name, middle) == (255, 127, 255)
        assert pixel(new_old.name, middle) == GREEN
        assert pixel(new_old.name, (0, 0)) == RED
        assert pixel(filters.red.filters.invert.name, middle) == CYAN
        assert pixel(filters.frame.filters.frame.filters.red.name, middle) == RED
        assert pixel(old_new.crop["20x20"].name, (10, 10)) == (255, 127, 255)
        assert pixel(new_old.thumbnail["20x20"].name, (10, 10)) == GREEN
        assert pixel(filters.frame.crop["20x20"].name, (10, 10)) == GREEN


def test_the_old_way_works_without_an_extension() -> None:
    with registered(filters={"frame": Frame}):
        filters = photo("d/noext").filters
        assert filters.frame.name.endswith("__frame__.jpg")
        assert image_of(filters.frame.name).format == "JPEG"
        assert filters.frame.crop["20x20"].exists()
        assert filters.frame.filters.invert.exists() is False
        assert image_of(filters.frame.filters.invert.name).format == "JPEG"


def test_the_old_way_spoils_nothing_of_others() -> None:
    keys = [("frame", "filters__frame"), ("negative", "filters__invert"), ("crop", "crop__64x48")]
    with registered(filters={"frame": Frame, "red": Red}):
        found = photo("d/x.png", format="PNG", size=(64, 48)).renditions(keys)
        original = image_of("d/x.png")
        assert image_of(found["negative"].name).tobytes() == ImageOps.invert(original).tobytes()
        assert image_of(found["crop"].name).tobytes() == original.tobytes()


def test_a_filter_can_be_made_by_hand() -> None:
    item = InvertImage(store("d/x.jpg"), default_storage, True, "negative")
    assert item.name == "d/__filtered__/x__negative__.jpg"
    assert item.exists()
    data = item.process_image(image_of("d/x.jpg"), "JPEG", {"format": "JPEG", "quality": 70})
    assert Image.open(data).size == (64, 48)


def test_a_filter_knows_its_original_and_its_format() -> None:
    item = InvertImage(store("d/x.PNG", format="JPEG", orientation=6), default_storage, True, "i")
    image, extension, format, mimetype = item.retrieve_image("d/x.PNG")
    assert image.size == (64, 48)
    assert (extension, format, mimetype) == ("PNG", "JPEG", "image/jpeg")


def test_a_finished_file_can_be_saved_by_hand() -> None:
    item = InvertImage("d/x.jpg", default_storage, True, "i")
    name = item.save_image(io.BytesIO(b"bytes"), "d/__filtered__/x__i__.jpg", "jpg", "image/jpeg")
    assert name == "d/__filtered__/x__i__.jpg"
    with default_storage.open(name) as file:
        assert file.read() == b"bytes"


def test_a_filters_own_file_is_ensured_and_forgotten_like_any_rendition(media_root: Path):
    image = Photo(image=store("photos/a.jpg")).image
    made = image.filters.invert.ensure()
    assert (media_root / made.name).exists()
    image.filters.invert.forget()
    (media_root / made.name).unlink()
    assert asyncio.run(image.filters.invert.aensure()).name == made.name
    assert (media_root / made.name).exists()
