"""Generation: each source opened and decoded once, errors per rendition, nothing half-made."""

import time
from collections.abc import Sequence

import pytest
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage
from PIL import Image
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.renditions.conftest import Clock, use_cache
from tests.renditions.faults import BrokenError, Bucket, WatchedCache, WatchedStorage
from tests.renditions.making import (
    PHOTO,
    Failing,
    Recording,
    files_below,
    image_of,
    put,
    rendition_of,
    source_of,
)
from versatile.exceptions import (
    EncodingError,
    PictureError,
    ProcessorError,
    RenditionError,
    SourceNotFound,
    SourceUnreadable,
    StorageError,
    UnknownExtension,
)
from versatile.imaging.recipe import Recipe
from versatile.processors import CropAroundPoint, Grayscale, ResizeToFit
from versatile.renditions import existence, failures, generation, manifest, versions
from versatile.renditions.generation import generate, make
from versatile.renditions.outcomes import Outcome, State
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source

LARGE = photo_bytes((300, 200))
TRUNCATED = LARGE[: len(LARGE) * 3 // 4]
CACHES = ["WatchedCache", "BrokenCache", "ForgetfulCache", "GarbageCache"]


def set_of(source: Source, count: int = 5) -> list[Rendition]:
    """Renditions of several sizes and formats."""
    extensions = ["jpg", "png", "webp", "gif", "jpeg"]
    return [
        rendition_of(
            source, f"out/{number}.{extensions[number % 5]}", [ResizeToFit(10 + number, None)]
        )
        for number in range(count)
    ]


def states(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.state.value for outcome in outcomes]


def error_of(outcome: Outcome) -> PictureError:
    assert outcome.error is not None
    return outcome.error


def test_a_set_is_one_open_and_one_decode(
    source: Source, storage: WatchedStorage, decodes: list[str]
):
    outcomes = generate(set_of(source))
    assert states(outcomes) == ["created"] * 5
    assert storage.named("open") == ["d/x.jpg"]
    assert decodes == ["JPEG"]


def test_many_sources_are_one_open_and_one_decode_each(storage: WatchedStorage, decodes: list[str]):
    sources = [source_of(storage, f"d/{number}.jpg") for number in range(3)]
    renditions = [
        rendition_of(source, f"out/{size}-{source.name}", [ResizeToFit(size, size)])
        for size in (10, 20)
        for source in sources
    ]
    outcomes = generate(renditions)
    assert states(outcomes) == ["created"] * 6
    assert sorted(storage.named("open")) == [source.name for source in sources]
    assert decodes == ["JPEG"] * 3


def test_two_objects_for_one_file_are_one_source(storage: WatchedStorage):
    put(storage, "d/x.jpg", PHOTO)
    points = [Source(storage, "d/x.jpg", (x, 0.5)) for x in (0.1, 0.9)]
    renditions = [
        rendition_of(source, f"out/{source.ppoi[0]}.png", [CropAroundPoint(9, 40, source.ppoi)])
        for source in points
    ]
    generate(renditions)
    assert storage.named("open") == ["d/x.jpg"]
    pixels = [image_of(item).tobytes() for item in renditions]
    assert pixels[0] != pixels[1]


def test_sources_of_one_name_on_two_storages_are_two(media_root):
    storages = [WatchedStorage(media_root / name, f"/{name}/") for name in ("a", "b")]
    pictures = [photo_bytes((60, 40), seed=seed) for seed in range(2)]
    sources = [
        source_of(storage, "x.jpg", picture)
        for storage, picture in zip(storages, pictures, strict=True)
    ]
    generate([rendition_of(source, "out.png", ()) for source in sources])
    assert [storage.named("open") for storage in storages] == [["x.jpg"], ["x.jpg"]]
    first, second = (rendition_of(source, "out.png") for source in sources)
    assert image_of(first).tobytes() != image_of(second).tobytes()


def test_each_rendition_has_its_format_and_size(source: Source):
    renditions = set_of(source)
    generate(renditions)
    found = [image_of(item) for item in renditions]
    assert [image.format for image in found] == ["JPEG", "PNG", "WEBP", "GIF", "JPEG"]
    assert [image.width for image in found] == [10, 11, 12, 13, 14]


def test_the_outcomes_stand_in_the_order_of_the_renditions(source: Source, storage: WatchedStorage):
    renditions = set_of(source, 5)
    renditions[1].require()
    renditions[3] = rendition_of(source, "out/3.jpg", [Failing()])
    outcomes = generate(renditions)
    assert [outcome.rendition for outcome in outcomes] == renditions
    assert states(outcomes) == ["created", "existing", "created", "failed", "created"]


def test_one_name_asked_for_twice_is_made_once_and_answered_twice(
    source: Source, storage: WatchedStorage
):
    twins = [rendition_of(source), rendition_of(source)]
    outcomes = generate(twins)
    assert [outcome.rendition for outcome in outcomes] == twins
    assert states(outcomes) == ["created", "created"]
    assert len(storage.named("save")) == 1


def test_an_outcome_says_what_it_cost(source: Source):
    (created,) = generate([rendition_of(source)])
    assert created.bytes == created.rendition.size > 0
    assert created.seconds > 0
    (existing,) = generate([rendition_of(source)])
    assert (existing.state, existing.bytes, existing.seconds) == (State.EXISTING, 0, 0.0)


def test_of_nothing_nothing_is_made(watched_cache: WatchedCache):
    assert generate([]) == list(make([])) == []
    assert watched_cache.calls == []


def test_what_is_known_is_one_cache_read_for_all(
    source: Source, storage: WatchedStorage, watched_cache: WatchedCache
):
    generate(set_of(source))
    watched_cache.calls.clear()
    storage.calls.clear()
    assert states(generate(set_of(source))) == ["existing"] * 5
    assert [call for call, _ in watched_cache.calls] == ["get_many"]
    assert storage.calls == []


def test_what_the_storage_has_though_the_cache_forgot_is_not_made_again(
    source: Source, storage: WatchedStorage, decodes: list[str]
):
    generate(set_of(source))
    caches["default"].clear()
    storage.calls.clear()
    decodes.clear()
    assert states(generate(set_of(source))) == ["existing"] * 5
    assert storage.named("open") == storage.named("save") == decodes == []
    assert existence.read(item.existence_key for item in set_of(source)) == {
        f"/media/{item.name}": True for item in set_of(source)
    }
    assert manifest.read(source).names == {item.name for item in set_of(source)}


def test_what_was_made_is_ready_recorded_and_no_longer_pending(source: Source):
    renditions = set_of(source)
    generate(renditions)
    for rendition in renditions:
        assert caches["default"].get(f"/media/{rendition.name}") == 1
        assert not existence.is_pending(rendition.existence_key)
    assert manifest.read(source).names == {rendition.name for rendition in renditions}


def test_existence_knows_before_the_claim_is_given_up(source: Source, monkeypatch):
    known = []

    def watched(claims: existence.Claims) -> None:
        known.append({key: existence.is_ready(key) for key in claims.keys})
        release(claims)

    release = existence.release
    monkeypatch.setattr(existence, "release", watched)
    generate([rendition_of(source)])
    assert known == [{"/media/out/x.jpg": True}]


def test_those_that_wait_for_a_long_set_hear_of_what_is_there_already(
    source: Source, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(generation, "_SILENCE", 0.0)
    extended = []

    def extend(claims: existence.Claims) -> existence.Claims:
        extended.append(claims)
        return claims

    monkeypatch.setattr(existence, "extend", extend)
    keys = ["/media/out/0.png", "/media/out/1.png"]
    ready: list[int] = []
    look = Recording(during=lambda: ready.append(sum(existence.read(keys).values())))
    renditions = [rendition_of(source, f"out/{number}.png", [look]) for number in range(2)]
    assert states(generate(renditions)) == ["created"] * 2
    assert ready == [0, 1]
    assert len(extended) == 2


def test_the_claim_is_given_up_before_anybody_hears_of_it(source: Source):
    outcomes = make(set_of(source))
    first = next(outcomes)
    assert first.state is State.CREATED
    assert not any(existence.is_pending(item.existence_key) for item in set_of(source))


def test_while_it_is_made_it_is_pending(source: Source):
    seen = []
    recording = Recording(during=lambda: seen.append(existence.is_pending("/media/out/x.jpg")))
    rendition_of(source, processors=[recording]).require()
    assert seen == [True]


@pytest.mark.parametrize("cache", CACHES)
def test_whatever_the_cache_does_the_picture_is_there(
    cache, source: Source, storage: WatchedStorage, settings: Settings, short_wait: float
):
    use_cache(settings, cache)
    for expected in ("created", "existing"):
        assert states(generate(set_of(source))) == [expected] * 5
    assert storage.named("open") == ["d/x.jpg"]
    for rendition in set_of(source):
        assert rendition.url == f"/media/{rendition.name}"


@pytest.mark.parametrize("method", ["get", "add", "set", "delete", "get_many", "set_many"])
def test_a_cache_that_fails_at_one_method_loses_no_picture(
    method, source: Source, watched_cache: WatchedCache, short_wait: float, monkeypatch
):
    def fail(*args, **kwargs):
        raise BrokenError("no cache")

    monkeypatch.setattr(WatchedCache, method, fail)
    monkeypatch.setattr(manifest, "_LOCK_LEASE", 0.1)
    assert states(generate(set_of(source))) == ["created"] * 5
    assert states(generate(set_of(source))) == ["existing"] * 5


# What can go wrong: with the source, with one rendition, with the storage.


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (None, SourceNotFound, "no such file"),
        (b"", SourceUnreadable, "empty|no bytes"),
        (b"This is no picture.", SourceUnreadable, "no picture"),
        (TRUNCATED, SourceUnreadable, "trunc|ends"),
    ],
    ids=["missing", "empty", "no picture", "truncated"],
)
def test_a_bad_source_fails_all_its_renditions_and_no_other(
    content, kind, reason, storage: WatchedStorage, media_root
):
    if content is not None:
        put(storage, "d/bad.jpg", content)
    bad, good = Source(storage, "d/bad.jpg"), source_of(storage, "d/good.jpg")
    renditions = [*set_of(bad, 3), rendition_of(good, "out/good.jpg")]
    before = files_below(media_root)
    outcomes = generate(renditions)
    assert states(outcomes) == ["failed"] * 3 + ["created"]
    for outcome in outcomes[:3]:
        assert type(error_of(outcome)) is kind
        assert error_of(outcome).source == "d/bad.jpg"  # type: ignore[attr-defined]
        with pytest.raises(kind, match=reason):
            raise error_of(outcome)
    assert files_below(media_root) - before == {"out/good.jpg"}


