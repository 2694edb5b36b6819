"""Failures: what a bad file costs that is asked for a thousand times, and what pages show of it."""

import logging
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.template import Context, Template
from PIL import Image
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.renditions.conftest import Clock
from tests.renditions.faults import WatchedStorage
from tests.renditions.making import rendition_of, source_of
from tests.testapp.models import Photo
from versatile import signals
from versatile.conf import Policy
from versatile.exceptions import (
    ConfigurationError,
    PictureError,
    RenditionError,
    SourceNotFound,
    SourceUnreadable,
    StorageError,
)
from versatile.files import VersatileImageFieldFile
from versatile.imaging.decoding import Picture
from versatile.imaging.geometry import Size
from versatile.placeholder import OnDiscPlaceholderImage
from versatile.rendition_keys import get_urls
from versatile.renditions import failures, generation
from versatile.renditions.source import Source
from versatile.serializers import VersatileImageFieldSerializer

NO_CACHES = [
    "django.core.cache.backends.dummy.DummyCache",
    "tests.renditions.faults.BrokenCache",
    "tests.renditions.faults.GarbageCache",
]
CACHES = ["django.core.cache.backends.locmem.LocMemCache", *NO_CACHES]
BAD = photo_bytes((400, 300))[:2000]
POLICIES = ["placeholder", "original", "empty"]


@pytest.fixture
def bad(media_root: Any) -> VersatileImageFieldFile:
    """A file that begins as a photo, and then ends."""
    (media_root / "d").mkdir()
    (media_root / "d" / "bad.jpg").write_bytes(BAD)
    return Photo(image="d/bad.jpg").image


@pytest.fixture
def told() -> Any:
    """What was sent as ``rendition_failed``."""
    sent: list[Any] = []

    def note(sender: Any, error: Any, **kwargs: Any) -> None:
        sent.append(error)

    signals.rendition_failed.connect(note)
    yield sent
    signals.rendition_failed.disconnect(note)


