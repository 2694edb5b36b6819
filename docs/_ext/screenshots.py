"""Screenshots that the browser tests have taken: shown where they are, left out where not."""

import os
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

FOLDER = Path(__file__).resolve().parents[2] / "build" / "screenshots"


class Screenshot(SphinxDirective):
    """``.. screenshot:: admin_change`` and what is to be seen: a figure with a caption.

    ``make screenshots`` takes them. A machine without a browser has none, and builds the page
    without. Where they are taken, as for ``make docs``, one that is missing has a wrong name.
    """

    required_arguments = 1
    has_content = True
    option_spec = {"width": str}

    def run(self) -> list[nodes.Node]:
        """The figure, or nothing."""
        path = FOLDER / f"{self.arguments[0]}.png"
        self.env.note_dependency(str(path))
        if not path.exists():
            if self.config.screenshots_are_taken and any(FOLDER.glob("*.png")):
                raise self.error(f"There is no screenshot {path.stem!r} among those of the tests")
            return []
        source = os.path.relpath(path, Path(self.env.doc2path(self.env.docname)).parent)
        text = " ".join(self.content)
        image = nodes.image(uri=Path(source).as_posix(), alt=text)
        if "width" in self.options:
            image["width"] = self.options["width"]
        caption, _ = self.parse_inline(text)
        return [nodes.figure("", image, nodes.caption("", "", *caption), classes=["screenshot"])]


def setup(app: Sphinx) -> dict[str, Any]:
    """Give Sphinx the directive."""
    app.add_directive("screenshot", Screenshot)
    app.add_config_value("screenshots_are_taken", False, "env", [bool])
    return {"version": "1", "parallel_read_safe": True}
