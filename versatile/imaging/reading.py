"""Reading: how a file becomes one of Pillow's images. Nobody else calls their parsers.

The format is told by how the file begins, and only the class of that format is called.
``Image.open`` would ask other parsers too, and judge by ``Image.MAX_IMAGE_PIXELS``.
"""

import importlib.util
import io
import math
import re
import struct
from itertools import islice
from typing import IO, Any

from PIL import Image, ImageFile

from versatile.imaging import avifs, exif, formats, gifs, headers, plugins, pngs
from versatile.imaging.exceptions import (
    EmptyImage,
    ImageError,
    TruncatedImage,
    UnidentifiedImage,
)
from versatile.imaging.geometry import Size
from versatile.imaging.limits import Limits, endless

MAX_SCANS = 64
"""The most scans of a JPEG: programs that write progressive ones make ten."""

MOST_TURNED = 8
"""The last of the orientations of EXIF."""

_SCAN = b"\xff\xda"
_TILE_SIDES = (322, 323)
_XMP = re.compile(rb"tiff:Orientation\s*(?:=\s*[\"']|>)\s*([0-9])")


def open_image(file: IO[bytes], limits: Limits) -> ImageFile.ImageFile:
    """The image in a seekable binary file, its header read and nothing decoded.

    Icons alone are decoded, within the limits. Raises ``ImageError``.
    """
    format = identify(file)
    file.seek(0, io.SEEK_END)
    limits.check_bytes(file.tell())
    image = _constructed(file, format, limits)
    if min(image.size) < 1:
        raise EmptyImage(f"it has no area: {image.width}×{image.height}")
    return image


def identify(file: IO[bytes]) -> str:
    """The name of the format of a file, by how it begins.

    Raises ``EmptyImage`` or ``UnidentifiedImage``.
    """
    file.seek(0)
    head = file.read(formats.SNIFFED)
    if not head:
        raise EmptyImage("the file is empty")
    name = formats.sniff(head)
    if name not in formats.READABLE and name != "HEIF":
        raise UnidentifiedImage(
            f"it is no picture of a known format; send one of {', '.join(known())}"
        )
    return name


def known() -> tuple[str, ...]:
    """The names of the formats that can be read here, HEIC where its package is installed."""
    heic = ("HEIC",) if importlib.util.find_spec("pillow_heif") else ()
    return (*formats.READABLE, *heic)


def _constructed(file: IO[bytes], format: str, limits: Limits) -> ImageFile.ImageFile:
    plugin = _heif() if format == "HEIF" else plugins.PLUGINS[format]
    try:
        headers.check(file, format, limits)
        file.seek(0)
        image = plugin(file)
        complete = _COMPLETIONS.get(format)
        if complete is not None:
            complete(image, file)
    except ImageError:
        raise
    except Exception as error:  # readers of headers raise what they like
        raise UnidentifiedImage(f"its header is damaged: {error}") from error
    return image


def _heif() -> type[ImageFile.ImageFile]:
    """Read when the first such file comes: the package is an extra, and loads a large library."""
    try:
        package = importlib.import_module("pillow_heif")
    except ImportError as error:
        raise UnidentifiedImage(
            "it is a HEIC; install django-versatile[heif] to read it, or send a JPEG"
        ) from error
    return plugins.steady(package.HeifImageFile)


def _complete_png(image: ImageFile.ImageFile, file: IO[bytes]) -> None:
    """Find the EXIF that stands behind the pixels, and fit 16 bits of transparency to 8."""
    if "exif" not in image.info:
        place = file.tell()
        block = _late_exif(file)
        file.seek(place)
        if block:
            image.info["exif"] = block
    clear, tile = image.info.get("transparency"), image.tile
    if tile and tile[0].args == "RGB;16B" and isinstance(clear, tuple):
        image.info["transparency"] = tuple(level >> 8 for level in clear)


def _late_exif(file: IO[bytes]) -> bytes:
    found = (file.read(length) for kind, length in pngs.chunks(file) if kind == b"eXIf")
    return b"".join(b"Exif\x00\x00" + block for block in islice(found, 1))


def _complete_tiff(image: Any, file: IO[bytes]) -> None:
    """Give the size as it lies in the file: all formats are turned upright in one place."""
    image._size = image._tile_size


def tile(image: Any) -> Size:
    """What is decoded at once of a picture: a tile of a TIFF, however little of it is shown."""
    sides = [image.tag_v2.get(tag) for tag in _TILE_SIDES] if image.format == "TIFF" else [None]
    return Size(*(sides if all(isinstance(side, int) for side in sides) else image.size))


