"""Which sizers and filters there are, by which names, and how they are found."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from tests.registering import kept_registry
from tests.testapp.models import Photo
from versatile.exceptions import (
    AlreadyRegistered,
    InvalidFilteredImageSubclass,
    InvalidSizedImageSubclass,
    NotRegistered,
    UnallowedFilterName,
    UnallowedSizerName,
    VersatileError,
)
from versatile.filters import FilteredImage
from versatile.registry import VersatileImageFieldRegistry, autodiscover
from versatile.registry import versatileimagefield_registry as registry
from versatile.sizers import SizedImage

# The contract of the old library, word by word.
RESERVED = """
    build_filters_and_sizers, chunks, close, closed, create_on_demand, delete, encoding, field,
    file, fileno, filters, flush, get_filtered_root_folder, get_sized_root_folder,
    get_filtered_sized_root_folder, delete_matching_files_from_storage, delete_filtered_images,
    delete_sized_images, delete_filtered_sized_images, delete_all_created_images, height, instance,
    isatty, multiple_chunks, name, newlines, open, path, ppoi, read, readinto, readline, readlines,
    save, seek, size, softspace, storage, tell, truncate, url, validate_ppoi, width, write,
    writelines, xreadlines
"""
RESERVED_NAMES = [name.strip() for name in RESERVED.split(",")]


class Wide(SizedImage):
    filename_key = "wide"


class Odd(FilteredImage):
    pass


@pytest.fixture(autouse=True)
def _kept_registry() -> Iterator[None]:
    with kept_registry():
        yield


def test_the_registry_begins_with_the_built_ins() -> None:
    assert {"crop", "thumbnail"} <= set(registry._sizedimage_registry)
    assert {"invert"} <= set(registry._filter_registry)
    assert set(registry.all_sizers()) == {"crop", "thumbnail", "fit", "pad", "cover"}
    assert set(registry.all_filters()) == {"invert", "grayscale", "blur", "sepia", "sharpen"}


def test_the_apps_are_looked_through_when_the_first_sizer_or_filter_is_asked_for() -> None:
    for ask in (registry.all_sizers, registry.all_filters):
        registry.discovered = False
        assert ask()
        assert registry.discovered is True


def test_what_is_registered_is_an_attribute_of_files_and_filters() -> None:
    registry.register_sizer("wide", Wide)
    registry.register_filter("odd", Odd)
    file = Photo(image="a.jpg").image
    assert registry._sizedimage_registry["wide"] is Wide
    assert registry._filter_registry["odd"] is Odd
    assert type(file.wide) is type(file.filters.odd.wide) is Wide
    assert type(file.filters.odd) is type(file.filters["odd"]) is Odd


def test_what_is_unregistered_is_gone() -> None:
    registry.register_sizer("wide", Wide)
    registry.register_filter("odd", Odd)
    registry.unregister_sizer("wide")
    registry.unregister_filter("odd")
    file = Photo(image="a.jpg").image
    assert not hasattr(file, "wide")
    assert not hasattr(file.filters, "odd")
    registry.register_sizer("wide", Wide)
    assert hasattr(file, "wide")


def test_there_are_forty_six_reserved_names() -> None:
    assert len(RESERVED_NAMES) == 46


@pytest.mark.parametrize("name", [*RESERVED_NAMES, "_wide", "renditions"])
def test_reserved_names_are_refused_for_sizers(name: str) -> None:
    with pytest.raises(UnallowedSizerName) as caught:
        registry.register_sizer(name, Wide)
    message = str(caught.value)
    assert message.startswith(f"{name!r} is no name for a sizer")
    assert set(RESERVED_NAMES) <= set(message.replace(",", "").split())


def test_names_with_an_underscore_in_front_are_refused_for_filters() -> None:
    with pytest.raises(UnallowedFilterName, match="'_odd' is no name for a filter"):
        registry.register_filter("_odd", Odd)
    registry.register_filter("name", Odd)  # filters are asked for by their library, not by the file


@pytest.mark.parametrize("cls", [Odd, dict, "Wide", None, Wide(None, None, False)])  # type: ignore[arg-type]
def test_only_sizers_are_registered_as_sizers(cls: Any) -> None:
    with pytest.raises(InvalidSizedImageSubclass, match="SizedImage"):
        registry.register_sizer("wide", cls)
    assert "wide" not in registry.all_sizers()


@pytest.mark.parametrize("cls", [Wide, dict, "Odd", None])
def test_only_filters_are_registered_as_filters(cls: Any) -> None:
    with pytest.raises(InvalidFilteredImageSubclass, match="FilteredImage"):
        registry.register_filter("odd", cls)
    assert "odd" not in registry.all_filters()


@pytest.mark.parametrize("name", ["crop", "thumbnail"])
@pytest.mark.parametrize("default", [True, False])
def test_a_taken_name_is_refused_for_sizers(name: str, default: bool) -> None:
    before = registry.all_sizers()[name]
    if default:  # a default neither replaces anything nor stands in the way
        registry.register_sizer(name, Wide, default=True)
    else:
        with pytest.raises(AlreadyRegistered, match=f"sizer '{name}'"):
            registry.register_sizer(name, Wide)
    assert registry.all_sizers()[name] is before


def test_a_taken_name_is_refused_for_filters() -> None:
    with pytest.raises(AlreadyRegistered, match="filter 'invert'"):
        registry.register_filter("invert", Odd)


def test_an_unknown_name_cannot_be_unregistered() -> None:
    with pytest.raises(NotRegistered, match="'nope'"):
        registry.unregister_sizer("nope")
    with pytest.raises(NotRegistered, match="'nope'"):
        registry.unregister_filter("nope")


def test_the_name_is_looked_at_before_the_class_and_the_class_before_what_is_there() -> None:
    with pytest.raises(UnallowedSizerName):
        registry.register_sizer("url", dict)
    with pytest.raises(InvalidSizedImageSubclass):
        registry.register_sizer("crop", dict)
    with pytest.raises(UnallowedFilterName):
        registry.register_filter("_odd", dict)
    with pytest.raises(InvalidFilteredImageSubclass):
        registry.register_filter("invert", dict)


@pytest.mark.parametrize("name", ["fit", "pad", "cover"])
def test_new_sizers_give_way_once(name: str) -> None:
    registry.register_sizer(name, Wide)
    assert registry.all_sizers()[name] is Wide
    with pytest.raises(AlreadyRegistered):
        registry.register_sizer(name, Wide)


@pytest.mark.parametrize("name", ["grayscale", "blur", "sepia", "sharpen"])
def test_new_filters_give_way_once(name: str) -> None:
    registry.register_filter(name, Odd)
    assert registry.all_filters()[name] is Odd
    with pytest.raises(AlreadyRegistered):
        registry.register_filter(name, Odd)


def test_a_default_comes_after_what_an_app_registered() -> None:
    registry.unregister_sizer("fit")
    registry.register_sizer("fit", Wide)
    registry.register_sizer("fit", SizedImage, default=True)
    assert registry.all_sizers()["fit"] is Wide


def test_every_error_is_ours_and_one_of_configuration() -> None:
    errors = (
        AlreadyRegistered,
        NotRegistered,
        InvalidSizedImageSubclass,
        InvalidFilteredImageSubclass,
        UnallowedSizerName,
        UnallowedFilterName,
    )
    for error in errors:
        assert issubclass(error, VersatileError)
        assert issubclass(error, ImproperlyConfigured)


def test_another_registry_is_another_site() -> None:
    other = VersatileImageFieldRegistry()
    assert other.discovered is False
    other.register_sizer("wide", Wide)
    assert "wide" not in registry.all_sizers()
    assert other._sizedimage_registry == {"wide": Wide}
    assert other._filter_registry == {}


@pytest.fixture
def make_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes apps that can be installed, with the module that is looked for or without."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(name: str, module: str | None) -> str:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        if module is not None:
            (folder / "versatileimagefield.py").write_text(dedent(module))
        return name

    yield make
    for name in [name for name in sys.modules if name.startswith("app_")]:
        del sys.modules[name]


REGISTERING = """
    from versatile.registry import versatileimagefield_registry as registry
    from versatile.sizers import SizedImage
    from versatile.filters import FilteredImage
    class Tall(SizedImage):
        filename_key = "tall"
    class Old(FilteredImage):
        pass
    registry.register_sizer("tall", Tall)
    registry.register_filter("old", Old)
