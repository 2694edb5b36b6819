"""The tables of what comes out of each mode and format, made by the tests of it, anew each time."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

import versatile
from tests.conformance import tables
from tests.conformance.cases import EXACT, LOSSY


class ConformanceTable(SphinxDirective):
    """``.. conformance-table:: incoming``: one of the tables of ``tests.conformance.tables``.

    A page that would have to show something wrong is not built.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """One table."""
        for folder in (Path(tables.__file__).parent, Path(versatile.__file__).parent):
            for path in sorted(folder.rglob("*.py")):
                self.env.note_dependency(str(path))
        name = self.arguments[0]
        table = tables.TABLES[name]()
        if any(tables.WRONG in cell for row in table for cell in row):
            raise ExtensionError(f"The table {name} has something wrong; run tests/conformance")
        lines = [".. list-table::", "   :header-rows: 1", "   :stub-columns: 1", ""]
        for row in table:
            lines += [f"   {' ' if number else '*'} - {cell}" for number, cell in enumerate(row)]
        return self.parse_text_to_nodes("\n".join(lines))


class Tolerance(SphinxDirective):
    """``.. conformance-tolerance::``: how far a level may be off."""

    def run(self) -> list[nodes.Node]:
        """One paragraph."""
        lossy = ", ".join(f"{format} {levels}" for format, levels in LOSSY.items())
        return self.parse_text_to_nodes(
            f"A level may differ by **{EXACT}** of 255, at any pixel. In formats that lose "
            f"something, the mean of each quarter may differ: {lossy}."
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Give Sphinx the directives."""
    app.add_directive("conformance-table", ConformanceTable)
    app.add_directive("conformance-tolerance", Tolerance)
    return {"version": "1", "parallel_read_safe": True}
