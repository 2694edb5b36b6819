"""Turning and mirroring."""

from typing import Any, ClassVar

from PIL import Image

from versatile.imaging import reading
from versatile.imaging.decoding import turned
from versatile.imaging.exceptions import InvalidArgument
from versatile.imaging.geometry import Size
from versatile.processors.base import Processor

Method = str | Image.Transpose


class Transpose(Processor):
    """The picture turned or mirrored by one method after another.

    Without a method, or with ``AUTO``, it is turned upright as its EXIF orientation says, in
    all eight cases.
    """

    AUTO: ClassVar[str] = "auto"
    FLIP_HORIZONTAL: ClassVar[Image.Transpose] = Image.Transpose.FLIP_LEFT_RIGHT
    FLIP_VERTICAL: ClassVar[Image.Transpose] = Image.Transpose.FLIP_TOP_BOTTOM
    ROTATE_90: ClassVar[Image.Transpose] = Image.Transpose.ROTATE_90
    ROTATE_180: ClassVar[Image.Transpose] = Image.Transpose.ROTATE_180
    ROTATE_270: ClassVar[Image.Transpose] = Image.Transpose.ROTATE_270

    gentle = True

    __slots__ = ("methods",)
    methods: tuple[Method, ...]

    def __init__(self, *methods: Method) -> None:
        object.__setattr__(self, "methods", tuple(map(_method, methods)) or (self.AUTO,))

    def process(self, image: Image.Image) -> Image.Image:
        """A new image."""
        for method in self.methods:
            image = _upright(image) if isinstance(method, str) else image.transpose(method)
        return image

    def output_size(self, size: Size) -> Size:
        """The size, its sides swapped for each quarter turn."""
        quarters = (self.ROTATE_90, self.ROTATE_270, Image.Transpose.TRANSPOSE)
        turns = sum(method in (*quarters, Image.Transpose.TRANSVERSE) for method in self.methods)
        return Size(*reversed(size)) if turns % 2 else size

    def identity(self) -> list[str]:
        """The names of the methods."""
        return [str(getattr(method, "name", method)) for method in self.methods]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed; make another one")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.methods == getattr(other, "methods", None)

    def __hash__(self) -> int:
        return hash((type(self), self.methods))

    def __reduce__(self) -> tuple[type["Transpose"], tuple[Method, ...]]:
        return type(self), self.methods  # nothing may be set on a copy that is being filled

    def __repr__(self) -> str:
        return f"Transpose({', '.join(self.identity())})"


def _upright(image: Image.Image) -> Image.Image:
    """The picture as its EXIF or XMP says."""
    # Pillow turns a TIFF while it is loaded.
    upright = image if hasattr(image, "tag_v2") else turned(image, reading.orientation(image))
    return image.copy() if upright is image else upright


def _method(method: Any) -> Method:
    """A method by its name or its number; raises ``InvalidArgument``."""
    if method == Transpose.AUTO:
        return Transpose.AUTO
    try:
        return Image.Transpose(method)
    except ValueError as error:
        rule = "AUTO or one of Pillow's transpositions"
        raise InvalidArgument("methods", method, rule) from error