"""


def test_the_module_of_every_app_is_found(make_app: Any) -> None:
    make_app("app_plain", None)
    make_app("app_tall", REGISTERING)
    with override_settings(INSTALLED_APPS=["versatile", "app_plain", "app_tall"]):
        assert registry.all_sizers()["tall"].__module__ == "app_tall.versatileimagefield"
        assert "old" in registry.all_filters()


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("1 / 0", ZeroDivisionError),
        ("import no_such_module", ModuleNotFoundError),
        ("from versatile import no_such_name", ImportError),
        ("registry.register_sizer('crop', Tall)", AlreadyRegistered),
        (
            "registry.unregister_filter('invert'); registry.register_sizer('a', 5)",
            InvalidSizedImageSubclass,
        ),
    ],
)
def test_a_module_that_fails_leaves_no_trace_and_its_error_goes_on(
    make_app: Any, statement: str, error: type[Exception]
) -> None:
    before = dict(registry._sizedimage_registry), dict(registry._filter_registry)
    kept = registry._sizedimage_registry
    make_app("app_first", REGISTERING.replace("tall", "first").replace("old", "older"))
    make_app("app_broken", f"{dedent(REGISTERING)}\n{statement}\n")
    with pytest.raises(error), override_settings(INSTALLED_APPS=["app_first", "app_broken"]):
        autodiscover()
    # What an app before it registered stays.
    assert set(registry._sizedimage_registry) == {*before[0], "first"}
    assert set(registry._filter_registry) == {*before[1], "older"}
    assert registry._sizedimage_registry is kept
    registry.register_sizer("fit", Wide)  # it is a default still


def run_site(folder: Path, installed: list[str], apps: dict[str, str], code: str) -> Any:
    """What ``result`` is after a fresh process of a site with these apps has run some code."""
    for name, module in apps.items():
        (folder / name).mkdir()
        (folder / name / "__init__.py").touch()
        (folder / name / "versatileimagefield.py").write_text(dedent(module))
    script = (
        "import json, django\n"
        "from django.conf import settings\n"
        f"settings.configure(INSTALLED_APPS={installed!r})\n"
        "django.setup()\n"
        "from versatile.registry import versatileimagefield_registry as registry\n"
        f"{dedent(code)}\n"
        "print('RESULT', json.dumps(result))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.rpartition("RESULT")[2])


OWN = """
    from versatile.registry import versatileimagefield_registry as registry
    from versatile.filters import FilteredImage
    from versatile.sizers import SizedImage
    class Own(SizedImage):
        filename_key = "own"
    class OwnFilter(FilteredImage):
        pass
    for name in ("fit", "pad", "cover"):
        registry.register_sizer(name, Own)
    for name in ("grayscale", "blur", "sepia", "sharpen"):
        registry.register_filter(name, OwnFilter)
