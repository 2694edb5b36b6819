"""The generators that come with the library."""

from typing import Any

from versatile import processors
from versatile.imaging.geometry import Point
from versatile.specs.generators import ImageSpec


class Thumbnail(ImageSpec):
    """The spec of ``{% thumbnail %}``, registered as ``imagekit:thumbnail``.

    The dull edges are cut off where both sides are given; with an anchor the size is filled
    around it; with ``crop=False`` or one side alone the picture is fitted. Enlarged only with
    ``upscale``. Raises ``InvalidArgument``.
    """

    def __init__(
        self,
        width: int | None = None,
        height: int | None = None,
        anchor: str | Point | None = None,
        crop: bool | None = None,
        upscale: bool | None = None,
        *,
        source: Any,
    ) -> None:
        self.processors = [processors.Thumbnail(width, height, anchor, crop, upscale)]
        super().__init__(source)
