"""Making: every spec of every article, each photo opened and decoded once; and what it cost."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from articles.models import Article
from articles.specs import files, processors
from people.demo.opens import count_opens
from people.demo.rows import ORIGINAL, Row, Strip
from versatile.cachefiles import ImageCacheFile
from versatile.renditions.generation import generate
from versatile.renditions.outcomes import Outcome, State


@dataclass(frozen=True)
class Made:
    """The strips of the articles, the seconds, and how often each photo was opened."""

    strips: Sequence[Strip]
    created: int
    seconds: float
    opens: Counter[str]
    failed: dict[str, str]
    """Why a file could not be made, by its name."""

    @property
    def most_opens(self) -> int:
        """How often the photo was opened that was opened most."""
        return max(self.opens.values(), default=0)


def make(articles: Iterable[Article]) -> Made:
    """Make every spec of the articles."""
    wanted = [(article, [file for _, file in files(article)]) for article in articles]
    start = time.perf_counter()
    with count_opens(str(Path(settings.MEDIA_ROOT) / "articles")) as opens:
        outcomes = generate(file.rendition for _, made in wanted for file in made)
    seconds = time.perf_counter() - start
    by_name = {outcome.rendition.name: outcome for outcome in outcomes}
    return Made(
        strips=[_strip(article, made, by_name) for article, made in wanted],
        created=sum(outcome.state is State.CREATED for outcome in outcomes),
        seconds=seconds,
        opens=opens,
        failed={
            outcome.rendition.name: str(outcome.error)
            for outcome in outcomes
            if outcome.error is not None
        },
    )


def _strip(article: Article, made: Iterable[ImageCacheFile], outcomes: dict[str, Outcome]) -> Strip:
    """The photo, and a row for each file that was made."""
    original = Row.of(article.title, ORIGINAL, article.photo)
    rows = [_row(article, file, outcomes[str(file.name)]) for file in made]
    return Strip(article.title, None, original, [row for row in rows if row is not None])


def _row(article: Article, file: ImageCacheFile, outcome: Outcome) -> Row | None:
    if outcome.error is not None:
        return None
    return Row.of(article.title, processors(file), file, outcome.seconds * 1000)
