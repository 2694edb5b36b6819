"""Pillow's classes of the formats that are read, without the switches of the whole process.

What Pillow reads depends on globals that any code may set at any time: ``MAX_IMAGE_PIXELS``
and ``LOAD_TRUNCATED_IMAGES``. It also warns of what is odd in a file. To change a global, or
the filters of warnings, even for a moment, would change them for all threads. So each class is
derived once, and those of its functions that ask a switch are taken over with other globals:
the code is Pillow's own, and the switch stands still.
"""

import zlib
from collections.abc import Iterable, Mapping
from types import FunctionType, ModuleType
from typing import Any, cast

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from versatile.imaging import exif

MAX_TEXT = 1 << 20
"""The most bytes that a compressed chunk of a PNG may have: what is longer is left out."""


class _Without:
    """A module as it is seen by the functions that are taken over: with some names replaced."""

    def __init__(self, module: ModuleType, **replaced: Any) -> None:
        self._module = module
        vars(self).update(replaced)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


class _Silence:
    """What stands for the module ``warnings``."""

    def warn(self, *args: object, **kwargs: object) -> None:
        """Say nothing: a file is judged by what can be read of it."""


class _Exif:
    """What stands for Pillow's EXIF, which warns of damage: the few tags that count."""

    def __init__(self) -> None:
        self._tags: dict[int, int | str] = {}

    def load(self, block: bytes) -> None:
        """Take over the tags of a block."""
        self._tags = exif.read(block)

    def get(self, tag: int, default: Any = None) -> Any:
        """The value of a tag."""
        return self._tags.get(tag, default)

    def __setitem__(self, tag: int, value: int) -> None:
        self._tags[tag] = value

    def tobytes(self) -> bytes:
        """The tags as a block."""
        return exif.write(self._tags)


def _allow(*args: object, **kwargs: object) -> None:
    """What stands for Pillow's check of bombs: our own limits were asked before."""


def _inflated(data: bytes) -> bytes:
    """A compressed chunk, or nothing of one that is longer than any text or profile."""
    inflating = zlib.decompressobj()
    plain = inflating.decompress(data, MAX_TEXT)
    return b"" if inflating.unconsumed_tail else plain


_CHECK = "_decompression_bomb_check"

_SWITCHES: dict[str, Any] = {
    "warnings": _Silence(),
    "Image": _Without(Image, _decompression_bomb_check=_allow, Exif=_Exif),
    "ImageFile": _Without(ImageFile, LOAD_TRUNCATED_IMAGES=False),
    "LOAD_TRUNCATED_IMAGES": False,
    _CHECK: _allow,
    "_safe_zlib_decompress": _inflated,
}


def _taken_over(kinds: Iterable[type], switches: Mapping[str, Any]) -> dict[str, Any]:
    """The functions of some classes that ask a switch, the first class winning."""
    return {
        name: _copy(member, switches)
        for kind in reversed(list(kinds))
        for name, member in vars(kind).items()
        if isinstance(member, FunctionType) and switches.keys() & set(member.__code__.co_names)
    }


def _copy(function: FunctionType, switches: Mapping[str, Any]) -> FunctionType:
    seen = {**function.__globals__, **switches}
    copy = FunctionType(
        function.__code__, seen, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


STEADY = cast(
    type[ImageFile.ImageFile],
    type(
        "ImageFile",
        (ImageFile.ImageFile,),
        {
            "__module__": ImageFile.__name__,
            **_taken_over(
                (ImageFile.ImageFile, Image.Image),
                {name: _SWITCHES[name] for name in ("LOAD_TRUNCATED_IMAGES", _CHECK)},
            ),
        },
    ),
)
"""What all of them share: Pillow's decoding and cropping, where no switch is asked."""


def steady(
    kind: type[ImageFile.ImageFile], *, own: Mapping[str, Any] | None = None, **others: Any
) -> type[ImageFile.ImageFile]:
    """A class of Pillow's that asks no switch; ``own`` are members that replace its own.

    ``others`` are further names that its functions see, such as classes of the same module.
    """
    kinds = kind.__mro__[: kind.__mro__.index(ImageFile.ImageFile)]
    body = _taken_over(kinds, _SWITCHES | others) | dict(own or {})
    return type(kind.__name__, (kind, STEADY), {"__module__": kind.__module__, **body})


def _part(kind: type, **others: Any) -> Any:
    """The same for a class that is no image."""
    body = _taken_over(kind.__mro__[:-1], _SWITCHES | others)
    return type(kind.__name__, (kind,), {"__module__": kind.__module__, **body})


def _skip(self: object) -> None:
    """What stands for a step that is not needed, and reads what may be damaged."""


_PNG = steady(PngImagePlugin.PngImageFile, PngStream=_part(PngImagePlugin.PngStream))
_DIB = steady(BmpImagePlugin.DibImageFile)

ICON = _part(
    IcoImagePlugin.IcoFile,
    PngImagePlugin=_Without(PngImagePlugin, PngImageFile=_PNG),
    BmpImagePlugin=_Without(BmpImagePlugin, DibImageFile=_DIB),
)
"""The directory of an icon, which opens the pictures in it."""

PLUGINS: dict[str, type[ImageFile.ImageFile]] = {
    # The step is for dots per inch; the first picture of an MPO is a JPEG like any other.
    "JPEG": steady(JpegImagePlugin.JpegImageFile, own={"_read_dpi_from_exif": _skip}),
    "PNG": _PNG,
    "GIF": steady(GifImagePlugin.GifImageFile),
    "WEBP": steady(WebPImagePlugin.WebPImageFile),
    "AVIF": steady(AvifImagePlugin.AvifImageFile),
    # The step turns the picture upright and reads other directories; all are turned alike here.
    "TIFF": steady(
        TiffImagePlugin.TiffImageFile,
        own={"load_end": _skip},
        ImageFileDirectory_v2=_part(TiffImagePlugin.ImageFileDirectory_v2),
    ),
    "BMP": steady(BmpImagePlugin.BmpImageFile),
    "ICO": steady(IcoImagePlugin.IcoImageFile, IcoFile=ICON),
}
"""The classes, by the names of formats."""
