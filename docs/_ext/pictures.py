"""Pictures of renditions, made by the library itself while the documentation is built."""

import os
import shutil
from collections.abc import Iterator
from functools import cache
from hashlib import md5
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import override_settings
from docutils import nodes
from PIL import Image, ImageDraw
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from people.keys import as_code
from people.models import Person
from people.photos import CAST, develop, take_photo
from versatile import ImageSpec, processors, versatileimagefield
from versatile.rendition_keys import resolve

LONG_SIDE = 720
"""Pixels of the drawn photos: small enough for the filters' pixels to be seen."""

ORIGINAL = "url"
ORIGINAL_SIZE = (400, 300)
NO_CACHE = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


class Renditions(SphinxDirective):
    """``.. renditions:: 0`` and a rendition key per line: figures of one sitter's photo.

    ``url`` is the photo itself, small and with its point marked. What follows a key on its line
    is its caption; without one, the code that makes it. A setting may differ: ``:matte:``.
    """

    required_arguments = 1
    has_content = True
    option_spec = {"matte": str, "centre": bool}

    def run(self) -> list[nodes.Node]:
        """One figure for each key."""
        for path in (__file__, versatileimagefield.__file__):
            self.env.note_dependency(path)
        group = nodes.container(classes=["renditions"])
        for line in filter(None, map(str.strip, self.content)):
            key, _, caption = line.partition(" ")
            group += self._figure(key, caption.strip())
        return [group]

    def _figure(self, key: str, caption: str) -> nodes.figure:
        sitter = int(self.arguments[0])
        path = draw(self._folder, sitter, key, **self.options)
        with Image.open(path) as picture:
            width, height = picture.size
        shown = caption or as_code(key)
        source = os.path.relpath(path, Path(self.env.doc2path(self.env.docname)).parent)
        image = nodes.image(uri=Path(source).as_posix(), alt=shown.strip("`"), width=f"{width}px")
        figure = nodes.figure("", image)
        figure += nodes.caption("", "", *self._caption(shown, is_code=not caption))
        if key != ORIGINAL:
            figure += nodes.legend("", nodes.paragraph("", f"{width} × {height}"))
        return figure

    def _caption(self, text: str, *, is_code: bool) -> Iterator[nodes.Node]:
        if is_code:
            yield nodes.literal("", text)
        else:
            found, _ = self.parse_inline(text)
            yield from found

    @property
    def _folder(self) -> Path:
        folder = Path(self.env.doctreedir) / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def draw(folder: Path, sitter: int, key: str, matte: str = "", centre: Any = None) -> Path:
    """The picture of a key of a sitter's photo, as a file of the folder."""
    point = (0.5, 0.5) if centre is not None else CAST[sitter].face
    name = f"{sitter}-{key}-{point[0]}-{point[1]}{matte.replace('#', '-')}.jpg"
    path = folder / name
    changed = {"MATTE": matte} if matte else {}
    with override_settings(MEDIA_ROOT=folder / "media", CACHES=NO_CACHE, VERSATILE=changed):
        person = Person(headshot=_store(sitter), headshot_ppoi=point)
        if key == ORIGINAL:
            _mark(person, path)
        else:
            shutil.copyfile(resolve(person.headshot, key).path, path)
    return path


def _store(sitter: int) -> str:
    """The name under which the sitter's photo lies in the media folder."""
    name = f"{sitter}.jpg"
    path = Path(default_storage.path(name))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_photo(sitter))
    return name


class Processed(SphinxDirective):
    """``.. processed::`` and a processor per line, as Python: figures of what each makes.

    A line is an expression over the names of ``versatile.processors``, or ``url``, where nothing
    is done. ``ImageSpec`` makes the pictures, as PNG, so that what is transparent shows.
    ``:of:`` is what was done before, ``:sitter:`` whose photo it is.
    """

    has_content = True
    option_spec = {"sitter": int, "of": str}

    def run(self) -> list[nodes.Node]:
        """One figure for each line."""
        for path in (__file__, processors.__file__):
            self.env.note_dependency(path)
        group = nodes.container(classes=["renditions"])
        for line in filter(None, map(str.strip, self.content)):
            group += self._figure(line)
        return [group]

    def _figure(self, code: str) -> nodes.figure:
        folder = Path(self.env.doctreedir) / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        before = self.options.get("of", "ResizeToFit(240, 240)")
        path = process(folder, self.options.get("sitter", 0), before, code)
        with Image.open(path) as picture:
            width, height = picture.size
        source = os.path.relpath(path, Path(self.env.doc2path(self.env.docname)).parent)
        image = nodes.image(uri=Path(source).as_posix(), alt=code, width=f"{width}px")
        caption = nodes.literal("", code) if code != ORIGINAL else nodes.Text("The original")
        size = nodes.legend("", nodes.paragraph("", f"{width} × {height}"))
        return nodes.figure("", image, nodes.caption("", "", caption), size)


def process(folder: Path, sitter: int, before: str, code: str) -> Path:
    """What a processor makes of a sitter's photo that was made small, as a file of the folder."""
    digest = md5(f"{sitter} {before} {code}".encode(), usedforsecurity=False).hexdigest()
    path = folder / f"{digest}.png"
    names = {name: getattr(processors, name) for name in processors.__all__} | {"Image": Image}
    steps = [
        eval(item, names)  # noqa: S307 - the pages are ours
        for item in (before, code)
        if item != ORIGINAL
    ]
    spec = ImageSpec(ContentFile(_photo(sitter), f"{sitter}.jpg"))
    spec.processors, spec.format = steps, "PNG"
    with override_settings(MEDIA_ROOT=folder / "media", CACHES=NO_CACHE):
        path.write_bytes(spec.generate().read())
    return path


@cache
def _photo(sitter: int) -> bytes:
    return develop(take_photo(CAST[sitter], LONG_SIDE))


def _mark(person: Person, path: Path) -> None:
    """The photo with a ring around its point."""
    with Image.open(person.headshot.path) as photo:
        photo.thumbnail(ORIGINAL_SIZE)
        x = round(person.headshot.ppoi[0] * photo.width)
        y = round(person.headshot.ppoi[1] * photo.height)
        pen = ImageDraw.Draw(photo)
        for radius, colour in ((14, "black"), (13, "white"), (12, "white"), (11, "black")):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colour)
        photo.save(path, "JPEG", quality=85)


def setup(app: Sphinx) -> dict[str, Any]:
    """Give Sphinx the directive."""
    app.add_directive("renditions", Renditions)
    app.add_directive("processed", Processed)
    # Two readers at once would draw into the same folder.
    return {"version": "1", "parallel_read_safe": False}
