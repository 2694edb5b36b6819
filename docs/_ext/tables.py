"""Tables and trees that are made from the code, so that they cannot tell anything else."""

import pkgutil
import sys
import warnings
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from benchmarks.harness import plan
from versatile import conf, exceptions
from versatile.conf import SETTINGS, Setting
from versatile.exceptions import VersatileError


class SettingsTable(SphinxDirective):
    """``.. settings-table::``: every key of ``VERSATILE`` with its default, old name and meaning.

    ``:setting:`MATTE``` leads to its row.
    """

    def run(self) -> list[nodes.Node]:
        """One table."""
        _depend(self, conf)
        lines = [".. list-table::", "   :header-rows: 1", "   :widths: 29 27 44"]
        lines += ["   :class: settings", ""]
        lines += _row(["Key"], ["Default"], ["Meaning"])
        for setting in SETTINGS.values():
            lines += _row([f".. setting:: {setting.key}", f"``{setting.key}``"], *_told(setting))
        return self.parse_text_to_nodes("\n".join(lines))


def _row(*cells: list[str]) -> Iterator[str]:
    """A row of a list table; each cell is a list of paragraphs."""
    for number, cell in enumerate(cells):
        first, *more = cell
        yield f"   {' ' if number else '*'} - {first}"
        for paragraph in more:
            yield ""
            yield f"       {paragraph}"
    yield ""


def _told(setting: Setting) -> Iterator[list[str]]:
    """The default, and what the setting decides."""
    yield [f"``{setting.default!r}``"]
    old_name = setting.old_key or setting.old_name
    also = [f"Old name: ``{old_name}``"] if old_name else []
    if setting.per_field:
        also.append(f"Option of a field: ``{setting.key.lower()}=``")
    yield [setting.help, *also]


class ErrorTree(SphinxDirective):
    """``.. error-tree::``: the classes of ``versatile.exceptions`` as they inherit."""

    def run(self) -> list[nodes.Node]:
        """A list in a list in a list."""
        _depend(self, exceptions)
        return self.parse_text_to_nodes("\n".join(_branch(VersatileError, 0)))


def _branch(cls: type[Exception], depth: int) -> Iterator[str]:
    indent = "  " * depth
    builtin = [base.__name__ for base in cls.__mro__[1:] if _is_foreign(base)][:1]
    also = f" (``{builtin[0]}``)" if builtin else ""
    meaning = (cls.__doc__ or "").partition("\n")[0]
    yield f"{indent}* :class:`~{cls.__module__}.{cls.__name__}`{also}: {meaning}"
    yield ""
    # The errors that users meet come before those of pixels, which stand below them.
    children = sorted(
        cls.__subclasses__(), key=lambda child: child.__module__ != exceptions.__name__
    )
    for child in children:
        # A class with two parents hangs on the first that it names.
        if child.__bases__[0] is cls and hasattr(exceptions, child.__name__):
            yield from _branch(child, depth + 1)


def _is_foreign(base: type) -> bool:
    return not issubclass(base, VersatileError) and base not in (Exception, BaseException, object)


class TargetsTable(SphinxDirective):
    """``.. targets-table::``: what the benchmarks have to reach."""

    def run(self) -> list[nodes.Node]:
        """One table."""
        _depend(self, plan)
        lines = [".. list-table::", "   :header-rows: 1", ""]
        lines += _row(["Measured"], ["Figure"], ["Target"])
        for target in plan.TARGETS:
            lines += _row([target.comparison], [target.figure], [target.limit])
        return self.parse_text_to_nodes("\n".join(lines))


class OldPaths(SphinxDirective):
    """``.. old-paths::`` and a module per line: its names, each with the one home it has.

    The modules of a package follow it.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        """A definition list."""
        lines: list[str] = []
        for module in filter(None, self.content):
            for found in _with_submodules(module):
                _depend(self, found)
                name = found.__name__
                lines += [f".. py:module:: {name}", "", f"``{name}``", ""]
                lines += [f"    * {entry}" for entry in _old_names(found)]
                lines += [""]
        return self.parse_text_to_nodes("\n".join(lines))


def _with_submodules(name: str) -> Iterator[ModuleType]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # some say that they are old
        module = import_module(name)
    yield module
    for found in pkgutil.iter_modules(getattr(module, "__path__", []), f"{name}."):
        yield from _with_submodules(found.name)


def _old_names(module: ModuleType) -> Iterator[str]:
    for name in getattr(module, "__all__", ()):
        value = getattr(module, name)
        if hasattr(value, "__qualname__"):
            yield f"``{name}``: :obj:`{value.__module__}.{value.__qualname__}`"
        else:
            yield f"``{name}``, from :mod:`{_home_of(value)}`"
    for name, key in getattr(module, "NAMES", {}).items():
        yield f"``{name}``: :setting:`{key}`"


def _home_of(value: object) -> str:
    """The module that holds a plain value; the old paths only hand it on."""
    homes = [name for name, module in sys.modules.items() if _holds(name, module, value)]
    return min(homes, key=lambda name: name.split(".")[1] in {"utils", "cachefiles"})


def _holds(name: str, module: ModuleType, value: object) -> bool:
    ours = name.startswith("versatile.")
    return ours and any(item is value for item in vars(module).values())


def _depend(directive: SphinxDirective, module: ModuleType) -> None:
    """Have the page read again when the code changes that it is made from."""
    for path in (__file__, module.__file__):
        directive.env.note_dependency(str(path))


def setup(app: Sphinx) -> dict[str, Any]:
    """Give Sphinx the directives."""
    app.add_crossref_type("setting", "setting", "pair: %s; setting")
    app.add_directive("settings-table", SettingsTable)
    app.add_directive("error-tree", ErrorTree)
    app.add_directive("targets-table", TargetsTable)
    app.add_directive("old-paths", OldPaths)
    return {"version": "1", "parallel_read_safe": True}
