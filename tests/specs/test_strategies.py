"""Strategies: how they are given, and that none of them poisons anything."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.template import Context, Template
from PIL import Image

from tests.drawing import photo_bytes
from versatile import ImageSpec, processors, register
from versatile.cachefiles import ImageCacheFile
from versatile.cachefiles.strategies import DictStrategy, JustInTime, Optimistic, load_strategy
from versatile.exceptions import ConfigurationError, RenditionError, SourceUnreadable
from versatile.registry import generator_registry
from versatile.renditions import failures

p: Any = processors
PHOTO = photo_bytes((60, 40))


class Sometimes:
    """A processor that fails while it is told to."""

    fails = False

    def process(self, image: Image.Image) -> Image.Image:
        if self.fails:
            raise ZeroDivisionError("a processor's own mistake")
        return image

    def identity(self) -> list[Any]:
        return []


SOMETIMES = Sometimes()


class Spec(ImageSpec):
    processors = [SOMETIMES]
    format = "PNG"


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    register.generator("tests:strategies", Spec)
    yield
    generator_registry.unregister("tests:strategies")
    SOMETIMES.fails = False


class Clock:
    now = 1_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr(failures, "time", stopped)
    return stopped


def cachefile(strategy: Any = None, content: bytes = PHOTO) -> Any:
    source = ContentFile(content, "d/x.jpg")
    return ImageCacheFile(Spec(source), cachefile_strategy=strategy)


def callback(file: Any) -> None: ...


class Own:
    on_existence_required = staticmethod(callback)


OWN = Own()


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("versatile.cachefiles.strategies.JustInTime", JustInTime),
        ("imagekit.cachefiles.strategies.Optimistic", Optimistic),
        ("tests.specs.test_strategies.Own", Own),
        ("tests.specs.test_strategies.OWN", Own),
        (Optimistic, Optimistic),
        (Own, Own),
        (OWN, Own),
        ({"on_source_saved": callback}, DictStrategy),
    ],
)
@pytest.mark.parametrize("where", ["argument", "spec", "setting"])
def test_a_strategy_is_given_as(given, kind, where, settings, monkeypatch):
    assert type(load_strategy(given)) is kind
    if where == "spec":
        monkeypatch.setattr(Spec, "cachefile_strategy", given)
    if where == "setting":
        settings.IMAGEKIT_DEFAULT_CACHEFILE_STRATEGY = given
    file = cachefile(given if where == "argument" else None)
    assert type(file.cachefile_strategy) is kind


def test_a_dictionary_has_the_methods_that_it_names():
    strategy = load_strategy({"on_source_saved": callback})
    assert strategy.on_source_saved is callback
    assert not hasattr(strategy, "on_existence_required")


def test_a_path_that_leads_nowhere_is_a_typed_error():
    with pytest.raises(ConfigurationError, match=r"no\.such\.Strategy"):
        load_strategy("no.such.Strategy")


def test_just_in_time_makes_what_is_asked_for():
    assert cachefile().url
    assert default_storage.exists(cachefile().name)


def test_optimistic_makes_nothing_by_asking_and_believes(monkeypatch):
    file = cachefile(Optimistic)
    assert file.url
    assert bool(file) is True
    assert not default_storage.exists(file.name)
    Optimistic().on_source_saved(file)
    assert default_storage.exists(file.name)
    monkeypatch.delattr(type(default_storage), "exists", raising=False)
    assert Optimistic().should_verify_existence(file) is False


@pytest.mark.parametrize("use", ["url", "path", "size", "width", "file"])
def test_after_a_processors_mistake_the_next_request_makes_it(use):
    SOMETIMES.fails = True
    for _ in range(2):
        with pytest.raises(RenditionError, match="own mistake"):
            getattr(cachefile(), use)
    assert bool(cachefile()) is False
    SOMETIMES.fails = False
    file = cachefile()
    assert bool(file) is True
    assert getattr(file, use)
    file.close()


def test_after_a_fault_of_the_source_a_later_request_makes_it(clock):
    with pytest.raises(SourceUnreadable):
        cachefile(content=b"no picture").url  # noqa: B018 - is made
    assert bool(cachefile()) is False, "it backs off"
    with pytest.raises(SourceUnreadable):
        cachefile().url  # noqa: B018 - is made
    clock.now += 1
    assert bool(cachefile()) is True
    assert default_storage.exists(cachefile().name)


def test_a_fault_is_forgotten_when_it_is_forced(clock):
    assert bool(cachefile(content=b"no picture")) is False
    cachefile().generate(force=True)
    assert bool(cachefile()) is True


def test_after_a_fault_of_the_storage_the_next_request_makes_it(monkeypatch):
    def full(*args: Any, **kwargs: Any) -> str:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "_save", full)
        with pytest.raises(RenditionError, match="no space left"):
            cachefile().url  # noqa: B018 - is made
        assert bool(cachefile()) is False
    assert bool(cachefile()) is True


@pytest.mark.parametrize("content", [b"no picture", PHOTO])
def test_optimistic_is_not_true_for_a_file_that_could_not_be_made(content, clock):
    SOMETIMES.fails = True
    with pytest.raises((SourceUnreadable, RenditionError)):
        Optimistic().on_source_saved(cachefile(Optimistic, content))
    assert bool(cachefile(Optimistic)) is False
    clock.now += 1
    assert bool(cachefile(Optimistic)) is False, "nobody has tried again"
    SOMETIMES.fails = False
    Optimistic().on_source_saved(cachefile(Optimistic))
    assert bool(cachefile(Optimistic)) is True


def test_a_strategys_own_mistake_leaves_no_claim():
    def mistaken(file: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cachefile({"on_existence_required": mistaken}).url  # noqa: B018 - tells
    assert bool(cachefile()) is True


def test_a_page_shows_nothing_for_a_failure(clock):
    template = Template("[{{ file.url }}{% if file %}yes{% endif %}]")
    assert template.render(Context({"file": cachefile(content=b"no picture")})) == "[]"


def test_what_somebody_else_puts_there_is_there(clock):
    SOMETIMES.fails = True
    assert bool(cachefile()) is False
    default_storage.save(cachefile().name, ContentFile(PHOTO))
    assert bool(cachefile(Optimistic)) is True
