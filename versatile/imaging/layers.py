"""Layers: what an animation keeps of a frame, which need not be all of what is seen of it."""

from dataclasses import dataclass
from enum import Enum, auto


class Then(Enum):
    """What becomes of a layer when its time is over."""

    STAYS = auto()
    IS_CLEARED = auto()
    IS_UNDONE = auto()
    """What was there before comes back."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One frame as it lies in a file, and how it is laid on those before it."""

    still: bytes
    """The frame alone, as a file of its format."""
    left: int
    top: int
    duration: float
    """Milliseconds for which it is shown."""
    then: Then = Then.STAYS
    covers: bool = False
    """Whether its clear pixels make clear what is below them."""
