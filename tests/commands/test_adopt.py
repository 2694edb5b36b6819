"""``renditions adopt``: what the two old libraries left is taken over, and not made again.

The files stand under the names that these libraries gave them: those of
django-versatileimagefield follow its rules, those of django-imagekit are digests of pickles.
"""

from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.commands.conftest import MADE, SETS, Command, files
from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError, WatchedStorage
from tests.stored import counted_decodes, image_of, put, store, upload
from tests.testapp.models import Article, Person, Photo, Portrayed
from versatile import ImageSpec, register, unregister
from versatile.processors import Adjust, ResizeToFit
from versatile.renditions import existence, manifest
from versatile.specs.sourcegroups import ImageFieldSourceGroup

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sets")]

MD5_16 = "versatile.processors.md5_16"


def left(name: str, size: tuple[int, int] = (20, 20), format: str = "JPEG", seed: int = 5) -> str:
    """A file that an old library has made; what it shows tells that it is not ours."""
    return put(name, photo_bytes(size, format=format, seed=seed))


def counts(report: dict[str, int]) -> tuple[int, ...]:
    return tuple(report[what] for what in ("adopted", "copied", "unclear"))


def row(name: str = "headshots/a.jpg", point: tuple[float, float] = (0.5, 0.5)) -> Person:
    return Person.objects.create(headshot=store(name), headshot_ppoi=point)


# django-versatileimagefield


@pytest.mark.parametrize("workers", ["1", "4"])
def test_its_files_are_known_and_not_made_again(
    workers: str, renditions: Command, media_root: Path
):
    row(point=(0.25, 0.75))
    names = {
        left("__sized__/headshots/a-crop-c0-25__0-75-20x20-70.jpg"),
        left("__sized__/headshots/a-thumbnail-50x50-70.jpg", (50, 38)),
        left("headshots/__filtered__/a__invert__.jpg", (64, 48)),
        left("__sized__/headshots/__filtered__/a__invert__-thumbnail-9x9-70.jpg", (9, 7)),
    }
    old_point = left("__sized__/headshots/a-crop-c0-5__0-5-20x20-70.jpg")
    assert set(renditions("adopt", "--dry-run")["names"]) == names
    assert counts(renditions("adopt", "--dry-run")) == (4, 0, 0)
    report = renditions("adopt", "--workers", workers)
    assert (counts(report), set(report["names"])) == ((4, 0, 0), names)
    ada = Person.objects.get()
    assert manifest.read(ada.headshot.source).names == names
    assert all(existence.read(f"/media/{name}" for name in names).values())
    with counted_decodes() as decodes:
        assert ada.headshot.crop["20x20"].name in names
        assert ada.headshot.filters.invert.thumbnail["9x9"].name in names
    assert decodes == []
    assert files(media_root) == {"headshots/a.jpg", old_point, *names}
    assert counts(renditions("adopt")) == (0, 0, 0)


def test_adopted_files_are_cleaned_up_with_their_row(renditions: Command, media_root: Path):
    ada = row()
    left(min(MADE))
    renditions("adopt")
    ada.delete()
    assert files(media_root) == {"headshots/a.jpg"}


def test_hashed_names_of_the_sets_are_adopted(
    renditions: Command, media_root: Path, settings: Settings
):
    settings.VERSATILE = {"KEY_POST_PROCESSOR": MD5_16, "RENDITION_KEY_SETS": SETS}
    row()
    digest = md5(b"crop-c0-5__0-5-20x20-70").hexdigest()[:16]
    name = left(f"__sized__/headshots/a-{digest}.jpg")
    left("__sized__/headshots/a-0123456789abcdef.jpg")
    assert renditions("adopt")["names"] == [name]


def test_one_set_is_adopted_alone(renditions: Command):
    row()
    for name in MADE:
        left(name)
    odd = left("__sized__/headshots/a-fit-7x7-70.jpg", (7, 5))
    assert set(renditions("adopt", "--set", "people")["names"]) == MADE
    assert renditions("adopt")["names"] == [odd]


@pytest.mark.parametrize("move", [False, True])
@pytest.mark.parametrize(
    ("original", "old"),
    [
        ("headshots/my cat.jpg", "__sized__/headshots/mycat-crop-c0-5__0-5-20x20-70.jpg"),
        ("my shots/cat.jpg", "__sized__/myshots/cat-crop-c0-5__0-5-20x20-70.jpg"),
        ("headshots/noext", "__sized__/headshots/noext-crop-c0-5__0-5-20x20-70.jpg"),
    ],
)
def test_a_name_that_two_originals_could_share_becomes_one_of_its_own(
    original: str, old: str, move: bool, renditions: Command, media_root: Path
):
    row(original)
    left(old)
    pixels = image_of(old).tobytes()
    expected = Person(headshot=original).headshot.crop.rendition("20x20").name
    assert expected != old
    assert renditions("adopt", "--dry-run")["names"] == [expected]
    report = renditions("adopt", *(["--move"] if move else []))
    assert (counts(report), report["names"]) == ((0, 1, 0), [expected])
    assert image_of(expected).tobytes() == pixels
    assert files(media_root) == {original, expected} | (set() if move else {old})
    with counted_decodes() as decodes:
        assert Person.objects.get().headshot.crop["20x20"].name == expected
    assert decodes == []


