"""The figures of one photo: each rendition beside its reference and beside itself."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from PIL import Image, ImageOps

from benchmarks.fidelity.cases import FINE_KEY, KEYS, Case, edge_keys, recipe
from benchmarks.fidelity.psnr import psnr
from versatile.imaging.decoding import open_picture
from versatile.imaging.geometry import Size
from versatile.imaging.recipe import WindowProcessor, render_each


@dataclass(frozen=True, slots=True)
class Judged:
    """One rendition of one photo, in decibels.

    ``reference`` and ``company`` are the least of all the company in which it was made:
    alone, in its set, and beside a rendition that needs the full picture.
    """

    photo: str
    key: str
    reference: float
    company: float
    lost: float


def judge(case: Case, path: Path) -> list[Judged]:
    """The figures of every rendition of the photo at ``path``."""
    edges = tuple(edge_keys(case.photo))
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
    judged = [_judge_key(case, path, upright, key, KEYS) for key in KEYS]
    return judged + [_judge_key(case, path, upright, key, edges) for key in edges]


def _judge_key(
    case: Case, path: Path, upright: Image.Image, key: str, key_set: Sequence[str]
) -> Judged:
    exact = reference(case, upright, key)
    made = [
        _opened(render(case, path, company, format="PNG")[key])
        for company in ((key,), key_set, (key, FINE_KEY))
    ]
    return Judged(
        photo=path.name,
        key=key,
        reference=min(psnr(pixels, exact) for pixels in made),
        company=min(psnr(one, other) for one, other in combinations(made, 2)),
        lost=_lost(case, path, key, exact),
    )


def _lost(case: Case, path: Path, key: str, exact: Image.Image) -> float:
    """How many decibels further from the reference our JPEG is than a JPEG of the reference."""
    ours = _opened(render(case, path, (key,), format="JPEG")[key])
    options = dict(recipe(key, case.point, format="JPEG").options)
    buffer = io.BytesIO()
    exact.save(buffer, "JPEG", **options)
    return psnr(_opened(buffer.getvalue()), exact) - psnr(ours, exact)


def reference(case: Case, upright: Image.Image, key: str) -> Image.Image:
    """The rendition from all pixels in one step, by Pillow and nothing else of ours."""
    [processor] = recipe(key, case.point, format="PNG").processors
    assert isinstance(processor, WindowProcessor)
    window = processor.window(Size(*upright.size))
    return upright.resize(window.size, Image.Resampling.LANCZOS, box=window.box)


def render(case: Case, path: Path, keys: Sequence[str], *, format: str) -> dict[str, bytes]:
    """The files of a set, made together as the warmer makes them."""
    recipes = [recipe(key, case.point, format=format) for key in keys]
    files: dict[str, bytes] = {}
    with path.open("rb") as file, open_picture(file) as picture:
        for index, result in render_each(picture, recipes):
            if not isinstance(result, bytes):
                raise result
            files[keys[index]] = result
    return files


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
