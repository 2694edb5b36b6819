"""``renditions adopt``: what the two old libraries left is taken over, and not made again.

The files stand under the names that these libraries gave them: those of
django-versatileimagefield follow its rules, those of django-imagekit are digests of pickles.
"""

from hashlib import md5
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.commands.conftest import MADE, SETS, Command, files
from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError, WatchedStorage
from tests.stored import counted_decodes, image_of, put, store
from tests.testapp.models import Article, Person, Photo
from versatile.renditions import existence, manifest

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
