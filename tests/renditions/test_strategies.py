"""Strategies: when renditions are made."""

import logging

import pytest
from pytest_django import Settings

from tests.renditions.conftest import use_cache
from tests.renditions.faults import WatchedCache, WatchedStorage
from tests.renditions.making import Failing, rendition_of
from versatile.exceptions import RenditionError, SourceNotFound
from versatile.renditions import backends, existence, strategies
from versatile.renditions.outcomes import Outcome, State
from versatile.renditions.source import Source
from versatile.renditions.strategies import JUST_IN_TIME, MANUAL

NAME = "out/x.jpg"
URL = "/media/out/x.jpg"


def test_the_switch_chooses_the_strategy():
    assert strategies.of(True) is JUST_IN_TIME
    assert strategies.of(False) is MANUAL


def test_manual_asks_nobody_for_a_url(
    source: Source, storage: WatchedStorage, watched_cache: WatchedCache
):
    assert rendition_of(source, strategy=MANUAL).url == URL
    assert MANUAL.on_set_required([rendition_of(source, strategy=MANUAL)]) == []
    assert (storage.calls, watched_cache.calls) == ([], [])


def test_manual_asks_nobody_even_for_a_source_that_is_missing(
    storage: WatchedStorage, watched_cache: WatchedCache
):
    rendition = rendition_of(Source(storage, "gone.jpg"), strategy=MANUAL)
    assert (rendition.url, rendition.path) == (URL, storage.path(NAME))
    assert (storage.calls, watched_cache.calls) == ([], [])


def test_what_is_known_costs_one_cache_read_and_no_storage_call(
    source: Source, storage: WatchedStorage, watched_cache: WatchedCache
):
    existence.remember([URL])
    watched_cache.calls.clear()
    assert rendition_of(source).url == URL
    assert watched_cache.calls == [("get", URL)]
    assert storage.calls == []


def test_what_a_page_looked_up_costs_nothing(storage: WatchedStorage, watched_cache: WatchedCache):
    source = Source(storage, "d/x.jpg", known={URL: True})
    assert rendition_of(source).url == URL
    assert JUST_IN_TIME.on_set_required([rendition_of(source)]) == []
    assert (storage.calls, watched_cache.calls) == ([], [])


def test_what_a_page_looked_up_in_vain_is_asked_for_again(source: Source, storage: WatchedStorage):
    page = Source(storage, source.name, known={URL: False})
    rendition_of(page).require()
    assert storage.exists(NAME)
    assert page.known == {URL: True}


def test_a_set_costs_one_cache_read(
    source: Source, storage: WatchedStorage, watched_cache: WatchedCache
):
    renditions = [rendition_of(source, f"out/{number}.jpg") for number in range(5)]
    keys = tuple(rendition.existence_key for rendition in renditions)
    existence.remember(keys)
    watched_cache.calls.clear()
    outcomes = JUST_IN_TIME.on_set_required(renditions)
    assert watched_cache.calls == [("get_many", keys)]
    assert storage.calls == []
    assert [outcome.state for outcome in outcomes] == [State.EXISTING] * 5


def test_of_a_set_only_what_is_not_known_is_asked_for(
    storage: WatchedStorage, source: Source, watched_cache: WatchedCache
):
    page = Source(storage, source.name, known={URL: True})
    known, unknown = rendition_of(page), rendition_of(page, "out/y.jpg")
    (outcome,) = JUST_IN_TIME.on_set_required([known, unknown])
    assert outcome.rendition is unknown
    assert outcome.state is State.CREATED


def test_of_a_set_nothing_is_raised(source: Source):
    good, bad = rendition_of(source), rendition_of(source, "out/y.jpg", [Failing()])
    outcomes = JUST_IN_TIME.on_set_required([bad, good])
    assert [outcome.state for outcome in outcomes] == [State.FAILED, State.CREATED]
    assert isinstance(outcomes[0].error, RenditionError)


def test_an_error_is_raised_and_logged_once_with_its_traceback(storage: WatchedStorage, caplog):
    rendition = rendition_of(Source(storage, "gone.jpg"))
    for _ in range(2):
        with pytest.raises(SourceNotFound, match=r"gone\.jpg"):
            rendition.require()
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.name.startswith("versatile.")
    assert record.exc_info
    assert "gone.jpg" in record.getMessage()


def test_what_failed_is_tried_again_by_the_same_object(source: Source, storage: WatchedStorage):
    storage.fail("save", OSError("no room"))
    rendition = rendition_of(source)
    with pytest.raises(OSError, match="no room"):
        rendition.require()
    storage.failing.clear()
    rendition.require()
    assert storage.exists(NAME)


def test_one_error_has_one_log_record_however_often_it_is_met(source: Source, caplog):
    error = RenditionError(NAME, "failed")
    outcome = Outcome(rendition_of(source), State.FAILED, error)
    for _ in range(3):
        with pytest.raises(RenditionError):
            backends.raise_logged(outcome)
    backends.log(error)
    assert len(caplog.records) == 1


def test_without_an_error_nothing_is_raised_or_logged(source: Source, caplog):
    backends.raise_logged(Outcome(rendition_of(source), State.CREATED))
    assert caplog.records == []


@pytest.mark.parametrize(
    ("cache", "looks"), [("WatchedCache", 1), ("BrokenCache", 3), ("ForgetfulCache", 3)]
)
def test_a_cache_that_does_not_work_only_costs_time(
    cache, looks: int, source: Source, settings: Settings, storage: WatchedStorage
):
    use_cache(settings, cache)
    assert [rendition_of(source).url for _ in range(3)] == [URL] * 3
    assert storage.named("exists").count(NAME) == looks
    assert storage.named("open") == ["d/x.jpg"]


def test_a_dummy_cache_only_costs_time(source: Source, settings: Settings, storage: WatchedStorage):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert [rendition_of(source).url for _ in range(3)] == [URL] * 3
    assert storage.named("open") == ["d/x.jpg"]
