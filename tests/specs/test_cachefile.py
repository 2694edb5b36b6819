"""Cache files: who is told when, and what is made."""

import copy
import io
import pickle
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.storage import FileSystemStorage, default_storage, storages
from PIL import Image

from tests.drawing import photo_bytes
from versatile import ImageSpec, cachefiles, processors, register
from versatile.cachefiles import ImageCacheFile, LazyImageCacheFile
from versatile.cachefiles.backends import Simple as SimpleBackend
from versatile.cachefiles.strategies import JustInTime, Optimistic
from versatile.exceptions import MissingSource, NotRegistered
from versatile.files import BaseIKFile
from versatile.registry import generator_registry
from versatile.renditions.backends import together
from versatile.signals import content_required, existence_required

p: Any = processors
Told = list[tuple[str, Any]]


class Small(ImageSpec):
    processors = [p.ResizeToFit(20, 20)]
    format = "PNG"


class Registered(Small):
    pass


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    register.generator("tests:registered", Registered)
    yield
    generator_registry.unregister("tests:registered")


@pytest.fixture
def told() -> Iterator[Told]:
    """What is told, by name and file, in order."""
    heard: Told = []

    def existence(sender: Any, file: Any, **kwargs: Any) -> None:
        assert sender is file
        heard.append(("existence", file))

    def content(sender: Any, file: Any, **kwargs: Any) -> None:
        assert sender is file
        heard.append(("content", file))

    existence_required.connect(existence)
    content_required.connect(content)
    yield heard
    existence_required.disconnect(existence)
    content_required.disconnect(content)


def source(name: str = "d/x.jpg") -> ContentFile:
    return ContentFile(photo_bytes((60, 40)), name)


FILES: list[Any] = []


def cachefile(kind: Any = Registered, **options: Any) -> Any:
    """A cache file that is closed after the test."""
    FILES.append(ImageCacheFile(kind(source()), **options))
    return FILES[-1]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while FILES:
        FILES.pop().close()


def made() -> bool:
    return default_storage.exists(cachefile().name)


@pytest.mark.parametrize(
    "use",
    [
        lambda file: file,
        lambda file: file.name,
        str,
        repr,
        copy.copy,
        lambda file: pickle.loads(pickle.dumps(file)),
        lambda file: file.storage,
        lambda file: file.closed,
        lambda file: file.close(),
        lambda file: file.cachefile_backend,
        lambda file: file.cachefile_strategy,
    ],
)
def test_nobody_is_told_and_nothing_is_made_by(use, told):
    use(cachefile())
    assert told == []
    assert not made()


@pytest.mark.parametrize(
    ("use", "signal"),
    [
        (lambda file: file.url, "existence"),
        (lambda file: file.path, "existence"),
        (bool, "existence"),
        (lambda file: file.read(), "content"),
        (lambda file: file.open(), "content"),
        (lambda file: file.width, "content"),
        (lambda file: file.height, "content"),
        (lambda file: file.size, "content"),
        (lambda file: len(file), "content"),  # noqa: PLW0108 - len is of a file's own class
        (lambda file: file.file, "content"),
        (lambda file: list(file.chunks()), "content"),
    ],
)
def test_who_is_told_by(use, signal, told):
    file = cachefile()
    use(file)
    assert told == [(signal, file)]
    assert made()


def test_generate_tells_nobody(told):
    cachefile().generate()
    assert told == []
    assert made()


def test_the_file_is_kept_in_memory(told):
    file = cachefile()
    data = file.read()
    told.clear()
    file.generate()
    assert file.url.endswith(".png")
    assert file.path
    file.seek(0)
    assert file.read() == data
    assert told == []
    file.close()
    assert file.url
    assert [name for name, _ in told] == ["existence"]


def test_generate_makes_what_is_missing_and_with_force_anything():
    file = cachefile()
    file.generate()
    path = default_storage.path(file.name)
    with open(path, "wb") as stream:
        stream.write(b"spoilt")
    cachefile().generate()
    assert cachefile().read() == b"spoilt"
    cachefile().generate(force=True)
    assert cachefile().read().startswith(b"\x89PNG")


def test_it_is_an_image_file():
    file = cachefile()
    assert isinstance(file, BaseIKFile)
    assert isinstance(file, ImageFile)
    assert (file.width, file.height) == (20, 13)
    with file.open() as stream:
        assert stream.read(4) == b"\x89PNG"
    assert file.closed
    assert file.size == len(cachefile().read())
    assert b"".join(file.chunks()) == cachefile().read()
    assert file.open() is file
    assert file.open().read(4) == b"\x89PNG"
    assert next(iter(cachefile())).startswith(b"\x89PNG")


