"""A real broker and real workers, one of which dies."""

import time

import pytest
from PIL import Image

from tests.queues.conftest import Site, wait_for

pytestmark = [pytest.mark.service, pytest.mark.slow, pytest.mark.xdist_group("queues")]

COUNT = 4


def assert_whole(site: Site, names: list[str]) -> None:
    for name in names:
        with Image.open(site.media / name) as image:
            image.load()
            assert max(image.size) in {60, 20}


def test_a_worker_that_is_killed_loses_nothing(site: Site) -> None:
    names = site.run("tests.queues.site", "publish", str(COUNT))
    assert len(names) == 2 * COUNT
    first = site.start_worker("first")
    wait_for(lambda: len(site.journal("start")) == 4, "the second job to begin")
    time.sleep(0.1)  # in the middle of a slow processor
    site.kill(first)
    died_with = site.made()
    assert 0 < len(died_with) < len(names)
    time.sleep(2)  # the visibility timeout
    second = site.start_worker("second")
    wait_for(lambda: len(site.made()) == len(names), f"all files\n{site.log}")
    wait_for(lambda: site.log.count("succeeded in") >= COUNT, f"all jobs\n{site.log}")
    assert site.made() == sorted(names)
    assert_whole(site, names)
    # Each was made once: what the first worker began and could not finish was begun again.
    assert len(site.journal("done")) == len(names)
    assert len(site.journal("start")) == len(names) + 1
    assert site.run("tests.queues.site", "ask") == [True] * len(names)
    site.kill(second)
