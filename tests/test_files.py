"""The file of an image field: its switch, its renditions, and the deletion of what was made."""

import logging
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models.fields.files import ImageFieldFile
from django.template import Context, Template
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError, Bucket, WatchedStorage
from tests.stored import counted_cache_calls, counted_decodes, image_of, put, store, upload
from tests.stored import files_below as made
from tests.testapp.models import Person, Photo
from versatile.exceptions import (
    InvalidSizeKey,
    InvalidSizeKeySet,
    SourceNotFound,
    SourceUnreadable,
    StorageError,
    UnknownRenditionKeySet,
)
from versatile.files import VersatileImageFieldFile
from versatile.registry import RESERVED_SIZER_NAMES
from versatile.testing import assert_storage_calls

MD5_16 = "versatile.processors.md5_16"
KEYS = [("small", "crop__20x10"), ("full", "url"), ("negative", "filters__invert__thumbnail__16x")]


def photo(name: str = "d/x.jpg", **drawing: Any) -> VersatileImageFieldFile:
    """The file of a row that is not saved, for a photo on the storage."""
    return Photo(image=store(name, **drawing)).image


def photo_again() -> VersatileImageFieldFile:
    """The file of another row for the same photo."""
    return Photo(image="d/x.jpg").image


def test_it_is_djangos_file_and_more() -> None:
    file = photo()
    assert isinstance(file, ImageFieldFile)
    assert bool(file)
    assert file.name == "d/x.jpg"
    assert file.url == "/media/d/x.jpg"
    assert file == "d/x.jpg"
    assert hash(file) == hash(photo_again()) == hash("d/x.jpg")


def test_every_attribute_of_a_file_is_a_reserved_name() -> None:
    """A sizer of such a name could be registered, and never be reached."""
    attributes = {name for name in dir(photo()) if not name.startswith("_")}
    djangos = {"DEFAULT_CHUNK_SIZE", "readable", "seekable", "writable"}
    assert attributes - djangos - RESERVED_SIZER_NAMES == set()


def test_every_attribute_of_a_filter_is_a_reserved_name() -> None:
    invert = photo().filters.invert
    attributes = {name for name in {*dir(type(invert)), *vars(invert)} if not name.startswith("_")}
    assert attributes - RESERVED_SIZER_NAMES == set()


def test_the_folders() -> None:
    file = photo("a/b/x.jpg")
    assert file.get_filtered_root_folder() == "a/b/__filtered__/"
    assert file.get_sized_root_folder() == "__sized__/a/b/"
    assert file.get_filtered_sized_root_folder() == "__sized__/a/b/__filtered__"
    top = photo("y.jpg")
    assert top.get_filtered_root_folder() == "__filtered__/"
    assert top.get_sized_root_folder() == "__sized__/"
    assert top.get_filtered_sized_root_folder() == "__sized__/__filtered__"


@pytest.mark.parametrize("value", [1, 0, "yes", None, []])
def test_the_switch_takes_a_real_boolean(value: Any) -> None:
    file = photo()
    with pytest.raises(ValueError, match="must be a boolean"):
        file.create_on_demand = value
    assert file.create_on_demand is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VERSATILE", {"CREATE_ON_DEMAND": False}),
        ("VERSATILEIMAGEFIELD_SETTINGS", {"create_images_on_demand": False}),
    ],
)
def test_the_setting_is_the_switch_until_it_is_set(
    settings: Settings, name: str, value: dict[str, bool]
) -> None:
    file = photo()
    setattr(settings, name, value)
    assert file.create_on_demand is False
    assert not file.crop["20x10"].exists()
    assert file.crop["20x10"].url
    assert not file.crop["20x10"].exists()
    file.create_on_demand = True
    assert file.crop["20x10"].exists()


def test_a_switch_that_was_set_ignores_the_setting(settings: Settings) -> None:
    file = photo()
    file.create_on_demand = True
    settings.VERSATILE = {"CREATE_ON_DEMAND": False}
    assert file.create_on_demand is True
    assert photo_again().create_on_demand is False


