"""Existence: ready, pending, failed."""

from dataclasses import replace

import pytest
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage
from pytest_django import Settings

from tests.renditions.conftest import Clock, use_cache
from tests.renditions.faults import GarbageCache, WatchedCache
from versatile.exceptions import SourceError, SourceNotFound, SourceUnreadable
from versatile.renditions import existence, failures
from versatile.renditions.addresses import shorten
from versatile.renditions.looking import look
from versatile.renditions.source import Source

KEY = "/media/__sized__/d/x-thumbnail-50x50-70.jpg"
OTHER = "/media/__sized__/d/y-thumbnail-50x50-70.jpg"


class Incomparable:
    """What cannot be compared with anything, nor asked whether it is true."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise TypeError("not with me")

    def __bool__(self) -> bool:
        raise TypeError("neither")

    def __repr__(self) -> str:
        return "incomparable"


BROKEN = ["BrokenCache", "ForgetfulCache"]
GARBAGE = [
    "garbage",
    b"",
    0,
    [],
    {},
    {"retry_at": 9e9},
    {"retry_at": 9e9, "kind": "Nobody", "reason": "?"},
    {"retry_at": "soon", "kind": "SourceNotFound", "reason": "?"},
    {"retry_at": None, "kind": "SourceNotFound", "reason": "?", "count": "many"},
    {"count": 10**18, "retry_at": 9e9, "kind": None, "reason": "?"},
    Incomparable(),
]


def unknown_source() -> Source:
    return Source(FileSystemStorage(base_url="/media/"), "d/x.jpg")


def test_nothing_is_known_of_a_rendition_at_first():
    assert not existence.is_ready(KEY)
    assert existence.read([KEY]) == {KEY: False}
    assert not existence.is_pending(KEY)


def test_what_is_remembered_is_ready_until_it_is_forgotten():
    existence.remember([KEY])
    assert existence.is_ready(KEY)
    assert existence.read([KEY, OTHER]) == {KEY: True, OTHER: False}
    existence.forget([KEY])
    assert not existence.is_ready(KEY)


def test_the_key_holds_1_as_it_did_in_the_old_library():
    existence.remember([KEY])
    assert caches["default"].get(KEY) == 1
    existence.forget([KEY])
    caches["default"].set(KEY, 1)
    assert existence.is_ready(KEY)


def test_ready_is_remembered_for_as_long_as_the_settings_say(settings: Settings, monkeypatch):
    settings.VERSATILE = {"CACHE_TIMEOUT": 1234}
    timeouts = []
    monkeypatch.setattr(
        type(caches["default"]), "set_many", lambda self, data, timeout: timeouts.append(timeout)
    )
    existence.remember([KEY])
    assert timeouts == [1234]


def test_ready_has_an_end(settings: Settings):
    settings.VERSATILE = {"CACHE_TIMEOUT": 0}
    existence.remember([KEY])
    assert not existence.is_ready(KEY)


def test_one_look_is_one_cache_read(watched_cache: WatchedCache):
    existence.is_ready(KEY)
    existence.read([KEY, OTHER])
    assert watched_cache.calls == [("get", KEY), ("get_many", (KEY, OTHER))]


def test_a_look_at_nothing_asks_nobody(watched_cache: WatchedCache):
    assert existence.read([]) == {}
    existence.release(existence.claim([]))
    assert watched_cache.calls == []


@pytest.mark.usefixtures("leased")
def test_a_claim_is_made_with_cache_add_a_token_of_its_own_and_a_lease(monkeypatch):
    added = []

    def add(self, key, value, timeout):
        added.append((key, value, timeout))
        return True

    monkeypatch.setattr(type(caches["default"]), "add", add)
    first, second = existence.claim([KEY]), existence.claim([KEY])
    assert [(key, timeout) for key, _, timeout in added] == [
        (f"{KEY}-pending", existence.LEASE),
        (f"{KEY}-pending", existence.LEASE),
    ]
    assert [token for _, token, _ in added] == [first.token, second.token]
    assert first.token != second.token


def test_a_claimed_rendition_is_pending_and_no_one_elses():
    mine = existence.claim([KEY, OTHER])
    assert mine.keys == {KEY, OTHER}
    assert existence.is_pending(KEY)
    assert not existence.is_ready(KEY)
    assert existence.claim([KEY]).keys == set()


def test_a_released_claim_can_be_made_again():
    existence.release(existence.claim([KEY]))
    assert not existence.is_pending(KEY)
    assert existence.claim([KEY]).keys == {KEY}


def test_claims_are_made_one_by_one():
    theirs = existence.claim([KEY])
    mine = existence.claim([KEY, OTHER])
    assert mine.keys == {OTHER}
    existence.release(mine)
    assert existence.is_pending(KEY)
    assert not existence.is_pending(OTHER)
    existence.release(theirs)
    assert not existence.is_pending(KEY)


@pytest.mark.usefixtures("leased")
def test_a_claim_ends_with_its_lease(monkeypatch):
    monkeypatch.setattr(existence, "LEASE", 0)
    existence.claim([KEY])
    assert not existence.is_pending(KEY)
    assert existence.claim([KEY]).keys == {KEY}


@pytest.mark.usefixtures("leased")
def test_who_outlived_a_lease_does_not_release_the_next_owners_claim(monkeypatch):
    monkeypatch.setattr(existence, "LEASE", 0)
    late = existence.claim([KEY])
    monkeypatch.undo()
    existence.claim([KEY])
    existence.release(late)
    assert existence.is_pending(KEY)


@pytest.mark.usefixtures("leased")
def test_a_claim_is_extended_when_a_part_of_its_lease_is_over(monkeypatch):
    claims = existence.claim([KEY, OTHER])
    theirs = f"{OTHER}-pending"
    caches["default"].set(theirs, "0" * 32, 60)  # who was too slow has lost it
    touched = []
    monkeypatch.setattr(
        type(caches["default"]), "touch", lambda self, key, lease: touched.append((key, lease))
    )
    assert existence.extend(claims) is claims
    early = replace(claims, since=claims.since - existence.LEASE / 4)
    later = existence.extend(early)
    assert touched == [(f"{KEY}-pending", existence.LEASE)]
    assert (later.token, later.keys) == (claims.token, claims.keys)
    assert later.since > early.since


def test_locked_files_need_no_longer_lease(monkeypatch):
    claims = existence.claim([KEY])
    early = replace(claims, since=claims.since - existence.LEASE)
    assert existence.extend(early).since > early.since
    assert existence.is_pending(KEY)


@pytest.mark.parametrize("value", [True, 1.0, "1", b"1", 2, -1, [1]])
def test_only_the_number_1_means_ready(value):
    caches["default"].set(KEY, value)
    assert not existence.is_ready(KEY)
    assert existence.read([KEY]) == {KEY: False}
    assert look([KEY], [], []).ready == frozenset()


@pytest.mark.usefixtures("leased")
def test_rubbish_under_the_key_of_a_claim_is_no_claim():
    caches["default"].set(f"{KEY}-pending", "rubbish")
    assert not existence.is_pending(KEY)
    assert existence.claim([KEY]).keys == {KEY}


def test_a_long_key_can_be_claimed_beside_its_neighbours():
    first, second = (shorten(f"{'k' * 300}{number}") for number in range(2))
    existence.claim([first])
    assert existence.is_pending(first)
    assert not existence.is_pending(second)
    assert not existence.is_ready(first)


@pytest.mark.parametrize("cache", BROKEN)
def test_without_a_working_cache_nothing_is_known_and_locked_files_claim(cache, settings: Settings):
    use_cache(settings, cache)
    existence.remember([KEY])
    assert not existence.is_ready(KEY)
    assert existence.read([KEY]) == {KEY: False}
    existence.forget([KEY])
    claims = existence.claim([KEY])
    assert claims.keys == {KEY}
    assert existence.is_pending(KEY)
    assert existence.claim([KEY]).keys == set()
    existence.release(claims)
    assert not existence.is_pending(KEY)
    source = unknown_source()
    failures.remember_failure(source, SourceNotFound(source.name, "gone"))
    assert failures.failure(source) is not None  # by the process itself
    failures.forget_failure(source)
    assert failures.failure(source) is None


def test_with_a_dummy_cache_locked_files_are_the_claims(settings: Settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    existence.remember([KEY])
    assert not existence.is_ready(KEY)
    assert [existence.claim([KEY]).keys for _ in range(2)] == [{KEY}, set()]


@pytest.mark.parametrize("garbage", GARBAGE, ids=repr)
def test_garbage_is_not_ready_and_no_failure_and_hides_none(
    garbage, settings: Settings, monkeypatch
):
    use_cache(settings, "GarbageCache")
    monkeypatch.setattr(GarbageCache, "garbage", garbage)
    assert not existence.is_ready(KEY)
    assert existence.read([KEY]) == {KEY: False}
    claims = existence.claim([KEY])
    existence.release(claims)
    assert look([KEY], [], []).ready == frozenset()
    source = unknown_source()
    assert failures.failure(source) is None
    failures.remember_failure(source, SourceUnreadable(source.name, "empty"))
    assert failures.failure(source) is not None  # by the process itself


@pytest.mark.parametrize("answer", [None, "garbage", 3])
def test_a_batch_that_is_no_batch_is_nothing(answer, settings: Settings, monkeypatch):
    use_cache(settings, "GarbageCache")
    monkeypatch.setattr(GarbageCache, "get_many", lambda *args, **kwargs: answer)
    assert existence.read([KEY]) == {KEY: False}
    existence.release(existence.claim([KEY]))


@pytest.mark.parametrize(
    "error", [SourceNotFound("d/x.jpg", "no file"), SourceUnreadable("d/x.jpg", "truncated")]
)
def test_a_failed_source_says_again_why(error: SourceError, clock: Clock):
    source = unknown_source()
    failures.remember_failure(source, error)
    again = failures.failure(source)
    assert type(again) is type(error)
    assert (again.source, again.reason, str(again)) == (error.source, error.reason, str(error))


def test_what_comes_from_memory_was_logged_before(clock: Clock):
    source = unknown_source()
    failures.remember_failure(source, SourceNotFound(source.name, "no file"))
    again = failures.failure(source)
    assert again is not None
    assert again.logged


def test_a_failed_source_is_left_alone_for_a_second_then_twice_as_long(clock: Clock):
    source = unknown_source()
    pauses = []
    for _ in range(9):
        failures.remember_failure(source, SourceNotFound(source.name, "no file"))
        start = clock.now
        while failures.failure(source) is not None:
            clock.now += 0.5
        pauses.append(clock.now - start)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_the_memory_of_a_failure_ends_by_itself(clock: Clock, monkeypatch):
    source = unknown_source()
    timeouts = []
    monkeypatch.setattr(
        type(caches["default"]), "set", lambda self, key, value, timeout: timeouts.append(timeout)
    )
    failures.remember_failure(source, SourceNotFound(source.name, "no file"))
    assert timeouts == [1 + failures.LONGEST_BACK_OFF]


def test_a_new_source_is_tried_at_once(clock: Clock):
    source = unknown_source()
    failures.remember_failure(source, SourceNotFound(source.name, "no file"))
    failures.forget_failure(source)
    assert failures.failure(source) is None
    failures.remember_failure(source, SourceNotFound(source.name, "no file"))
    clock.now += 1
    assert failures.failure(source) is None


def test_one_sources_failure_is_not_anothers(clock: Clock):
    source = unknown_source()
    failures.remember_failure(source, SourceNotFound(source.name, "no file"))
    assert failures.failure(Source(source.storage, "d/y.jpg")) is None
    assert failures.failure(Source(FileSystemStorage(base_url="/else/"), "d/x.jpg")) is None