def test_str_and_repr():
    file = cachefile()
    assert str(file) == file.name
    assert repr(file) == f"<ImageCacheFile: {file.name}>"
    empty = ImageCacheFile(Small(None))
    assert str(empty) == ""
    assert repr(empty) == "<ImageCacheFile: None>"
    assert bool(empty) is False
    lazy = LazyImageCacheFile("tests:registered", source=source())
    assert str(lazy) == file.name
    assert repr(lazy) == repr(file)
    assert str(LazyImageCacheFile("tests:registered", source())) == file.name


def test_a_lazy_file_looks_its_generator_up_when_it_is_used(told):
    lazy = LazyImageCacheFile("tests:nobody", source=source())
    assert told == []
    with pytest.raises(NotRegistered, match="tests:nobody"):
        lazy.url  # noqa: B018 - is looked up
    used = LazyImageCacheFile("tests:registered", source=source())
    assert used.url
    assert bool(used) is True
    assert isinstance(used, ImageCacheFile)


def test_without_a_source_it_is_false_and_its_url_says_why():
    file = ImageCacheFile(Registered(None))
    assert file.name is None
    assert not file
    for name in ("url", "width", "read"):
        with pytest.raises(MissingSource):
            getattr(file, name)


class Deaf:
    """A strategy without a method."""


@pytest.mark.parametrize("kind", [Small, Registered])
def test_only_registered_generators_have_their_strategies_told(kind, told):
    events: list[str] = []
    strategy = {
        "on_existence_required": lambda file: events.append("existence"),
        "on_content_required": lambda file: events.append("content"),
    }
    file = cachefile(kind, cachefile_strategy=strategy)
    file.url  # noqa: B018 - tells
    with pytest.raises(FileNotFoundError):
        file.read()
    assert len(told) == 2, "everybody else is told anyway"
    assert events == (["existence", "content"] if kind is Registered else [])


def test_a_strategy_may_lack_methods():
    assert cachefile(cachefile_strategy=Deaf).url
    assert not made()


class Backend:
    """A backend of somebody else's: nothing but the documented interface."""

    def __init__(self, is_async: bool = False) -> None:
        self.is_async = is_async
        self.calls: list[Any] = []

    def generate(self, file: Any, force: bool = False) -> None:
        self.calls.append(("generate", force))

    def exists(self, file: Any) -> bool:
        self.calls.append("exists")
        return False


class Elsewhere(FileSystemStorage):
    pass


STORAGE = FileSystemStorage(location="generator")
BACKEND, STRATEGY = Backend(), Deaf()


class Choosy(Small):
    cachefile_storage = STORAGE
    cachefile_backend = BACKEND
    cachefile_strategy = STRATEGY


def test_order_of_choice_for_the_storage(settings, tmp_path):
    other = FileSystemStorage(location=tmp_path)
    assert ImageCacheFile(Choosy(source()), storage=other).storage is other
    assert ImageCacheFile(Choosy(source()), storage=lambda: other).storage is other
    assert ImageCacheFile(Choosy(source())).storage is STORAGE
    assert cachefile().storage is default_storage
    settings.IMAGEKIT_DEFAULT_FILE_STORAGE = "tests.specs.test_cachefile.Elsewhere"
    assert type(cachefile().storage) is Elsewhere
    assert cachefile().storage is cachefile().storage
    settings.STORAGES = {
        **settings.STORAGES,
        "spare": {"BACKEND": "tests.specs.test_cachefile.Elsewhere"},
    }
    settings.IMAGEKIT_DEFAULT_FILE_STORAGE = "spare"
    assert cachefile().storage is storages["spare"]
    assert cachefile(storage="default").storage is default_storage
    settings.IMAGEKIT_DEFAULT_FILE_STORAGE = None
    assert cachefile().storage is default_storage


def test_order_of_choice_for_the_backend(settings):
    other = Backend()
    assert ImageCacheFile(Choosy(source()), cachefile_backend=other).cachefile_backend is other
    assert ImageCacheFile(Choosy(source())).cachefile_backend is BACKEND
    assert type(cachefile().cachefile_backend) is SimpleBackend
    settings.IMAGEKIT_DEFAULT_CACHEFILE_BACKEND = "tests.specs.test_cachefile.Backend"
    assert type(cachefile().cachefile_backend) is Backend
    by_path = cachefile(cachefile_backend="imagekit.cachefiles.backends.Simple")
    assert type(by_path.cachefile_backend) is SimpleBackend