Ask = Callable[[VersatileImageFieldFile], object]
ASKED: list[Ask] = [
    lambda file: file.crop["20x10"].url,
    lambda file: str(file.crop["20x10"]),
    lambda file: file.crop["20x10"].name,
    lambda file: file.crop["20x10"].path,
    lambda file: file.filters.invert.url,
    lambda file: str(file.filters.invert),
    lambda file: file.filters.invert.crop["20x10"].url,
    lambda file: file.filters.invert.filters.blur.crop["20x10"].url,
    lambda file: file.renditions(KEYS)["small"].url,
    lambda file: [str(item) for item in file.renditions(KEYS).values()],
]


@pytest.mark.parametrize("ask", ASKED)
def test_without_demand_a_url_costs_no_storage_call_and_no_cache_call(ask: Ask) -> None:
    file = photo()
    file.create_on_demand = False
    with assert_storage_calls(0), counted_cache_calls() as calls:
        assert ask(file)
    assert calls == []


@pytest.mark.parametrize("ask", ASKED[:-2])
def test_on_demand_a_known_rendition_costs_one_cache_read(ask: Ask) -> None:
    ask(photo())
    file = photo_again()
    with assert_storage_calls(0), counted_cache_calls() as calls:
        assert ask(file)
    assert calls == ["get"]


@pytest.mark.parametrize("ask", ASKED[-2:])
def test_on_demand_a_known_set_costs_one_cache_read(ask: Ask) -> None:
    ask(photo())
    file = photo_again()
    with assert_storage_calls(0), counted_cache_calls() as calls:
        assert ask(file)
    assert calls == ["get_many"]


@pytest.mark.parametrize(
    ("ask", "url"),
    [
        (ASKED[0], "/media/__sized__/d/x-crop-c0-5__0-5-20x10-70.jpg"),
        (ASKED[4], "/media/d/__filtered__/x__invert__.jpg"),
        (ASKED[6], "/media/__sized__/d/__filtered__/x__invert__-crop-c0-5__0-5-20x10-70.jpg"),
    ],
)
def test_the_key_is_the_url_and_the_value_is_one(ask: Ask, url: str) -> None:
    assert cache.get(url) is None
    assert ask(photo()) == url
    assert cache.get(url) == 1


def test_a_mark_of_the_old_library_is_believed() -> None:
    url = "/media/__sized__/d/x-crop-c0-5__0-5-20x10-70.jpg"
    cache.set(url, 1)
    with assert_storage_calls(0):
        assert Photo(image="d/x.jpg").image.crop["20x10"].url == url


def test_a_file_that_is_there_is_not_made_again() -> None:
    name = put("__sized__/d/x-crop-c0-5__0-5-20x10-70.jpg", b"made before")
    rendition = photo().crop["20x10"]
    assert rendition.name == name
    with rendition.open() as file:
        assert file.read() == b"made before"


def test_a_rendition_in_full(media_root: Path) -> None:
    rendition = photo().crop["20x10"]
    name = "__sized__/d/x-crop-c0-5__0-5-20x10-70.jpg"
    assert rendition.name == name
    assert rendition.url == str(rendition) == f"/media/{name}"
    assert rendition.path == str(media_root / name)
    assert rendition.storage is default_storage
    assert (rendition.width, rendition.height) == image_of(name).size == (20, 10)
    assert rendition.size == (media_root / name).stat().st_size
    assert rendition.exists()
    assert cache.get(f"/media/{name}") == 1
    rendition.delete()
    assert not rendition.exists()
    assert cache.get(f"/media/{name}") is None


def test_the_dimension_fields_spare_the_opening() -> None:
    person = Person(headshot=upload("p.jpg", (64, 48)))
    person.headshot.save("p.jpg", upload("p.jpg", (64, 48)), save=False)
    with assert_storage_calls(0):
        rendition = person.headshot.thumbnail.rendition("32x32")
        assert (rendition.width, rendition.height) == (32, 24)
    person.headshot_width = None
    with assert_storage_calls(1):
        rendition = person.headshot.thumbnail.rendition("32x32")
        assert (rendition.width, rendition.height) == (32, 24)


def test_a_set_is_an_ordered_mapping_made_of_one_decode(media_root: Path) -> None:
    with counted_decodes() as decodes:
        found = photo().renditions(KEYS)
    assert len(decodes) == 1
    assert list(found) == ["small", "full", "negative"]
    assert len(found) == 3
    assert found["small"].name == "__sized__/d/x-crop-c0-5__0-5-20x10-70.jpg"
    assert found["full"].url == "/media/d/x.jpg"
    assert (found["negative"].width, found["negative"].height) == (16, 12)
    assert made(media_root) == {found[name].name for name in found}