def test_a_rendition_that_exists_needs_no_source(source: Source, storage: WatchedStorage):
    rendition_of(source).require()
    storage.delete(source.name)
    caches["default"].clear()
    made, lost = rendition_of(source), rendition_of(source, "out/y.jpg")
    assert states(generate([made, lost])) == ["existing", "failed"]


def test_a_failed_source_is_left_alone_for_a_while_and_then_tried_again(
    storage: WatchedStorage, clock: Clock
):
    source = Source(storage, "d/late.jpg")
    for _ in range(3):
        (outcome,) = generate([rendition_of(source)])
        assert isinstance(outcome.error, SourceNotFound)
    assert storage.named("open") == ["d/late.jpg"]
    clock.now += 1
    assert states(generate([rendition_of(source)])) == ["failed"]
    assert storage.named("open") == ["d/late.jpg"] * 2
    put(storage, "d/late.jpg", PHOTO)  # what is new is tried at once
    assert states(generate([rendition_of(source)])) == ["created"]


def test_the_back_off_of_a_source_says_why_and_was_logged(storage: WatchedStorage, clock: Clock):
    source = source_of(storage, "d/x.jpg", b"")
    (first,), (second,) = (generate([rendition_of(source)]) for _ in range(2))
    assert type(first.error) is type(second.error) is SourceUnreadable
    assert str(first.error) == str(second.error)
    assert not error_of(first).logged
    assert error_of(second).logged


