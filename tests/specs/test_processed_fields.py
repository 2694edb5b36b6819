"""The model field whose uploads are processed."""

import copy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, migrations, models, transaction
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter
from django.forms import ImageField, ModelForm
from django.utils.datastructures import MultiValueDict
from django.utils.module_loading import import_string
from PIL import Image
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.imaging.hostile import png_header
from tests.specs.shapes import Upload
from tests.stored import files_below
from versatile import processors
from versatile.exceptions import RenditionError, SourceUnreadable
from versatile.models import ProcessedImageField
from versatile.registry import generator_registry

p: Any = processors
pytestmark = pytest.mark.django_db


def photo(**drawing: Any) -> ContentFile:
    return ContentFile(photo_bytes((60, 40), **drawing))


def uploaded(name: str = "UP.png", field: str = "picture", **drawing: Any) -> Any:
    row = Upload()
    getattr(row, field).save(name, photo(**{"format": "PNG", **drawing}))
    return row


def stored(row: Any, field: str = "picture") -> Image.Image:
    with default_storage.open(getattr(row, field).name) as file:
        image = Image.open(file)
        image.load()
        return image


def files() -> set[str]:
    return files_below(Path(default_storage.path("")))


def test_only_the_result_is_stored():
    row = uploaded()
    assert row.picture.name == "uploads/UP.jpg"
    image = stored(row)
    assert (image.format, image.size) == ("JPEG", (20, 10))
    assert files() == {"uploads/UP.jpg"}
    assert Upload._default_manager.get().picture.name == "uploads/UP.jpg"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("UP.png", "UP.jpg"),
        ("x.jpeg", "x.jpeg"),
        ("x.JPG", "x.JPG"),
        ("x", "x.jpg"),
        ("x.", "x.jpg"),
        ("x.y.png", "x.y.jpg"),
        ("v1.2/x", "v1.2/x.jpg"),
        ("x.jpg.png", "x.jpg.jpg"),
    ],
)
def test_extensions(name, expected):
    row: Any = Upload()
    row.picture.save(name, photo())
    assert row.picture.name == f"uploads/{expected}"


@pytest.mark.parametrize(
    ("name", "format", "expected"),
    [
        ("x.png", "PNG", "x.png"),
        ("x", "PNG", "x.png"),
        ("x", "WEBP", "x.webp"),
        ("x.webp", "WEBP", "x.webp"),
        ("x.jpg", "PNG", "x.jpg"),
    ],
)
def test_without_a_format_it_is_the_uploads(name, format, expected):
    row = uploaded(name, "as_it_is", format=format)
    assert row.as_it_is.name == f"uploads/{expected}"
    image = stored(row, "as_it_is")
    assert image.size == (20, 13)
    assert image.format == ("JPEG" if expected == "x.jpg" else format)


def test_an_upload_that_is_assigned_is_processed_in_pre_save():
    row: Any = Upload(picture=SimpleUploadedFile("a.png", photo_bytes((60, 40), format="PNG")))
    row.save()
    assert row.picture.name == "uploads/a.jpg"
    assert stored(row).size == (20, 10)
    created: Any = Upload._default_manager.create(
        picture=SimpleUploadedFile("b.png", photo_bytes((60, 40), format="PNG"))
    )
    assert stored(created).size == (20, 10)


def test_a_plain_save_changes_nothing(monkeypatch):
    row = uploaded()
    before = Path(row.picture.path).read_bytes()
    monkeypatch.setattr(generator_registry, "get", None)
    row.save()
    again: Any = Upload._default_manager.get()
    again.save()
    assert files() == {"uploads/UP.jpg"}
    assert Path(row.picture.path).read_bytes() == before


def test_dimension_fields_are_those_of_the_result():
    row = uploaded()
    assert (row.width, row.height) == (20, 10)
    assert list(Upload._default_manager.values_list("width", "height")) == [(20, 10)]


@pytest.mark.parametrize("create", [True, False])
def test_dimension_fields_of_an_assigned_upload_are_stored(create):
    upload = SimpleUploadedFile("a.png", photo_bytes((60, 40), format="PNG"))
    if create:
        Upload._default_manager.create(picture=upload)
    else:
        row: Any = Upload._default_manager.create()
        row.picture = upload
        row.save()
    assert list(Upload._default_manager.values_list("width", "height")) == [(20, 10)]


@pytest.mark.parametrize("content", [b"no picture", b"", photo_bytes((60, 40))[:200]])
@pytest.mark.parametrize("field", ["picture", "as_it_is"])
def test_a_bad_upload_is_a_typed_error_and_nothing_is_stored(content, field):
    row: Any = Upload(**{field: SimpleUploadedFile("bad.jpg", content)})
    with transaction.atomic(), pytest.raises(SourceUnreadable, match=r"bad\.jpg"):
        row.save()
    again: Any = Upload()
    with pytest.raises(SourceUnreadable, match=r"bad\.jpg"):
        getattr(again, field).save("bad.jpg", ContentFile(content))
    assert files() == set()
    assert not again.pk