def test_a_set_can_be_named(settings: Settings) -> None:
    settings.VERSATILEIMAGEFIELD_RENDITION_KEY_SETS = {"old": KEYS[:1]}
    assert list(photo().renditions("old")) == ["small"]
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"new": KEYS}}
    assert list(photo_again().renditions("new")) == ["small", "full", "negative"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ("nope", UnknownRenditionKeySet),
        ([("a", "b", "c")], InvalidSizeKeySet),
        ([("a", "nope")], InvalidSizeKey),
        ([("a", "nope__10x10")], InvalidSizeKey),
    ],
)
def test_a_wrong_set_is_a_typed_error(wrong: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        photo().renditions(wrong)


def png_of_nothing() -> bytes:
    """A PNG that says of itself that it is 0 pixels wide."""
    content = bytearray(photo_bytes((8, 8), format="PNG"))
    content[16:20] = bytes(4)
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, SourceNotFound),
        (b"", SourceUnreadable),
        (b"no picture", SourceUnreadable),
        (photo_bytes((64, 48))[:900], SourceUnreadable),
        (png_of_nothing(), SourceUnreadable),
    ],
    ids=["missing", "empty", "text", "truncated", "0x8"],
)
def test_a_bad_original_is_a_typed_error_at_the_brackets(
    content: bytes | None, error: type[Exception], media_root: Path
) -> None:
    if content is not None:
        put("d/bad.jpg", content)
    before = made(media_root)
    file = Photo(image="d/bad.jpg").image
    for sizer in (file.crop, file.filters.invert.thumbnail):
        with pytest.raises(error, match=r"d/bad\.jpg"):
            sizer["20x10"]
    assert issubclass(error, OSError)
    assert not issubclass(error, ValueError)
    assert made(media_root) == before


@pytest.fixture
def watched(media_root: Path, monkeypatch: pytest.MonkeyPatch) -> WatchedStorage:
    """The storage of photos, which can be told to fail."""
    storage = WatchedStorage(media_root, base_url="/media/")
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", storage)
    return storage


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("method", ["exists", "open", "save"])
def test_a_storage_that_fails_is_a_typed_error_and_no_lost_page(
    method: str,
    debug: bool,
    watched: WatchedStorage,
    settings: Settings,
    media_root: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.DEBUG = debug
    store("d/x.jpg")
    watched.fail(method, BrokenError("no connection"))
    file = photo_again()
    template = Template("[{{ f.crop.20x10 }}]")
    if debug:
        with pytest.raises(StorageError, match="no connection"):
            template.render(Context({"f": file}))
    else:
        assert template.render(Context({"f": file})) == "[]"
        assert len([item for item in caplog.records if item.levelno >= logging.ERROR]) == 1
    for sizer in (file.crop, file.filters.invert.crop):
        with pytest.raises(StorageError, match="no connection") as caught:
            sizer["20x10"]
        assert isinstance(caught.value, OSError)
        assert not isinstance(caught.value, ValueError)
    assert made(media_root) == {"d/x.jpg"}
    watched.failing.clear()
    assert photo_again().crop["20x10"].exists()


@pytest.mark.parametrize("kind", ["BrokenCache", "ForgetfulCache", "GarbageCache"])
def test_a_cache_that_fails_only_costs_time(kind: str, settings: Settings) -> None:
    backend = f"tests.renditions.faults.{kind}"
    settings.CACHES = {"default": {"BACKEND": backend}}
    row = Photo()
    row.image.save("a.jpg", upload(), save=False)
    assert default_storage.exists(row.image.crop["20x10"].name)
    found = row.image.renditions(KEYS)
    assert [default_storage.exists(item.name) for item in found.values()] == [True] * 3
    row.image.delete_all_created_images()
    assert not default_storage.exists(row.image.crop.rendition("20x10").name)


def test_saving_forgets_what_was_wrong_with_an_older_file() -> None:
    file = Photo(image=put("photos/a.jpg", b"no picture")).image
    with pytest.raises(SourceUnreadable):
        file.crop["20x10"]
    default_storage.delete("photos/a.jpg")
    row = Photo()
    row.image.save("a.jpg", upload(), save=False)
    assert row.image.name == "photos/a.jpg"
    assert row.image.crop["20x10"].exists()


def test_saving_over_a_file_deletes_what_was_made_of_it() -> None:
    row = Photo()
    row.image.save("a.jpg", upload(seed=1), save=False)
    before = image_of(row.image.crop["20x10"].name).tobytes()
    default_storage.delete("photos/a.jpg")
    row.image.save("a.jpg", upload(seed=2), save=False)
    assert row.image.name == "photos/a.jpg"
    assert image_of(row.image.crop["20x10"].name).tobytes() != before


@pytest.mark.parametrize(
    "pairs", [[("a", "crop__0x9")], [("a", "filters__nope")], [("a", "nope__9x9")], [("a",)], 5]
)
def test_a_wrong_set_stops_no_upload_and_no_deletion(
    pairs: Any, settings: Settings, media_root: Path
) -> None:
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"wrong": pairs, "good": KEYS}}
    row = Photo()
    row.image.save("a.jpg", upload(), save=False)
    row.image.renditions("good")
    assert len(made(media_root)) == 3
    row.image.delete_all_created_images()
    assert made(media_root) == {"photos/a.jpg"}


