"""Pairs of measurements and what follows from them; no clock and no process in here."""

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some numbers and how far they reach."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What one side of a pair gave: seconds per unit by round, calls per unit, bytes."""

    seconds: tuple[float, ...]
    busy: tuple[float, ...]
    """The same by the processor's clock, which stands still while others have the core."""
    peak: int
    counts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides that ran in turn: round n of one beside round n of the other."""

    name: str
    unit: str
    base: Measured
    ours: Measured

    @property
    def speed(self) -> Spread:
        """How many times faster ours is: ratio of medians, least and greatest of a pair."""
        return ratios(self.base.seconds, self.ours.seconds)

    @property
    def busy(self) -> Spread:
        """``speed`` by the processor's clock."""
        return ratios(self.base.busy, self.ours.busy)

    @property
    def memory(self) -> float:
        """Our peak memory as a share of the base's."""
        return self.ours.peak / self.base.peak

    def as_json(self) -> dict[str, Any]:
        """Everything, for a file that outlives the terminal."""
        conclusions = {"speed": asdict(self.speed), "busy": asdict(self.busy)}
        return {**asdict(self), **conclusions, "memory": self.memory}


def ratios(base: tuple[float, ...], ours: tuple[float, ...]) -> Spread:
    """base/ours: of the medians, and the least and greatest of the pairs.

    Raises ``ValueError`` where a measurement has no partner.
    """
    pairs = [one / other for one, other in zip(base, ours, strict=True)]
    return Spread(median(base) / median(ours), min(pairs), max(pairs))
