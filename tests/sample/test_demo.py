import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageDraw

from people.models import Person
from people.photos import CAST
from versatile.utils import get_rendition_key_set

SETS = ("person_headshot", "person_looks")


FEW = (CAST[1], CAST[3], CAST[5])
"""Sitters whose photos are stored turned, upside down and mirrored."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small cast, where its size does not matter, and nothing to read."""
    monkeypatch.setattr("people.demo.loading.CAST", FEW)
    monkeypatch.setattr("articles.demo.loading.STORIES", ())


def demo(**options: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("demo", stdout=out, stderr=err, long_side=400, **options)
    return out.getvalue(), err.getvalue()


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def wanted_renditions() -> int:
    return sum(key != "url" for name in SETS for _, key in get_rendition_key_set(name))


@pytest.fixture
def own_photos(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    for name in ("my cat.jpg", "dog_on-beach.PNG", "bird.webp"):
        Image.new("RGB", (320, 240), "teal").save(folder / name)
    (folder / "notes.txt").write_text("no photo")
    return folder


@pytest.mark.slow
@pytest.mark.django_db
def test_the_whole_cast_comes_in_with_somebody_who_has_no_photo_yet():
    output, _ = demo()
    names = {sitter.name for sitter in CAST}
    assert set(Person.objects.values_list("name", flat=True)) == names | {"Robin Okafor"}
    assert f"images of {len(CAST)} photos" in output


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_it_loads_everybody_with_the_point_and_the_upright_size():
    demo()
    for sitter in FEW:
        person = Person.objects.get(name=sitter.name)
        assert person.headshot.ppoi == sitter.face
        size = (person.headshot_width, person.headshot_height)
        assert size == ((300, 400) if sitter.portrait else (400, 300))


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_the_table_has_a_row_for_every_rendition_and_a_total():
    output, errors = demo()
    assert errors == ""
    count = len(FEW) * wanted_renditions()
    assert re.search(rf"^{count} images of {len(FEW)} photos in \d+\.\d\d s", output, re.MULTILINE)
    assert output.count(" original ") == len(FEW)
    assert len(re.findall(r"\d+×\d+ +[\d,]+ +\d+  /media/__sized__/", output)) == count


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_each_photo_is_opened_once_for_all_its_renditions():
    output, _ = demo()
    assert "each photo was opened 1 time(s)" in output


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_everything_that_the_table_lists_is_on_the_disk(media_root: Path):
    output, _ = demo()
    urls = re.findall(r"/media/(\S+)", output)
    assert urls
    assert all((media_root / url).is_file() for url in urls)


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_twice_gives_the_same(media_root: Path):
    first, _ = demo()
    files, people = files_below(media_root), list(Person.objects.values())
    second, _ = demo()
    assert files_below(media_root) == files
    assert list(Person.objects.values()) == people
    times = re.compile(r" +(?:\d+(?=  /media)|ms(?=  URL))| in \S+ s")
    # A column is as wide as the longest of its times.
    assert times.sub("", first).split() == times.sub("", second).split()


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_a_forgotten_database_gives_the_same_files(media_root: Path):
    demo()
    files = files_below(media_root)
    Person.objects.all().delete()
    demo()
    assert files_below(media_root) == files


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_the_contact_sheet_is_one_page_and_one_picture(media_root: Path):
    output, _ = demo()
    page, picture = (
        media_root.parent / "build" / f"contact-sheet.{end}" for end in ("html", "png")
    )
    assert str(page) in output
    assert str(picture) in output
    text = page.read_text(encoding="utf-8")
    sources = re.findall(r'<img src="([^"]+)"', text)
    assert len(sources) == len(FEW) * (wanted_renditions() + 1)
    assert all((page.parent / source).is_file() for source in sources)
    assert not re.search(r"\sstyle=|<script|https?://(?!www\.w3\.org)", text)
    with Image.open(picture) as image:
        assert image.width == 2000
        assert image.height > 300 * len(FEW)


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_a_persons_own_photos_come_in_with_the_point_in_the_middle(own_photos: Path):
    output, errors = demo(photos=own_photos)
    assert errors == ""
    names = sorted(Person.objects.values_list("name", flat=True))
    assert names == ["Bird", "Dog On Beach", "My Cat"]
    assert {person.headshot.ppoi for person in Person.objects.all()} == {(0.5, 0.5)}
    assert f"{3 * wanted_renditions()} images of 3 photos" in output


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_photos_whose_names_become_the_same_word_stay_apart(tmp_path: Path):
    for name, colour in (("a b.jpg", "red"), ("a-b.jpg", "blue"), ("日本.jpg", "green")):
        Image.new("RGB", (64, 48), colour).save(tmp_path / name)
    demo(photos=tmp_path)
    assert Person.objects.count() == 3


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_a_broken_photo_is_told_and_stops_no_other(own_photos: Path):
    (own_photos / "broken.jpg").write_bytes(b"this is no picture")
    output, errors = demo(photos=own_photos)
    assert "broken.jpg" in errors
    assert f"{3 * wanted_renditions()} images" in output


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_a_photo_without_a_known_point_is_marked_in_the_middle(tmp_path: Path, media_root: Path):
    photo = Image.new("RGB", (400, 300), "black")
    ImageDraw.Draw(photo).rectangle((150, 100, 250, 200), fill="red")
    photo.save(tmp_path / "square.png")
    demo(photos=tmp_path)
    page = media_root.parent / "build" / "contact-sheet.html"
    assert 'cx="50%" cy="50%"' in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("make", [False, True], ids=["missing", "empty"])
@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_a_folder_without_photos_is_an_error_that_says_so(tmp_path: Path, make: bool):
    folder = tmp_path / "none"
    if make:
        folder.mkdir()
    with pytest.raises(CommandError, match=r"is no folder|has no photo"):
        demo(photos=folder)
