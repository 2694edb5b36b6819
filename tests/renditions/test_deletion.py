"""Deletion: exactly what was made of one source."""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.core.cache import caches
from pytest_django import Settings

from tests.renditions.conftest import use_cache
from tests.renditions.faults import BrokenError, Bucket, WatchedStorage
from tests.renditions.making import PHOTO, files_below, put, rendition_of, source_of
from tests.testapp.models import Photo
from versatile.renditions import existence, manifest, namers
from versatile.renditions.deletion import delete_made, keep_listings, list_folder
from versatile.renditions.manifest import Made
from versatile.renditions.namers import Kind
from versatile.renditions.recogniser import Recogniser
from versatile.renditions.source import Source

SIZERS = {"thumbnail": "thumbnail", "crop": r"crop-c[0-9e-]+__[0-9e-]+"}
FILTERS = ["invert", "grayscale"]

SOURCES = [
    "d/x.jpg",
    "x.jpg",
    "d/x.png",
    "d/X Y é.JPG",
    "sp ace/q p.png",
    "d/noext",
    "d/a.b.c.jpeg",
    "d/x+(1)[2].jpg",
    "__sized__/odd.jpg",
]
NEIGHBOURS = [
    "x.jpeg",
    "x.png",
    "X.jpg",
    "xx.jpg",
    "x-.jpg",
    "x y.jpg",
    "xy.jpg",
    "x",
    "x.jpg.jpg",
    "x~.jpg",
    "x__invert__.jpg",
    "x__invert__grayscale__.jpg",
    "x-thumbnail-50x50-70.jpg",
    "x-thumbnail-50x50.jpg",
    "x-crop-c0-5__0-5-50x50-70.jpg",
    "x-crop-c0-5__0-5.jpg",
    "x-thumbnail.jpg",
    "thumbnail-50x50-70.jpg",
    "other/x.jpg",
]


def names_of(source: str) -> dict[Kind, set[str]]:
    """Renditions of every kind, chains among them."""

    def sized(name: str) -> set[str]:
        keys = ("thumbnail", "crop-c0-5__0-5", "crop-c1e-05__1-0")
        sizes: list[tuple[int | None, int | None]] = [(50, 50), (400, 300)]
        made = {namers.sized_name(name, *size, key) for key in keys for size in sizes}
        return made | {namers.sized_name(name, 40, None, "thumbnail")}

    inverted = namers.filtered_name(source, "invert")
    chained = namers.filtered_name(inverted, "grayscale")
    longer = namers.filtered_name(chained, "invert")
    filtered = {inverted, chained, longer, namers.filtered_name(source, "grayscale")}
    return {
        Kind.SIZED: sized(source),
        Kind.FILTERED: filtered,
        Kind.FILTERED_SIZED: {name for file in filtered for name in sized(file)},
    }


def recogniser(source: Source) -> Recogniser:
    return Recogniser(source.name, SIZERS, FILTERS)


def delete(
    source: Source,
    kinds: Iterable[Kind] = Kind,
    declared: Callable[[], Iterable[Made]] = lambda: (),
) -> list[str]:
    return delete_made(source, list(kinds), recogniser(source), declared)


def make_all(source: Source, *, record: bool) -> dict[Kind, set[str]]:
    """Files under all names, ready, and recorded if so wished."""
    made = names_of(source.name)
    for name in sorted(set().union(*made.values())):
        put(source.storage, name)
        existence.remember([f"/media/{name}"])
        if record:
            manifest.add(source, [Made(name)])
    return made


@pytest.mark.parametrize("record", [True, False], ids=["recorded", "record lost"])
@pytest.mark.parametrize("name", SOURCES)
def test_everything_that_was_made_is_deleted_and_nothing_else(
    name, record, storage: WatchedStorage, media_root: Path
):
    source = source_of(storage, name)
    made = make_all(source, record=record)
    assert delete(source) == sorted(set().union(*made.values()))
    assert files_below(media_root) == {name}
    assert manifest.read(source).names == set()