_COMPLETIONS = {"PNG": _complete_png, "TIFF": _complete_tiff}


def shrink(image: Any, scale: int, limits: Limits) -> float | None:
    """Let a JPEG be decoded at 1/``scale``; its width then, with its fraction, else None.

    Raises ``ImageTooLarge`` for a picture that takes more room than its size says.
    """
    if image.format == "TIFF":
        limits.check_size(tile(image))
    if image.format != "JPEG":  # that of HEIC would show a thumbnail, of whatever picture
        return None
    _check_scans(image, limits)
    width, height = image.size
    # Fractions, or a picture of one line would keep its length.
    draft = image.draft(None, (width / scale, height / scale))
    return draft[1][2] if draft else None


def check_length(image: Any, size: Size) -> None:
    """Refuse a JPEG whose header says more than its bytes can hold: libjpeg would paint it grey.

    Huffman's codes have at least one bit, and each block of pixels at least one code. Raises
    ``TruncatedImage``.
    """
    if image.format != "JPEG":
        return
    pixels = max(layer[1] for layer in image.layer) * max(layer[2] for layer in image.layer)
    parts = sum(layer[1] * layer[2] for layer in image.layer)
    blocks = math.prod(-(-side // 8) for side in size) * parts // pixels
    length = image.fp.seek(0, io.SEEK_END)
    if length * 8 < blocks:
        raise TruncatedImage(f"{length} bytes cannot hold {size.width}×{size.height} pixels")


def _check_scans(image: Any, limits: Limits) -> None:
    """Judge a JPEG of several scans: libjpeg keeps it as a whole, and walks over it for each."""
    place, length = image.fp.tell(), 6 + 2 * image.layers
    image.fp.seek(place - length)  # Pillow stops behind the header of the first scan
    whole = image.fp.read(3) == struct.pack(">HB", length, image.layers)
    if whole and not image.info.get("progressive"):
        return
    limits.check_buffered(Size(*image.size))
    if image.fp.read().count(_SCAN) + 1 > MAX_SCANS:
        raise endless(MAX_SCANS, "scans")


def orientation(image: Image.Image) -> int:
    """How the picture is turned, 1 to 8, by EXIF or else by XMP; 1 for damage of any kind."""
    tag = _exif_orientation(image)
    if tag is None and image.format not in ("AVIF", "HEIF"):  # which say it themselves, or not
        packet = image.info.get("xmp", b"")
        found = _XMP.search(packet) if isinstance(packet, bytes) else None
        tag = int(found[1]) if found else 1
    return tag if isinstance(tag, int) and 1 <= tag <= MOST_TURNED else 1


def _exif_orientation(image: Any) -> int | str | None:
    directory = getattr(image, "tag_v2", None)
    if directory is not None:
        tag = directory.get(exif.ORIENTATION)
        return tag if isinstance(tag, int) else None
    block = image.info.get("exif")
    if not isinstance(block, bytes):
        texts = (image.info.get(f"Raw profile type {name}") for name in ("exif", "APP1"))
        block = next(filter(None, map(_raw_profile, texts)), b"")
    return exif.read(block).get(exif.ORIENTATION)


def _raw_profile(text: object) -> bytes:
    """EXIF as ImageMagick wrote it into PNGs: three lines of other things, and then hexadecimal."""
    if not isinstance(text, str):
        return b""
    try:
        return bytes.fromhex("".join(text.split("\n")[3:]))
    except ValueError:
        return b""


def frames(image: Any, most: int | None) -> tuple[int, Size]:
    """The frames of an animation, counted no further than one beyond ``most``, and their room.

    Room is the size that all of them need: a GIF or an AVIF may say to be smaller than its frames.
    The pages of a TIFF, the pictures of an MPO, an icon or a HEIC are no animation.
    """
    room = Size(*image.size)
    if image.format not in ("GIF", "PNG", "WEBP", "AVIF"):
        return 1, room
    beyond = None if most is None else most + 1
    place = image.fp.tell()
    if image.format == "GIF":
        sizes = [Size(int(box.right), int(box.bottom)) for box in gifs.frames(image.fp, beyond)]
        count = len(sizes)
    else:
        streams = avifs.streams(image.fp) if image.format == "AVIF" else ()
        sizes = [size for size, _ in streams]
        count = int(getattr(image, "n_frames", 1)) - bool(image.info.get("default_image"))
    image.fp.seek(place)
    widths, heights = zip(room, *sizes, strict=True)
    room = Size(max(widths), max(heights))
    return max(count if beyond is None else min(count, beyond), 1), room
