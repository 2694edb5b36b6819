"""A real broker and real workers, one of which dies."""

import base64
import json
import time

import pytest
import redis
from PIL import Image

from tests.queues.conftest import Site
from tests.servers import wait_for

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


def test_sources_that_are_late_or_bad(site: Site) -> None:
    site.run("tests.queues.site", "publish", "2")
    late, bad = site.media / "photos/p0.jpg", site.media / "photos/p1.jpg"
    content = late.read_bytes()
    late.unlink()
    bad.write_bytes(b"no picture")
    site.start_worker("first")
    wait_for(lambda: "Retry in" in site.log, f"another attempt\n{site.log}")
    late.write_bytes(content)
    wait_for(lambda: len(site.made()) == 2, f"the late files\n{site.log}")
    wait_for(lambda: site.log.count("succeeded in") == 2, f"both jobs\n{site.log}")
    assert all(name.startswith("CACHE/images/photos/p0/") for name in site.made())
    assert site.log.count("A rendition is not made: 'photos/p1.jpg'") == 1
    assert "A rendition is not made: 'photos/p0.jpg'" not in site.log


def test_what_lies_in_the_broker_is_plain_json(site: Site) -> None:
    site.run("tests.queues.site", "publish", "1")
    with redis.Redis.from_url(f"{site.redis}/0") as broker:
        [message] = broker.lrange("pictures", 0, -1)
        broker.flushdb()
    envelope = json.loads(message)
    assert envelope["content-type"] == "application/json"
    assert envelope["headers"]["task"] == "versatile.generate"
    arguments, options, _ = json.loads(base64.b64decode(envelope["body"]))
    assert options == {}
    assert arguments == [
        {
            "model": "testapp.Photo",
            "pk": 1,
            "using": "default",
            "field": "image",
            "storage": "default",
            "source": "photos/p0.jpg",
            "ppoi": [0.5, 0.5],
            "keys": ["site:wide", "site:tiny"],
        }
    ]