def test_order_of_choice_for_the_strategy(settings):
    other = Deaf()
    assert ImageCacheFile(Choosy(source()), cachefile_strategy=other).cachefile_strategy is other
    assert ImageCacheFile(Choosy(source())).cachefile_strategy is STRATEGY
    assert type(cachefile().cachefile_strategy) is JustInTime
    settings.IMAGEKIT_DEFAULT_CACHEFILE_STRATEGY = "imagekit.cachefiles.strategies.Optimistic"
    assert type(cachefile().cachefile_strategy) is Optimistic


def test_a_name_may_be_given():
    file = cachefile(name="own.png")
    assert file.url == "/media/own.png"
    assert default_storage.exists("own.png")


def test_a_backend_needs_nothing_but_the_documented_interface():
    backend = Backend()
    file = cachefile(cachefile_backend=backend)
    assert file.url
    file.generate(force=True)
    assert bool(file) is True, "it is not asked whether what it made exists"
    assert backend.calls == [("generate", False), ("generate", True), ("generate", False)]


def test_truth_asks_an_async_backend():
    backend = Backend(is_async=True)
    assert bool(cachefile(cachefile_backend=backend)) is False
    assert backend.calls == [("generate", False), "exists"]


@pytest.mark.parametrize("verify", [True, False])
def test_truth_is_up_to_the_strategy_if_it_says_so(verify):
    backend = Backend()
    strategy = SimpleNamespace(should_verify_existence=lambda file: verify)
    file = cachefile(cachefile_backend=backend, cachefile_strategy=strategy)
    assert bool(file) is not verify
    assert backend.calls == (["exists"] if verify else [])


class Drawn:
    """A generator that is no spec."""

    format = "PNG"

    def __init__(self, text: str = "a") -> None:
        self.text = text

    def get_hash(self) -> str:
        return self.text * 32

    def generate(self) -> io.BytesIO:
        return io.BytesIO(photo_bytes((7, 5), format="PNG"))


def test_a_generator_of_another_kind():
    register.generator("tests:drawn", Drawn)
    try:
        file = LazyImageCacheFile("tests:drawn", "b")
        assert file.name == f"CACHE/images/{'b' * 32}.png"
        assert file.url == f"/media/{file.name}"
        assert (file.width, file.height) == (7, 5)
        assert bool(file) is True
    finally:
        generator_registry.unregister("tests:drawn")


def test_pickled_it_is_the_same_file():
    file = cachefile()
    file.read()
    twin = pickle.loads(pickle.dumps(file))
    assert twin.name == file.name
    assert twin.closed
    assert twin.storage is file.storage is default_storage
    with twin:
        assert twin.read() == cachefile().read()


def test_pickled_it_keeps_a_storage_of_its_own(tmp_path):
    own = FileSystemStorage(location=tmp_path)
    for given in (own, lambda: own):
        twin = pickle.loads(pickle.dumps(cachefile(storage=given)))
        assert twin.storage.location == str(tmp_path)
    default = pickle.loads(pickle.dumps(cachefile(storage=storages["default"])))
    assert default.storage is default_storage


def test_a_lazy_file_pickles():
    lazy = LazyImageCacheFile("tests:registered", source=source())
    assert pickle.loads(pickle.dumps(lazy)).name == cachefile().name


def test_the_signals_are_names_of_the_old_module():
    assert cachefiles.existence_required is existence_required
    assert cachefiles.content_required is content_required


def size_of(file: Any) -> tuple[int, int]:
    with Image.open(file.storage.path(file.name)) as image:
        return image.size


def test_two_uploads_of_one_name_are_two_sources():
    shapes = {"wide.png": (60, 40), "high.png": (40, 60)}
    files = [
        ImageCacheFile(Registered(ContentFile(photo_bytes(shape), "x.jpg")), name=name)
        for name, shape in shapes.items()
    ]
    with together():
        for file in files:
            file.generate()
    assert [size_of(file) for file in files] == [(20, 13), (13, 20)]


def test_the_file_of_a_spec_is_a_source_of_another():
    file = ImageCacheFile(Registered(cachefile(name="between.png")), name="last.png")
    assert file.url == "/media/last.png"
    assert size_of(file) == (20, 13)
    assert default_storage.exists("between.png")
