"""What is compared with what, and what the figures have to reach."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.harness.comparison import Comparison


@dataclass(frozen=True, slots=True)
class Pair:
    """Two processes that run in turn: ``ours`` is always our library, ``base`` mostly the peer."""

    name: str
    scenario: str
    unit: str
    on_demand: bool = True
    base: tuple[str, str] | None = None
    """Side and scenario of the base, where it is not the peer in the same scenario."""
    site: str = "people"
    """The package of the measured site's settings."""

    @property
    def runs(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Side and scenario of the base and of ours."""
        return self.base or ("peer", self.scenario), ("ours", self.scenario)


def _specs(name: str, scenario: str, unit: str, base: str = "imagekit") -> Pair:
    """A pair of the site of the specs, by default beside django-imagekit."""
    return Pair(name, scenario, unit, base=(base, scenario), site="articles")


FAMILIES: dict[str, tuple[Pair, ...]] = {
    "warm": (Pair("warm", "warm", "photo"),),
    "url": (Pair("url", "url", "URL"), Pair("url again", "url_again", "URL")),
    "url_off": (
        Pair("url off", "url", "URL", on_demand=False),
        Pair("url off again", "url_again", "URL", on_demand=False),
    ),
    "drf": (Pair("drf 500 x 5", "drf", "list"),),
    "attribute": (
        Pair("attribute", "attribute", "read"),
        Pair("attribute again", "attribute_again", "read"),
        Pair("attribute, Django", "attribute", "read", base=("ours", "plain_attribute")),
        Pair(
            "attribute again, Django",
            "attribute_again",
            "read",
            base=("ours", "plain_attribute_again"),
        ),
    ),
    "spec_warm": (_specs("spec warm", "spec_warm", "photo"),),
    "spec_url": (
        _specs("spec url", "spec_url", "URL"),
        _specs("spec url again", "spec_url_again", "URL"),
    ),
    "spec_attribute": (
        _specs("spec attribute", "spec_attribute", "read"),
        _specs("spec attribute again", "spec_attribute_again", "read"),
    ),
    "create": (
        _specs("create, Django", "notes", "model", base="django"),
        _specs("create, saved, Django", "saved_notes", "model", base="django"),
        _specs("create", "notes", "model"),
        _specs("create, saved", "saved_notes", "model"),
    ),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that a comparison has to reach, on one side or the other."""

    comparison: str
    figure: str
    read: Callable[[Comparison], float]
    bound: float
    at_least: bool = False

    @property
    def limit(self) -> str:
        """What the figure has to be."""
        return f"{'>=' if self.at_least else '<='} {self.bound:g}"

    @property
    def text(self) -> str:
        """The target in words."""
        return f"{self.comparison}: {self.figure} {self.limit}"

    def reached(self, value: float) -> bool:
        """Whether a measured value is good enough."""
        return value >= self.bound if self.at_least else value <= self.bound


NOISE = 0.05
"""How far two runs of the same thing differ on one core."""


def _speed(comparison: str, bound: float) -> Target:
    # By the processor's clock, which others on the machine hardly move.
    return Target(comparison, "times as fast", lambda item: item.busy.middle, bound, at_least=True)


def _equal(comparison: str) -> Target:
    words = "of the speed without"
    return Target(comparison, words, lambda item: item.busy.middle, 1 - NOISE, at_least=True)


def _count(comparison: str, name: str, words: str, bound: float) -> Target:
    return Target(comparison, f"{words} per unit", lambda item: item.ours.counts[name], bound)


TARGETS: tuple[Target, ...] = (
    _speed("warm", 4.5),
    _count("warm", "storage_opens", "originals opened", 1),
    _count("warm", "image_opens", "pictures opened", 1),
    _count("warm", "decodes", "decodes", 1),
    Target("warm", "of the peer's peak memory", lambda item: item.memory, 0.7),
    _speed("url", 1.0),
    _speed("url again", 1.0),
    *(_count(name, "cache_calls", "cache calls", 1) for name in ("url", "url again")),
    *(_count(name, "storage_calls", "storage calls", 0) for name in ("url", "url again")),
    _speed("url off", 1.5),
    _speed("url off again", 1.5),
    *(_count(name, "cache_calls", "cache calls", 0) for name in ("url off", "url off again")),
    *(_count(name, "storage_calls", "storage calls", 0) for name in ("url off", "url off again")),
    _count("drf 500 x 5", "cache_calls", "cache calls", 1),
    _count("drf 500 x 5", "storage_calls", "storage calls", 0),
    _speed("spec warm", 4.0),
    _count("spec warm", "storage_opens", "originals opened", 1),
    _count("spec warm", "image_opens", "pictures opened", 1),
    _count("spec warm", "decodes", "decodes", 1),
    _speed("spec url", 4.0),
    _speed("spec url again", 4.0),
    *(_count(name, "cache_calls", "cache calls", 1) for name in ("spec url", "spec url again")),
    *(_count(name, "storage_calls", "storage calls", 0) for name in ("spec url", "spec url again")),
    _speed("spec attribute", 20.0),
    _speed("spec attribute again", 20.0),
    _equal("create, Django"),
    _equal("create, saved, Django"),
)


def verdicts(comparisons: Mapping[str, Comparison]) -> Iterator[tuple[Target, float]]:
    """Each target whose comparison was made, with the value that was measured."""
    for target in TARGETS:
        if target.comparison in comparisons:
            yield target, target.read(comparisons[target.comparison])
