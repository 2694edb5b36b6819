"""Animations as files, and what a viewer sees of them, by Pillow alone."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageSequence

from tests.drawing import draw_photo

FORMATS = ["GIF", "PNG", "WEBP", "AVIF"]
"""The formats that hold animations."""

DURATIONS = [100, 250, 40, 400]

LOSSLESS: dict[str, dict[str, Any]] = {
    "GIF": {},
    "PNG": {},
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 95, "subsampling": "4:4:4"},
}


def draw_frames(
    count: int = 4, mode: str = "RGB", size: tuple[int, int] = (80, 60)
) -> list[Image.Image]:
    """A square that goes to the right, over a photo or over nothing."""
    frames = []
    for index in range(count):
        clear = mode.endswith("A")
        frame = Image.new("RGBA", size) if clear else draw_photo(size, "RGB")
        left = 5 + 12 * index
        ImageDraw.Draw(frame).rectangle((left, 10, left + 20, 45), fill=(200, 40 + 40 * index, 20))
        frames.append(frame.convert(mode))
    return frames


def animation_bytes(
    format: str,
    frames: Sequence[Image.Image] | None = None,
    durations: Sequence[float] = DURATIONS,
    **options: Any,
) -> bytes:
    """Frames as a file; by default four of them, which run for ever."""
    first, *others = frames or draw_frames()
    options = {"loop": 0, **LOSSLESS[format], **options}
    if "A" in first.mode and format == "GIF":
        options["disposal"] = 2
    file = BytesIO()
    first.save(
        file, format, save_all=True, append_images=others, duration=list(durations), **options
    )
    return file.getvalue()


def seen(data: bytes) -> list[tuple[Image.Image, float]]:
    """What a viewer sees: each frame in mode RGBA, and for how many milliseconds."""
    with Image.open(BytesIO(data)) as image:
        return [
            (frame.convert("RGBA"), frame.info.get("duration", 0))
            for frame in ImageSequence.Iterator(image)
        ]


def loop(data: bytes) -> int | None:
    """What the file says of repeating, in the words of its format."""
    with Image.open(BytesIO(data)) as image:
        count: int | None = image.info.get("loop")
        return count
