"""A process that makes renditions of one file and judges them: ``python -m tests.corpus FILE``.

It prints what came of it as JSON. A process of its own, so that its memory and its time are
those of this file, and so that a crash is an answer too.
"""

import json
import math
import sys
import time
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps

from tests.memory import peak_memory
from versatile.imaging import animation
from versatile.imaging.decoding import Picture, open_picture
from versatile.imaging.exceptions import ImageError
from versatile.imaging.geometry import Size
from versatile.imaging.recipe import Recipe, render_each
from versatile.processors import CropAroundPoint, Invert, ResizeToFit

TOLERANCE = 12.0
"""How far all levels together may be from the reference, of 255: what JPEG and GIF lose."""

GRID = (4, 4)
MOVING = ("GIF", "PNG", "WEBP", "AVIF")
SECRETS = ("exif", "xmp", "comment", "photoshop", "icc_profile", "XML:com.adobe.xmp", "mp")


def recipes(format: str) -> list[Recipe]:
    """A thumbnail in the format of the file where it can be shown, a crop, and a filter."""
    own = format if format in ("JPEG", "GIF", "WEBP", "AVIF", "BMP") else "PNG"
    fit = ResizeToFit(200, 200, upscale=False)
    return [
        Recipe((fit,), own),
        Recipe((CropAroundPoint(90, 60, (0.5, 0.5), upscale=True),), "JPEG"),
        Recipe((Invert(), fit), "PNG"),
    ]


def judge(path: Path) -> dict[str, Any]:
    """What became of a file: the errors of its operations, and what is wrong with the others."""
    data, start = path.read_bytes(), time.perf_counter()
    try:
        with open_picture(BytesIO(data)) as picture:
            made = recipes(picture.header.format)
    except ImageError as error:
        told = [f"{type(error).__name__}: {error}"]
        took = time.perf_counter() - start
        return {"errors": told, "wrong": [], "seconds": took, "operations": 1}
    errors: list[str] = []
    wrong: list[str] = []
    grids: list[list[int]] = []
    seconds: list[float] = []
    for recipe in made:
        start = time.perf_counter()
        try:
            with open_picture(BytesIO(data)) as picture:
                ((_, result),) = render_each(picture, [recipe])
                seconds.append(time.perf_counter() - start)
                if isinstance(result, Exception):
                    raise result
                wrong += _quietly(picture, recipe, result, data)
                grids.append(grid(result))
        except ImageError as error:
            errors.append(f"{type(error).__name__}: {error}")
            seconds.append(time.perf_counter() - start)
    facts: dict[str, Any] = {"operations": len(made), "grid": grids[:1]}
    return {"errors": errors, "wrong": wrong, "seconds": max(seconds), **facts}


def _quietly(picture: Picture, recipe: Recipe, result: Any, data: bytes) -> list[str]:
    with warnings.catch_warnings():  # of Pillow, which is asked for the reference
        warnings.simplefilter("ignore")
        return list(faults(picture, recipe, result, data))


def faults(picture: Picture, recipe: Recipe, result: Any, data: bytes) -> Iterator[str]:
    """What is wrong with a rendition."""
    with Image.open(BytesIO(result)) as image:
        found = [
            (image.format != recipe.format, f"it was to be {recipe.format}"),
            (Size(*image.size) != recipe.output_size(picture.size), f"it is {image.size}"),
            (any(image.info.get(key) for key in SECRETS), f"it keeps some of {list(image.info)}"),
        ]
        distance = apart(image, recipe, data)
        found.append((distance > TOLERANCE, f"it is {distance:.1f} levels from the reference"))
        if recipe.format in MOVING:
            found.append((not keeps_moving(image, picture), "it does not move as it did"))
        where = f"{recipe.processors[0]!r} as {image.format}"
        yield from (f"{where}: {text}" for wrong, text in found if wrong)


