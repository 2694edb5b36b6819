"""What the sender of a file that is refused is told, at every door and in every language."""

import io
import logging
import pickle
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image
from pytest_django import Settings
from rest_framework import serializers

from tests.drawing import photo_bytes
from versatile import exceptions
from versatile.conf import Policy
from versatile.exceptions import ImageError
from versatile.forms import VersatileImageFormField
from versatile.serializers import VersatileImageFieldSerializer
from versatile.validators import REFUSALS, refusal, validate_image

pytestmark = pytest.mark.usefixtures("db")

LINE = {"RENDITION_KEY_SETS": {"a": [("a", "cover__400x400")]}}
IN_PIECES = photo_bytes((8, 8), format="GIF")[:-1] + b"!\xfe\x01 \x00" * 1_000_000 + b";"
REASONS: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "UnidentifiedImage": (b"no picture", {}, "JPEG, PNG, GIF"),
    "TruncatedImage": (photo_bytes((90, 60))[:700], {}, "damaged"),
    "TooManyBytes": (photo_bytes((90, 60)), {"MAX_SOURCE_BYTES": 1000}, "and 1,000 are allowed"),
    "TooManyPixels": (
        photo_bytes((90, 60), format="PNG"),
        {"MAX_SOURCE_PIXELS": 5000},
        "90 × 60 pixels would have to be read, and 5,000 are allowed",
    ),
    "SideTooLong": (
        photo_bytes((90, 60), format="PNG"),
        {"MAX_SOURCE_SIDE": 80},
        "90 × 60 pixels would have to be read, and a side may have 80",
    ),
    "TooManyPieces": (IN_PIECES, {}, "more pieces than any picture needs"),
    "InvalidGeometry": (photo_bytes((1, 5000), format="PNG"), LINE, "of another shape"),
}
every_reason = pytest.mark.parametrize("reason", REASONS)


class Form(forms.Form):
    image = VersatileImageFormField()


class Serializer(serializers.Serializer[Any]):
    image = VersatileImageFieldSerializer([])


def told_by_the_validator(upload: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        validate_image(upload)
    return caught.value.messages


def told_by_a_form(upload: Any) -> list[str]:
    files: Any = {"image": upload}
    return [str(item) for item in Form({}, files).errors["image"]]


def told_by_a_serializer(upload: Any) -> list[str]:
    serializer = Serializer(data={"image": upload})
    assert not serializer.is_valid()
    return list(map(str, serializer.errors["image"]))


DOORS: list[Callable[[Any], list[str]]] = [
    told_by_the_validator,
    told_by_a_form,
    told_by_a_serializer,
]


def upload_of(reason: str) -> Any:
    return SimpleUploadedFile("x.jpg", REASONS[reason][0])


@every_reason
@pytest.mark.parametrize("door", DOORS)
def test_every_door_says_what_is_wrong_and_nothing_for_administrators(
    door: Any, reason: str, settings: Settings
) -> None:
    _, settings.VERSATILE, expected = REASONS[reason]
    (message,) = door(upload_of(reason))
    assert expected in message
    assert not re.search(r"[A-Z]{2,}_[A-Z]+|install|raise|%\(", message)


@every_reason
def test_the_whole_truth_is_the_cause_and_a_record(
    reason: str, settings: Settings, caplog: Any
) -> None:
    settings.VERSATILE = REASONS[reason][1]
    with (
        caplog.at_level(logging.INFO, logger="versatile.validators"),
        pytest.raises(ValidationError) as caught,
    ):
        validate_image(upload_of(reason))
    cause = caught.value.__cause__
    assert type(cause).__name__ == reason
    assert [item.getMessage() for item in caplog.records] == [f"A file is refused: {cause}"]
    for setting in REASONS[reason][1].keys() - {"RENDITION_KEY_SETS"}:
        assert f"raise {setting}" in str(cause)


@every_reason
@pytest.mark.parametrize(
    ("language", "words"), [("de", "Senden Sie|senden Sie"), ("fr", "Envoyez|envoyez")]
)
def test_a_form_speaks_the_language_of_its_reader(
    language: str, words: str, reason: str, settings: Settings
) -> None:
    settings.VERSATILE = REASONS[reason][1]
    with translation.override(language):
        (message,) = told_by_a_form(upload_of(reason))
    assert re.search(words, message)


def test_an_empty_file_is_called_so() -> None:
    assert "is empty" in told_by_the_validator(SimpleUploadedFile("x.jpg", b""))[0]


def test_numbers_are_written_as_in_the_language() -> None:
    error = exceptions.TooManyBytes("x", length=64_000_001, most=64_000_000)
    with translation.override("de"):
        (message,) = refusal(error).messages
    assert "64.000.001 Bytes, erlaubt sind 64.000.000" in message


def test_every_error_of_a_file_has_words() -> None:
    errors = [getattr(exceptions, name) for name in exceptions.__all__]
    for cls in (item for item in errors if issubclass(item, ImageError)):
        assert any(base in REFUSALS for base in cls.__mro__ if base is not BaseException) or (
            cls is ImageError
        )


def test_who_cannot_read_a_heic_does_not_offer_it(monkeypatch: pytest.MonkeyPatch) -> None:
    heic = SimpleUploadedFile("x.heic", b"\0\0\0\x18ftypheic" + bytes(20))
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(ValidationError) as caught:
        validate_image(heic)
    (message,) = caught.value.messages
    assert message.endswith("BMP, ICO.")
    assert "django-versatile[heif]" in str(caught.value.__cause__)
    monkeypatch.undo()
    pytest.importorskip("pillow_heif", reason="install the extra heif")
    (message,) = told_by_the_validator(SimpleUploadedFile("x.txt", b"no picture"))
    assert message.endswith("ICO, HEIC.")


@pytest.mark.parametrize(
    ("reason", "code"), [("TooManyBytes", "image_too_large"), ("TruncatedImage", "invalid_image")]
)
def test_a_site_has_words_of_its_own(reason: str, code: str, settings: Settings) -> None:
    settings.VERSATILE = REASONS[reason][1]
    own = {code: "Not this image, please."}
    field = VersatileImageFormField(error_messages=own, policy=Policy())
    with pytest.raises(ValidationError) as caught:
        field.clean(upload_of(reason))
    assert (caught.value.code, caught.value.messages) == (code, ["Not this image, please."])
    serializer_field = VersatileImageFieldSerializer([], error_messages=own)
    with pytest.raises(Exception, match="Not this image"):
        serializer_field.run_validation(upload_of(reason))


def test_facts_travel_to_another_process() -> None:
    error = exceptions.SideTooLong("too long", width=9, height=5, most=8)
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.facts) == ("too long", {"width": 9, "height": 5, "most": 8})


def test_a_jpeg_of_many_scans_is_in_pieces() -> None:
    file = io.BytesIO()
    Image.new("L", (64, 64), 90).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    scan = data[data.index(b"\xff\xda") : data.rindex(b"\xff\xda")]
    whole = data[:-2] + scan * 70 + b"\xff\xd9"
    (message,) = told_by_the_validator(SimpleUploadedFile("x.jpg", whole))
    assert "more pieces" in message
