"""Photos of people who do not exist: drawn, deterministic, with a known point of interest."""

from people.photos.camera import LONG_SIDE, develop, take_photo
from people.photos.cast import CAST, Sitter

__all__ = ["CAST", "LONG_SIDE", "Sitter", "develop", "take_photo"]
