"""The registries of generators, of their sources and of their files."""

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from tests.registering import kept_generators
from versatile import ImageSpec, processors, register, unregister
from versatile.cachefiles import ImageCacheFile
from versatile.exceptions import AlreadyRegistered, NotRegistered, UnknownIdentity
from versatile.models import ImageSpecField
from versatile.registry import (
    cachefile_registry,
    generator_registry,
    source_group_registry,
)
from versatile.specs.sourcegroups import SourceGroupFilesGenerator

p: Any = processors
ID = "tests:registry"


class Spec(ImageSpec):
    processors = [p.Resize(2, 2)]


class Other(ImageSpec):
    pass


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    with kept_generators():
        yield


def test_a_generator_is_registered_and_taken_away():
    register.generator(ID, Spec)
    assert ID in generator_registry
    assert ID in generator_registry.get_ids()
    spec = generator_registry.get(ID, source="x")
    assert (type(spec), spec.source) == (Spec, "x")
    assert generator_registry.id_of(spec) == ID
    unregister.generator(ID, Spec)
    assert ID not in generator_registry
    assert generator_registry.id_of(spec) == ""
    for use in (generator_registry.get, unregister.generator):
        with pytest.raises(NotRegistered, match=ID) as caught:
            use(ID)
        assert isinstance(caught.value, ImproperlyConfigured)


def test_what_is_registered_no_more_has_no_address():
    register.generator(ID, Spec)
    spec = generator_registry.get(ID, source=None)
    address = generator_registry.address_of(spec)
    assert address is not None
    assert address.id == ID
    unregister.generator(ID, Spec)
    assert generator_registry.address_of(spec) is None


def test_register_is_a_decorator():
    @register.generator(ID)
    class Decorated(ImageSpec):
        pass

    assert isinstance(Decorated, type)
    assert type(generator_registry.get(ID, None)) is Decorated


def test_the_same_again_is_silent_and_another_is_an_error():
    register.generator(ID, Spec)
    register.generator(ID, Spec)
    with pytest.raises(AlreadyRegistered, match=ID):
        register.generator(ID, Other)
    assert type(generator_registry.get(ID, None)) is Spec


def test_a_function_may_be_a_generator():
    register.generator(ID, lambda **arguments: Spec(arguments["source"]))
    assert type(generator_registry.get(ID, source=None)) is Spec


class NoIdentity(ImageSpec):
    processors = [object()]


class NoIdentityInOptions(ImageSpec):
    options = {"callback": print}


@pytest.mark.parametrize("spec", [NoIdentity, NoIdentityInOptions])
def test_what_has_no_identity_is_refused_at_registration(spec):
    with pytest.raises(UnknownIdentity, match=r"identity\(\)"):
        register.generator(ID, spec)
    assert ID not in generator_registry


def test_a_field_is_refused_too():
    field: Any = ImageSpecField([lambda image: image])
    with pytest.raises(UnknownIdentity, match=r"identity\(\)"):
        field.set_spec_id(ID)
    assert ID not in generator_registry


def test_a_property_is_known_for_instances_alone():
    class Varying(ImageSpec):
        @property
        def processors(self) -> Any:
            raise AssertionError("nobody may ask")

        @processors.setter
        def processors(self, value: Any) -> None: ...

    register.generator(ID, Varying)


def files_of_a_group() -> Any:
    return [ContentFile(b"", f"{name}.jpg") for name in "abc"]


def test_source_groups():
    group = SimpleNamespace(files=files_of_a_group)
    register.generator(ID, Spec)
    register.source_group(ID, group)
    register.source_group(ID, group)
    register.source_group("tests:else", group)
    assert source_group_registry.get(ID) == [group]
    assert source_group_registry.ids_of(group) == [ID, "tests:else"]
    assert ID in source_group_registry.get_ids()
    files = list(SourceGroupFilesGenerator(group, ID)())
    assert [file.generator.source.name for file in files] == ["a.jpg", "b.jpg", "c.jpg"]
    unregister.source_group(ID, group)
    unregister.source_group("tests:else", group)
    assert source_group_registry.get(ID) == []
    with pytest.raises(NotRegistered, match=ID):
        unregister.source_group(ID, group)


def test_cachefiles():
    def cachefiles() -> Iterator[Any]:
        yield ImageCacheFile(Spec(None))

    register.cachefiles(ID, cachefiles)
    register.cachefiles(ID, cachefiles)
    assert len(list(cachefile_registry.get(ID))) == 1
    unregister.cachefiles(ID, cachefiles)
    assert list(cachefile_registry.get(ID)) == []
    with pytest.raises(NotRegistered, match=ID):
        unregister.cachefiles(ID, cachefiles)


def test_equal_givers_of_files_are_one():
    group = SimpleNamespace(files=files_of_a_group)
    one, other = (SourceGroupFilesGenerator(group, ID) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert one != SourceGroupFilesGenerator(group, "else")


APP = """
from versatile import ImageSpec, register
from versatile.registry import generator_registry

@register.generator("discovered:one")
class One(ImageSpec):
    pass

generator_registry.get_ids()  # may be asked while it is imported

class Group:
    def files(self):
        return []

register.source_group("discovered:one", Group())
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installed app whose module nobody has imported yet."""
    folder = tmp_path / "discovered_app"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "imagegenerators.py").write_text(textwrap.dedent(APP))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(generator_registry, "_discovered", False)
    with pytest.MonkeyPatch.context() as patched:
        import discovered_app  # type: ignore[import-not-found]

        config = SimpleNamespace(name="discovered_app", module=discovered_app)
        configs = [*apps.get_app_configs(), config]
        patched.setattr(apps, "get_app_configs", lambda: configs)
        yield folder
    for name in ("discovered_app", "discovered_app.imagegenerators"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    "look_up",
    [
        lambda: generator_registry.get("discovered:one", None),
        generator_registry.get_ids,
        lambda: "discovered:one" in generator_registry,
        lambda: source_group_registry.get("discovered:one")[0],
        lambda: list(cachefile_registry.get("discovered:one")),
        lambda: unregister.generator("discovered:one"),
    ],
)
def test_modules_of_apps_are_imported_at_the_first_look_up(app, look_up):
    assert "discovered_app.imagegenerators" not in sys.modules
    register.generator(ID, Spec)
    assert "discovered_app.imagegenerators" not in sys.modules, "registering is no look-up"
    look_up()
    assert "discovered_app.imagegenerators" in sys.modules


def test_a_module_that_fails_leaves_nothing_and_is_tried_again(app):
    module = app / "imagegenerators.py"
    module.write_text(APP.replace("class Group:", "1 / 0\n\nclass Group:"))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            generator_registry.get_ids()
    assert "discovered:one" not in generator_registry._generators
    module.write_text(APP + "# repaired\n")
    assert "discovered:one" in generator_registry.get_ids()