@pytest.mark.parametrize("record", [True, False], ids=["recorded", "record lost"])
@pytest.mark.parametrize("kind", Kind)
def test_one_kind_is_deleted_and_the_others_stay(
    kind: Kind, record, storage: WatchedStorage, media_root: Path
):
    source = source_of(storage, "d/x.jpg")
    made = make_all(source, record=record)
    assert delete(source, [kind]) == sorted(made[kind])
    kept = set().union(*made.values()) - made[kind]
    assert files_below(media_root) == {"d/x.jpg"} | kept
    if record:
        assert manifest.read(source).names == kept


def test_the_three_kinds_have_no_name_in_common():
    for name in SOURCES:
        kinds = list(names_of(name).values())
        assert len(set().union(*kinds)) == sum(map(len, kinds))


@pytest.mark.parametrize("name", SOURCES)
def test_the_kind_of_a_name_is_found_by_its_folder(name):
    for kind, made in names_of(name).items():
        assert {namers.kind_of(name, item) for item in made} == {kind}


@pytest.mark.parametrize("record", [True, False], ids=["recorded", "record lost"])
@pytest.mark.parametrize("neighbour", [f"d/{name}" for name in NEIGHBOURS])
def test_a_neighbours_renditions_stay_however_it_is_called(
    neighbour, record, storage: WatchedStorage, media_root: Path
):
    source, other = source_of(storage, "d/x.jpg"), source_of(storage, neighbour)
    kept = set().union(*make_all(other, record=record).values())
    make_all(source, record=record)
    delete(source)
    assert files_below(media_root) == {"d/x.jpg", neighbour} | kept
    assert existence.read(f"/media/{name}" for name in kept) == {
        f"/media/{name}": True for name in kept
    }
    # And the other way round.
    mine = set().union(*make_all(source, record=record).values())
    delete(other)
    assert files_below(media_root) == {"d/x.jpg", neighbour} | mine


def test_what_was_deleted_is_forgotten(source: Source, storage: WatchedStorage):
    made = set().union(*make_all(source, record=True).values())
    delete(source)
    assert not any(existence.read(f"/media/{name}" for name in made).values())


def test_what_a_page_looked_up_is_forgotten_too(source: Source, storage: WatchedStorage):
    page = Source(storage, source.name, known={})
    rendition = rendition_of(page, "__sized__/d/x-thumbnail-30x30-70.jpg")
    rendition.require()
    assert page.known == {rendition.existence_key: True}
    delete(page)
    assert page.known == {}


def test_hashed_names_are_found_by_the_record(storage: WatchedStorage, media_root, settings):
    settings.VERSATILE = {"KEY_POST_PROCESSOR": "versatile.processors.md5_16"}
    source, other = source_of(storage, "d/x.jpg"), source_of(storage, "d/y.jpg")
    made = make_all(source, record=True)
    kept = set().union(*make_all(other, record=True).values())
    assert delete(source) == sorted(set().union(*made.values()))
    assert files_below(media_root) == {"d/x.jpg", "d/y.jpg"} | kept


def test_where_the_record_is_lost_hashed_names_are_found_by_their_shape(
    storage: WatchedStorage, media_root, settings
):
    settings.VERSATILE = {"KEY_POST_PROCESSOR": "versatile.processors.md5_16"}
    source = source_of(storage, "d/x.jpg")
    names = [namers.sized_name("d/x.jpg", size, size, "thumbnail") for size in (10, 20)]
    for name in names:
        put(storage, name)
    neighbours = {f"__sized__/d/x-{'0' * 15}.jpg", f"__sized__/d/x-{'0' * 16}-{'0' * 16}.jpg"}
    for name in neighbours:
        put(storage, name)
    assert delete(source) == sorted(names)
    assert files_below(media_root) == {"d/x.jpg", *neighbours}


def plain(key: str) -> str:
    """A post-processor whose keys have no shape of their own."""
    return key.replace("thumbnail", "t")


def test_where_keys_have_no_shape_names_are_found_if_they_are_declared(
    storage: WatchedStorage, media_root, settings, caplog
):
    settings.VERSATILE = {"KEY_POST_PROCESSOR": f"{__name__}.plain"}
    source = source_of(storage, "d/x.jpg")
    names = [namers.sized_name("d/x.jpg", size, size, "thumbnail") for size in (10, 20)]
    for name in names:
        put(storage, name)
    never_made = namers.sized_name("d/x.jpg", 30, 30, "thumbnail")
    caplog.set_level(logging.DEBUG)
    declared = [Made(names[0]), Made(never_made)]
    assert delete(source, declared=lambda: declared) == [names[0]]
    assert files_below(media_root) == {"d/x.jpg", names[1]}
    assert names[1].rpartition("/")[2] in caplog.text
    assert never_made not in caplog.text