def test_a_failing_storage_is_not_the_fault_of_the_source(source: Source, storage: WatchedStorage):
    storage.fail("open", BrokenError("no bucket"))
    outcomes = generate(set_of(source, 2))
    assert [type(outcome.error) for outcome in outcomes] == [StorageError] * 2
    assert failures.failure(source) is None
    storage.failing.clear()
    assert states(generate(set_of(source, 2))) == ["created"] * 2


def test_a_failing_processor_fails_its_rendition_alone(source: Source, media_root):
    renditions = set_of(source, 3)
    renditions[1] = rendition_of(source, "out/bad.png", [ResizeToFit(5, 5), Failing()])
    outcomes = generate(renditions)
    assert states(outcomes) == ["created", "failed", "created"]
    error = error_of(outcomes[1])
    assert type(error) is RenditionError
    assert isinstance(error.__cause__, ProcessorError)
    with pytest.raises(RenditionError, match=r"out/bad\.png.*Failing.*a processor's own mistake"):
        raise error
    assert "out/bad.png" not in files_below(media_root)
    assert failures.failure(source) is None
    assert not existence.is_pending("/media/out/bad.png")


def test_a_name_of_no_format_fails_its_rendition_alone(source: Source, storage: WatchedStorage):
    renditions = [rendition_of(source, "out/x.docx"), rendition_of(source)]
    outcomes = generate(renditions)
    assert states(outcomes) == ["failed", "created"]
    assert isinstance(error_of(outcomes[0]).__cause__, UnknownExtension)