def test_a_processors_mistake_stores_nothing(monkeypatch):
    def fail(self: Any, image: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(p.ResizeToFill, "finish", fail)
    with pytest.raises(RenditionError, match="ZeroDivisionError"):
        uploaded()
    assert files() == set()


def test_a_new_upload_replaces_the_old_name():
    row = uploaded()
    row.picture.save("other.gif", photo(format="GIF"))
    assert row.picture.name == "uploads/other.jpg"


def test_deconstruct_has_the_arguments_of_an_image_field():
    field = Upload._meta.get_field("picture")
    name, path, args, kwargs = field.deconstruct()
    assert name == "picture"
    assert path == "versatile.models.ProcessedImageField"
    assert list(args) == []
    assert kwargs == {
        "upload_to": "uploads",
        "width_field": "width",
        "height_field": "height",
        "blank": True,
    }


@pytest.mark.django_db(transaction=True)
def test_a_real_migration():
    field = ProcessedImageField([p.Resize(2, 2)], "PNG", upload_to="x")
    code, imports = MigrationWriter.serialize(field)
    assert "processors" not in code
    scope: dict[str, Any] = {}
    exec("\n".join(imports), scope)
    rebuilt = eval(code, scope)
    assert isinstance(rebuilt, ProcessedImageField)
    state = ProjectState()
    create = migrations.CreateModel(
        "Migrated", [("id", models.AutoField(primary_key=True)), ("picture", rebuilt)]
    )
    create.state_forwards("testapp", state)
    with connection.schema_editor() as editor:
        create.database_forwards("testapp", editor, ProjectState(), state)
    table: Any = state.apps.get_model("testapp", "Migrated")
    table._default_manager.create(picture="x.jpg")
    assert table._default_manager.get().picture.name == "x.jpg"
    with connection.schema_editor() as editor:
        create.database_backwards("testapp", editor, state, ProjectState())


def test_ids_of_specs():
    assert "testapp:upload:picture" in generator_registry
    assert Upload._meta.get_field("picture").spec_id == "testapp:upload:picture"


def test_a_spec_with_attributes_of_one_is_a_type_error():
    with pytest.raises(TypeError, match="format"):
        ProcessedImageField(format="PNG", spec=p.Resize)


def test_a_copy_processes_too():
    field = Upload._meta.get_field("picture")
    twin: Any = copy.deepcopy(field)
    assert twin.get_spec(None).processors == field.get_spec(None).processors


def test_the_path_in_imagekits_migrations():
    assert import_string("versatile.models.fields.ProcessedImageField") is ProcessedImageField


class UploadForm(ModelForm):
    class Meta:
        model = Upload
        fields = ("picture",)


def sent(data: bytes, name: str = "a.png") -> UploadForm:
    return UploadForm({}, MultiValueDict({"picture": [SimpleUploadedFile(name, data)]}))


def ppm() -> bytes:
    """A picture that Pillow reads, and nobody sends."""
    return b"P6 4 4 255\n" + bytes(48)


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (photo_bytes((600, 400))[:-3000], "a.jpg", "invalid_image"),
        (ppm(), "a.png", "invalid_image"),
        (svg(), "a.svg", "invalid_image"),
        (svg(), "a.png", "invalid_image"),
        (png_header(30_000, 30_000), "a.png", "image_too_large"),
        (photo_bytes((60, 40)), "a.php", "invalid_extension"),
    ],
)
def test_what_cannot_be_processed_is_an_error_of_the_form(
    data: bytes, name: str, code: str, settings: Settings
) -> None:
    settings.VERSATILE = {"ALLOW_SVG": True}
    form = sent(data, name)
    assert [error.code for error in form.errors.as_data()["picture"]] == [code]
    assert files() == set()


def test_what_a_form_refuses_reaches_no_parser_of_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*args: object, **kwargs: object) -> None:
        raise AssertionError("Pillow was asked which of its parsers fits")

    monkeypatch.setattr(Image, "open", asked)
    for data in (ppm(), png_header(30_000, 30_000), photo_bytes((600, 400))[:-3000]):
        assert not sent(data).is_valid()


def test_what_a_form_takes_is_processed_when_it_is_saved() -> None:
    row: Any = sent(photo_bytes((60, 40), format="PNG")).save()
    assert row.picture.name == "uploads/a.jpg"
    assert stored(row).size == (20, 10)


def test_a_model_judges_a_file_that_came_without_a_form() -> None:
    row: Any = Upload(picture=SimpleUploadedFile("a.png", photo_bytes((600, 400))[:-3000]))
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert [error.code for error in caught.value.error_dict["picture"]] == ["invalid_image"]
    uploaded().full_clean()


def test_a_form_field_of_ones_own_stays_what_it_is() -> None:
    field = Upload._meta.get_field("picture")
    assert type(field.formfield(form_class=ImageField)) is ImageField