def test_a_complete_record_needs_no_listing(
    source: Source, storage: WatchedStorage, shared_cache, media_root: Path
):
    manifest.begin(source)
    rendition_of(source, "__sized__/d/x-thumbnail-30x30-70.jpg").require()
    put(storage, "__sized__/d/x-thumbnail-50x50-70.jpg")
    storage.calls.clear()
    assert delete(source, declared=lambda: [Made(str(1 / 0))]) == [
        "__sized__/d/x-thumbnail-30x30-70.jpg"
    ]
    assert storage.named("listdir") == []
    assert files_below(media_root) == {"d/x.jpg", "__sized__/d/x-thumbnail-50x50-70.jpg"}


def test_a_record_that_began_too_late_is_helped_by_a_listing(
    source: Source, storage: WatchedStorage, shared_cache, media_root: Path
):
    old = "__sized__/d/x-thumbnail-50x50-70.jpg"
    put(storage, old)
    rendition_of(source, "__sized__/d/x-thumbnail-30x30-70.jpg").require()
    assert delete(source) == ["__sized__/d/x-thumbnail-30x30-70.jpg", old]
    assert files_below(media_root) == {"d/x.jpg"}


def test_what_is_not_recognised_is_left_and_logged(
    source: Source, storage: WatchedStorage, media_root: Path, caplog
):
    strangers = [
        "__sized__/d/x-unknown-50x50-70.jpg",
        "__sized__/d/x-thumbnail-50x50-70.png",
        "__sized__/d/x-thumbnail-50x50-best.jpg",
        "__sized__/d/x-thumbnail-50-70.jpg",
        "__sized__/d/x.jpg",
        "d/__filtered__/x__unknown__.jpg",
        "d/__filtered__/x__invert__-thumbnail-50x50-70.jpg",
        "d/__filtered__/__filtered__/x__invert__.jpg",
        "__sized__/d/__filtered__/x-thumbnail-50x50-70.jpg",
        "d/x-thumbnail-50x50-70.jpg",
    ]
    for name in strangers:
        put(storage, name)
    caplog.set_level(logging.DEBUG)
    assert delete(source) == []
    assert files_below(media_root) == {"d/x.jpg", *strangers}
    for name in strangers[:-1]:
        assert name.rpartition("/")[2] in caplog.text


def test_nothing_made_and_no_folders_are_no_error(source: Source, caplog):
    assert delete(source) == []
    assert caplog.records == []


def test_each_deletion_is_logged_and_nothing_is_printed(source: Source, caplog, capsys):
    caplog.set_level(logging.INFO)
    name = "__sized__/d/x-thumbnail-30x30-70.jpg"
    rendition_of(source, name).require()
    delete(source)
    messages = [record.getMessage() for record in caplog.records]
    assert messages[-1:] == [f"Deleted {name} (of d/x.jpg)"]
    assert sum("Deleted" in message for message in messages) == 1
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("error", [BrokenError("no list"), NotImplementedError("no list")])
def test_a_storage_that_cannot_list_is_logged_and_the_record_still_helps(
    error, source: Source, storage: WatchedStorage, caplog
):
    name = "__sized__/d/x-thumbnail-30x30-70.jpg"
    rendition_of(source, name).require()
    storage.fail("listdir", error)
    assert delete(source) == [name]
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == len(Kind)
    assert "__sized__/d" in warnings[0].getMessage()


def test_a_bucket_without_listing_loses_what_is_recorded():
    bucket = Bucket()
    source = source_of(bucket)
    rendition_of(source, "__sized__/d/x-thumbnail-30x30-70.jpg").require()
    delete(source)
    assert set(bucket.objects) == {"d/x.jpg"}


