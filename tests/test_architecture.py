"""The house as `docs/architecture.rst` draws it: what import-linter and ruff cannot say."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path

import pytest

import versatile

ROOT = Path(versatile.__file__).parent
PLAN = ROOT.parent / "docs" / "architecture.rst"

FLOORS = {
    *("conf", "exceptions", "signals"),
    *("imaging", "processors", "detect"),
    "renditions",
    *("registry", "sizers", "filters", "specs", "rendition_keys", "placeholder"),
    *("versatileimagefield", "imagegenerators"),
    *("validators", "files", "widgets", "forms", "fields"),
    *("queues", "image_warmer", "serializers", "admin", "templatetags", "management"),
    *("checks", "apps", "testing"),
}
OLD_PATHS = {
    *("datastructures", "utils", "settings", "mixins"),
    *("cachefiles", "models", "generatorlibrary"),
}
NOT_CODE = {"__init__", "py", "templates", "jinja2", "static", "locale"}

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_OLD_PATH_LINES = 40

TABLES = {
    "imaging": "Floor 1: ``imaging``",
    "renditions": "Floor 2: ``renditions``, in the order of its imports",
    "specs": "``specs``, in the order of its imports",
}
"""By folder, what stands above the table of its modules in the plan."""

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

FILES = sorted(ROOT.rglob("*.py"))
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, FUNCTIONS):
            yield node


def is_old_path(path: Path) -> bool:
    return path.relative_to(ROOT).with_suffix("").parts[0] in OLD_PATHS


def test_the_top_level_holds_what_the_house_lists() -> None:
    names = {path.stem for path in ROOT.iterdir() if path.name != "__pycache__"}
    assert names - FLOORS - OLD_PATHS - NOT_CODE == set()


@every_file
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert line_count(path) <= MAX_FILE_LINES


@every_file
def test_a_function_fits_on_a_screen(path: Path) -> None:
    long = {
        function.name: function.end_lineno - function.lineno + 1
        for function in functions_of(path)
        if function.end_lineno and function.end_lineno - function.lineno >= MAX_FUNCTION_LINES
    }
    assert long == {}


@every_file
def test_nothing_is_printed(path: Path) -> None:
    calls = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    prints = [
        call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert prints == []


@every_file
def test_imports_stand_at_module_level(path: Path) -> None:
    lazy = {id(node) for node in tree_of(path).body if getattr(node, "name", "") == "__getattr__"}
    imports = [
        f"{function.name}, line {node.lineno}"
        for function in functions_of(path)
        if id(function) not in lazy
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert imports == []


@every_file
def test_an_old_path_is_a_thin_one(path: Path) -> None:
    if is_old_path(path):
        assert line_count(path) <= MAX_OLD_PATH_LINES


def modules_in_plan(folder: str) -> list[str]:
    """The modules of a folder by the plan, in its order."""
    lines = PLAN.read_text(encoding="utf-8").splitlines()
    heading = next(place for place, line in enumerate(lines) if TABLES[folder] in line)
    table = takewhile(lambda line: not re.match(r" {0,3}\w", line), lines[heading + 1 :])
    cells = [line for line in table if line.lstrip().startswith("* - ")]
    return [name for cell in cells for name in re.findall(r"``(\w+)``", cell)]


def imports_of(folder: str, module: str) -> set[str]:
    """The modules of its own folder that a module imports."""
    package = f"versatile.{folder}"
    found: set[str] = set()
    for node in ast.walk(tree_of(ROOT / folder / f"{module}.py")):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            found.update(item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            found.add(str(node.module).split(".")[2])
    return found


@pytest.mark.parametrize("folder", TABLES)
def test_the_plan_shows_every_module_below_those_that_it_imports(folder: str) -> None:
    plan = modules_in_plan(folder)
    modules = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
    assert modules - set(plan) == set()
    late = {
        module: [name for name in imports_of(folder, module) if name in plan[plan.index(module) :]]
        for module in modules
    }
    assert {module: names for module, names in late.items() if names} == {}