@pytest.fixture
def decodings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One item for each decoding."""
    begun: list[int] = []
    decode = Picture.decode

    def count(self: Picture, *args: Any, **kwargs: Any) -> None:
        begun.append(1)
        decode(self, *args, **kwargs)

    monkeypatch.setattr(Picture, "decode", count)
    return begun


@pytest.mark.parametrize("backend", CACHES)
@pytest.mark.parametrize("policy", ["raise", *POLICIES])
def test_a_bad_file_that_is_asked_for_a_thousand_times_is_decoded_a_handful_of_times(
    backend,
    policy,
    settings: Settings,
    bad,
    told,
    decodings,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
):
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": policy}}
    settings.VERSATILE = {"ON_ERROR": policy}
    for _ in range(1000):
        clock.now += 0.05  # the pauses begin a second long, and are doubled
        try:
            url = bad.crop["40x40"].url
        except SourceUnreadable:
            url = None
        assert (url is None) == (policy == "raise")
    assert len(decodings) == 6
    assert len(told) == len(decodings)
    errors = [item for item in caplog.records if item.levelno >= logging.ERROR]
    assert len(errors) == len(decodings)


def test_so_is_one_that_a_sizer_cannot_handle(settings: Settings, media_root, told, decodings):
    (media_root / "x.jpg").write_bytes(photo_bytes((1, 400)))
    settings.VERSATILE = {"MAX_AREA": 100, "ON_ERROR": "empty"}
    file = Photo(image="x.jpg").image
    assert {file.cover["10x10"].url for _ in range(200)} == {""}
    assert 2 <= len(decodings) <= 8
    assert len(told) == len(decodings)
    assert all(isinstance(error, RenditionError) for error in told)


def test_a_new_upload_is_tried_at_once(settings: Settings, media_root, bad, db):
    settings.VERSATILE = {"ON_ERROR": "empty"}
    assert [bad.crop["40x40"].url for _ in range(3)] == ["", "", ""]
    bad.storage.delete("d/bad.jpg")
    photo = Photo()
    photo.image.field.upload_to, before = "d", photo.image.field.upload_to
    try:
        photo.image.save("bad.jpg", ContentFile(photo_bytes((60, 40))))
    finally:
        photo.image.field.upload_to = before
    assert photo.image.name == "d/bad.jpg"
    assert photo.image.crop["40x40"].url.endswith("-40x40-70.jpg")


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("key", ["crop__40x30", "filters__invert__crop__40x30"])
def test_everybody_gets_what_is_shown_instead(policy, key, settings: Settings, bad):
    settings.VERSATILE = {"ON_ERROR": policy}
    sizer = bad.crop if key.startswith("crop") else bad.filters.invert.crop
    url = sizer["40x30"].url
    assert url == {"original": "/media/d/bad.jpg", "empty": ""}.get(policy, url)
    assert url.startswith(
        {"placeholder": "data:image/svg+xml", "original": "/media"}.get(policy, "")
    )
    assert str(sizer["40x30"]) == url
    template = Template("{{ file.crop.40x30.url }}|{{ file.crop.40x30 }}")
    if key.startswith("crop"):
        rendered = template.render(Context({"file": bad}, autoescape=False))
        assert rendered == f"{url}|{url}"
    assert get_urls(bad, [("a", key), ("b", "url")]) == {"a": url, "b": "/media/d/bad.jpg"}
    assert bad.renditions([("a", key)])["a"].url == url
    serializer = VersatileImageFieldSerializer([("a", key)])
    assert serializer.to_representation(bad) == {"a": url}


@pytest.mark.parametrize("policy", POLICIES)
def test_there_is_a_size_too(policy, settings: Settings, media_root):
    (media_root / "none.jpg").write_bytes(b"no picture")
    settings.VERSATILE = {"ON_ERROR": policy}
    rendition = Photo(image="none.jpg").image.crop["40x30"]
    assert rendition.dimensions == (Size(40, 30) if policy == "placeholder" else Size(0, 0))
    whole = Photo(image="none.jpg").image.filters.invert.rendition()
    assert (whole.width, whole.height) == ((1, 1) if policy == "placeholder" else (0, 0))


def test_the_original_says_its_size_where_its_header_is_good(settings: Settings, bad):
    settings.VERSATILE = {"ON_ERROR": "original"}
    rendition = bad.crop["40x30"]
    assert rendition.dimensions == Size(400, 300)


@pytest.mark.parametrize("backend", CACHES)
@pytest.mark.parametrize("policy", ["placeholder", "original"])
@pytest.mark.parametrize("content", [BAD, b"no picture", None])
def test_what_is_shown_instead_does_not_open_the_bad_file_each_time(
    backend, policy, content, settings: Settings, media_root, opened
):
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": f"{policy}-instead"}}
    settings.VERSATILE = {"ON_ERROR": policy}
    if content is not None:
        (media_root / "x.jpg").write_bytes(content)
    shown = []
    for _ in range(200):
        rendition = Photo(image="x.jpg").image.thumbnail["40x40"]
        shown.append((rendition.url, rendition.dimensions))
    assert len(set(shown)) == 1
    assert len(opened) <= 8
    known = {"placeholder": Size(40, 30), "original": Size(400, 300)}[policy]
    unknown = {"placeholder": Size(40, 40), "original": Size(0, 0)}[policy]
    assert shown[0][1] == (known if content == BAD else unknown)


def test_the_bytes_are_never_those_of_something_else(settings: Settings, bad):
    settings.VERSATILE = {"ON_ERROR": "original"}
    rendition = bad.crop["40x30"]
    with pytest.raises(PictureError):
        rendition.open()
    with pytest.raises(PictureError):
        _ = rendition.size
    for _ in range(2):
        assert rendition.url == "/media/d/bad.jpg"
        with pytest.raises(PictureError):
            rendition.generate(force=True)


def test_what_is_made_after_all_is_shown(settings: Settings, bad, media_root):
    settings.VERSATILE = {"ON_ERROR": "empty"}
    rendition = bad.crop["40x30"]
    assert rendition.url == ""
    (media_root / "d/bad.jpg").write_bytes(photo_bytes((60, 40)))
    rendition.generate(force=True)
    assert rendition.url.endswith("-40x30-70.jpg")
    assert rendition.dimensions == Size(40, 30)


def test_a_field_says_otherwise_than_the_setting(settings: Settings, bad, monkeypatch):
    settings.VERSATILE = {"ON_ERROR": "raise"}
    monkeypatch.setattr(bad.field, "policy", Policy(on_error="empty"))
    assert bad.crop["40x40"].url == ""


def test_the_fields_placeholder_is_shown_at_the_same_key(
    settings: Settings, bad, monkeypatch, tmp_path
):
    settings.VERSATILE = {"ON_ERROR": "placeholder"}
    (tmp_path / "none.png").write_bytes(photo_bytes((60, 40), format="PNG"))
    placeholder = OnDiscPlaceholderImage(tmp_path / "none.png")
    monkeypatch.setattr(bad.field, "placeholder_image", placeholder)
    name = "/media/__sized__/__placeholder__/none-crop-c0-5__0-5-40x30.png"
    assert bad.crop["40x30"].url == name
    assert bad.crop["40x30"].dimensions == Size(40, 30)
    filtered = "/media/__placeholder__/__filtered__/none__invert__.png"
    assert bad.filters.invert.url == filtered
    (tmp_path / "bad.png").write_bytes(BAD)
    placeholder = OnDiscPlaceholderImage(tmp_path / "bad.png")
    monkeypatch.setattr(bad.field, "placeholder_image", placeholder)
    assert bad.crop["30x30"].url.startswith("data:image/svg+xml")


def test_a_value_that_is_none_is_an_error_of_the_settings(settings: Settings, bad):
    settings.VERSATILE = {"ON_ERROR": "ignore"}
    with pytest.raises(ConfigurationError, match=r"ON_ERROR.*'ignore'.*'placeholder'"):
        _ = bad.crop["40x40"].url


def test_nothing_is_kept_for_ever_by_a_process(settings: Settings, storage: WatchedStorage):
    settings.CACHES = {"default": {"BACKEND": NO_CACHES[0]}}
    for index in range(1100):
        source = Source(storage, f"{index}.jpg")
        failures.remember_failure(source, SourceNotFound(source.name, "no file"))
    assert failures.failure(Source(storage, "0.jpg")) is None
    assert failures.failure(Source(storage, "1099.jpg")) is not None


def test_the_failures_of_renditions_of_one_source_are_bounded(storage: WatchedStorage):
    source = Source(storage, "x.jpg")
    for _ in range(2):
        names = [f"{index}.jpg" for index in range(150)]
        errors = {name: RenditionError(name, "no way") for name in names}
        failures.remember_rendition_failures(source, errors)
    known = failures.failures_of_renditions(source)
    assert set(known) <= set(names[-100:])
    failures.forget_failure(source)
    assert failures.failures_of_renditions(source) == {}


class Elsewhere:
    """A processor that asks a storage, a disk or a network, which fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def process(self, image: Image.Image) -> Image.Image:
        raise self.error


