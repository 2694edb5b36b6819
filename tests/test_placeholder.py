"""Placeholders: what stands in for an empty field, copied once and only when it is needed."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, default_storage
from django.template import Context, Template
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError, WatchedStorage
from tests.stored import counted_cache_calls, image_of, put, store, upload
from tests.stored import files_below as made
from tests.testapp.models import Person, Photo, Spot
from versatile.exceptions import (
    EmptyField,
    MalformedSizedImageKey,
    SourceNotFound,
    StorageError,
    VersatileError,
)
from versatile.files import VersatileImageFieldFile
from versatile.placeholder import (
    DrawnImage,
    OnDiscPlaceholderImage,
    OnStoragePlaceholderImage,
    PlaceholderImage,
    PlaceholderSource,
)
from versatile.testing import assert_storage_calls

NONE = photo_bytes((60, 40), format="PNG")
KEYS = [("full", "url"), ("small", "crop__20x10"), ("negative", "filters__invert")]


@pytest.fixture
def disc(tmp_path: Path) -> OnDiscPlaceholderImage:
    path = tmp_path / "any" / "where" / "none.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(NONE)
    return OnDiscPlaceholderImage(str(path))


@pytest.fixture
def elsewhere(tmp_path: Path) -> FileSystemStorage:
    return FileSystemStorage(tmp_path / "elsewhere", base_url="/elsewhere/")


@pytest.fixture
def stored(elsewhere: FileSystemStorage) -> OnStoragePlaceholderImage:
    return OnStoragePlaceholderImage(put("ph/stor.png", NONE, storage=elsewhere), elsewhere)


@pytest.fixture(params=["disc", "stored"])
def image(request: pytest.FixtureRequest) -> PlaceholderImage:
    found: PlaceholderImage = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def empty(image: PlaceholderImage, monkeypatch: pytest.MonkeyPatch) -> VersatileImageFieldFile:
    """The file of an empty field with a placeholder of each kind."""
    return with_placeholder(image, monkeypatch)


def with_placeholder(
    image: PlaceholderImage, monkeypatch: pytest.MonkeyPatch
) -> VersatileImageFieldFile:
    monkeypatch.setattr(Photo._meta.get_field("image"), "placeholder_image", image)
    return Photo().image


def name_of(image: PlaceholderImage) -> str:
    on_disc = isinstance(image, OnDiscPlaceholderImage)
    return "__placeholder__/none.png" if on_disc else "__placeholder__/ph/stor.png"


def test_the_names_of_the_copies(disc: PlaceholderImage, stored: PlaceholderImage) -> None:
    assert disc.name == "__placeholder__/none.png"
    assert stored.name == "__placeholder__/ph/stor.png"


def test_the_folder_is_a_setting(
    disc: PlaceholderImage, stored: PlaceholderImage, settings: Settings
) -> None:
    settings.VERSATILEIMAGEFIELD_SETTINGS = {"placeholder_directory_name": "none"}
    assert disc.name == "none/none.png"
    settings.VERSATILE = {"PLACEHOLDER_DIRNAME": "nobody"}
    assert stored.name == "nobody/ph/stor.png"


def test_names_of_renditions(
    disc: PlaceholderImage, stored: PlaceholderImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = with_placeholder(disc, monkeypatch)
    assert file.thumbnail["10x10"].name == "__sized__/__placeholder__/none-thumbnail-10x10.png"
    assert file.filters.invert.name == "__placeholder__/__filtered__/none__invert__.png"
    assert (
        file.filters.invert.crop["9x9"].name
        == "__sized__/__placeholder__/__filtered__/none__invert__-crop-c0-5__0-5-9x9.png"
    )
    file = with_placeholder(stored, monkeypatch)
    crop = "__sized__/__placeholder__/ph/stor-crop-c0-5__0-5-10x10.png"
    assert file.crop["10x10"].name == crop
    assert image_of(crop).size == (10, 10)


def test_the_field_knows_the_name(empty: VersatileImageFieldFile, image: PlaceholderImage) -> None:
    assert empty.field.placeholder_image_name == name_of(image)  # type: ignore[attr-defined]
    field: Any = Person._meta.get_field("headshot")
    assert field.placeholder_image_name is None


def test_on_an_event_loop_nothing_is_copied(
    empty: VersatileImageFieldFile, image: PlaceholderImage
) -> None:
    async def view() -> str:
        return empty.url

    assert unquote(asyncio.run(view())) == f"/media/{name_of(image)}"
    assert not default_storage.exists(name_of(image))
    assert empty.url
    assert default_storage.exists(name_of(image))


@pytest.mark.parametrize("model", [Photo, Person], ids=["null", "text"])
def test_the_empty_file_stays_empty(
    model: Any, image: PlaceholderImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = model._meta.get_field("image" if model is Photo else "headshot")
    monkeypatch.setattr(field, "placeholder_image", image)
    file = getattr(model(), field.name)
    for _ in range(2):
        assert not file
        assert file.name == (None if model is Photo else "")
        assert file.url == f"/media/{name_of(image)}"


def test_nothing_is_copied_until_it_is_needed(
    empty: VersatileImageFieldFile, media_root: Path
) -> None:
    assert empty.ppoi == (0.5, 0.5)
    empty.crop  # noqa: B018
    empty.filters.invert.crop  # noqa: B018
    empty.crop.rendition("10x10")
    assert made(media_root) == set()


ASKED = [
    lambda file: file.url,
    lambda file: file.crop["10x10"],
    lambda file: file.filters.invert.url,
    lambda file: file.filters.invert.crop["10x10"],
    lambda file: file.renditions(KEYS)["full"].url,
]


@pytest.mark.parametrize("ask", ASKED)
def test_whoever_needs_it_has_it_copied(
    ask: Any, empty: VersatileImageFieldFile, image: PlaceholderImage, media_root: Path
) -> None:
    assert ask(empty)
    assert name_of(image) in made(media_root)
    assert (media_root / name_of(image)).read_bytes() == NONE


@pytest.mark.parametrize("ask", ASKED)
def test_it_is_copied_once(
    ask: Any, empty: VersatileImageFieldFile, image: PlaceholderImage
) -> None:
    ask(empty)
    with assert_storage_calls(0):
        for other in (empty, Photo().image, Photo(image=None).image):
            assert ask(other)


def test_existence_is_asked_once_for_a_url(empty: VersatileImageFieldFile) -> None:
    with assert_storage_calls(0), counted_cache_calls() as calls:
        empty.create_on_demand = False
        assert empty.url
        assert empty.crop["10x10"].url
    assert calls == []
    empty.create_on_demand = True
    assert empty.url
    with assert_storage_calls(0), counted_cache_calls() as calls:
        assert empty.url
    assert calls == ["get"]


def test_a_file_of_that_name_is_left_alone(
    empty: VersatileImageFieldFile, image: PlaceholderImage
) -> None:
    name = put(name_of(image), photo_bytes((30, 30), format="PNG"))
    assert empty.url == f"/media/{name}"
    assert image_of(empty.thumbnail["90x90"].name).size == (30, 30)
    with default_storage.open(name) as file:
        assert file.read() != NONE


def test_a_forgotten_copy_is_found_again(
    empty: VersatileImageFieldFile, image: PlaceholderImage
) -> None:
    assert empty.url
    cache.clear()
    with assert_storage_calls(1) as calls:
        assert empty.url
    assert calls == [f"exists {name_of(image)}"]


def test_a_placeholder_has_the_size_of_its_picture(empty: VersatileImageFieldFile) -> None:
    assert (empty.thumbnail["30x30"].width, empty.thumbnail["30x30"].height) == (30, 20)
    assert (empty.filters.invert.width, empty.filters.invert.height) == (60, 40)


def test_a_placeholder_is_cropped_around_the_point_of_the_field(
    disc: PlaceholderImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Spot._meta.get_field("picture"), "placeholder_image", disc)
    spot = Spot(ppoi=(0, 0))
    name = spot.picture.crop["40x40"].name
    assert name == "__sized__/__placeholder__/none-crop-c0__0-40x40.png"
    box = (0, 0, 40, 40)
    assert image_of(name).tobytes() == image_of("__placeholder__/none.png").crop(box).tobytes()


def test_a_file_needs_no_placeholder(
    disc: PlaceholderImage, monkeypatch: pytest.MonkeyPatch, media_root: Path
) -> None:
    with_placeholder(disc, monkeypatch)
    file = Photo(image=store("photos/a.jpg")).image
    assert file.placeholder is None
    assert file.url == "/media/photos/a.jpg"
    assert file.crop["10x10"].name.startswith("__sized__/photos/a-crop")
    assert not (media_root / "__placeholder__").exists()


@pytest.mark.django_db
def test_rows_are_saved_and_loaded_without_the_placeholder(
    empty: VersatileImageFieldFile, media_root: Path
) -> None:
    Photo.objects.create()
    loaded = Photo.objects.get()
    assert not loaded.image
    loaded.save()
    assert made(media_root) == set()
    loaded.image = upload("b.jpg")
    loaded.save()
    assert made(media_root) == {"photos/b.jpg"}


def test_deleting_leaves_what_all_empty_fields_share(
    empty: VersatileImageFieldFile, media_root: Path
) -> None:
    empty.renditions(KEYS)
    before = made(media_root)
    assert len(before) == 3
    empty.delete_all_created_images()
    assert made(media_root) == before


def test_a_set_of_a_placeholder(empty: VersatileImageFieldFile, image: PlaceholderImage) -> None:
    found = empty.renditions(KEYS)
    assert list(found) == ["full", "small", "negative"]
    assert found["full"].name == name_of(image)
    assert (found["full"].width, found["full"].height) == (60, 40)
    assert found["small"].exists()


@pytest.mark.parametrize("kind", ["disc", "storage", "folder"])
def test_a_missing_placeholder_is_a_typed_error(
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    media_root: Path,
    elsewhere: FileSystemStorage,
) -> None:
    missing: dict[str, PlaceholderImage] = {
        "disc": OnDiscPlaceholderImage("/nowhere/none.png"),
        "storage": OnStoragePlaceholderImage("nowhere/none.png", elsewhere),
        "folder": OnDiscPlaceholderImage(tmp_path),
    }
    file = with_placeholder(missing[kind], monkeypatch)
    for ask in (
        lambda: file.url,
        lambda: file.crop["10x10"],
        lambda: file.filters.invert.url,
        lambda: file.thumbnail.rendition("9x9").width,
    ):
        with pytest.raises(SourceNotFound) as caught:
            ask()
        assert isinstance(caught.value, VersatileError | FileNotFoundError)
    with pytest.raises(SourceNotFound, match=str(tmp_path) if kind == "folder" else "nowhere"):
        missing[kind].read()
    assert made(media_root) == set()
    rendered = Template("[{{ f.crop.10x10 }}{{ f.url }}]").render(Context({"f": file}))
    assert rendered == "[]"


def test_the_default_storage_is_the_default() -> None:
    put("ph/none.png", NONE)
    image = OnStoragePlaceholderImage("ph/none.png")
    assert image.storage is default_storage
    assert image.read() == NONE


def test_the_source_of_a_copy_opens_it() -> None:
    source = PlaceholderSource(default_storage, put("copy.png", NONE))
    with source.open() as file:
        assert file.read() == NONE


def test_a_path_object_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "none.png").write_bytes(NONE)
    image = OnDiscPlaceholderImage(tmp_path / "none.png")
    assert image.path == str(tmp_path / "none.png")
    assert image.read() == NONE


@pytest.mark.service
def test_nothing_is_read_when_a_model_is_made(tmp_path: Path) -> None:
    """Neither the picture nor a setting nor a storage, for migrations must load models."""
    code = """