"""

CLASSES = """
classes = {**registry.all_sizers(), **registry.all_filters()}
result = {name: cls.__name__ for name, cls in classes.items()}
"""


@pytest.mark.service
@pytest.mark.parametrize("installed", [["versatile", "shop"], ["shop", "versatile"], ["shop"]])
def test_new_built_ins_give_way_in_either_order_of_the_apps(
    tmp_path: Path, installed: list[str]
) -> None:
    own = dict.fromkeys(["fit", "pad", "cover"], "Own")
    own_filters = dict.fromkeys(["grayscale", "blur", "sepia", "sharpen"], "OwnFilter")
    assert run_site(tmp_path, installed, {"shop": OWN}, CLASSES) == {
        "crop": "CroppedImage",
        "thumbnail": "ThumbnailImage",
        "invert": "InvertImage",
        **own,
        **own_filters,
    }


REPLACING = """
    from versatile.registry import versatileimagefield_registry as registry
    from versatile.versatileimagefield import CroppedImage
    class Own(CroppedImage):
        pass
    registry.unregister_sizer("crop")
    registry.register_sizer("crop", Own)
"""


@pytest.mark.service
@pytest.mark.parametrize("installed", [["versatile", "shop"], ["shop", "versatile"]])
def test_an_app_may_unregister_and_replace(tmp_path: Path, installed: list[str]) -> None:
    result = run_site(tmp_path, installed, {"shop": REPLACING}, CLASSES)
    assert result["crop"] == "Own"
    assert result["thumbnail"] == "ThumbnailImage"


TAKING = """
    from versatile.registry import versatileimagefield_registry as registry
    from versatile.sizers import SizedImage
    class Own(SizedImage):
        filename_key = "own"
    registry.register_sizer("crop", Own)
"""


@pytest.mark.service
@pytest.mark.parametrize("installed", [["versatile", "shop"], ["shop", "versatile"]])
def test_the_old_built_ins_give_way_to_nobody(tmp_path: Path, installed: list[str]) -> None:
    with pytest.raises(AssertionError, match="AlreadyRegistered"):
        run_site(tmp_path, installed, {"shop": TAKING}, CLASSES)


@pytest.mark.service
def test_nothing_is_read_or_imported_with_the_modules(tmp_path: Path) -> None:
    """Importing costs no settings and no registry walk; asking for a sizer does the walk."""
    code = """
    import sys
    before = "versatile.versatileimagefield" in sys.modules
    result = [before, registry.discovered, sorted(registry.all_sizers()), registry.discovered]
    """
    assert run_site(tmp_path, [], {}, code) == [
        False,
        False,
        ["cover", "crop", "fit", "pad", "thumbnail"],
        True,
    ]