@pytest.mark.parametrize(
    "error", [ConnectionError("gone"), StorageError("mark.png", "down"), OSError(28, "full")]
)
def test_what_fails_elsewhere_is_tried_again_by_the_very_next_request(
    error: Exception, storage: WatchedStorage, told: list[Any]
):
    source = source_of(storage)
    for _ in range(6):
        (outcome,) = generation.make([rendition_of(source, processors=[Elsewhere(error)])])
        assert isinstance(outcome.error, RenditionError)
    assert len(told) == 6
    (outcome,) = generation.make([rendition_of(source)])
    assert outcome.error is None


def test_a_bad_source_that_a_generator_reads_itself_is_left_alone_too(storage: WatchedStorage):
    source, begun = source_of(storage), []

    def write() -> bytes:
        begun.append(1)
        raise SourceUnreadable(source.name, "it is truncated")

    for _ in range(20):
        rendition = rendition_of(source)
        rendition.write_file = write
        (outcome,) = generation.make([rendition])
        assert isinstance(outcome.error, SourceUnreadable)
    assert 1 <= len(begun) <= 4


def test_the_original_is_not_opened_for_its_url_alone(storage: WatchedStorage, settings: Settings):
    settings.VERSATILE = {"ON_ERROR": "original"}
    source = source_of(storage, content=BAD)
    urls = {rendition_of(source).url for _ in range(20)}
    assert urls == {storage.url(source.name)}
    assert 1 <= [method for method, _ in storage.calls].count("open") <= 4


@pytest.mark.parametrize("before", [b"", BAD])
def test_a_source_that_is_replaced_behind_our_back_is_tried_at_once(
    before: bytes, settings: Settings, media_root
):
    settings.VERSATILE = {"ON_ERROR": "empty"}
    if before:
        (media_root / "x.jpg").write_bytes(before)
    assert {Photo(image="x.jpg").image.crop["4x4"].url for _ in range(6)} == {""}
    (media_root / "x.jpg").write_bytes(photo_bytes((60, 40)))
    assert Photo(image="x.jpg").image.crop["4x4"].url