def test_where_no_rendition_can_be_written_the_source_is_not_opened(
    source: Source, storage: WatchedStorage
):
    assert states(generate([rendition_of(source, "out/x.docx")])) == ["failed"]
    assert storage.named("open") == []


@pytest.mark.parametrize("error", [ValueError("no such colour"), KeyError("width"), OSError("?")])
def test_a_recipe_that_cannot_be_written_fails_its_rendition_alone(error, source: Source):
    def fail() -> Recipe:
        raise error

    outcomes = generate([rendition_of(source, "out/y.jpg", write_recipe=fail), *set_of(source, 2)])
    assert states(outcomes) == ["failed", "created", "created"]
    assert type(outcomes[0].error) is RenditionError
    assert error_of(outcomes[0]).__cause__ is error


def test_pixels_that_cannot_be_encoded_fail_their_rendition_alone(source: Source):
    recipe = Recipe((), "JPEG", (("quality", "very good"),))
    outcomes = generate(
        [rendition_of(source, "out/y.jpg", write_recipe=lambda: recipe), rendition_of(source)]
    )
    assert states(outcomes) == ["failed", "created"]
    assert isinstance(error_of(outcomes[0]).__cause__, EncodingError)


def test_a_storage_that_cannot_look_fails_what_it_was_asked_for(
    source: Source, storage: WatchedStorage
):
    storage.fail("exists", BrokenError("no list"), only="out/1")
    outcomes = generate(set_of(source, 3))
    assert states(outcomes) == ["created", "failed", "created"]
    assert isinstance(outcomes[1].error, StorageError)
    assert isinstance(error_of(outcomes[1]).__cause__, BrokenError)
    assert not existence.is_pending("/media/out/1.png")


def test_a_storage_that_cannot_save_fails_what_it_could_not_save(media_root):
    class Full(FileSystemStorage):
        def save(self, name, content, max_length=None):
            if len(self.listdir("")[1]) > 2:
                raise OSError(28, "No space left on device")
            return super().save(name, content, max_length)

    source = source_of(Full(media_root, "/media/"), "x.jpg")
    renditions = [
        rendition_of(source, f"{number}.jpg", [ResizeToFit(40 - number, None)])
        for number in range(4)
    ]
    outcomes = generate(renditions)
    assert states(outcomes) == ["created", "created", "failed", "failed"]
    assert files_below(media_root) == {"x.jpg", "0.jpg", "1.jpg"}
    with pytest.raises(StorageError, match="No space left"):
        raise error_of(outcomes[2])
    assert existence.read(item.existence_key for item in renditions) == {
        "/media/0.jpg": True,
        "/media/1.jpg": True,
        "/media/2.jpg": False,
        "/media/3.jpg": False,
    }


def test_an_interrupt_gives_the_claim_up_and_leaves_nothing(source: Source, media_root):
    def interrupt() -> None:
        raise KeyboardInterrupt

    rendition = rendition_of(source, processors=[Recording(during=interrupt)])
    with pytest.raises(KeyboardInterrupt):
        generate([rendition])
    assert not existence.is_pending(rendition.existence_key)
    assert files_below(media_root) == {"d/x.jpg"}


def test_a_failed_rendition_gives_its_claim_up(source: Source):
    rendition = rendition_of(source, processors=[Failing()])
    for _ in range(2):
        with pytest.raises(RenditionError):
            rendition.require()
        assert not existence.is_pending(rendition.existence_key)


def test_a_source_of_no_area_is_unreadable(storage: WatchedStorage):
    source = source_of(storage, "d/x.gif", b"GIF89a" + bytes(7) + b";")
    (outcome,) = generate([rendition_of(source)])
    assert isinstance(outcome.error, SourceUnreadable)


