"""Announcements: signals and log records of what was made, failed, or was deleted."""

import logging
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.renditions.making import Failing, rendition_of
from versatile import signals
from versatile.exceptions import RenditionError
from versatile.renditions import generation
from versatile.renditions.ledgers import SPEC_LEDGER
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source

Heard = list[tuple[str, Any, dict[str, Any]]]


def _hear(told: Heard, what: str, /, sender: Any, signal: Any, **facts: Any) -> None:
    told.append((what, sender, facts))


@pytest.fixture
def heard() -> Iterator[Heard]:
    """The name, the sender and the facts of each signal."""
    told: Heard = []
    names = ("rendition_created", "rendition_failed", "rendition_deleted")
    receivers = {}
    for name in names:
        receivers[name] = partial(_hear, told, name)
        getattr(signals, name).connect(receivers[name])
    yield told
    for name, receiver in receivers.items():
        getattr(signals, name).disconnect(receiver)


def test_what_was_made_is_told_with_its_cost_and_cause(source: Source, heard: Heard):
    rendition = rendition_of(source)
    rendition.require()
    list(generation.make([rendition], force=True))
    first, second = heard
    for (name, sender, facts), cause in ((first, "missing"), (second, "forced")):
        assert (name, sender) == ("rendition_created", Rendition)
        assert facts.pop("seconds") > 0
        size = rendition.size
        assert facts == {"rendition": rendition, "bytes": size, "pixels": 600, "cause": cause}


def test_what_failed_is_told_with_its_error(source: Source, heard: Heard):
    rendition = rendition_of(source, processors=[Failing()])
    with pytest.raises(RenditionError) as caught:
        rendition.require()
    ((name, sender, facts),) = heard
    assert (name, sender) == ("rendition_failed", Rendition)
    assert facts.pop("seconds") > 0
    cost = {"bytes": None, "pixels": None, "cause": "RenditionError"}
    assert facts == {"rendition": rendition, "error": caught.value, **cost}


def test_what_was_deleted_is_told_by_its_name(source: Source, heard: Heard):
    rendition = rendition_of(source)
    rendition.require()
    heard.clear()
    rendition.delete()
    storage = source.storage
    ((name, sender, facts),) = heard
    assert (name, sender) == ("rendition_deleted", type(storage))
    assert facts == {
        "name": "out/x.jpg",
        "storage": storage,
        "source": "d/x.jpg",
        "cause": "asked",
        **dict.fromkeys(["seconds", "bytes", "pixels"]),
    }


def test_signals_and_records_tell_the_same(source: Source, heard: Heard, caplog):
    rendition = rendition_of(source)
    with caplog.at_level(logging.INFO, logger="versatile"):
        generation.generate([rendition_of(source, "out/bad.jpg", [Failing()]), rendition])
        rendition.delete()
    records = [item for item in caplog.records if item.name == "versatile"]
    assert [f"rendition_{item.event}" for item in records] == [name for name, _, _ in heard]
    for item, (_, _, facts) in zip(records, heard, strict=True):
        told = {name: getattr(item, name) for name in ("seconds", "bytes", "pixels", "cause")}
        assert told == {name: facts[name] for name in told}


def test_what_was_there_already_is_not_news(source: Source, heard: Heard):
    rendition_of(source).require()
    heard.clear()
    generation.generate([rendition_of(source)])
    assert heard == []


def test_a_receiver_that_raises_stops_nobody(source: Source):
    def fail(**kwargs: Any) -> None:
        raise ZeroDivisionError

    signals.rendition_created.connect(fail)
    try:
        rendition_of(source).require()
    finally:
        signals.rendition_created.disconnect(fail)
    assert rendition_of(source).exists()


def test_one_logger_has_a_record_of_each_with_the_facts_as_attributes(source: Source, caplog):
    bad = rendition_of(source, "out/bad.jpg", [Failing()])
    rendition = rendition_of(source)
    with caplog.at_level(logging.INFO, logger="versatile"):
        generation.generate([bad, rendition])
        rendition.delete()
    records = [item for item in caplog.records if item.name == "versatile"]
    facts = [(item.event, item.rendition, item.source, item.cause, item.pixels) for item in records]
    assert facts == [
        ("failed", "out/bad.jpg", "d/x.jpg", "RenditionError", None),
        ("created", "out/x.jpg", "d/x.jpg", "missing", 600),
        ("deleted", "out/x.jpg", "d/x.jpg", "asked", None),
    ]
    assert records[1].bytes > 0
    assert records[1].seconds > 0
    assert records[1].getMessage() == "Created out/x.jpg (of d/x.jpg)"


def test_where_nobody_listens_pixels_are_not_counted(source: Source, caplog):
    caplog.set_level(logging.WARNING, logger="versatile")
    (outcome,) = generation.generate([rendition_of(source)])
    assert outcome.pixels is None


def test_what_is_no_picture_has_no_pixels(source: Source, heard: Heard):
    rendition = Rendition(
        source,
        "drawn",
        "out/x.svg",
        lambda: pytest.fail("it has no recipe"),
        rendition_of(source).strategy,
        write_file=lambda: b"<svg/>",
    )
    (outcome,) = generation.generate([rendition])
    assert (outcome.pixels, outcome.bytes) == (None, 6)
    assert rendition.ledger is not SPEC_LEDGER
