"""The articles' part of ``manage.py demo``: rows, one open of each photo, the contact sheet."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.demo.stories import STORIES, Story, draw_landscape
from articles.models import Article

FEW = STORIES[:2]
SPECS = (
    "ResizeToFill ",
    "SmartResize ",
    "ResizeToFill + Adjust ",
    "ResizeToFit + Reflection ",
    "ResizeToFill + ColorOverlay ",
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few")]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two articles and nobody."""
    monkeypatch.setattr("people.demo.loading.CAST", ())
    monkeypatch.setattr("articles.demo.loading.STORIES", FEW)


def demo() -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("demo", stdout=out, stderr=err, long_side=400)
    return out.getvalue(), err.getvalue()


def test_the_table_has_a_row_for_every_spec_under_the_names_of_its_processors():
    output, errors = demo()
    assert errors == ""
    for story in FEW:
        for processors in SPECS:
            assert re.search(
                rf"^{story.title} +{re.escape(processors)} *\d+×\d+ ", output, re.MULTILINE
            )
    assert re.search(r"^12 images of 2 articles in \d+\.\d\d s", output, re.MULTILINE)


def test_each_landscape_is_opened_once_for_all_its_specs():
    output, _ = demo()
    assert "each landscape was opened 1 time(s)" in output


def test_everything_that_the_table_lists_is_on_the_disk(media_root: Path):
    output, _ = demo()
    urls = re.findall(r"/media/(\S+)", output)
    assert len(urls) == 2 * 7
    assert all((media_root / url).is_file() for url in urls)


def test_twice_gives_the_same_files(media_root: Path):
    def files() -> dict[str, bytes]:
        found = sorted(path for path in media_root.rglob("*") if path.is_file())
        return {str(path.relative_to(media_root)): path.read_bytes() for path in found}

    demo()
    first = files()
    demo()
    assert files() == first
    assert Article.objects.count() == 2


def test_the_contact_sheet_shows_the_specs_and_marks_no_point(media_root: Path):
    demo()
    page = media_root.parent / "build" / "contact-sheet.html"
    text = page.read_text(encoding="utf-8")
    sources = re.findall(r'<img src="([^"]+)"', text)
    assert len(sources) == 2 * 7
    assert all((page.parent / source).is_file() for source in sources)
    assert "SmartResize" in text
    assert "<circle" not in text


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_the_same_story_gives_the_same_landscape(story: Story):
    first, second = (draw_landscape(story, 120) for _ in range(2))
    assert first.size == (120, 80)
    assert first.tobytes() == second.tobytes()
