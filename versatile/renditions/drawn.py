"""Drawn images: grey pictures that are no files."""

from typing import ClassVar, Self
from urllib.parse import quote

from versatile.imaging.geometry import Size


class DrawnImage:
    """A grey picture of a size, drawn in its own URL; it has no file and asks nobody for one."""

    SVG: ClassVar[str] = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}">'
        '<rect width="100%" height="100%" fill="#d0d0d0"/>'
        '<text x="50%" y="50%" fill="#707070" font-family="sans-serif" font-size="{2}" '
        'text-anchor="middle" dominant-baseline="central">{0}×{1}</text></svg>'
    )

    def __init__(self, width: int | None, height: int | None) -> None:
        self.width = width or height or 1
        self.height = height or self.width

    @property
    def dimensions(self) -> Size:
        """Width and height in pixels."""
        return Size(self.width, self.height)

    @property
    def url(self) -> str:
        """The picture itself, as a ``data:`` URI."""
        text_size = max(min(self.width, self.height) // 5, 1)
        return "data:image/svg+xml," + quote(self.SVG.format(self.width, self.height, text_size))

    @property
    def name(self) -> str:
        """The same as the URL, because there is no file."""
        return self.url

    def require(self) -> None:
        """It is always there."""

    def ensure(self) -> Self:
        """Itself: it is always there."""
        return self

    async def aensure(self) -> Self:
        """The same for asynchronous code."""
        return self

    def forget(self) -> None:
        """Nothing: nobody remembers it."""

    forget.alters_data = True  # type: ignore[attr-defined]

    def __str__(self) -> str:
        return self.url