def test_without_temporary_names_or_paths_it_is_the_same():
    bucket = Bucket()
    source = source_of(bucket)
    assert states(generate(set_of(source))) == ["created"] * 5
    assert set(bucket.objects) == {"d/x.jpg", *(item.name for item in set_of(source))}


def test_the_reference_path_can_be_asked_for(storage: WatchedStorage, settings: Settings, decodes):
    source = source_of(storage, "d/x.jpg", photo_bytes((640, 480)))
    sizes = []
    load = Image.Image.resize

    def resize(self, size, *args, **kwargs):
        sizes.append(self.size)
        return load(self, size, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Image.Image, "resize", resize)
        generate([rendition_of(source, "out/fast.jpg")])
        settings.VERSATILE = {"EXACT_RESAMPLING": True}
        generate([rendition_of(source, "out/exact.jpg")])
    assert sizes[0] < (640, 480)
    assert sizes[1] == (640, 480)


# Waiting for another maker.


def test_what_another_makes_is_waited_for(source: Source, storage: WatchedStorage, monkeypatch):
    theirs = existence.claim(["/media/out/x.jpg"])

    def finish(seconds: float) -> None:
        put(storage, "out/x.jpg", PHOTO)
        existence.remember(["/media/out/x.jpg"])
        existence.release(theirs)

    monkeypatch.setattr(time, "sleep", finish)
    recording = Recording()
    assert states(generate([rendition_of(source, processors=[recording])])) == ["existing"]
    assert recording.runs == []


def test_what_another_gave_up_is_made_here(source: Source, monkeypatch):
    theirs = existence.claim(["/media/out/x.jpg"])
    monkeypatch.setattr(time, "sleep", lambda seconds: existence.release(theirs))
    assert states(generate([rendition_of(source)])) == ["created"]


def test_what_another_never_finishes_is_made_here_after_a_while(source: Source, short_wait: float):
    existence.claim(["/media/out/x.jpg"])
    assert states(generate([rendition_of(source)])) == ["created"]
    # The claim is still the other's.
    assert existence.is_pending("/media/out/x.jpg")


def test_while_another_makes_one_the_rest_is_made_here(
    source: Source, storage: WatchedStorage, short_wait: float
):
    theirs = existence.claim(["/media/out/1.png"])
    outcomes = make(set_of(source, 3))
    first = [next(outcomes), next(outcomes)]
    assert {outcome.rendition.name for outcome in first} == {"out/0.jpg", "out/2.webp"}
    assert not storage.exists("out/1.png")
    existence.release(theirs)
    (last,) = outcomes
    assert (last.rendition.name, last.state) == ("out/1.png", State.CREATED)


def test_a_grey_crop_and_a_colour_one_come_from_one_decode(
    source: Source, storage: WatchedStorage, decodes: list[str]
):
    grey = rendition_of(source, "out/grey.png", [Grayscale(), CropAroundPoint(10, 10)])
    colour = rendition_of(source, "out/colour.png", [CropAroundPoint(10, 10)])
    generate([grey, colour])
    assert decodes == ["JPEG"]
    assert image_of(grey).mode == "L"
    assert image_of(colour).mode == "RGB"


def test_whoever_hears_that_a_rendition_is_there_finds_it_recorded(source: Source, monkeypatch):
    remember = existence.remember
    recorded: list[frozenset[str]] = []

    def look(keys: Sequence[str]) -> None:
        recorded.append(manifest.read(source).names)
        remember(keys)

    monkeypatch.setattr(existence, "remember", look)
    rendition_of(source).require()
    assert recorded[-1] == {"out/x.jpg"}


def test_nobody_hears_of_what_was_made_of_bytes_that_are_gone(source: Source, monkeypatch):
    """The source is replaced while its rendition is made, which is therefore made twice."""
    remember = existence.remember
    heard: list[str] = []

    def listen(keys: Sequence[str]) -> None:
        known = list(keys)
        heard.extend(known)
        remember(known)

    monkeypatch.setattr(existence, "remember", listen)
    replace = [lambda: versions.renew(source)]
    recording = Recording(during=lambda: replace and replace.pop()())
    rendition_of(source, processors=[recording]).require()
    assert len(recording.runs) == 2
    assert heard == ["/media/out/x.jpg"]
