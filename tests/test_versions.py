"""The version of an original, and the namer ``versioned``: new bytes, new names."""

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db import transaction
from django.db.migrations.writer import MigrationWriter
from pytest_django import DjangoAssertNumQueries, Settings

from tests.drawing import photo_bytes
from tests.renditions.faults import BrokenError
from tests.stored import put, upload
from tests.testapp.models import Framed, Person, Photo, Portrayed
from versatile.fields import VersatileImageField, VersionField
from versatile.registry import generator_registry
from versatile.renditions import namers, version_namer
from versatile.renditions.namers import Kind
from versatile.renditions.recogniser import Recogniser
from versatile.renditions.source import Source

pytestmark = pytest.mark.django_db

ONE, TWO = photo_bytes((60, 40)), photo_bytes((60, 40), seed=2)


def version_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def portrayed(content: bytes = ONE, **values: Any) -> Portrayed:
    return Portrayed.objects.create(photo=upload("x.jpg", content=content), **values)


def stored(row: Portrayed) -> str:
    return str(Portrayed.objects.values_list("digest", flat=True).get(pk=row.pk))


def test_an_upload_has_the_digest_of_its_bytes_as_its_version():
    row = portrayed()
    assert row.digest == version_of(ONE) == stored(row)


def test_names_carry_the_version():
    row = portrayed()
    one = version_of(ONE)
    base = namers.distinct(f"portrayed/x~{one}.jpg").removesuffix(".jpg")
    assert base.startswith(f"x~{one}~")  # or a file uploaded under this name would share its names
    assert row.photo.crop["9x9"].name == f"__sized__/portrayed/{base}-crop-c0-5__0-5-9x9-70.jpg"
    invert = row.photo.filters.invert
    assert invert.name == f"portrayed/__filtered__/{base}__invert__.jpg"
    assert invert.fit["9x9"].name.endswith(f"__filtered__/{base}__invert__-fit-9x9-70.jpg")


def test_other_bytes_under_the_same_name_have_other_names(settings: Settings, media_root: Path):
    overwriting = FileSystemStorage(media_root, "/media/", allow_overwrite=True)
    photo: Any = Portrayed._meta.get_field("photo")
    before, photo.storage = photo.storage, overwriting
    try:
        row = portrayed()
        old = row.photo.crop["9x9"].url, row.thumbnail.url
        row.photo.save("x.jpg", ContentFile(TWO))
        assert row.photo.name == "portrayed/x.jpg"
        assert row.digest == version_of(TWO) == stored(row)
        new = row.photo.crop["9x9"].url, row.thumbnail.url
        assert not set(old) & set(new)
        assert (media_root / new[0].removeprefix("/media/")).exists()
    finally:
        photo.storage = before


def test_a_spec_of_a_plain_field_keeps_its_hash():
    """Its hash is of the name of the source, as it always was."""
    person = Person(headshot=put("d/x.jpg", ONE))
    same = Portrayed(photo="d/x.jpg")
    spec = partial(generator_registry.get, "testapp:portrayed:thumbnail")
    assert spec(source=person.headshot).get_hash() == spec(source=same.photo).get_hash()
    same.digest = version_of(ONE)
    assert spec(source=person.headshot).get_hash() != spec(source=same.photo).get_hash()


def test_where_only_the_image_is_saved_its_version_is_saved_too():
    for row in (portrayed(), Framed.objects.create(photo=upload("y.jpg", content=ONE))):
        row.photo = upload("z.jpg", content=TWO)
        row.save(update_fields=["photo"])
        assert stored(row) == version_of(TWO)
        row.save(update_fields=["digest"])
        row.save()
        assert stored(row) == version_of(TWO)


def test_a_name_that_is_assigned_is_read_when_the_row_is_saved():
    row = portrayed()
    row.photo = put("portrayed/other.jpg", TWO)
    assert row.digest == ""
    row.save()
    assert row.digest == version_of(TWO) == stored(row)


def test_a_row_from_before_the_column_gets_its_version_when_it_is_saved():
    portrayed()
    Portrayed.objects.update(photo=put("portrayed/old.jpg", ONE), digest="")
    row = Portrayed.objects.get()
    assert row.digest == ""
    assert row.photo.fit["9x9"].name == "__sized__/portrayed/old-fit-9x9-70.jpg"
    row.save()
    assert stored(row) == version_of(ONE)


def test_a_file_that_cannot_be_read_has_no_version_and_its_row_is_saved(monkeypatch, caplog):
    def fail(name: str, mode: str = "rb") -> None:
        raise BrokenError("not now")

    row = portrayed()
    row.photo = put("portrayed/other.jpg", TWO)
    monkeypatch.setitem(vars(storages["default"]), "open", fail)
    row.save()
    assert stored(row) == ""
    assert "not now" in caplog.text