def test_a_deletion_that_breaks_off_forgets_what_is_gone(source: Source, storage: WatchedStorage):
    names = [f"__sized__/d/x-thumbnail-{size}x{size}-70.jpg" for size in (10, 20, 30)]
    for name in names:
        rendition_of(source, name).require()
    storage.fail("delete", BrokenError("no bucket"), only="20x20")
    with pytest.raises(BrokenError):
        delete(source)
    assert existence.read(f"/media/{name}" for name in names) == {
        f"/media/{name}": storage.exists(name) for name in names
    }
    assert manifest.read(source).names == {name for name in names if storage.exists(name)}
    storage.failing.clear()
    assert set(delete(source)) == set(names[1:])


@pytest.mark.parametrize("cache", ["BrokenCache", "ForgetfulCache", "GarbageCache"])
def test_without_a_cache_the_listing_is_enough(
    cache, settings: Settings, storage: WatchedStorage, media_root: Path, monkeypatch
):
    use_cache(settings, cache)
    monkeypatch.setattr(manifest, "_LOCK_LEASE", 0.01)
    source = source_of(storage, "d/x.jpg")
    made = make_all(source, record=False)
    assert delete(source) == sorted(set().union(*made.values()))
    assert files_below(media_root) == {"d/x.jpg"}


def test_other_folders_of_the_settings_are_listed(
    storage: WatchedStorage, media_root: Path, settings: Settings
):
    settings.VERSATILE = {"SIZED_DIRNAME": "small", "FILTERED_DIRNAME": "changed"}
    source = source_of(storage, "d/x.jpg")
    made = make_all(source, record=False)
    assert all(name.startswith(("small/d/", "d/changed/")) for name in set().union(*made.values()))
    delete(source)
    assert files_below(media_root) == {"d/x.jpg"}


# The four methods of a file.


def made_by_a_file(storage_name: str) -> tuple[Photo, dict[str, str]]:
    photo = Photo(image=storage_name)
    file = photo.image
    return photo, {
        "sized": file.crop["20x20"].name,
        "one-sided": file.thumbnail["20x"].name,
        "filtered": file.filters.invert.name,
        "chained": file.filters.grayscale.filters.blur.name,
        "filtered sized": file.filters.invert.thumbnail["20x20"].name,
        "chained sized": file.filters.grayscale.filters.blur.crop["20x20"].name,
    }


@pytest.mark.parametrize("forgotten", [False, True], ids=["recorded", "record lost"])
@pytest.mark.parametrize(
    ("method", "gone"),
    [
        ("delete_sized_images", {"sized", "one-sided"}),
        ("delete_filtered_images", {"filtered", "chained"}),
        ("delete_filtered_sized_images", {"filtered sized", "chained sized"}),
        (
            "delete_all_created_images",
            {"sized", "one-sided", "filtered", "chained", "filtered sized", "chained sized"},
        ),
    ],
)
@pytest.mark.parametrize("name", ["photos/x.jpg", "photos/my cat.jpg", "photos/noext"])
def test_the_methods_of_a_file_delete_their_kinds(name, method, gone, forgotten, media_root: Path):
    (media_root / "photos").mkdir()
    (media_root / name).write_bytes(PHOTO)
    photo, made = made_by_a_file(name)
    assert files_below(media_root) == {name, *made.values()}
    if forgotten:
        caches["default"].clear()
    getattr(photo.image, method)()
    kept = {item for what, item in made.items() if what not in gone}
    assert files_below(media_root) == {name} | kept


def test_the_methods_of_an_empty_file_do_nothing(media_root: Path):
    Photo().image.delete_all_created_images()
    assert files_below(media_root) == set()


def test_a_kept_listing_finds_what_one_that_is_read_finds(media_root: Path):
    storage = WatchedStorage(media_root, "/media/")
    names = ["a-1.jpg", "a-10.jpg", "a.jpg", "ab.jpg", "A-1.jpg", "é.jpg", "é-1.jpg", "~.jpg"]
    for name in names:
        put(storage, f"d/{name}", b"x")
    (media_root / "d/deeper").mkdir()
    storage.calls.clear()
    kept = keep_listings()
    for starts in (("",), ("a-1",), ("a", "ab"), ("é", "é"), ("z",), ("~", "A")):
        folders, files = kept(storage, "d", starts)
        assert folders == ["deeper"]
        assert set(files) == set(list_folder(storage, "d", starts)[1])
        assert set(files) == {name for name in names if name.startswith(starts)}
    assert kept(storage, "nowhere", ("",)) == ([], [])
