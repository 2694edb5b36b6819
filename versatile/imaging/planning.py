"""How far a picture may be shrunk cheaply before the resampling that is seen.

Pure functions on numbers. A *shrink* is a count of source pixels per pixel of the
result along one side: 1 keeps the size, 10 makes a tenth of it.

A JPEG can be decoded at 1/2, 1/4 or 1/8 of its size at a fraction of the cost, and any
picture can be averaged over whole blocks of pixels. Both are invisible as long as the
Lanczos filter that comes last still has something to shrink.
"""

from collections.abc import Iterable

DRAFT_HEADROOM = {8: 2.5, 4: 2.0, 2: 1.5}
"""What must be left to shrink after a scaled decode: at least 48 dB against a full one.

By the scales at which libjpeg decodes, the smallest picture first. The smaller the picture, the
more a pixel differs from its neighbours, and the more has to be left to blend them.
"""

BLOCK_HEADROOM = {1: 1.0, 2: 2.0, 4: 2.0, 8: 2.5}
"""The same after averaging blocks, by their side in source pixels; they blur more."""

LARGE_BLOCK_HEADROOM = 3.0
"""The same for all larger blocks."""

SHARED_HEADROOM = 1.5
"""The same for another rendition of the whole picture, which Lanczos made."""

FULL = 1.0
"""The demand of a recipe that needs every pixel of the source."""


def draft_scale(demands: Iterable[float]) -> int:
    """The largest decode scale at which every demand is still met; 1 is the full picture."""
    least = min(demands, default=FULL)
    fitting = (scale for scale, left in DRAFT_HEADROOM.items() if least >= scale * left)
    return next(fitting, 1)


def block_size(shrink: float, scale: float = 1) -> int:
    """The side of the blocks that may be averaged, in pixels of a decode at 1/``scale``.

    A power of two, so that the pictures between are shared by the renditions of a set.
    """
    side = 1
    while shrink >= 2 * side * scale * _block_headroom(2 * side * scale):
        side *= 2
    return side


def _block_headroom(side: float) -> float:
    return BLOCK_HEADROOM.get(round(side), LARGE_BLOCK_HEADROOM)
