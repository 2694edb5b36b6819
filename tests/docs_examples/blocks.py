"""Blocks: the code of a page as Sphinx reads it, so that nothing shown is missed."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

SETUP = "testsetup"
"""Code that no reader sees: Sphinx's directive of that name."""

CODE = {"literal_block", "doctest_block"}
HIDDEN = "comment"


@dataclass(frozen=True)
class Block:
    """One block of code: in which language, under which caption, and where it stands."""

    language: str
    text: str
    caption: str
    place: str
    line: int

    def __str__(self) -> str:
        return f"{self.place}:{self.line}"


@dataclass
class Documentation:
    """The documentation as Sphinx has read it."""

    app: Sphinx
    warnings: str

    def blocks(self, page: str) -> Iterator[Block]:
        """The blocks of a page from its first to its last."""
        for node in self.app.env.get_doctree(page).findall(_is_code):
            yield _block(node)

    def text(self, page: str) -> str:
        """All that a page says."""
        return str(self.app.env.get_doctree(page).astext())


def read(folder: Path) -> Documentation:
    """Read all pages; what Sphinx keeps of them lies below the folder."""
    warnings = io.StringIO()
    with patch_docutils(str(DOCS)), docutils_namespace():
        app = Sphinx(
            srcdir=DOCS,
            confdir=DOCS,
            outdir=folder / "out",
            doctreedir=folder / "doctrees",
            buildername="dummy",
            status=None,
            warning=warnings,
        )
        app.build()
    return Documentation(app, warnings.getvalue())


def _is_code(node: Any) -> bool:
    return node.tagname in CODE or (node.tagname == HIDDEN and node.get("testnodetype") == SETUP)


def _block(node: Any) -> Block:
    language = SETUP if node.tagname == HIDDEN else node.get("language", "pycon")
    captions = node.parent.findall(lambda item: item.tagname == "caption")
    caption = next(captions).astext() if node.parent.get("literal_block") else ""
    place = Path(node.source or node.get("source") or "").name
    return Block(language, node.astext() + "\n", caption, place, node.line or 0)
