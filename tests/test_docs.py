"""The documentation: all its code runs, and it speaks of everything there is."""

import ast
import importlib
import inspect
import pkgutil
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django import dispatch
from django.db import transaction
from django.db.models import signals
from django.test.utils import isolate_apps
from pytest_django import Settings

import versatile
from people.models import Person
from tests.drawing import photo_bytes
from versatile import processors
from versatile.conf import SETTINGS
from versatile.registry import versatileimagefield_registry
from versatile.signals import content_required, existence_required, source_saved

pytest.importorskip("sphinx", reason="the pages are read by Sphinx: install the extra docs")

from tests.docs_examples.blocks import DOCS, Documentation, read
from tests.docs_examples.project import Project
from tests.docs_examples.running import Runner
from tests.registering import kept_generators

# One worker reads the pages, and all tests of them go to it.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("docs")]

PACKAGE = Path(versatile.__file__).parent
TUTORIAL = "tutorial"
PAGES = sorted(
    path.relative_to(DOCS).with_suffix("").as_posix()
    for path in DOCS.rglob("*.rst")
    if "_build" not in path.parts
)
PHOTO = photo_bytes((1200, 900), quality=85)
SENT_BY_MODELS = (
    signals.pre_save,
    signals.post_save,
    signals.post_delete,
    signals.pre_delete,
)
SIGNALS: tuple[dispatch.Signal, ...] = (
    *SENT_BY_MODELS,
    source_saved,
    existence_required,
    content_required,
)
OLD_PATHS = (
    "versatile.cachefiles",
    "versatile.datastructures",
    "versatile.generatorlibrary",
    "versatile.mixins",
    "versatile.models",
    "versatile.processors.utils",
    "versatile.settings",
    "versatile.utils",
)


@pytest.fixture(scope="session")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Documentation:
    return read(tmp_path_factory.mktemp("docs"))


@pytest.fixture
def person(media_root: Path) -> Person:
    """Ada, who is in every guide; only cleanup listens when she is saved."""
    folder = media_root / "headshots"
    folder.mkdir()
    (folder / "ada.jpg").write_bytes(PHOTO)
    return Person.objects.create(
        name="Ada", slug="ada", headshot="headshots/ada.jpg", headshot_ppoi=(0.25, 0.4)
    )


@pytest.fixture
def restored() -> Iterator[None]:
    """Whatever a page registers and connects is gone after it."""
    registry = versatileimagefield_registry
    registry.all_sizers()
    shelves = (registry.sizers, registry.filters)
    before = [shelf.snapshot() for shelf in shelves]
    receivers = [list(signal.receivers) for signal in SIGNALS]
    for sent in SENT_BY_MODELS:
        _listen(sent, [item for item in sent.receivers if _is_the_librarys(item)])
    with kept_generators(), isolate_apps("people"):
        yield
    for shelf, state in zip(shelves, before, strict=True):
        shelf.restore(state)
    for signal, known in zip(SIGNALS, receivers, strict=True):
        _listen(signal, known)


def _is_the_librarys(receiver: Any) -> bool:
    """Whether it is there on every site: cleanup, and none of the sample project's."""
    return str(receiver[0][0]).startswith("versatile-cleanup")


def _listen(signal: dispatch.Signal, receivers: list[Any]) -> None:
    signal.receivers = receivers
    signal.sender_receivers_cache.clear()


def test_the_pages_are_read_without_a_warning(docs: Documentation) -> None:
    assert docs.warnings == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("page", [page for page in PAGES if page != TUTORIAL])
def test_the_code_of_a_page_runs(
    docs: Documentation,
    page: str,
    person: Person,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The transaction around a test is never committed, and a reader's is at once.
    monkeypatch.setattr(transaction, "on_commit", lambda call, using=None: call())
    namespace = {"Person": Person, "person": person, "settings": settings}
    Runner(namespace, settings).run(docs.blocks(page))


@pytest.mark.service
def test_the_tutorial_leads_to_a_site(docs: Documentation, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "ada.jpg").write_bytes(PHOTO)
    Project(folder).follow(docs.blocks(TUTORIAL))


def test_every_setting_is_documented(docs: Documentation) -> None:
    text = docs.text("settings")
    old_names = {setting.old_key or setting.old_name for setting in SETTINGS.values()} - {None}
    assert {name for name in {*SETTINGS, *old_names} if str(name) not in text} == set()


def test_every_check_is_documented(docs: Documentation) -> None:
    sources = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    ids = set(re.findall(r'id="(versatile\.[EW]\d+)"', sources))
    assert ids
    assert {id for id in ids if id not in docs.text("errors")} == set()


def test_the_changelog_tells_of_this_version(docs: Documentation) -> None:
    assert docs.text("changelog").split("\n\n")[2] == versatile.__version__


def test_every_error_is_documented(docs: Documentation) -> None:
    names = importlib.import_module("versatile.exceptions").__all__
    assert {name for name in names if name not in docs.text("errors")} == set()


def test_every_module_has_a_place_in_the_reference(docs: Documentation) -> None:
    modules = docs.app.env.domaindata["py"]["modules"]
    assert {module.__name__ for module in _modules()} - set(modules) == set()


def test_every_public_name_is_documented(docs: Documentation) -> None:
    objects = docs.app.env.domaindata["py"]["objects"]
    names = {name for module in _modules() for name in _public_names(module)}
    assert names - set(objects) == set()


@pytest.mark.parametrize("kind", ["sizer", "filter"])
def test_every_built_in_has_a_section_with_pictures(docs: Documentation, kind: str) -> None:
    registry = versatileimagefield_registry
    names = registry.all_sizers() if kind == "sizer" else registry.all_filters()
    source = (DOCS / "sizers_and_filters.rst").read_text()
    for name in names:
        section = source.split(f".. _{kind}-{name}:", 1)[1].split(".. _", 1)[0]
        assert ".. renditions::" in section, name


def test_every_processor_has_a_section_with_pictures() -> None:
    source = (DOCS / "processors.rst").read_text()
    listed = {name: getattr(processors, name) for name in processors.__all__}
    bases = (processors.Processor, processors.PointProcessor, processors.Resampler)
    for name, value in listed.items():
        if hasattr(value, "process") and value not in bases:
            section = source.split(f".. _processor-{name}:", 1)[1].split(".. _", 1)[0]
            assert f"{name}(" in section.split(".. processed::", 1)[1], name


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages([str(PACKAGE)], "versatile."):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # an old path may say so
            module = importlib.import_module(found.name)
        if module.__file__ and not _is_empty(module):
            yield module


def _is_empty(module: ModuleType) -> bool:
    """Whether a package is only a folder, or repeats what has a page under another name."""
    source = inspect.getsource(module)
    return "import" not in source and "def " not in source


def _public_names(module: ModuleType) -> Iterator[str]:
    """What a module defines, and what its classes define."""
    if module.__name__.startswith(OLD_PATHS):
        return
    for name, value in vars(module).items():
        if name.startswith("_") or name not in _assigned(module):
            continue
        yield f"{module.__name__}.{name}"
        if inspect.isclass(value):
            yield from (
                f"{module.__name__}.{name}.{member}"
                for member, thing in vars(value).items()
                if not member.startswith("_") and _is_said(thing)
            )


def _assigned(module: ModuleType) -> set[str]:
    """The names that a module gives itself, and does not import."""
    names: set[str] = set()
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        names.update(target.id for target in targets if isinstance(target, ast.Name))
    return names - {"logger"}


def _is_said(member: object) -> bool:
    return inspect.isfunction(member) or isinstance(member, property | classmethod | staticmethod)