def test_a_storage_without_paths_is_saved_to(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket()
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", bucket)
    row = Photo()
    for seed in (1, 2):
        bucket.delete("photos/a.jpg")
        row.image.save("a.jpg", upload(seed=seed), save=False)
        assert set(bucket.objects) == {"photos/a.jpg"}
        made_name = row.image.crop["20x10"].name
        assert set(bucket.objects) == {"photos/a.jpg", made_name}


@pytest.mark.django_db
def test_saving_saves_the_row_unless_told_not_to() -> None:
    row = Photo()
    row.image.save("a.jpg", upload(), save=False)
    assert not Photo.objects.exists()
    row.image.save("b.jpg", upload())
    assert Photo.objects.get().image.name == row.image.name == "photos/b.jpg"


def test_templates_may_not_save() -> None:
    assert VersatileImageFieldFile.save.alters_data is True  # type: ignore[attr-defined]
    assert VersatileImageFieldFile.delete.alters_data is True  # type: ignore[attr-defined]


def make_all(file: VersatileImageFieldFile) -> dict[str, set[str]]:
    """Renditions of all kinds of a file, by the method that deletes them."""
    sized = {file.crop["20x10"].name, file.thumbnail["16x"].name, file.pad["9x9"].name}
    filtered = {file.filters.invert.name, file.filters.grayscale.filters.invert.name}
    both = {file.filters.invert.crop["20x10"].name, file.filters.blur.filters.sepia.fit["8x8"].name}
    return {
        "delete_sized_images": sized,
        "delete_filtered_images": filtered,
        "delete_filtered_sized_images": both,
        "delete_all_created_images": sized | filtered | both,
    }


METHODS = [
    "delete_sized_images",
    "delete_filtered_images",
    "delete_filtered_sized_images",
    "delete_all_created_images",
]
NAMES = ["d/x.jpg", "x.png", "d/my cat.jpg", "d/noext", "a/b/c.d.JPEG"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "record lost"])
def test_each_deletion_removes_its_own_kind_and_never_a_neighbours(
    name: str, method: str, recorded: bool, media_root: Path
) -> None:
    drawing = {"format": "PNG"} if name.endswith("png") else {}
    file, similar = photo(name, **drawing), photo(f"{name}-2.jpg")
    neighbours = make_all(similar)["delete_all_created_images"]
    mine = make_all(file)
    assert made(media_root) == {
        *mine["delete_all_created_images"],
        *neighbours,
        name,
        f"{name}-2.jpg",
    }
    if not recorded:
        cache.clear()
    getattr(file, method)()
    gone = mine[method]
    assert made(media_root) == {
        *(mine["delete_all_created_images"] - gone),
        *neighbours,
        name,
        f"{name}-2.jpg",
    }