from versatile.placeholder import OnDiscPlaceholderImage, OnStoragePlaceholderImage
OnDiscPlaceholderImage("/nowhere/none.png"), OnStoragePlaceholderImage("nowhere/none.png")
from django.conf import settings
print(settings.configured)
"""
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


def svg_of(url: str) -> ET.Element:
    kind, _, data = url.partition(",")
    assert kind == "data:image/svg+xml"
    return ET.fromstring(unquote(data))


@pytest.fixture(params=["VERSATILEIMAGEFIELD_USE_PLACEHOLDIT", "VERSATILE"])
def drawing(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Pictures are drawn, by the old setting or by the new one."""
    value = True if request.param != "VERSATILE" else {"DRAW_PLACEHOLDERS": True}
    setattr(settings, request.param, value)


@pytest.mark.usefixtures("drawing")
@pytest.mark.parametrize(
    ("ask", "size"),
    [
        (lambda file: file.crop["30x20"], ("30", "20")),
        (lambda file: file.thumbnail["30x"], ("30", "30")),
        (lambda file: file.thumbnail["x20"], ("20", "20")),
        (lambda file: file.filters.invert.crop["30x20"], ("30", "20")),
        (lambda file: file.filters.invert.filters.sepia.pad["1x8000"], ("1", "8000")),
        (lambda file: file.renditions(KEYS[1:])["small"], ("20", "10")),
    ],
)
def test_drawn_pictures_are_data_uris_of_the_size(
    ask: Any, size: tuple[str, str], media_root: Path
) -> None:
    with assert_storage_calls(0), counted_cache_calls() as calls:
        drawn = ask(Photo().image)
        assert drawn.url == drawn.name == str(drawn)
    svg = svg_of(drawn.url)
    assert (svg.get("width"), svg.get("height")) == size
    assert (drawn.width, drawn.height) == drawn.dimensions == tuple(map(int, size))
    assert "".join(svg.itertext()) == "×".join(size)
    assert "//" not in unquote(drawn.url).replace("http://www.w3.org/2000/svg", "")
    assert (calls, made(media_root)) == ([], set())