def test_a_file_that_two_originals_may_have_made_is_nobodys(renditions: Command, media_root: Path):
    row("headshots/my cat.jpg")
    row("headshots/mycat.jpg")
    name = left("__sized__/headshots/mycat-crop-c0-5__0-5-20x20-70.jpg")
    report = renditions("adopt")
    assert (counts(report), report["names"]) == ((1, 0, 0), [name])
    assert len(files(media_root)) == 3


def test_sizes_that_nobody_declared_are_found_under_their_old_names(
    renditions: Command, media_root: Path
):
    row("my shots/cat.jpg")
    left("__sized__/myshots/cat-thumbnail-50x50-70.jpg", (50, 38))
    left("myshots/__filtered__/cat__invert__.jpg", (64, 48))
    left("__sized__/myshots/__filtered__/cat__invert__-thumbnail-9x9-70.jpg", (9, 7))
    left("__sized__/myshots/cat-crop-c0-25__0-75-9x9-70.jpg", (9, 9))  # of another point
    left("__sized__/myshots/cat2-thumbnail-50x50-70.jpg", (50, 38))  # of another original
    image = Person(headshot="my shots/cat.jpg").headshot
    expected = {
        image.thumbnail.rendition("50x50").name,
        image.filters.invert.rendition().name,
        image.filters.invert.thumbnail.rendition("9x9").name,
    }
    report = renditions("adopt", "--move")
    assert (counts(report), set(report["names"])) == ((0, 3, 0), expected)
    assert len(files(media_root)) == 1 + 3 + 2
    image = Person.objects.get().headshot
    with counted_decodes() as decodes:
        assert image.thumbnail["50x50"].url
        assert image.filters.invert.thumbnail["9x9"].url
    assert decodes == []


def test_originals_that_were_not_chosen_may_have_made_a_file_too(renditions: Command):
    row("shared/my cat.jpg")
    Photo.objects.create(image=store("shared/mycat.jpg"))
    left("__sized__/shared/mycat-crop-c0-5__0-5-20x20-70.jpg")
    assert counts(renditions("adopt", "--model", "testapp.Person")) == (0, 0, 0)


def test_an_original_that_no_row_has_may_have_made_a_file_too(renditions: Command):
    row("headshots/my cat.jpg")
    store("headshots/mycat.jpg")
    left("__sized__/headshots/mycat-crop-c0-5__0-5-20x20-70.jpg")
    assert counts(renditions("adopt")) == (0, 0, 0)


def test_a_namer_that_puts_versions_into_names_gets_copies(renditions: Command, media_root: Path):
    image = Portrayed.objects.create(photo=upload("a.jpg")).photo
    name = left("__sized__/portrayed/a-fit-9x9-70.jpg", (9, 7))
    expected = image.fit.rendition("9x9").name
    assert expected != name
    assert renditions("adopt", "--model", "testapp.Portrayed")["names"] == [expected]
    assert image_of(expected).tobytes() == image_of(name).tobytes()


@pytest.mark.parametrize("verb", ["adopt", "clear"])
def test_a_folder_of_many_originals_is_listed_once(
    verb: str, renditions: Command, media_root: Path, monkeypatch
):
    storage = WatchedStorage(media_root, "/media/")
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", storage)
    for number in range(5):
        Photo.objects.create(image=store(f"photos/{number}.jpg"))
        left(f"__sized__/photos/{number}-fit-9x9-70.jpg", (9, 7))
    storage.calls.clear()
    assert len(renditions(verb, "--model", "testapp.Photo")["names"]) == 5
    listed = storage.named("listdir")
    assert sorted(listed) == sorted(set(listed))
    assert "__sized__/photos" in listed


# django-imagekit


def digest(number: int) -> str:
    return md5(str(number).encode()).hexdigest()


@pytest.fixture
def story() -> Article:
    return Article.objects.create(photo=store("articles/a.jpg", (300, 200)))


@pytest.mark.parametrize("move", [False, True])
@pytest.mark.parametrize("name", ["articles/a/{}", "articles/a.{:.12}"])
def test_a_file_that_can_only_be_one_specs_is_taken(
    name: str, move: bool, story: Article, renditions: Command, media_root: Path
):
    small = left("CACHE/images/" + name.format(digest(1)) + ".jpg", (90, 60))
    wide = left("CACHE/images/" + name.format(digest(2)) + ".png", (120, 40), "PNG")
    report = renditions("adopt", "--model", "testapp.Article", *(["--move"] if move else []))
    assert counts(report) == (0, 2, 0)
    assert set(report["names"]) == {story.small.name, story.wide.name}
    with counted_decodes() as decodes:
        assert all([story.small.url, story.wide.url])
    assert decodes == []
    assert (small in files(media_root)) is not move
    assert (wide in files(media_root)) is not move


