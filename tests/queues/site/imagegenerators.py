"""Specs that take their time, and tell a journal of it."""

import os
import time
from pathlib import Path

from PIL import Image

from versatile import ImageSpec, register
from versatile.processors import ResizeToFit

JOURNAL = Path(os.environ["SITE_ROOT"]) / "journal"


class Slow:
    """A processor that is long at work."""

    def __init__(self, step: str) -> None:
        self.step = step

    def process(self, image: Image.Image) -> Image.Image:
        self._note("start")
        time.sleep(0.4)
        self._note("done")
        return image.copy()

    def identity(self) -> list[str]:
        return ["slow", self.step]

    def _note(self, word: str) -> None:
        with JOURNAL.open("a") as file:
            file.write(f"{word} {self.step} {os.getpid()}\n")


@register.generator("site:wide")
class Wide(ImageSpec):
    """A slow one."""

    processors = [Slow("wide"), ResizeToFit(60, 60)]
    format = "PNG"


@register.generator("site:tiny")
class Tiny(ImageSpec):
    """A slow one, too."""

    processors = [Slow("tiny"), ResizeToFit(20, 20)]
    format = "PNG"
