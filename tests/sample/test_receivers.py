from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command

from people.models import Person


def made(media_root: Path) -> set[str]:
    return {path.name for path in (media_root / "__sized__").rglob("*.jpg")}


def test_saving_makes_the_renditions(make_person: Callable[..., Person], media_root: Path):
    make_person()
    assert made(media_root) == {
        "ada-crop-c0-66__0-36-1200x600-70.jpg",
        "ada-thumbnail-800x800-70.jpg",
        "ada-crop-c0-66__0-36-400x400-70.jpg",
        "ada-thumbnail-200x200-70.jpg",
        "ada-crop-c0-66__0-36-100x100-70.jpg",
    }


def test_moving_the_point_makes_new_crops(make_person: Callable[..., Person], media_root: Path):
    person = make_person()
    person.headshot.ppoi = (0.1, 0.2)
    person.save()
    assert "ada-crop-c0-1__0-2-400x400-70.jpg" in made(media_root)


def test_a_fixture_whose_files_are_not_there_yet_loads(
    make_person: Callable[..., Person], media_root: Path, tmp_path: Path
):
    person = make_person()
    fixture = tmp_path / "people.json"
    call_command("dumpdata", "people.person", output=str(fixture))
    person.headshot.delete_all_created_images()
    person.headshot.storage.delete(str(person.headshot.name))
    call_command("loaddata", str(fixture), verbosity=0)
    assert made(media_root) == set()
