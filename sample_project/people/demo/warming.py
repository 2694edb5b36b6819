"""Warming: everything that the key sets name, and what that cost."""

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from people.demo.opens import count_opens
from people.models import Person
from versatile.image_warmer import VersatileImageFieldWarmer, WarmReport
from versatile.renditions.outcomes import Outcome
from versatile.utils import get_rendition_key_set

KEY_SETS = ("person_headshot", "person_looks")


@dataclass(frozen=True)
class Warmed:
    """What the warmer did, the seconds it took, and how often each original was opened."""

    report: WarmReport
    outcomes: dict[str, Outcome]
    """What became of each rendition, by its storage name."""
    seconds: float
    opens: Counter[str]

    @property
    def most_opens(self) -> int:
        """How often the original was opened that was opened most."""
        return max(self.opens.values(), default=0)


def warm(people: QuerySet[Person]) -> Warmed:
    """Make the renditions of all sets at once, so that each original is opened once for all."""
    keys = [entry for name in KEY_SETS for entry in get_rendition_key_set(name)]
    outcomes: list[Outcome] = []
    warmer = VersatileImageFieldWarmer(
        people, keys, "headshot", verbose=True, on_outcome=outcomes.append
    )
    start = time.perf_counter()
    with count_opens(str(Path(settings.MEDIA_ROOT) / "headshots")) as opens:
        warmer.warm()
    seconds = time.perf_counter() - start
    by_name = {outcome.rendition.name: outcome for outcome in outcomes}
    return Warmed(warmer.report, by_name, seconds, opens)
