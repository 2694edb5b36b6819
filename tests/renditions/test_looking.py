"""Looking: what one read of the cache finds of all pictures of a page."""

from typing import Any

import pytest
from django.core.cache import caches

from tests.renditions.making import rendition_of
from tests.stored import counted_cache_calls
from versatile.exceptions import SourceUnreadable
from versatile.imaging.geometry import Size
from versatile.renditions import existence, failures
from versatile.renditions.looking import look
from versatile.renditions.sizes import remember_sizes
from versatile.renditions.source import Source


def test_one_read_finds_renditions_failures_and_sizes(source: Source) -> None:
    ready, missing = (rendition_of(source, f"out/{name}.jpg") for name in ("a", "b"))
    existence.remember([ready.existence_key])
    remember_sizes({ready.existence_key: Size(3, 2)})
    failures.remember_failure(source, SourceUnreadable(source.name, "it is torn"))
    keys = [ready.existence_key, missing.existence_key]
    with counted_cache_calls() as calls:
        found = look(keys, [source], keys)
    assert calls == ["get_many"]
    assert found.ready == {ready.existence_key}
    assert found.sizes == {ready.existence_key: Size(3, 2)}
    assert "it is torn" in str(found.failure(source))


@pytest.mark.parametrize("value", [True, 1.0, "1", [1], existence.ABSENT])
def test_what_only_looks_like_ready_is_not(source: Source, value: Any) -> None:
    key = rendition_of(source).existence_key
    caches["default"].set(key, value)
    assert look([key], [], []).ready == frozenset()
    assert existence.read([key]) == {key: False}
