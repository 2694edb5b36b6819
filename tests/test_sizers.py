"""Sizers: their keys, and how they are written, in the new way and in the old one."""

import io
import logging
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw
from pytest_django import Settings

from tests.registering import registered
from tests.stored import counted_decodes, image_of, store
from tests.testapp.models import Photo
from versatile.exceptions import MalformedSizedImageKey, RenditionError, VersatileError
from versatile.files import VersatileImageFieldFile
from versatile.processors import ResizeToFit
from versatile.sizers import SizedImage, build_sizer, filename_key_patterns
from versatile.validators import CENTRE
from versatile.versatileimagefield import CroppedImage, FittedImage, PaddedImage, ThumbnailImage

BOTH_SIDES = ["crop", "pad", "cover"]
ONE_SIDE = ["thumbnail", "fit"]


def photo(name: str = "d/x.jpg", **drawing: Any) -> VersatileImageFieldFile:
    return Photo(image=store(name, **drawing)).image


def unstored() -> VersatileImageFieldFile:
    """A file that is nowhere: whoever asks for a bad key must not get as far as it."""
    return Photo(image="d/nowhere.jpg").image


BAD_KEYS = [
    "",
    "x",
    "10",
    "10x10x10",
    "10.5x10",
    "10X10",
    "axb",
    "10x10a",
    " 10x10",
    "10 x 10",
    "10x10\n",
    "1_0x10",
    "-5x10",
    "+5x10",
    "0x10",
    "10x0",
    "00x10",
    "\u0663x\u0663",  # digits to Python, and no ASCII
    "10\u00d710",
    "8001x1",
    "1x8001",
    "5001x5000",
    "9" * 5000 + "x10",
    400,
    None,
    b"10x10",
    ["10x10"],
    (10, 10),
]


@pytest.mark.parametrize("name", BOTH_SIDES + ONE_SIDE)
@pytest.mark.parametrize("key", BAD_KEYS, ids=lambda key: repr(key)[:20])
def test_what_is_no_size_is_a_typed_error(name: str, key: Any) -> None:
    for file in (unstored(), unstored().filters.invert):
        with pytest.raises(MalformedSizedImageKey, match="`width`x`height`") as caught:
            getattr(file, name)[key]
        assert f"{key!r} is no size for " in str(caught.value)
        assert type(getattr(file, name)).__name__ in str(caught.value)


@pytest.mark.parametrize("key", ["10x", "x10"])
def test_one_side_is_a_size_where_the_ratio_is_kept(key: str) -> None:
    for name in ONE_SIDE:
        assert getattr(photo(f"d/{name}.jpg"), name)[key].exists()
    for name in BOTH_SIDES:
        with pytest.raises(MalformedSizedImageKey, match="needs both sides"):
            getattr(unstored(), name)[key]


def test_it_is_ours_a_lookup_error_and_no_value_error() -> None:
    assert issubclass(MalformedSizedImageKey, VersatileError)
    assert issubclass(MalformedSizedImageKey, LookupError)
    assert not issubclass(MalformedSizedImageKey, ValueError | KeyError)


@pytest.mark.parametrize("key", ["1x1", "8000x1", "1x8000", "5000x5000", "8000x3125"])
def test_sides_up_to_the_limits(key: str) -> None:
    width, _, height = key.partition("x")
    assert CroppedImage.parse(key) == (int(width), int(height))


def test_the_limits_are_settings(settings: Settings) -> None:
    settings.VERSATILE = {"MAX_SIDE": 100, "MAX_AREA": 2000}
    assert CroppedImage.parse("20x100") == (20, 100)
    assert ThumbnailImage.parse("100x") == (100, None)
    for key in ("101x10", "21x100", "x101"):
        with pytest.raises(MalformedSizedImageKey):
            ThumbnailImage.parse(key)
    settings.VERSATILE = {"MAX_SIDE": 10_000, "MAX_AREA": 100_000_000}
    assert CroppedImage.parse("10000x10000") == (10_000, 10_000)


