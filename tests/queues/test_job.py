import json

import pytest
from django.core.files.storage import FileSystemStorage

from tests.queues.conftest import Half, file_of
from tests.testapp.models import Person
from versatile.exceptions import ConfigurationError, MissingGeneratorId
from versatile.queues.job import Job
from versatile.registry.generators import CALL
from versatile.renditions.backends import HasRendition
from versatile.renditions.source import Source
from versatile.specs.cachefile import ImageCacheFile

pytestmark = pytest.mark.usefixtures("generators")


def test_one_job_holds_the_specs_and_the_rendition_keys_of_a_source(person: Person) -> None:
    person.headshot.ppoi = (0.25, 1)
    files: list[HasRendition] = [
        person.headshot.crop.rendition("20x20"),
        file_of("tests:half", person.headshot),
        file_of("tests:sized", person.headshot, width=90),
        person.headshot.filters.invert.crop.rendition("20x20"),
        file_of("tests:half", person.headshot),
    ]
    [job] = Job.for_files(files)
    assert json.loads(json.dumps(job.to_json())) == {
        "model": "testapp.Person",
        "pk": person.pk,
        "using": "default",
        "field": "headshot",
        "storage": "default",
        "source": "headshots/ann.jpg",
        "ppoi": [0.25, 1],
        "keys": [
            "crop__20x20",
            ["tests:sized", {"width": 90}],
            "filters__invert__crop__20x20",
            "tests:half",
        ],
    }


def test_a_job_survives_json(person: Person) -> None:
    [job] = Job.for_files([file_of("tests:sized", person.headshot, width=90)])
    assert Job.from_json(json.loads(json.dumps(job.to_json()))) == job


def test_a_plain_file_has_no_row(person: Person) -> None:
    [job] = Job.for_files([person.headshot.crop.rendition("20x20")])
    assert (job.model, job.pk, job.using, job.field) == (None, None, None, None)
    assert (job.storage, job.source) == ("default", "headshots/ann.jpg")


def test_an_owner_gives_renditions_their_row(person: Person) -> None:
    rendition = person.headshot.crop.rendition("20x20")
    [job] = Job.for_files([rendition], owner=person.headshot)
    assert (job.model, job.pk, job.field) == ("testapp.Person", person.pk, "headshot")


def test_two_rows_with_one_source_have_two_jobs(person: Person) -> None:
    other = Person.objects.create(headshot=person.headshot.name)
    files = [file_of("tests:half", item.headshot) for item in (person, other)]
    assert [job.pk for job in Job.for_files(files)] == [person.pk, other.pk]


def test_a_generator_without_an_id_cannot_be_queued(person: Person) -> None:
    class Unknown(Half):
        pass

    with pytest.raises(MissingGeneratorId, match="register it"):
        Job.for_files([ImageCacheFile(Unknown(person.headshot))])


def test_a_file_with_a_name_of_its_own_cannot_be_queued(person: Person) -> None:
    with pytest.raises(ConfigurationError, match="name or a storage of its own"):
        Job.for_files([ImageCacheFile(Half(person.headshot), name="mine.jpg")])


def test_arguments_that_json_cannot_hold_cannot_be_queued(person: Person) -> None:
    file = file_of("tests:half", person.headshot)
    setattr(file.generator, CALL, ("tests:half", (), {"colour": object()}))
    with pytest.raises(ConfigurationError, match="colour"):
        Job.for_files([file])


def test_a_plain_file_on_a_storage_without_alias_cannot_be_queued(
    person: Person, tmp_path: object
) -> None:
    rendition = person.headshot.crop.rendition("20x20")
    rendition.source = Source(FileSystemStorage(str(tmp_path)), "x.jpg")
    with pytest.raises(ConfigurationError, match="add it to STORAGES"):
        Job.for_files([rendition])


def test_what_is_no_job_says_so() -> None:
    with pytest.raises(ConfigurationError, match="is no job"):
        Job.from_json({"source": "x.jpg"})
