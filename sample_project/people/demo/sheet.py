"""The contact sheet: every original beside its renditions, as an HTML page and as one PNG."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.files.storage import Storage
from django.template.loader import render_to_string

from people.demo.montage import draw_montage
from people.demo.rows import Strip
from people.models import Person


def write_sheet(strips: Sequence[Strip], folder: Path) -> tuple[Path, Path]:
    """Write the sheet into a folder and give the paths of the page and of the picture."""
    folder.mkdir(parents=True, exist_ok=True)
    storage: Storage = Person._meta.get_field("headshot").storage
    picture = folder / "contact-sheet.png"
    draw_montage(strips, storage).save(picture, "PNG", compress_level=3)
    return _write_page(strips, folder, storage), picture


def _write_page(strips: Sequence[Strip], folder: Path, storage: Storage) -> Path:
    """The page; it is opened from the disk, so it links to files and not to URLs."""
    shutil.copyfile(str(finders.find("people/site.css")), folder / "site.css")
    links = {
        row.name: Path(os.path.relpath(storage.path(row.name), folder)).as_posix()
        for strip in strips
        for row in (strip.original, *strip.renditions)
    }
    page = folder / "contact-sheet.html"
    text = render_to_string("people/contact_sheet.html", {"strips": strips, "links": links})
    page.write_text(text, encoding="utf-8")
    return page
