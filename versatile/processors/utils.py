"""The old path of processors, ``imagekit.processors.utils``. Nothing was ever documented there."""

import warnings

from versatile.processors.anchors import Anchor, Side

__all__ = ["Anchor", "Side"]

warnings.warn(
    "versatile.processors.utils is an old path; import from versatile.processors",
    DeprecationWarning,
    stacklevel=2,
)