def test_rows_that_are_created_in_bulk_have_their_versions():
    Portrayed.objects.bulk_create([Portrayed(photo=put("portrayed/old.jpg", ONE))])
    assert Portrayed.objects.get().digest == version_of(ONE)


def test_an_emptied_field_has_no_version():
    row = portrayed()
    row.photo = ""
    row.save()
    assert row.digest == stored(row) == ""
    row = portrayed()
    row.photo.delete()
    assert row.digest == stored(row) == ""


def test_the_same_name_assigned_again_is_the_same_file():
    row = portrayed()
    row.photo = row.photo.name
    assert row.digest == version_of(ONE)


def test_a_row_that_is_read_again_has_the_version_of_the_database():
    row = portrayed()
    Portrayed.objects.get(pk=row.pk).photo.save("y.jpg", ContentFile(TWO))
    row.refresh_from_db()
    assert row.digest == version_of(TWO)
    assert version_of(TWO) in row.photo.fit["9x9"].name


def test_an_image_that_is_read_again_alone_has_its_version_too():
    row = portrayed()
    Portrayed.objects.get(pk=row.pk).photo.save("y.jpg", ContentFile(TWO))
    row.refresh_from_db(fields=["photo"])
    assert version_of(TWO) in row.photo.fit["9x9"].name
    assert row.digest == version_of(TWO)


def test_a_file_of_another_row_brings_its_version():
    one, two = portrayed(), portrayed(TWO)
    one.photo = two.photo
    assert one.digest == version_of(TWO)


def test_a_version_that_was_not_loaded_is_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    portrayed()
    row = Portrayed.objects.defer("digest").get()
    with django_assert_num_queries(1):
        assert version_of(ONE) in row.photo.fit["9x9"].name
    row = Portrayed.objects.defer("photo").get()
    row.save()
    assert stored(row) == version_of(ONE)


def test_what_is_rolled_back_has_its_old_names(media_root: Path):
    row = portrayed()
    url = row.photo.fit["9x9"].url
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _replace_and_fail(row)
    row = Portrayed.objects.get()
    assert row.digest == version_of(ONE)
    assert row.photo.fit["9x9"].url == url
    assert (media_root / url.removeprefix("/media/")).exists()


def _replace_and_fail(row: Portrayed) -> None:
    row.photo.save("y.jpg", ContentFile(TWO))
    raise ZeroDivisionError


def test_a_file_without_a_row_has_no_version():
    field = VersatileImageField(version_field="digest", namer="versioned")
    field.set_attributes_from_name("photo")
    file = field.attr_class(None, field, put("d/x.jpg", ONE))  # type: ignore[arg-type]
    assert file.source.version == ""


def test_neither_the_field_nor_its_option_says_too_much_in_a_migration():
    field: Any = Portrayed._meta.get_field("digest")
    name, path, args, kwargs = field.deconstruct()
    assert (name, path, args) == ("digest", "versatile.fields.VersionField", [])
    assert kwargs == {"default": "", "max_length": 16}
    assert isinstance(field.clone(), VersionField)
    written = MigrationWriter.serialize(field)
    assert written[0] == "versatile.fields.VersionField(default='', max_length=16)"
    assert "version" not in str(Portrayed._meta.get_field("photo").deconstruct())


@pytest.mark.parametrize(
    "name", ["x.jpg", "d/x.jpg", "d/my cat.jpg", "my d/x.jpg", "d/x", "d.e/x y", "d/x.y.png"]
)
def test_versioned_names_are_told_apart_and_recognised(name: str):
    versions = [version_of(ONE), version_of(TWO)]
    named = {version_namer.versioned(Source(default_storage, name, version=v)) for v in versions}
    assert len(named) == 2
    assert version_namer.versioned(Source(default_storage, name)) == name
    for item in named:
        recogniser = Recogniser(item, {"crop": "crop"}, ["invert"])
        assert " " not in item
        base, _, extension = namers.distinct(item).rpartition(".")
        assert recogniser.recognises(Kind.SIZED, 0, f"{base}-crop-9x9-70.{extension}")
        assert not recogniser.recognises(Kind.SIZED, 0, f"{base}0-crop-9x9-70.{extension}")


def by_folder(source: Source) -> str:
    """A namer of a site."""
    return f"named/{source.name}"


def test_a_site_may_name_by_its_own_function(settings: Settings):
    settings.VERSATILE = {"NAMER": f"{__name__}.by_folder"}
    person = Person(headshot=put("d/x.jpg", ONE))
    assert person.headshot.fit["9x9"].name == "__sized__/named/d/x-fit-9x9-70.jpg"


def test_a_namer_that_is_not_there_is_a_configuration_error(settings: Settings):
    settings.VERSATILE = {"NAMER": "tests.nobody"}
    with pytest.raises(ImproperlyConfigured, match=r"tests\.nobody"):
        Photo(image="d/x.jpg").image.fit["9x9"]
