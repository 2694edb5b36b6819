"""Querysets that look up the renditions of all their rows in one cache read."""

import pytest
from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile

from tests.drawing import photo_bytes
from tests.stored import counted_cache_calls
from tests.testapp.models import Portrayed
from versatile.exceptions import UnknownRenditionKeySet

pytestmark = pytest.mark.django_db

PAIRS = [("small", "fit__9x9"), ("tiny", "fit__5x5")]
ROWS = 5


@pytest.fixture
def _rows() -> None:
    for number in range(ROWS):
        row = Portrayed()
        row.photo.save(f"{number}.jpg", ContentFile(photo_bytes((30, 20), seed=number)))
        row.photo.renditions(PAIRS)


def urls_of(rows: list[Portrayed]) -> list[str]:
    return [row.photo.fit[size].url for row in rows for size in ("9x9", "5x5")]


@pytest.mark.usefixtures("_rows")
def test_a_page_is_one_cache_read():
    rows = Portrayed.objects.with_renditions("photo", PAIRS).order_by("pk")
    with counted_cache_calls() as calls:
        page = list(rows)
        urls = urls_of(page)
        assert list(rows) == page
    assert calls == ["get_many"]
    assert urls == urls_of(list(Portrayed.objects.order_by("pk")))


@pytest.mark.usefixtures("_rows")
def test_without_it_each_picture_is_a_cache_read():
    with counted_cache_calls() as calls:
        urls_of(list(Portrayed.objects.all()))
    assert calls == ["get"] * ROWS * 2


@pytest.mark.usefixtures("_rows")
def test_it_is_kept_by_what_follows_and_not_by_what_stood_before():
    before = Portrayed.objects.all()
    rows = before.with_renditions("photo", PAIRS[:1]).with_renditions("photo", PAIRS[1:])
    with counted_cache_calls() as calls:
        urls_of(list(rows.filter(pk__gt=0)[:3]))
        assert calls == ["get_many"] * 2
        calls.clear()
        urls_of(list(before))
    assert calls == ["get"] * ROWS * 2


@pytest.mark.usefixtures("_rows")
def test_rows_that_are_not_kept_are_looked_up_in_chunks():
    rows = Portrayed.objects.with_renditions("photo", PAIRS)
    with counted_cache_calls() as calls:
        for row in rows.iterator(chunk_size=2):
            urls_of([row])
    assert calls == ["get_many"] * 3
    with counted_cache_calls() as calls:
        assert len(urls_of(list(rows.iterator()))) == ROWS * 2
    assert calls == ["get_many"]
    assert len(list(Portrayed.objects.iterator())) == ROWS


@pytest.mark.usefixtures("_rows")
def test_asynchronous_code_looks_up_a_page_in_one_read_too():
    rows = Portrayed.objects.with_renditions("photo", PAIRS)

    async def page() -> list[str]:
        return urls_of([row async for row in rows])

    async def chunks() -> list[str]:
        return urls_of([row async for row in rows.aiterator(chunk_size=2)])

    async def values() -> int:
        return len([row async for row in rows.values("photo").aiterator()])

    with counted_cache_calls() as calls:
        assert len(async_to_sync(page)()) == ROWS * 2
        assert calls == ["get_many"]
        calls.clear()
        assert len(async_to_sync(chunks)()) == ROWS * 2
        assert calls == ["get_many"] * 3
        calls.clear()
        assert async_to_sync(values)() == ROWS
    assert calls == []


@pytest.mark.usefixtures("_rows")
def test_values_have_no_renditions():
    rows = Portrayed.objects.with_renditions("photo", PAIRS)
    with counted_cache_calls() as calls:
        assert len(rows.values_list("photo")) == ROWS
        assert rows.count() == ROWS
    assert calls == []


def test_a_wrong_set_is_told_where_it_is_written():
    with pytest.raises(UnknownRenditionKeySet):
        Portrayed.objects.with_renditions("photo", "nobody's")


def test_no_rows_are_no_cache_read_at_all():
    with counted_cache_calls() as calls:
        assert list(Portrayed.objects.with_renditions("photo", PAIRS)) == []
    assert calls == []