def keeps_moving(image: Any, picture: Picture) -> bool:
    """Whether a rendition has the frames of an animation, of which more than allowed are one.

    Frames that look alike may become one that is shown for longer.
    """
    said = picture.header.frames
    wanted = said if animation.is_affordable(picture, None) else 1
    made = getattr(image, "n_frames", 1)
    if made >= wanted:
        return bool(made == wanted)
    frames = animation.frames(picture)
    images = [(frame.picture.upright().convert("RGBA"), frame.duration) for frame in frames]
    if made == 1:
        return len({frame.tobytes() for frame, _ in images}) == 1
    durations = sum(duration for _, duration in images)
    return math.isclose(durations, sum(time for _, time in shown(image)), rel_tol=0.1)


def shown(image: Any) -> Iterator[tuple[Image.Image, float]]:
    """The frames of an animation as they are seen, and for how many milliseconds each."""
    for index in range(bool(image.info.get("default_image")), image.n_frames):
        image.seek(index)
        image.load()
        yield image.convert("RGBA"), image.info.get("duration") or 0


def reference(data: bytes) -> Image.Image | None:
    """The picture as Pillow's own, plainest means show it: upright, in sRGB, with alpha.

    None of one that these means refuse.
    """
    try:
        opened = Image.open(BytesIO(data))
    except (OSError, ValueError):
        return None
    with opened:
        if opened.info.get("default_image"):
            opened.seek(1)
        profile = opened.info.get("icc_profile")
        if opened.format == "GIF" and opened.tile[0][1] != (0, 0, *opened.size):
            box = opened.tile[0][1]
            image = Image.new("RGBA", opened.size)  # clear around the first frame
            image.paste(opened.convert("RGBA").crop(box), box)
            return image
        image = ImageOps.exif_transpose(opened)
        if image.mode.startswith(("I", "F")):
            return _deep(image, opened)
        plain = image if image.mode in ("CMYK", "LAB") else image.convert("RGBA")
        return _in_srgb(plain, profile)


def _deep(image: Image.Image, opened: Image.Image) -> Image.Image:
    levels = np.asarray(image, dtype=float)
    bits = getattr(opened, "tag_v2", {}).get(258, (16,))[0]
    white = 2 ** min(bits, 16) - 1 if image.mode != "F" else max(levels.max(), 1.0)
    grey = Image.fromarray((levels * 255 / white).clip(0, 255).astype("uint8")).convert("RGBA")
    clear = opened.info.get("transparency")
    if clear is not None:
        grey.putalpha(Image.fromarray(np.where(levels == clear, 0, 255).astype("uint8")))
    return grey


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile or b""))
        space = source.profile.xcolor_space.strip()
        if space != colours.mode:
            raise ValueError(space)
        target = ImageCms.createProfile("sRGB")
        result = ImageCms.profileToProfile(
            colours, source, target, ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB"
        )
        assert result is not None
    except (OSError, ValueError, ImageCms.PyCMSError):
        result = colours.convert("RGB")
    if alpha:
        result.putalpha(alpha)
    return result.convert("RGBA")


def apart(image: Image.Image, recipe: Recipe, data: bytes) -> float:
    """The mean distance of levels between a rendition and its reference, seen on white."""
    expected = reference(data)
    if expected is None or isinstance(recipe.processors[0], CropAroundPoint):
        return 0.0
    wanted = expected.resize(image.size, Image.Resampling.LANCZOS)
    if isinstance(recipe.processors[0], Invert):
        alpha = wanted.getchannel("A")
        wanted = ImageOps.invert(wanted.convert("RGB"))
        wanted.putalpha(alpha)
    return float(abs(_on_white(image.convert("RGBA")) - _on_white(wanted)).mean())


def _on_white(image: Image.Image) -> np.ndarray[Any, np.dtype[np.float64]]:
    canvas = Image.new("RGBA", image.size, "white")
    canvas.alpha_composite(image)
    return np.asarray(canvas.convert("RGB"), dtype=float)


def grid(data: Any) -> list[int]:
    """A picture in a few levels of grey, by which two that should look alike are compared."""
    with Image.open(BytesIO(data)) as image:
        small = image.convert("RGBA").convert("L").resize(GRID, Image.Resampling.BOX)
    return np.asarray(small).flatten().tolist()


def main(path: str) -> None:
    """Judge a file, and print it with what it took."""
    warnings.simplefilter("error")
    answer = judge(Path(path))
    answer["megabytes"] = peak_memory() / 1024
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
