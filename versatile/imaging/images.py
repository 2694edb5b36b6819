"""Pillow images by hand: opened, prepared for a format, and saved, by the rules of the pipeline."""

import io
import os
from collections.abc import Iterable, Mapping
from typing import IO, Any, Protocol

from PIL import Image

from versatile.imaging import encoding, modes
from versatile.imaging.formats import get_format

DEFAULT_FORMAT = "JPEG"


class Processor(Protocol):
    """Image in, new image out."""

    def process(self, image: Image.Image) -> Image.Image:
        """A new image."""


def prepare_image(image: Image.Image, format: str) -> tuple[Image.Image, dict[str, Any]]:
    """The image in a mode that the format (in any case) can hold, and the options to save it.

    Transparency is kept where the format can hold it and laid on white elsewhere. Raises
    ``UnknownFormat``.
    """
    name = get_format(format).name
    if image.mode == "P" and name in ("PNG", "GIF"):
        return image.copy(), _transparency(image)
    prepared = modes.prepare(image, name)
    return prepared, {"optimize": True} if name == "JPEG" else _transparency(prepared)


def _transparency(image: Image.Image) -> dict[str, Any]:
    return {key: image.info[key] for key in ("transparency",) if key in image.info}


def save_image(
    image: Image.Image,
    outfile: IO[bytes] | str | os.PathLike[str],
    format: str,
    options: Mapping[str, Any] | None = None,
    autoconvert: bool = True,
) -> IO[bytes] | str | os.PathLike[str]:
    """Write an image into a file, which stands at its start afterwards, or to a path.

    Raises ``EncodingError``, ``UnknownFormat``.
    """
    data = img_to_fobj(image, format, autoconvert, **(options or {})).getvalue()
    if isinstance(outfile, str | os.PathLike):
        with open(outfile, "wb") as file:
            file.write(data)
    else:
        outfile.write(data)
        outfile.seek(0)
    return outfile


def img_to_fobj(
    image: Image.Image, format: str, autoconvert: bool = True, **options: Any
) -> io.BytesIO:
    """An image as a file in memory, at its start; raises ``EncodingError``, ``UnknownFormat``."""
    name = get_format(format).name
    fitting, fixed = prepare_image(image, name) if autoconvert else (image, {})
    chosen = encoding.freeze({**fixed, **options})
    return io.BytesIO(encoding.encode(fitting, name, chosen, autoconvert=False))


def process_image(
    image: Image.Image,
    processors: Iterable[Processor] | None = None,
    format: str | None = None,
    autoconvert: bool = True,
    options: Mapping[str, Any] | None = None,
) -> io.BytesIO:
    """An image through some processors, as a file in memory.

    In the given format, else in that of the processed image, the original's, or JPEG.
    """
    original = image.format
    for processor in processors or ():
        image = processor.process(image)
    chosen = format or image.format or original or DEFAULT_FORMAT
    return img_to_fobj(image, chosen, autoconvert, **(options or {}))
