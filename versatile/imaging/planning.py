"""How far a picture may be shrunk cheaply before the resampling that is seen.

Pure functions on numbers. A *shrink* is a count of source pixels per pixel of the
result along one side: 1 keeps the size, 10 makes a tenth of it.

A JPEG can be decoded at 1/2, 1/4 or 1/8 of its size at a fraction of the cost, and any
picture can be averaged over whole blocks of pixels. Both are invisible as long as the
Lanczos filter that comes last still has something to shrink.
"""

from collections.abc import Iterable

DRAFT_SCALES = (8, 4, 2)
"""The fractions of its size at which libjpeg decodes a JPEG, the smallest picture first."""

DRAFT_HEADROOM = 1.5
"""What must be left to shrink after a scaled decode: at least 48 dB against a full one."""

BLOCK_HEADROOM = 2.0
"""What must be left to shrink after averaging blocks; they blur more than a scaled decode."""

FULL = 1.0
"""The demand of a recipe that needs every pixel of the source."""


def draft_scale(demands: Iterable[float]) -> int:
    """The largest decode scale at which every demand is still met; 1 is the full picture."""
    least = min(demands, default=FULL)
    fitting = (scale for scale in DRAFT_SCALES if least >= scale * DRAFT_HEADROOM)
    return next(fitting, 1)


def block_size(shrink: float) -> int:
    """The side of the blocks that may be averaged before a resampling by ``shrink``.

    A power of two, so that the pictures between are shared by the renditions of a set.
    """
    side = 1
    while shrink >= side * 2 * BLOCK_HEADROOM:
        side *= 2
    return side