@pytest.mark.usefixtures("drawing")
def test_drawn_pictures_are_only_for_sizes_of_empty_fields() -> None:
    file = Photo().image
    with pytest.raises(ValueError, match="no file associated"):
        file.url  # noqa: B018
    with pytest.raises(MalformedSizedImageKey):
        file.crop["30x"]
    full = Photo(image=store("photos/a.jpg")).image
    assert full.crop["10x10"].url.startswith("/media/")


@pytest.mark.usefixtures("drawing")
def test_a_placeholder_is_better_than_a_drawn_picture(empty: VersatileImageFieldFile) -> None:
    assert empty.crop["10x10"].url.startswith("/media/__sized__/__placeholder__/")


@pytest.mark.usefixtures("drawing")
def test_templates_draw() -> None:
    rendered = Template("{{ f.crop.30x20 }}").render(Context({"f": Photo().image}))
    assert rendered == DrawnImage(30, 20).url


def test_the_setting_is_read_at_each_access(settings: Settings) -> None:
    file = Photo().image
    with pytest.raises(EmptyField):
        file.crop["30x20"]
    settings.VERSATILEIMAGEFIELD_USE_PLACEHOLDIT = True
    assert file.crop["30x20"].url == DrawnImage(30, 20).url
    settings.VERSATILEIMAGEFIELD_USE_PLACEHOLDIT = False
    with pytest.raises(EmptyField):
        file.crop["30x20"]


@pytest.mark.parametrize("debug", [True, False])
def test_an_empty_field_without_a_placeholder_renders_as_nothing(
    debug: bool, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DEBUG = debug
    source = "[{{ f.crop.30x20 }}{{ f.crop.30x20.url }}{{ f.filters.invert.thumbnail.9x9 }}]"
    rendered = Template(source).render(Context({"f": Photo().image}))
    assert rendered == "[]"
    assert caplog.records == []


def test_a_storage_that_cannot_look_for_the_copy_is_a_typed_error(
    image: PlaceholderImage, tmp_path: Path
) -> None:
    storage = WatchedStorage(tmp_path / "down", base_url="/down/")
    storage.fail("exists", BrokenError("nobody answers"))
    with pytest.raises(StorageError, match="nobody answers"):
        image.ensure(storage)