@pytest.mark.parametrize("name", NAMES)
def test_hashed_names_are_deleted_by_their_record(
    name: str, settings: Settings, media_root: Path
) -> None:
    settings.VERSATILE = {"KEY_POST_PROCESSOR": MD5_16}
    file = photo(name, **({"format": "PNG"} if name.endswith("png") else {}))
    file.ppoi = (0.1, 0.2)
    make_all(file)
    other = photo("d/other.jpg").crop["20x10"].name
    file.delete_all_created_images()
    assert made(media_root) == {name, "d/other.jpg", other}


def test_without_a_record_hashed_names_are_found_by_their_shape(
    settings: Settings, media_root: Path
) -> None:
    settings.VERSATILE = {"KEY_POST_PROCESSOR": MD5_16, "RENDITION_KEY_SETS": {"a": KEYS}}
    file = photo()
    names = {item.name for item in file.renditions("a").values()}
    undeclared = file.fit["7x7"].name
    assert made(media_root) == {"d/x.jpg", undeclared, *names}
    neighbour = photo(f"d/x-{'0' * 16}.jpg")
    kept = {neighbour.name, neighbour.fit["7x7"].name, neighbour.filters.invert.name}
    cache.clear()
    file.delete_all_created_images()
    assert made(media_root) == {"d/x.jpg", *kept}


def shortened(key: str) -> str:
    """A post-processor whose keys cannot be told from names."""
    return key.replace("crop-c0-5__0-5", "c")


def test_without_a_record_keys_of_no_shape_are_found_by_the_key_sets(
    settings: Settings, media_root: Path
) -> None:
    settings.VERSATILE = {
        "KEY_POST_PROCESSOR": f"{__name__}.shortened",
        "RENDITION_KEY_SETS": {"a": KEYS},
    }
    file = photo()
    names = {item.name for item in file.renditions("a").values()}
    undeclared = file.crop["7x7"].name
    assert undeclared == "__sized__/d/x-c-7x7-70.jpg"
    cache.clear()
    file.delete_all_created_images()
    assert names
    assert made(media_root) == {"d/x.jpg", undeclared}


def test_deleting_is_logged_and_never_printed(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    file = photo()
    names = {file.crop["20x10"].name, file.filters.invert.name}
    with caplog.at_level(logging.INFO, logger="versatile"):
        file.delete_all_created_images()
    messages = [item.getMessage() for item in caplog.records if "Deleted" in item.getMessage()]
    assert sorted(messages) == sorted(f"Deleted {name} (of d/x.jpg)" for name in names)
    assert capsys.readouterr() == ("", "")


def test_what_was_deleted_is_made_again() -> None:
    file = photo()
    file.renditions(KEYS)
    file.delete_all_created_images()
    for item in (file.crop["20x10"], photo_again().renditions(KEYS)["negative"]):
        assert default_storage.exists(item.name)


def test_what_a_page_has_looked_up_is_forgotten_too() -> None:
    file = photo()
    file.crop["20x10"].url  # noqa: B018
    file.known = {file.crop.rendition("20x10").existence_key: True}
    file.delete_sized_images()
    assert default_storage.exists(file.crop["20x10"].name)


def test_there_may_be_nothing_to_delete(media_root: Path) -> None:
    photo().delete_all_created_images()
    Photo(image="d/nowhere.jpg").image.delete_all_created_images()
    Photo().image.delete_all_created_images()
    assert made(media_root) == {"d/x.jpg"}


@pytest.mark.django_db
def test_deleting_the_original_leaves_the_row_empty() -> None:
    row = Photo.objects.create(image=upload())
    row.image.delete()
    assert not Photo.objects.get().image
    assert not default_storage.exists("photos/a.jpg")


def test_another_storage_keeps_everything_of_its_files(tmp_path: Path, media_root: Path) -> None:
    elsewhere = FileSystemStorage(tmp_path / "elsewhere", base_url="/elsewhere/")
    store("d/x.jpg", storage=elsewhere)
    file = Photo(image="d/x.jpg").image
    file.storage = elsewhere
    names = {file.crop["20x10"].name, file.filters.invert.crop["20x10"].name}
    assert file.crop["20x10"].url.startswith("/elsewhere/")
    assert made(tmp_path / "elsewhere") == {"d/x.jpg", *names}
    file.delete_all_created_images()
    assert made(tmp_path / "elsewhere") == {"d/x.jpg"}
    assert made(media_root) == set()