@pytest.mark.parametrize(
    ("sizer", "key", "name"),
    [
        ("crop", "20x10", "__sized__/d/x-crop-c0-5__0-5-20x10-70.jpg"),
        ("thumbnail", "20x10", "__sized__/d/x-thumbnail-20x10-70.jpg"),
        ("thumbnail", "20x", "__sized__/d/x-thumbnail-20x-70.jpg"),
        ("thumbnail", "x10", "__sized__/d/x-thumbnail-x10-70.jpg"),
        ("fit", "x10", "__sized__/d/x-fit-x10-70.jpg"),
        ("pad", "20x10", "__sized__/d/x-pad-20x10-70.jpg"),
        ("cover", "20x10", "__sized__/d/x-cover-20x10-70.jpg"),
    ],
)
def test_names_and_addresses(sizer: str, key: str, name: str) -> None:
    rendition = getattr(unstored_x(), sizer).rendition(key)
    assert (rendition.name, rendition.key) == (name, f"{sizer}__{key}")
    filtered = getattr(unstored_x().filters.invert, sizer).rendition(key)
    folder, _, rest = name.partition("d/x-")
    assert filtered.name == f"{folder}d/__filtered__/x__invert__-{rest}"
    assert filtered.key == f"filters__invert__{sizer}__{key}"


def unstored_x() -> VersatileImageFieldFile:
    return Photo(image="d/x.jpg").image


def test_a_sizer_is_an_empty_dictionary_that_takes_no_items() -> None:
    sizer = photo().crop
    assert isinstance(sizer, dict)
    assert sizer["20x10"].exists()
    assert len(sizer) == 0
    with pytest.raises(NotImplementedError, match="CroppedImage"):
        sizer["20x10"] = sizer["20x10"]


def test_a_sizer_can_be_made_by_hand() -> None:
    sizer = CroppedImage(store("d/x.jpg"), default_storage, True, (0.25, 1))
    assert sizer.ppoi_as_str() == "0-25__1"
    assert sizer["20x10"].name == "__sized__/d/x-crop-c0-25__1-20x10-70.jpg"
    assert sizer["20x10"].exists()
    assert CroppedImage("d/x.jpg", default_storage, False).ppoi == CENTRE


@pytest.mark.parametrize("points", [[(1, 0), (1.0, 0.0)], [(1.0, 0.0), (1, 0)]])
def test_equal_points_of_other_types_are_named_apart(points: list[tuple[float, float]]) -> None:
    for point in points:
        file = unstored_x()
        file.ppoi = point
        name = "c1__0" if isinstance(point[0], int) else "c1-0__0-0"
        assert file.crop.rendition("20x10").name == f"__sized__/d/x-crop-{name}-20x10-70.jpg"


def test_equal_sizers_are_equal() -> None:
    one, two = unstored_x(), unstored_x()
    assert one.crop == two.crop
    assert hash(one.crop) == hash(two.crop)
    assert one.crop != one.thumbnail
    assert one.crop != one.filters.invert.crop
    assert one.crop != unstored().crop
    two.ppoi = (0, 0)
    assert one.crop != two.crop
    assert one.crop != {}


class Nameless(SizedImage):
    pass


class Named(SizedImage):
    def get_filename_key(self) -> str:
        return f"named-{self.ppoi_as_str()}"


def test_a_sizer_needs_a_filename_key() -> None:
    with pytest.raises(NotImplementedError, match="Nameless needs a filename_key"):
        Nameless("d/x.jpg", default_storage, True)
    assert Named("d/x.jpg", default_storage, True).get_filename_key() == "named-0-5__0-5"


class Nothing(SizedImage):
    filename_key = "nothing"


def test_a_sizer_needs_something_to_do() -> None:
    image = Image.new("RGB", (10, 10))
    nothing = Nothing("d/x.jpg", default_storage, True)
    with pytest.raises(NotImplementedError, match="Nothing needs get_processors"):
        nothing.process_image(image, "JPEG", {}, 5, 5)
    with registered(sizers={"nothing": Nothing}):
        found = photo().renditions([("bad", "nothing__5x5"), ("good", "crop__5x5")])
        with pytest.raises(RenditionError, match="Nothing needs get_processors"):
            found["bad"]
        assert found["good"].exists()


def test_a_name_that_is_no_sizer_cannot_be_built() -> None:
    with pytest.raises(KeyError):
        build_sizer("nope", unstored_x().upstream, create_on_demand=True)


class Flip:
    """A processor of a site: any object with this method."""

    def process(self, image: Image.Image) -> Image.Image:
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


class Mirror(SizedImage):
    """The new way: processors."""

    filename_key = "mirror"

    def get_processors(self, width: int, height: int) -> Sequence[Any]:
        return [Flip(), ResizeToFit(width, height)]


def test_a_sizer_in_the_new_way() -> None:
    with registered(sizers={"mirror": Mirror}):
        file = photo("d/x.png", format="PNG")
        rendition = file.mirror["64x64"]
        assert rendition.name == "__sized__/d/x-mirror-64x64.png"
        flipped = image_of("d/x.png").transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        assert image_of(rendition.name).tobytes() == flipped.tobytes()
        assert (rendition.width, rendition.height) == (64, 48)


