"""Spec fields: virtual, and files of another field's image."""

import copy
import pickle
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.apps.registry import Apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from PIL import Image

from tests.drawing import photo_bytes
from tests.registering import kept_generators
from tests.specs.shapes import Far, Near, Nearest, NearProxy, Small, Snap, Untouched
from versatile import ImageSpec, processors
from versatile.cachefiles import ImageCacheFile
from versatile.exceptions import ConfigurationError, SourceUnreadable
from versatile.models import ImageSpecField
from versatile.registry import generator_registry, source_group_registry
from versatile.specs.sourcegroups import ImageFieldSourceGroup
from versatile.utils import get_field_info

p: Any = processors
pytestmark = pytest.mark.django_db


def snap(**fields: Any) -> Any:
    row = Snap(**fields)
    row.picture.save("x.jpg", ContentFile(photo_bytes((60, 40))))
    return row


def test_the_class_gives_the_field_and_an_instance_a_new_file_each_time():
    assert isinstance(Snap.small, ImageSpecField)
    row = snap()
    assert isinstance(row.small, ImageCacheFile)
    assert row.small is not row.small
    assert row.small.name == row.small.name
    file = row.small
    assert row.__dict__["small"] is file


def test_the_file_is_made_of_the_image():
    row = snap()
    assert row.small.url.startswith("/media/CACHE/images/snaps/x")
    assert (row.small.width, row.small.height) == (30, 20)
    with row.small.open() as file:
        assert Image.open(file).size == (30, 20)


def test_reading_the_attribute_asks_nobody(django_assert_num_queries, monkeypatch):
    row = Snap._default_manager.get(pk=snap().pk)
    monkeypatch.setitem(vars(storages["default"]), "open", None)
    with django_assert_num_queries(0):
        assert row.small.name
        assert str(row.small)


def test_without_an_image_it_is_false():
    assert not Snap().small
    assert Snap().small.name is None


def test_it_is_no_field_of_the_database():
    names = {field.name for field in Snap._meta.get_fields()}
    assert names == {"id", "picture", "note"}
    assert "small" not in {column.column for column in Snap._meta.concrete_fields}
    state = ModelState.from_model(Snap)
    assert set(state.fields) == names


def test_it_makes_no_migration():
    with_field, without = ProjectState(), ProjectState()
    with_field.add_model(ModelState.from_model(Snap))
    model = ModelState(
        "testapp",
        "Snap",
        [
            (
                "id",
                models.BigAutoField(
                    primary_key=True, serialize=False, auto_created=True, verbose_name="ID"
                ),
            ),
            ("picture", models.ImageField(upload_to="snaps", blank=True)),
            ("note", models.CharField(max_length=9, default="")),
        ],
    )
    without.add_model(model)
    detector: Any = MigrationAutodetector(without, with_field)
    changes = detector._detect_changes()
    assert changes == {}


@pytest.mark.parametrize(
    ("model", "name", "id"),
    [
        (Snap, "small", "testapp:snap:small"),
        (Snap, "shared", "testapp:shared"),
        (Snap, "named", "testapp:shared"),
        (Near, "told", "testapp:shot:told"),
        (Nearest, "told", "testapp:shot:told"),
        (Far, "found", "testapp:far:found"),
    ],
)
def test_ids(model, name, id):
    assert getattr(model, name).spec_id.lower() == id
    assert getattr(model, name).spec_id in generator_registry


def test_an_id_may_be_shared():
    row = snap()
    assert row.shared.name == row.named.name
    assert isinstance(row.named.generator, Small)


def test_the_id_is_looked_up_at_each_access():
    row = snap()
    with kept_generators():
        generator_registry.unregister("testapp:snap:small")
        generator_registry.register("testapp:snap:small", Small)
        assert isinstance(row.small.generator, Small)


@pytest.fixture
def kept() -> Iterator[None]:
    """What models of a test register is forgotten after it."""
    with kept_generators():
        yield


def new_model(name: str, **attributes: Any) -> Any:
    meta = type("Meta", (), {"app_label": "testapp", "apps": Apps()})
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta} | attributes)


