"""A page of specs is one cache read, whatever field their originals have."""

import pytest
from django.core.files.base import ContentFile

from tests.drawing import photo_bytes
from tests.stored import counted_cache_calls, upload
from tests.testapp.models import Article
from versatile.exceptions import ConfigurationError
from versatile.files import RenditionQuerySet
from versatile.files.prefetching import prefetch_specs

pytestmark = pytest.mark.django_db

ROWS = 3
SPECS = ("small", "wide")


@pytest.fixture(autouse=True)
def _rows() -> None:
    for number in range(ROWS):
        row = Article()
        row.photo.save(f"{number}.jpg", ContentFile(photo_bytes((30, 20), seed=number)))
        assert row.small.url
        assert row.wide.url
    Article().save()  # without a photo


def rows() -> RenditionQuerySet:
    return RenditionQuerySet(Article).order_by("pk")


def urls_of(found: list[Article]) -> list[str]:
    return [getattr(row, name).url for row in found if row.photo for name in SPECS]


def test_a_page_is_one_cache_read():
    with counted_cache_calls() as calls:
        page = list(rows().with_specs("small").with_specs("wide").filter(pk__gt=0))
        urls = urls_of(page)
    assert calls == ["get_many"]
    assert urls == urls_of(list(Article.objects.order_by("pk")))


def test_without_it_each_file_is_a_cache_read():
    with counted_cache_calls() as calls:
        urls_of(list(Article.objects.all()))
    assert calls == ["get"] * ROWS * len(SPECS)


def test_rows_that_are_not_kept_are_looked_up_in_chunks():
    with counted_cache_calls() as calls:
        for row in rows().with_specs(*SPECS).iterator(chunk_size=2):
            urls_of([row])
    assert calls == ["get_many"] * 2


def test_renditions_and_specs_of_one_photo_know_of_each_other():
    page = rows().with_renditions("photo", [("a", "fit__9x9")]).with_specs(*SPECS)
    list(Article.objects.get(photo="articles/0.jpg").photo.renditions([("a", "fit__9x9")]))
    row = page.get(photo="articles/0.jpg")
    with counted_cache_calls() as calls:
        assert row.photo.fit["9x9"].url
        assert row.small.url
    assert calls == []


def test_what_is_missing_is_made():
    row = Article.objects.get(photo="articles/0.jpg")
    row.small.rendition.delete()
    found = rows().with_specs("small").get(pk=row.pk)
    assert found.small.url
    assert found.small.rendition.exists()


def test_a_list_can_be_looked_up_too():
    page = list(Article.objects.all())
    assert prefetch_specs(page, *SPECS) == page
    with counted_cache_calls() as calls:
        urls_of(page)
    assert calls == []


def test_a_name_that_is_no_spec_is_told():
    with pytest.raises(ConfigurationError, match="'title'"):
        list(rows().with_specs("title"))


def test_an_upload_that_is_not_saved_yet_is_asked_for_by_itself():
    row = Article(photo=upload())
    assert prefetch_specs([row], "small") == [row]
    assert row.small.generator.source is row.photo