class Squash(SizedImage):
    """The old way: a whole file, and here with every argument noted."""

    filename_key = "squash"
    seen: list[dict[str, Any]] = []

    def process_image(
        self, image: Image.Image, image_format: str, save_kwargs: Any, width: int, height: int
    ) -> io.BytesIO:
        self.seen.append({"mode": image.mode, "size": image.size, "format": image_format})
        self.seen[-1] |= {"save_kwargs": dict(save_kwargs), "ppoi": self.ppoi}
        data = io.BytesIO()
        image.resize((width, height)).save(data, **save_kwargs)
        return data


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    Squash.seen.clear()


def test_a_sizer_in_the_old_way_is_given_the_picture_and_how_to_save_it() -> None:
    with registered(sizers={"squash": Squash}):
        file = photo("d/x.jpg", size=(64, 48), orientation=6)
        file.ppoi = (0.1, 0.2)
        rendition = file.squash["20x10"]
        assert rendition.name == "__sized__/d/x-squash-20x10-70.jpg"
        assert Squash.seen == [
            {
                "mode": "RGB",
                "size": (64, 48),
                "format": "JPEG",
                "save_kwargs": {"format": "JPEG", "quality": 70, "progressive": False},
                "ppoi": (0.1, 0.2),
            }
        ]
        made = image_of(rendition.name)
        assert (made.format, made.size) == ("JPEG", (20, 10))
        assert (rendition.width, rendition.height) == (20, 10)


@pytest.mark.parametrize(
    ("name", "drawing", "mode", "save_kwargs"),
    [
        ("d/x.png", {"mode": "RGBA", "format": "PNG"}, "RGBA", {"format": "PNG"}),
        (
            "d/x.webp",
            {"mode": "RGBA", "format": "WEBP"},
            "RGBA",
            {"format": "WEBP", "quality": 40, "lossless": True},
        ),
        (
            "d/lie.jpg",
            {"mode": "RGBA", "format": "PNG"},
            "RGB",
            {"format": "JPEG", "quality": 90, "progressive": True},
        ),
        ("d/x.jpeg", {"mode": "L"}, "L", {"format": "JPEG", "quality": 90, "progressive": True}),
    ],
)
def test_what_the_old_way_is_given_of_each_format(
    name: str, drawing: Any, mode: str, save_kwargs: Any, settings: Settings
) -> None:
    settings.VERSATILE = {
        "JPEG_QUALITY": 90,
        "JPEG_PROGRESSIVE": True,
        "WEBP_QUALITY": 40,
        "WEBP_LOSSLESS": True,
    }
    with registered(sizers={"squash": Squash}):
        rendition = photo(name, **drawing).squash["20x10"]
        assert Squash.seen[0]["mode"] == mode
        assert Squash.seen[0]["save_kwargs"] == save_kwargs
        assert image_of(rendition.name).format == save_kwargs["format"]


class Careful(Squash):
    """The old way with a hook for each of two formats."""

    filename_key = "careful"

    def preprocess_PNG(  # noqa: N802
        self, image: Image.Image, **kwargs: Any
    ) -> tuple[Image.Image, dict[str, Any]]:
        return image.convert("L"), {"compress_level": 1}

    def preprocess_JPEG(  # noqa: N802
        self, image: Image.Image, **kwargs: Any
    ) -> tuple[Image.Image, dict[str, Any]]:
        image, options = super().preprocess_JPEG(image, **kwargs)
        return image, {**options, "subsampling": 0}


def test_the_old_way_has_a_hook_for_each_format() -> None:
    with registered(sizers={"careful": Careful}):
        assert image_of(photo("d/x.png", format="PNG").careful["20x10"].name).mode == "L"
        photo("d/x.jpg").careful["20x10"].url  # noqa: B018
        assert [item["save_kwargs"] for item in Squash.seen] == [
            {"format": "PNG", "compress_level": 1},
            {"format": "JPEG", "quality": 70, "progressive": False, "subsampling": 0},
        ]


def test_gifs_keep_their_transparent_colour_in_the_old_way() -> None:
    image = Image.new("P", (8, 8))
    image.info["transparency"] = 3
    sizer = Squash("d/x.gif", default_storage, True)
    assert sizer.preprocess(image, "GIF") == (image, {"format": "GIF", "transparency": 3})
    plain = Image.new("P", (8, 8))
    assert sizer.preprocess(plain, "GIF") == (plain, {"format": "GIF"})
    assert sizer.preprocess(plain, "TIFF") == (plain, {"format": "TIFF"})