def test_a_source_that_is_not_clear_is_an_error_when_the_class_is_prepared(kept):
    with pytest.raises(ConfigurationError, match=r"NoImage\.small needs source=.* has none"):
        new_model("NoImage", small=ImageSpecField([p.Convert("L")]))
    images = {name: models.ImageField(upload_to="x") for name in ("one", "two")}
    with pytest.raises(ConfigurationError, match="several: one, two"):
        new_model("Images", small=ImageSpecField([p.Convert("L")]), **images)
    assert not {"testapp:noimage:small", "testapp:images:small"} & {*generator_registry.get_ids()}


def test_the_order_of_declaration_does_not_matter(kept):
    model = new_model(
        "Late", small=ImageSpecField([p.Convert("L")]), image=models.ImageField(upload_to="x")
    )
    assert model.small.source_name(model) == "image"


def test_a_spec_with_attributes_of_one_is_a_type_error():
    with pytest.raises(TypeError, match="processors"):
        ImageSpecField([p.Convert("L")], spec=Small)


def test_abstract_models(django_assert_num_queries):
    for model in (Near, Nearest, NearProxy, Far):
        row = model()
        row.picture.save("x.jpg", ContentFile(photo_bytes((60, 40))))
        assert row.told.width == 30
        assert row.found.width == (40 if model is Far else 30)


def groups(id: str) -> list[tuple[Any, str]]:
    found: list[Any] = list(source_group_registry.get(id))
    return [(group.model_class, group.image_field) for group in found]


def test_source_groups_of_fields():
    assert groups("testapp:snap:small") == [(Snap, "picture")]
    assert groups("testapp:shot:told") == [(Near.__mro__[1], "picture")]
    assert groups("testapp:shot:found") == [(Near, "picture")], "Far has a field of its own"
    assert groups("testapp:far:found") == [(Far, "picture")]
    assert not any(
        model is Untouched for id in generator_registry.get_ids() for model, _ in groups(id)
    )


def test_the_files_of_a_group_are_those_of_every_row_once():
    for index, model in enumerate((Near, Nearest, NearProxy, Far)):
        row = model()
        row.picture.save(f"{index}.jpg", ContentFile(photo_bytes((9, 9))))
    told = ImageFieldSourceGroup(Near.__mro__[1], "picture")
    names = sorted(file.name for file in told.files())
    assert names == [f"shots/{index}.jpg" for index in range(4)]


@pytest.mark.parametrize("name", ["small", "eager", "shared", "called_back"])
def test_an_instance_that_holds_a_file_pickles(name):
    row = snap()
    url = getattr(row, name).url
    with getattr(row, "small").open() as file:  # noqa: B009 - keeps an open file
        assert file.read(1)
        twin = pickle.loads(pickle.dumps(row))
    assert getattr(twin, name).url == url
    assert twin.__dict__["small"].name == row.small.name
    assert copy.deepcopy(row).small.name == row.small.name


def test_an_attribute_can_be_set():
    row: Any = Snap()
    row.small = "else"
    assert row.__dict__["small"] == "else"


class ByNote(ImageSpec):
    """A spec that looks at the row that its source belongs to."""

    format = "PNG"

    @property
    def processors(self) -> Any:
        row, field = get_field_info(self.source)
        return [p.ResizeToFit(getattr(row, "zoom", 7), 99)] if field == "picture" else []

    @processors.setter
    def processors(self, value: Any) -> None: ...


def test_a_spec_may_vary_by_the_row():
    rows = [Nearest(zoom=zoom) for zoom in (11, 22)]
    for row in rows:
        row.picture.save("x.jpg", ContentFile(photo_bytes((60, 40))))
    files = [ImageCacheFile(ByNote(row.picture)) for row in rows]
    assert [file.width for file in files] == [11, 22]
    assert files[0].name != files[1].name
    rows[0].zoom = 12
    assert ImageCacheFile(ByNote(rows[0].picture)).name != files[0].name


def test_a_source_without_a_telling_name_that_is_bad_backs_off():
    row: Any = Snap()
    row.picture.save("bad", ContentFile(b"no picture"))
    with pytest.raises(SourceUnreadable, match="snaps/bad"):
        row.small.url  # noqa: B018 - is made
    with mock.patch("versatile.imaging.reading.open_image") as opened:
        assert bool(row.small) is False
    assert not opened.called, "it backs off"
    default_storage.delete(row.picture.name)
    default_storage.save(row.picture.name, ContentFile(photo_bytes((9, 9))))
    assert bool(row.small) is True, "another file is tried at once"
