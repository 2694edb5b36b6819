"""Source groups: who is told of saved sources, and who listens."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import serializers
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db.models.signals import post_init, post_save, pre_save

from tests.drawing import photo_bytes
from tests.registering import kept_generators
from tests.specs.shapes import Far, Near, Nearest, NearProxy, Small, Snap, Untouched
from versatile import register
from versatile.cachefiles import ImageCacheFile
from versatile.cachefiles.strategies import Optimistic
from versatile.registry import generator_registry, source_group_registry
from versatile.signals import source_saved
from versatile.specs.sourcegroups import ImageFieldSourceGroup, get_nonabstract_descendants
from versatile.utils import get_field_info

pytestmark = pytest.mark.django_db
PHOTO = photo_bytes((60, 40))
SHOT: Any = Near.__mro__[1]


@pytest.fixture
def told() -> Iterator[list[tuple[Any, str]]]:
    """Models of the groups and names of the sources that are told of."""
    heard: list[tuple[Any, str]] = []

    def hear(sender: Any, source: Any, **kwargs: Any) -> None:
        heard.append((sender.model_class, source.name))

    source_saved.connect(hear)
    yield heard
    source_saved.disconnect(hear)


def saved(model: Any = Snap, name: str = "x.jpg", content: bytes = PHOTO) -> Any:
    row = model()
    row.picture.save(name, ContentFile(content))
    return row


def test_a_saved_source_is_told_of(told):
    saved()
    assert told == [(Snap, "snaps/x.jpg")]


def test_an_unchanged_source_is_not(told):
    row = saved()
    told.clear()
    row.save()
    row.note = "new"
    row.save()
    assert told == []
    row.picture.save("y.jpg", ContentFile(PHOTO))
    assert told == [(Snap, "snaps/y.jpg")]


def test_an_empty_field_is_not(told):
    Snap().save()
    Snap._default_manager.create(note="x")
    assert told == []


def test_what_update_fields_leaves_out_is_not(told):
    row = saved()
    told.clear()
    row.picture = "snaps/other.jpg"
    row.save(update_fields=["note"])
    assert told == []
    row.save(update_fields=["picture"])
    assert told == [(Snap, "snaps/other.jpg")]


def test_raw_saves_are_not(told):
    row = saved()
    told.clear()
    for item in serializers.deserialize("json", serializers.serialize("json", [row])):
        item.save()
    assert told == []


def test_the_first_save_after_loading_counts_as_changed(told):
    row = Snap._default_manager.get(pk=saved().pk)
    told.clear()
    row.save()
    assert told == [(Snap, "snaps/x.jpg")]
    row.save()
    assert len(told) == 1


@pytest.mark.parametrize("model", [Near, Nearest, NearProxy, Far])
def test_descendants_of_an_abstract_model_are_told_of(model, told):
    saved(model)
    assert (SHOT, "shots/x.jpg") in told
    assert ((Near, "shots/x.jpg") in told) == (model is not Far)
    assert len(told) == len(set(told))


def test_a_file_that_is_assigned_is_told_of_when_it_is_stored(told):
    row = Snap(picture=ContentFile(PHOTO, "z.jpg"))
    row.save()
    assert told == [(Snap, "snaps/z.jpg")]


def test_optimistic_files_are_made_by_saving():
    row = saved()
    assert default_storage.exists(row.eager.name)
    assert not default_storage.exists(row.small.name)
    assert bool(row.eager) is True


def test_a_bad_source_stops_no_save(caplog):
    row = saved(content=b"no picture")
    assert row.pk
    assert "snaps/x.jpg" in caplog.text
    assert bool(row.eager) is False
    row.picture.save("x2.jpg", ContentFile(PHOTO))
    assert bool(row.eager) is True


def test_a_spec_that_was_taken_away_stops_no_save(caplog):
    with kept_generators():
        generator_registry.unregister("testapp:snap:eager")
        assert saved().pk
    assert "testapp:snap:eager" in caplog.text


def test_loading_reads_nothing(django_assert_num_queries, monkeypatch):
    pk = saved().pk
    monkeypatch.setitem(vars(storages["default"]), "open", None)
    with django_assert_num_queries(1):
        row = Snap._default_manager.defer("picture").get(pk=pk)
    with django_assert_num_queries(1):
        row.save()
    with django_assert_num_queries(0):
        Snap()
        Snap(picture="x.jpg")


class Eager(Small):
    cachefile_strategy = Optimistic


class Eagerer(Eager):
    format = "WEBP"


def receivers(signal: Any, model: Any) -> int:
    return sum(map(len, signal._live_receivers(model)))


class Nothing:
    """No model at all."""


@pytest.mark.parametrize("signal", [post_save, pre_save, post_init])
def test_only_models_with_such_a_field_are_listened_to(signal):
    assert receivers(signal, Untouched) == receivers(signal, Nothing)


def test_models_with_one_are_listened_to_once_and_not_when_they_are_made():
    for model in (Snap, Near, Nearest, NearProxy, Far):
        assert receivers(post_save, model) == receivers(post_save, Untouched) + 1
        assert receivers(post_init, model) == receivers(post_init, Untouched)
    ImageFieldSourceGroup(Snap, "picture")
    assert receivers(post_save, Snap) == receivers(post_save, Untouched) + 1


def test_groups_of_one_field_share_a_decode(opened):
    with kept_generators():
        for id, model in (("tests:one", SHOT), ("tests:two", Near)):
            register.generator(id, Eager if model is Near else Eagerer)
            register.source_group(id, ImageFieldSourceGroup(model, "picture"))
        row = saved(Near)
        for kind in (Eager, Eagerer):
            assert default_storage.exists(ImageCacheFile(kind(row.picture)).name or "")
        assert opened == [row.picture.name]


def test_descendants():
    assert list(get_nonabstract_descendants(SHOT)) == [Near, Nearest, NearProxy, Far]
    assert list(get_nonabstract_descendants(Snap)) == [Snap]


def test_groups_of_one_field_are_equal():
    one, other = ImageFieldSourceGroup(Snap, "picture"), ImageFieldSourceGroup(Snap, "picture")
    assert one == other
    assert hash(one) == hash(other)
    assert one != ImageFieldSourceGroup(Near, "picture")
    assert "testapp:snap:small" in source_group_registry.ids_of(one)


def test_the_field_of_a_file_is_known():
    row = saved()
    assert get_field_info(row.picture) == (row, "picture")
    assert get_field_info(ContentFile(b"", "x")) == (None, None)


def test_a_deleted_row_is_no_source():
    row = saved()
    row.delete()
    assert list(ImageFieldSourceGroup(Snap, "picture").files()) == []


def test_empty_fields_are_sources_without_a_name():
    Snap().save()
    (file,) = ImageFieldSourceGroup(Snap, "picture").files()
    assert not file