def test_a_file_that_may_be_several_specs_is_left(story: Article, renditions: Command):
    left(f"CACHE/images/articles/a/{digest(1)}.jpg", (90, 60))
    left(f"CACHE/images/articles/a/{digest(2)}.jpg", (90, 60), seed=6)
    left(f"CACHE/images/articles/a/{digest(3)}.jpg", (11, 11))
    put(f"CACHE/images/articles/a/{digest(4)}.jpg", b"no picture")
    assert counts(renditions("adopt", "--model", "testapp.Article")) == (0, 0, 1)


@pytest.fixture
def twin() -> Iterator[str]:
    """A spec of the format and the size of another."""
    id, group = "testapp:article:twin", ImageFieldSourceGroup(Article, "photo")
    parts = {"processors": [Adjust(contrast=2), ResizeToFit(90, 90)], "format": "JPEG"}
    register.generator(id, type("Twin", (ImageSpec,), parts))
    register.source_group(id, group)
    yield id
    unregister.source_group(id, group)
    unregister.generator(id)


@pytest.mark.parametrize("recorded", [False, True])
def test_a_file_that_we_have_made_of_one_spec_is_not_taken_for_another(
    recorded: bool, twin: str, story: Article, renditions: Command, media_root: Path
):
    assert story.small.url
    if not recorded:
        cache.clear()
    report = renditions("adopt", "--model", "testapp.Article")
    assert counts(report) == (0 if recorded else 1, 0, 0)
    left(f"CACHE/images/articles/a/{digest(1)}.jpg", (90, 60))  # of any of both
    assert counts(renditions("adopt", "--model", "testapp.Article")) == (0, 0, 1)


@pytest.mark.parametrize("move", [False, True])
@pytest.mark.parametrize("ours", [False, True])
def test_files_of_specs_are_copied_to_where_they_belong_by_now(
    ours: bool,
    move: bool,
    story: Article,
    renditions: Command,
    media_root: Path,
    settings: Settings,
    tmp_path: Path,
):
    name = f"CACHE/images/articles/a/{digest(1)}.jpg"
    old = str(story.small.name) if ours else name
    left(old, (90, 60))
    apart = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "apart", "base_url": "/apart/"},
    }
    settings.STORAGES = {**settings.STORAGES, "apart": apart}
    settings.VERSATILE = {"RENDITIONS_STORAGE": "apart"}
    small = Article.objects.get().small
    report = renditions("adopt", "--model", "testapp.Article", *(["--move"] if move else []))
    assert (counts(report), report["names"]) == ((0, 1, 0), [small.name])
    assert files(tmp_path / "apart") == {small.name}
    assert files(media_root) == {"articles/a.jpg"} | (set() if move else {old})
    with counted_decodes() as decodes:
        assert small.url == f"/apart/{small.name}"
    assert decodes == []


def test_files_of_our_own_names_are_adopted_as_they_are(story: Article, renditions: Command):
    assert story.small.url
    cache.clear()
    report = renditions("adopt", "--model", "testapp.Article")
    assert (counts(report), report["names"]) == ((1, 0, 0), [story.small.name])


def test_an_original_that_cannot_be_measured_has_no_files(renditions: Command):
    put("articles/bad.jpg", b"no picture")
    Article.objects.create(photo="articles/bad.jpg")
    left(f"CACHE/images/articles/bad/{digest(1)}.jpg", (90, 60))
    assert counts(renditions("adopt", "--model", "testapp.Article")) == (0, 0, 0)


def test_a_storage_that_fails_stops_nothing(renditions: Command, media_root, monkeypatch):
    storage = WatchedStorage(media_root, "/media/")
    monkeypatch.setattr(Photo._meta.get_field("image"), "storage", storage)
    for name in ("photos/a.jpg", "photos/b.jpg", ""):
        Photo.objects.create(image=store(name) if name else "")
    names = [left(f"__sized__/photos/{base}-fit-9x9-70.jpg", (9, 7)) for base in "ab"]
    storage.fail("exists", BrokenError("no bucket"), only="/a-")
    report = renditions("adopt", "--model", "testapp.Photo", fails=True)
    assert [item["path"] for item in report["failed"]] == ["photos/a.jpg"]
    assert report["names"] == names[1:]


def test_what_is_shown_instead_of_a_picture_is_not_taken_for_its_size(
    renditions: Command, settings: Settings
):
    settings.VERSATILE = {"ON_ERROR": "placeholder"}
    put("articles/bad.jpg", b"no picture")
    Article.objects.create(photo="articles/bad.jpg")
    left(f"CACHE/images/articles/bad/{digest(1)}.png", (120, 40), "PNG")
    assert counts(renditions("adopt", "--model", "testapp.Article")) == (0, 0, 0)
