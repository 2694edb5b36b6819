"""The tree of errors, as the docstring of ``versatile.exceptions`` draws it."""

import builtins
import copy
import logging
import pickle
import re
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from versatile import exceptions
from versatile.exceptions import (
    ConfigurationError,
    EmptyField,
    ImageError,
    InvalidArgument,
    InvalidArgumentType,
    InvalidFilter,
    InvalidFilterAttribute,
    MalformedSizedImageKey,
    MissingSource,
    PictureError,
    RenditionError,
    SourceError,
    SourceNotFound,
    SourceUnreadable,
    StorageError,
    UnknownIdentity,
    VersatileError,
)
from versatile.imaging import exceptions as imaging_exceptions

IMAGEKITS_NAMES = {
    "UnknownExtensionError": "UnknownExtension",
    "UnknownFormatError": "UnknownFormat",
}
"""Second names of two classes, which ImageKit calls so."""

CLASSES = [getattr(exceptions, name) for name in exceptions.__all__]


def drawn_tree() -> Iterator[tuple[str, str, str]]:
    """Name, parent and other bases of every class that the docstring draws."""
    assert exceptions.__doc__
    above: dict[int, str] = {}
    for line in exceptions.__doc__.splitlines():
        match = re.match(r"^    ([│ ]*)(?:[├└]── )?([A-Z].*)$", line)
        if match is None:
            continue
        depth = len(match[1]) // 4 + ("── " in line)
        drawn = re.findall(r"([A-Z]\w+)(?: \(([^)]*)\))?", re.split(" {2,}", match[2])[0])
        for name, bases in drawn:
            above[depth] = name
            yield name, above[depth - 1] if depth else "VersatileError", bases


def test_the_tree_is_drawn_as_it_is():
    drawn = list(drawn_tree())
    assert len(drawn) > 20
    for name, parent, bases in drawn:
        cls = getattr(exceptions, name)
        assert issubclass(cls, getattr(exceptions, parent)), name
        for base in re.findall(r"[A-Z]\w+", bases):
            if (name, base) == ("InvalidFilter", "AttributeError"):
                cls = InvalidFilterAttribute
            home = exceptions if hasattr(exceptions, base) else builtins
            assert issubclass(cls, getattr(home, base)), (name, base)


def test_every_class_is_drawn_and_exported():
    names = {name for name, _, _ in drawn_tree()}
    here = {
        name
        for module in (exceptions, imaging_exceptions)
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, VersatileError)
    }
    assert here == set(exceptions.__all__)
    # PictureError's silent sibling is told of in the line of its parent.
    assert here - names == {"InvalidFilterAttribute", *IMAGEKITS_NAMES}
    for name, ours in IMAGEKITS_NAMES.items():
        assert getattr(exceptions, name) is getattr(exceptions, ours)


@pytest.mark.parametrize("cls", CLASSES)
def test_there_is_one_root(cls: type[Exception]):
    assert issubclass(cls, VersatileError)
    assert cls.__doc__


@pytest.mark.parametrize(
    "cls", [cls for cls in CLASSES if issubclass(cls, PictureError | ImageError)]
)
def test_what_is_wrong_with_a_file_is_nothing_that_template_lookups_swallow(cls):
    swallowed = (TypeError, KeyError, ValueError, IndexError)
    # ImageKit's is a ValueError, and an empty field renders as nothing in any case.
    assert issubclass(cls, swallowed) == (cls is MissingSource)
    assert issubclass(cls, AttributeError) == (cls is InvalidFilterAttribute)


def test_errors_of_files_are_errors_of_the_operating_system():
    for cls in (SourceError, SourceUnreadable, RenditionError, StorageError, ImageError):
        assert issubclass(cls, OSError)
    assert issubclass(SourceNotFound, FileNotFoundError)
    assert not issubclass(SourceUnreadable, FileNotFoundError)


def test_errors_carry_their_facts():
    source = SourceNotFound("d/x.jpg", "the storage has no such file")
    assert (source.source, source.reason) == ("d/x.jpg", "the storage has no such file")
    assert str(source) == "'d/x.jpg': the storage has no such file"
    rendition = StorageError("out/x.jpg", "no room")
    assert (rendition.name, rendition.reason) == ("out/x.jpg", "no room")
    assert str(rendition) == "'out/x.jpg': no room"
    assert "{% if %}" in str(EmptyField("crop"))


@pytest.mark.parametrize(
    "error",
    [
        SourceError("d/x.jpg", "why"),
        SourceNotFound("d/x.jpg", "why"),
        SourceUnreadable("d/x.jpg", "why"),
        EmptyField("crop"),
        MissingSource(object()),
        RenditionError("out/x.jpg", "why"),
        StorageError("out/x.jpg", "why"),
        MalformedSizedImageKey("40"),
        InvalidFilter("nope"),
        InvalidFilterAttribute("nope"),
        ConfigurationError("VERSATILE"),
        ImageError("no pixels"),
        InvalidArgument("width", 0, "a number from 1 on"),
        InvalidArgumentType("width", "x", "a number from 1 on"),
        UnknownIdentity(lambda: None),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_travel_between_processes(error: VersatileError):
    if isinstance(error, PictureError):
        error.logged = True
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)


@pytest.mark.parametrize("cls", [SourceNotFound, RenditionError])
def test_outside_of_debug_templates_may_be_silent_and_one_log_record_tells_why(
    cls, settings: Settings, caplog
):
    settings.DEBUG = False
    error = cls("x.jpg", "why")
    assert error.silent_variable_failure is True
    assert error.silent_variable_failure is True
    (record,) = caplog.records
    assert (record.levelno, record.name) == (logging.ERROR, "versatile.exceptions")
    assert "x.jpg" in record.getMessage()


def test_what_was_logged_before_is_not_logged_again(settings: Settings, caplog):
    settings.DEBUG = False
    error = SourceNotFound("x.jpg", "why")
    error.logged = True
    assert error.silent_variable_failure
    assert caplog.records == []


def test_under_debug_templates_are_not_silent(settings: Settings, caplog):
    settings.DEBUG = True
    assert SourceNotFound("x.jpg", "why").silent_variable_failure is False
    assert caplog.records == []


def test_an_empty_field_is_always_silent(settings: Settings, caplog):
    for debug in (True, False):
        settings.DEBUG = debug
        assert EmptyField("crop").silent_variable_failure is True
    assert caplog.records == []


def test_a_missing_filter_is_no_attribute():
    class Library:
        def __getattr__(self, name: str) -> object:
            raise InvalidFilterAttribute(name)

    assert not hasattr(Library(), "nope")