class Fixed(SizedImage):
    """The old way, whose file is whatever it says."""

    filename_key = "fixed"
    result: Any = io.BytesIO(b"these very bytes")

    def process_image(self, *arguments: Any) -> Any:
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def test_the_file_of_the_old_way_is_saved_as_it_is() -> None:
    with registered(sizers={"fixed": Fixed}), photo().fixed["20x10"].open() as file:
        assert file.read() == b"these very bytes"


@pytest.mark.parametrize("result", [ZeroDivisionError("its mistake"), None, b"no file"])
def test_what_the_old_way_does_wrong_is_a_typed_error_and_stops_no_other(
    result: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fixed, "result", result)
    with registered(sizers={"fixed": Fixed}):
        found = photo().renditions([("bad", "fixed__20x10"), ("good", "crop__20x10")])
        with pytest.raises(RenditionError, match=r"__sized__/d/x-fixed-20x10-70\.jpg") as caught:
            found["bad"]
        assert "Fixed.process_image" in str(caught.value)
        assert found["good"].exists()
        assert not default_storage.exists("__sized__/d/x-fixed-20x10-70.jpg")


class Scribble(Squash):
    """The old way, by somebody who draws on what he was given."""

    filename_key = "scribble"

    def process_image(
        self, image: Image.Image, image_format: str, save_kwargs: Any, width: int, height: int
    ) -> io.BytesIO:
        ImageDraw.Draw(image).rectangle((0, 0, *image.size), fill="red")
        image.thumbnail((width, height))
        return super().process_image(image, image_format, save_kwargs, width, height)


OTHERS = {"wide": "crop__60x40", "small": "thumbnail__20x20", "negative": "filters__invert"}


@pytest.mark.parametrize("drawing", [{}, {"mode": "RGBA", "format": "PNG"}])
def test_the_old_way_spoils_nothing_of_others(drawing: Any) -> None:
    end = "png" if drawing else "jpg"
    with registered(sizers={"scribble": Scribble, "squash": Squash}):
        file, same = photo(f"a/x.{end}", **drawing), photo(f"b/x.{end}", **drawing)
        careless = {"red": "scribble__64x48", **OTHERS, "again": "scribble__9x9"}
        careful = {"red": "squash__64x48", **OTHERS, "again": "squash__9x9"}
        spoiled, clean = file.renditions(careless.items()), same.renditions(careful.items())
        for name in OTHERS:
            pixels = image_of(spoiled[name].name).tobytes()
            assert pixels == image_of(clean[name].name).tobytes(), name
        for name in ("red", "again"):
            extremes: Any = image_of(spoiled[name].name).convert("RGB").getextrema()
            assert extremes[0][0] > 250
            assert extremes[1][1] < 5


def test_the_old_way_shares_the_decode_of_a_set() -> None:
    with registered(sizers={"squash": Squash}), counted_decodes() as decodes:
        photo().renditions([("a", "squash__20x10"), ("b", "crop__20x10")])
    assert len(decodes) == 1


class Regexed(Named):
    filename_key_regex = r"named-[0-9-]+__[0-9-]+"


class Methodical(Named):
    @classmethod
    def get_filename_key_regex(cls) -> str:
        return r"named-[0-9-]+__[0-9-]+"


class Odd(Named):
    """A key that would mean something to a regular expression."""

    filename_key = "c++(1.0)"

    def get_filename_key(self) -> str:
        return self.filename_key


@pytest.mark.parametrize("cls", [Regexed, Methodical, Odd])
def test_files_of_a_sizer_are_deleted_without_a_record(cls: Any, caplog: Any) -> None:
    cls = type(cls.__name__, (cls,), {"get_processors": lambda self, *size: [ResizeToFit(*size)]})
    with registered(sizers={"named": cls}), caplog.at_level(logging.INFO, "versatile"):
        file = photo()
        for point in ((0.1, 0.2), (0, 1)):
            file.ppoi = point
            file.named["20x10"].url  # noqa: B018
        cache.clear()
        file.delete_sized_images()
        assert default_storage.listdir("__sized__/d") == ([], [])


def test_a_sizer_that_does_not_tell_its_keys_hides_none_of_the_others() -> None:
    with registered(sizers={"named": Named}):
        assert Named.get_filename_key_regex() == ""
        assert set(filename_key_patterns().values()) - {""} == {
            CroppedImage.filename_key_regex,
            "thumbnail",
            "fit",
            "pad",
            "cover",
        }
    assert PaddedImage.get_filename_key_regex() == "pad"
    assert FittedImage.get_filename_key_regex() == "fit"
