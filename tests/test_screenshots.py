"""The directive of screenshots: a wrong name is an error as soon as there are any."""

import io
from pathlib import Path

import pytest

pytest.importorskip("sphinx", reason="the pages are read by Sphinx: install the extra docs")

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from tests.drawing import photo_bytes

EXTENSIONS = Path(__file__).resolve().parent.parent / "docs" / "_ext"
PAGE = "Title\n=====\n\n.. screenshot:: {name}\n\n   What is to be seen.\n"


def built(folder: Path, name: str, *, taken: bool) -> tuple[str, str]:
    """The page, and what Sphinx warned of."""
    (folder / "index.rst").write_text(PAGE.format(name=name))
    warnings = io.StringIO()
    settings = {"extensions": ["screenshots"], "screenshots_are_taken": "1" if taken else "0"}
    folders = (folder, None, folder / "out", folder / "trees")
    with docutils_namespace():
        app = Sphinx(*folders, "html", settings, status=None, warning=warnings, freshenv=True)
        app.build()
    return (folder / "out" / "index.html").read_text(), warnings.getvalue()


@pytest.fixture
def shots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of screenshots, and nothing in it."""
    monkeypatch.syspath_prepend(EXTENSIONS)
    folder = tmp_path / "shots"
    folder.mkdir()
    monkeypatch.setattr("screenshots.FOLDER", folder)
    return folder


@pytest.mark.parametrize("taken", [True, False])
def test_without_any_screenshot_a_page_is_built_without(
    taken: bool, shots: Path, tmp_path: Path
) -> None:
    html, warnings = built(tmp_path, "nudge", taken=taken)
    assert "<figure" not in html
    assert warnings == ""


def test_a_screenshot_is_shown(shots: Path, tmp_path: Path) -> None:
    (shots / "nudge.png").write_bytes(photo_bytes((60, 40), format="PNG"))
    html, warnings = built(tmp_path, "nudge", taken=True)
    assert "What is to be seen." in html
    assert 'src="_images/nudge.png"' in html
    assert warnings == ""


def test_a_wrong_name_is_an_error_where_screenshots_are_taken(shots: Path, tmp_path: Path) -> None:
    (shots / "nudge.png").write_bytes(photo_bytes((60, 40), format="PNG"))
    _, warnings = built(tmp_path, "nugde", taken=True)
    assert "There is no screenshot 'nugde'" in warnings
    # A test run of its own may be taking them just now.
    _, warnings = built(tmp_path, "nugde", taken=False)
    assert warnings == ""
