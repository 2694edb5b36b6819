"""The form field that processes what is uploaded."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.drawing import photo_bytes
from tests.registering import kept_generators
from tests.specs.shapes import Small
from versatile import processors, register
from versatile.exceptions import RenditionError
from versatile.forms import ProcessedImageField

p: Any = processors
ID = "tests:form"


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with kept_generators():
        yield


def upload(content: bytes | None = None, name: str = "UP.png") -> SimpleUploadedFile:
    content = photo_bytes((60, 40), format="PNG") if content is None else content
    return SimpleUploadedFile(name, content, "image/png")


def cleaned(field: ProcessedImageField, *args: Any) -> Any:
    return field.clean(*args)


@pytest.mark.parametrize("spec_id", [None, ""])
def test_an_id_is_required(spec_id):
    with pytest.raises(TypeError, match="spec_id"):
        ProcessedImageField([p.Convert("L")], spec_id=spec_id)


def test_a_spec_and_attributes_of_one_is_a_type_error():
    with pytest.raises(TypeError, match="format"):
        ProcessedImageField(spec=Small, format="PNG", spec_id=ID)
    ProcessedImageField(spec=Small, autoconvert=True, spec_id=ID)


def test_an_upload_is_processed_and_keeps_its_name():
    field = ProcessedImageField([p.ResizeToFit(30, 30)], "JPEG", {"quality": 50}, spec_id=ID)
    made = cleaned(field, upload())
    assert made.name == "UP.png"
    image = Image.open(made)
    assert (image.format, image.size) == ("JPEG", (30, 20))
    assert made.tell() >= 0
    assert made.size == len(made.open().read())


def test_a_spec_of_its_own_and_one_that_is_registered():
    field = ProcessedImageField(spec_id=ID, spec=Small)
    assert Image.open(cleaned(field, upload())).size == (20, 13)
    register.generator("tests:registered-form", Small)
    registered = ProcessedImageField(spec_id="tests:registered-form")
    assert Image.open(cleaned(registered, upload())).size == (20, 13)


@pytest.mark.parametrize("content", [b"no picture", b"", photo_bytes((60, 40), format="PNG")[:90]])
def test_a_bad_upload_is_a_validation_error(content):
    field = ProcessedImageField([p.Convert("L")], spec_id=ID)
    with pytest.raises(forms.ValidationError):
        field.clean(upload(content))


def test_an_upload_that_breaks_off_is_a_validation_error():
    whole = photo_bytes((300, 200))
    field = ProcessedImageField([p.Convert("L")], spec_id=ID)
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(upload(whole[: len(whole) // 2], "x.jpg"))
    assert caught.value.code == "invalid_image"


@pytest.mark.parametrize("size", [(20_000, 1), (1, 20_000)])
def test_an_upload_that_would_grow_beyond_all_bounds_is_a_validation_error(size):
    field = ProcessedImageField([p.ResizeToCover(400, 400)], spec_id=ID, format="JPEG")
    with pytest.raises(forms.ValidationError, match="of another shape") as caught:
        field.clean(upload(photo_bytes(size, "L", format="PNG")))
    assert caught.value.code == "image_too_large"


class Failing:
    def process(self, image: Any) -> Any:
        raise ZeroDivisionError


def test_a_processors_mistake_is_not_the_users():
    field = ProcessedImageField([Failing()], spec_id=ID)
    with pytest.raises(RenditionError, match="ZeroDivisionError"):
        field.clean(upload())


def test_what_is_stored_already_is_not_processed_again():
    field = ProcessedImageField([p.Convert("L")], spec_id=ID, required=False)
    stored = upload()
    assert field.clean(None, stored) is stored
    assert field.clean(None, None) is None
    assert field.clean(False, stored) is False


def test_in_a_form():
    class PictureForm(forms.Form):
        picture = ProcessedImageField(
            [p.ResizeToFit(30, 30)], "JPEG", spec_id=ID, label="Picture", required=True
        )

    make: Any = PictureForm
    form = make({}, {"picture": upload()})
    assert form.is_valid()
    assert Image.open(form.cleaned_data["picture"]).format == "JPEG"
    assert not make({}, {}).is_valid()
    assert not make({}, {"picture": upload(b"no")}).is_valid()
